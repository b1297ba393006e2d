package team

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// maxCustomizations bounds what one client may store.
const maxCustomizations = 100

// keepLogo is how long a replaced logo stays for the link tokens that were made
// with it; they live for hours.
const keepLogo = 24 * time.Hour

// Endpoints lists the levers of this room. institution reports whether there is
// an institution of an id.
func (t *Teams) Endpoints(institution func(id string) bool) []api.Endpoint {
	set := func(ctx context.Context, call api.Call, in customizationIn) (customizationAnswer, error) {
		return t.setCustomization(ctx, call, in, institution)
	}
	return []api.Endpoint{
		api.Post("/sandbox/team/customization/set", set, api.Sandbox(), api.Summary("Make or replace a Link customization")),
		api.Post("/sandbox/team/customization/get", t.getCustomization, api.Sandbox(), api.Summary("Read a Link customization")),
		api.Post("/sandbox/team/customization/list", t.listCustomizations, api.Sandbox(), api.Summary("List the client's Link customizations")),
		api.Post("/sandbox/team/customization/remove", t.removeCustomization, api.Sandbox(), api.Summary("Remove a Link customization")),
		api.Post("/sandbox/team/integration/set", t.setIntegration, api.Sandbox(), api.Summary("Switch a partner on or off")),
		api.Post("/sandbox/team/integration/list", t.listIntegrations, api.Sandbox(), api.Summary("List the partners and which are on")),
		api.Post("/sandbox/team/profile/set", t.setProfile, api.Sandbox(), api.Summary("Replace the client's application profile")),
		api.Post("/sandbox/team/profile/get", t.getProfile, api.Sandbox(), api.Summary("Read the client's application profile")),
		api.Post("/sandbox/team/redirect_uri/set", t.setRedirects, api.Sandbox(), api.Summary("Replace the client's redirect URIs")),
		api.Post("/sandbox/team/redirect_uri/list", t.listRedirects, api.Sandbox(), api.Summary("List the client's redirect URIs")),
		api.Post("/sandbox/team/prerequisites/set", t.setPrerequisites, api.Sandbox(), api.Summary("Enforce what production asks of a team, or only warn")),
		api.Post("/sandbox/team/prerequisites/get", t.getPrerequisites, api.Sandbox(), api.Summary("Read what production would ask of the team")),
	}
}

// customizationIn is a customization as the client writes it. What is left out
// has its default: set replaces the whole of one.
type customizationIn struct {
	Name             string          `json:"name" required:"true" min:"1" max:"100"`
	Language         string          `json:"language" enum:"da,de,en,es,et,fr,hi,it,lt,lv,nl,no,pl,pt,ro,sv,vi"`
	CountryCodes     []string        `json:"country_codes" max:"20" enum:"AT,BE,CA,DE,DK,EE,ES,FI,FR,GB,IE,IT,LT,LV,NL,NO,PL,PT,SE,US"`
	AccountSelect    string          `json:"account_select" enum:"single,multiple,all"`
	Appearance       *appearanceIn   `json:"appearance"`
	Texts            []textIn        `json:"texts" max:"10"`
	DataTransparency *transparencyIn `json:"data_transparency"`
	Institutions     []string        `json:"institutions" max:"20"`
	ReturningUser    bool            `json:"returning_user"`
	Events           string          `json:"events" enum:"buffered,realtime"`
	IdentityMatch    *identityMatch  `json:"identity_match"`
	DatabaseAuth     string          `json:"database_auth" enum:"pass,pass_with_caution,any"`
}

// identityMatch are the lowest scores; what is null or left out is not compared.
type identityMatch struct {
	LegalName    *int `json:"legal_name" min:"1" max:"100"`
	PhoneNumber  *int `json:"phone_number" min:"1" max:"100"`
	EmailAddress *int `json:"email_address" min:"1" max:"100"`
	Address      *int `json:"address" min:"1" max:"100"`
}

type appearanceIn struct {
	AccentColor *string `json:"accent_color" must:"be a colour of the form #rrggbb"`
	Mode        string  `json:"mode" enum:"light,dark,system"`
	CompanyName *string `json:"company_name"`
	Logo        *string `json:"logo" must:"be a PNG image in base64"`
}

type textIn struct {
	Pane   string  `json:"pane" required:"true" enum:"CONSENT,SELECT_INSTITUTION,OAUTH,SELECT_ACCOUNT,CONNECTED,RECONNECTED"`
	Title  *string `json:"title"`
	Lead   *string `json:"lead"`
	Button *string `json:"button"`
}

type transparencyIn struct {
	UseCases []string `json:"use_cases" required:"true" min:"1" max:"3" must:"be a list of one to three use cases"`
}

// customizationOut is a customization as it applies.
type customizationOut struct {
	Name             string           `json:"name"`
	Language         *string          `json:"language"` // null: it fits every language and country
	CountryCodes     []string         `json:"country_codes"`
	AccountSelect    AccountSelect    `json:"account_select"`
	Appearance       appearanceOut    `json:"appearance"`
	Texts            []textOut        `json:"texts"`
	DataTransparency *transparencyOut `json:"data_transparency"` // null: off
	Institutions     []string         `json:"institutions"`
	ReturningUser    bool             `json:"returning_user"`
	Events           *string          `json:"events"`         // null: as the server is set
	IdentityMatch    *identityMatch   `json:"identity_match"` // null: off
	DatabaseAuth     *string          `json:"database_auth"`  // null: as the link token says
}

