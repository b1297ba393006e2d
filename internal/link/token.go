package link

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/team"
)

// Token is a link token as a Link session needs it: what the client asked for,
// with every default already filled in. ID is the key of its row; Secret is what
// the client sends, kept sealed for the webhooks, which name it.
//
// What is zero is left out of its JSON: the row of a token is a third of what it would
// be otherwise, and sealing and writing it cost in proportion.
type Token struct {
	ID       string `json:"-"`
	Secret   string `json:"secret"`
	ClientID string `json:"-"`

	ClientUserID string `json:",omitzero"` // the client's own word for the user
	UserID       string `json:",omitzero"` // user_id of /user/create, "" when none

	ClientName   string   `json:",omitzero"` // as sent; see DisplayName
	Language     string   `json:",omitzero"`
	CountryCodes []string `json:",omitzero"`

	Products            []string `json:",omitzero"` // the Item must support all of them
	RequiredIfSupported []string `json:",omitzero"`
	Optional            []string `json:",omitzero"`
	AdditionalConsented []string `json:",omitzero"`

	Webhook           string          `json:",omitzero"` // "" when none
	RedirectURI       string          `json:",omitzero"` // "" when none
	AndroidPackage    string          `json:",omitzero"` // "" when none
	AppearanceMode    string          `json:",omitzero"` // LIGHT, DARK, SYSTEM or ""
	CustomizationName string          `json:",omitzero"` // the customization asked for, "default" when none
	AccountSelect     AccountSelect   `json:",omitzero"`
	Custom            team.Settings   `json:",omitzero"`  // what else the customization says
	Transparency      *Transparency   `json:",omitempty"` // nil: Data Transparency is off
	AccountFilters    *AccountFilters `json:",omitzero"`  // nil: no filter was sent
	Auth              AuthOptions     `json:",omitzero"`
	User              UserPrefill     `json:"-"`

	InstitutionID string `json:",omitzero"` // open at this institution; "" for the search pane
	RoutingNumber string `json:",omitzero"` // list the bank with this number first; "" when none

	MultiItem bool `json:",omitzero"` // the session may link several Items (enable_multi_item_link)

	AccessTokenItemID string `json:",omitzero"`  // update mode: the Item to repair; "" otherwise
	SelectAccounts    bool   `json:",omitzero"`  // update mode: the person chooses the accounts anew
	EntersCode        bool   `json:",omitempty"` // update mode: the person brings the code of a deposit
	ByText            bool   `json:",omitempty"` // and came by a text message about it
	// Documents, in update mode, is what the person uploads documents for.
	Documents *Documents `json:",omitempty"`

	Verification *Verification `json:",omitempty"` // of Identity Verification, else nil

	Hosted *Hosted `json:",omitempty"` // of a Hosted Link session, else nil

	CreatedAt time.Time `json:"-"`
	ExpiresAt time.Time `json:"-"`
	// Remarks say which options are without effect and why, for the developer.
	Remarks []string `json:",omitempty"`
	// Production are the error codes of what production would refuse and this sandbox
	// lets pass.
	Production []string        `json:",omitempty"`
	Request    json.RawMessage `json:",omitempty"` // what /link/token/get echoes; holds nothing personal
}

// AccountSelect is how many accounts the user may share, set by the Link
// customization of the client.
type AccountSelect = team.AccountSelect

// The three modes of the Account Select pane.
const (
	SelectSingle   = team.SelectSingle
	SelectMultiple = team.SelectMultiple
	SelectAll      = team.SelectAll
)

// AuthOptions are the auth settings that hold for the session: the documented
// defaults, what the request says (LinkTokenCreateRequestAuth), less what its
// countries and products rule out.
type AuthOptions struct {
	TypeSelect             bool   `json:"auth_type_select_enabled,omitzero"`
	AutomatedMicrodeposits bool   `json:"automated_microdeposits_enabled,omitzero"`
	InstantMatch           bool   `json:"instant_match_enabled,omitzero"`
	SameDayMicrodeposits   bool   `json:"same_day_microdeposits_enabled,omitzero"`
	InstantMicrodeposits   bool   `json:"instant_microdeposits_enabled,omitzero"`
	SMSVerification        bool   `json:"sms_microdeposits_verification_enabled,omitzero"`
	DatabaseMatch          bool   `json:"database_match_enabled,omitzero"`
	DatabaseInsights       bool   `json:"database_insights_enabled,omitzero"`
	RerouteToCredentials   string `json:"reroute_to_credentials,omitzero"` // OFF, OPTIONAL or FORCED
}

// DefaultAuth is the auth object of a request that sends none. Instant
// Micro-deposits are on: seed 001 says they are "enabled automatically".
func DefaultAuth() AuthOptions {
	return AuthOptions{
		InstantMatch:         true,
		InstantMicrodeposits: true,
		SMSVerification:      true,
		RerouteToCredentials: "OPTIONAL",
	}
}

// UserPrefill is what the client already knows about the user. It is personal
// and lies sealed in the database.
type UserPrefill struct {
	LegalName       string        `json:"legal_name,omitempty"`
	PhoneNumber     string        `json:"phone_number,omitempty"` // E.164
	PhoneVerifiedAt time.Time     `json:"phone_verified_at,omitzero"`
	EmailAddress    string        `json:"email_address,omitempty"`
	EmailVerifiedAt time.Time     `json:"email_verified_at,omitzero"`
	Address         *team.Address `json:"address,omitempty"`
	// Verification is what Identity Verification knows of the person, in its own form, as JSON.
	Verification string `json:"verification,omitempty"`
}

// AccountFilters says which accounts Link may show. A type that is not listed
// is left out entirely (LinkTokenAccountFilters).
type AccountFilters struct {
	Subtypes map[string][]string `json:"subtypes"` // type -> subtypes, "all" for every one
}

// Allows reports whether an account of this type and subtype passes. A nil
// filter lets everything pass.
func (f *AccountFilters) Allows(accountType, subtype string) bool {
	if f == nil {
		return true
	}
	list, ok := f.Subtypes[accountType]
	return ok && (slices.Contains(list, "all") || slices.Contains(list, subtype))
}

// DisplayName is the name that Link shows: that of the customization, or the
// client name. One of more than 30 characters is accepted and replaced
// (LinkTokenCreateRequest.client_name).
func (t Token) DisplayName() string {
	if own := t.Custom.Appearance.Company; own != "" {
		return own
	}
	if len([]rune(t.ClientName)) > 30 {
		return "This Application"
	}
	return t.ClientName
}

// UpdateMode reports whether the token repairs an existing Item.
func (t Token) UpdateMode() bool { return t.AccessTokenItemID != "" }

// USOnly reports whether the countries are exactly ["US"], the condition of
// Instant Match, of every micro-deposit flow and of Database Auth (seed 001).
func (t Token) USOnly() bool { return len(t.CountryCodes) == 1 && t.CountryCodes[0] == "US" }

// AllProducts lists the products of all four lists without repeats, in the
// order products, required if supported, optional, additional consented: the
// products that the user is asked to consent to.
func (t Token) AllProducts() []string {
	var all []string
	for _, list := range [][]string{t.Products, t.RequiredIfSupported, t.Optional, t.AdditionalConsented} {
		for _, p := range list {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// HasProduct reports whether name is one of Products.
func (t Token) HasProduct(name string) bool { return slices.Contains(t.Products, name) }
