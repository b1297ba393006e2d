package team

import "slices"

// AccountSelect is how many accounts a person may share in Link.
type AccountSelect string

// The three modes of the Account Select pane.
const (
	SelectSingle   AccountSelect = "single"   // exactly one account
	SelectMultiple AccountSelect = "multiple" // one or more
	SelectAll      AccountSelect = "all"      // one or more, all of them chosen beforehand
)

// DefaultCustomization is the name of the customization that a link token uses
// when it names none, or one that does not fit.
const DefaultCustomization = "default"

// Customization is how Link looks and behaves for a client. It applies only to
// link tokens of exactly its language and countries
// (plaid-server-api.md section 5.1); without a language it fits all of them.
type Customization struct {
	Name          string
	Language      string
	CountryCodes  []string
	AccountSelect AccountSelect
	Settings
}

// Settings are what a customization changes in Link beyond its accounts. The
// zero value changes nothing.
type Settings struct {
	Appearance Appearance `json:"appearance,omitzero"`
	// Texts are the words of panes by view name; they are in the language of the
	// customization.
	Texts map[string]PaneText `json:"texts,omitempty"`
	// UseCases is what the person is told the data is for. With at least one the
	// Items of the customization are under Data Transparency Messaging.
	UseCases []string `json:"use_cases,omitempty"`
	// Institutions are the institution_ids that the list begins with instead of
	// the usual ones; none for those.
	Institutions []string `json:"institutions,omitempty"`
	// ReturningUser offers people to use what they linked before.
	ReturningUser bool `json:"returning_user,omitempty"`
	// IdentityMatch compares, in Link, the owners of the accounts with the user of the
	// link token; nil does not.
	IdentityMatch *IdentityMatch `json:"identity_match,omitempty"`
	// Events is when the host page is told of events: buffered or realtime; "" is
	// what the server is set to.
	Events string `json:"events,omitempty"`
	// DatabaseAuth switches Database Auth on, and is the least that the network has to
	// say for an account to be connected: pass, pass_with_caution or any. "" leaves it
	// to the link token.
	DatabaseAuth string `json:"database_auth,omitempty"`
}

// IdentityMatch are the lowest scores of Identity Match with which an account may be
// connected, 0 for what is not compared.
type IdentityMatch struct {
	LegalName    int `json:"legal_name,omitempty"`
	PhoneNumber  int `json:"phone_number,omitempty"`
	EmailAddress int `json:"email_address,omitempty"`
	Address      int `json:"address,omitempty"`
}

// When the host page is told of what happens in Link: at the end, as documented,
// or as it happens.
const (
	EventsBuffered = "buffered"
	EventsRealtime = "realtime"
)

// Appearance is the look of Link.
type Appearance struct {
	Accent  string `json:"accent,omitempty"`  // #rrggbb, "" for Glencheck's own
	Mode    string `json:"mode,omitempty"`    // light, dark or system; "" is system
	Company string `json:"company,omitempty"` // the name beside the client's logo, "" for the client_name
	Logo    string `json:"logo,omitempty"`    // key of the logo, "" for none
}

// PaneText replaces words of one pane; what is empty stays as it is.
type PaneText struct {
	Title  string `json:"title,omitempty"`
	Lead   string `json:"lead,omitempty"`
	Button string `json:"button,omitempty"`
}

// fits reports whether a link token of this language and these countries may
// use the customization. The order of the countries does not matter.
func (c Customization) fits(language string, countries []string) bool {
	if c.Language == "" && len(c.CountryCodes) == 0 {
		return true
	}
	return c.Language == language && sameSet(c.CountryCodes, countries)
}

// Customization finds the customization that a link token gets: the named one if
// it fits, otherwise the default. known is false if there is none of that name.
func (c *Client) Customization(name, language string, countries []string) (got Customization, known bool) {
	got = Customization{Name: DefaultCustomization, AccountSelect: SelectMultiple}
	for _, k := range c.Customizations {
		if k.Name == DefaultCustomization && k.fits(language, countries) {
			got = k
		}
	}
	for _, k := range c.Customizations {
		if k.Name != name {
			continue
		}
		if k.fits(language, countries) {
			return k, true
		}
		return got, true
	}
	return got, name == DefaultCustomization
}

func sameSet(a, b []string) bool {
	for _, x := range a {
		if !slices.Contains(b, x) {
			return false
		}
	}
	for _, x := range b {
		if !slices.Contains(a, x) {
			return false
		}
	}
	return true
}