type appearanceOut struct {
	AccentColor *string `json:"accent_color"`
	Mode        string  `json:"mode"`
	CompanyName *string `json:"company_name"`
	Logo        *string `json:"logo"` // as Link shows it
}

type textOut struct {
	Pane   string  `json:"pane"`
	Title  *string `json:"title"`
	Lead   *string `json:"lead"`
	Button *string `json:"button"`
}

type transparencyOut struct {
	UseCases []string `json:"use_cases"`
}

type customizationAnswer struct {
	Customization customizationOut `json:"customization"`
}

// errNoCustomization answers a name that none has.
var errNoCustomization = plaid.InvalidField("name must be the name of a Link customization")

func (t *Teams) setCustomization(ctx context.Context, call api.Call, in customizationIn, institution func(string) bool) (out customizationAnswer, err error) {
	c, logo, err := in.customization(institution)
	if err != nil {
		return out, err
	}
	id := call.Caller.ClientID
	if logo != nil {
		c.Appearance.Logo = logoKey(id, logo)
	}
	err = t.db.Write(ctx, func(tx *store.Tx) error {
		t.cache.Drop(tx, id)
		others, err := countOtherCustomizations(ctx, tx, id, c.Name)
		if err != nil {
			return err
		}
		if others >= maxCustomizations {
			return errTooMany
		}
		if logo != nil {
			if err := insertLogo(ctx, tx, c.Appearance.Logo, id, base64.StdEncoding.EncodeToString(logo), clock.Millis(t.clock.Now())); err != nil {
				return err
			}
		}
		if err := insertCustomization(ctx, tx, id, c, replace); err != nil {
			return err
		}
		return deleteLogos(ctx, tx, id, clock.Millis(t.clock.Now().Add(-keepLogo)))
	})
	if err != nil {
		return out, err
	}
	out.Customization, err = t.told(ctx, c)
	return out, err
}

var errTooMany = plaid.InvalidField("name must be the name of an existing Link customization: a client has at most 100")

type customizationName struct {
	Name string `json:"name" required:"true" min:"1" max:"100"`
}

func (t *Teams) getCustomization(ctx context.Context, call api.Call, in customizationName) (out customizationAnswer, err error) {
	client, err := t.Client(ctx, call.Caller.ClientID)
	if err != nil {
		return out, err
	}
	for _, c := range client.Customizations {
		if c.Name == in.Name {
			out.Customization, err = t.told(ctx, c)
			return out, err
		}
	}
	return out, errNoCustomization
}

type customizationList struct {
	Customizations []customizationOut `json:"customizations"`
}

func (t *Teams) listCustomizations(ctx context.Context, call api.Call, _ struct{}) (customizationList, error) {
	client, err := t.Client(ctx, call.Caller.ClientID)
	if err != nil {
		return customizationList{}, err
	}
	out := customizationList{Customizations: []customizationOut{}}
	for _, c := range client.Customizations {
		told, err := t.told(ctx, c)
		if err != nil {
			return customizationList{}, err
		}
		out.Customizations = append(out.Customizations, told)
	}
	return out, nil
}

type customizationRemoved struct {
	Removed bool `json:"removed"`
}

// removeCustomization forgets a customization. Link tokens that were made with
// it keep what it said.
func (t *Teams) removeCustomization(ctx context.Context, call api.Call, in customizationName) (customizationRemoved, error) {
	err := t.db.Write(ctx, func(tx *store.Tx) error {
		t.cache.Drop(tx, call.Caller.ClientID)
		return deleteCustomization(ctx, tx, call.Caller.ClientID, in.Name)
	})
	return customizationRemoved{err == nil}, err
}

// told is a customization as the endpoints answer it.
func (t *Teams) told(ctx context.Context, c Customization) (customizationOut, error) {
	out := customizationOut{
		Name: c.Name, Language: plaid.OrNull(c.Language), CountryCodes: orEmpty(c.CountryCodes), AccountSelect: c.AccountSelect,
		Appearance: appearanceOut{AccentColor: plaid.OrNull(c.Appearance.Accent), Mode: c.Appearance.Mode, CompanyName: plaid.OrNull(c.Appearance.Company)},
		Texts:      []textOut{}, Institutions: orEmpty(c.Institutions), ReturningUser: c.ReturningUser, Events: plaid.OrNull(c.Events),
		DatabaseAuth: plaid.OrNull(c.DatabaseAuth),
	}
	if out.Appearance.Mode == "" {
		out.Appearance.Mode = ModeSystem
	}
	if key := c.Appearance.Logo; key != "" {
		png, err := readLogo(ctx, t.db, key)
		if err != nil {
			return out, err
		}
		out.Appearance.Logo = &png
	}
	for _, pane := range textPanes {
		if w, ok := c.Texts[pane]; ok {
			out.Texts = append(out.Texts, textOut{Pane: pane, Title: plaid.OrNull(w.Title), Lead: plaid.OrNull(w.Lead), Button: plaid.OrNull(w.Button)})
		}
	}
	if len(c.UseCases) > 0 {
		out.DataTransparency = &transparencyOut{UseCases: c.UseCases}
	}
	if m := c.IdentityMatch; m != nil {
		out.IdentityMatch = &identityMatch{orNone(m.LegalName), orNone(m.PhoneNumber), orNone(m.EmailAddress), orNone(m.Address)}
	}
	return out, nil
}

func orNone(score int) *int {
	if score == 0 {
		return nil
	}
	return &score
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
