package team

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

var wholeProfile = Profile{
	DisplayName: "Wonderwallet", CompanyLegalName: "Wonder & Söhne GmbH", ApplicationURL: "https://wonderwallet.example/about",
	LogoURL: "https://wonderwallet.example/logo.png", ReasonForAccess: "To check that an account is yours.", UseCase: "Payments",
	City: "Zürich", Region: "ZH", PostalCode: "8001", CountryCode: "CH",
}

func TestProfileCheck(t *testing.T) {
	if wrong := wholeProfile.Check(); wrong != nil || !wholeProfile.Complete() {
		t.Errorf("a good profile: %v, missing %v", wrong, wholeProfile.Missing())
	}
	if wrong := (Profile{}).Check(); wrong != nil {
		t.Errorf("an empty profile: %v", wrong)
	}
	for _, c := range []struct{ field, value string }{
		{"display_name", "a\nb"}, {"display_name", " "}, {"display_name", strings.Repeat("ü", 101)}, {"company_legal_name", "<b>"},
		{"company_legal_name", "a\x00"}, {"reason_for_access", strings.Repeat("a", 501)}, {"city", "\u2028"}, {"use_case", "\xff"},
		{"application_url", "wonderwallet.example"}, {"application_url", "javascript:alert(1)"}, {"application_url", "https://user@a.example"},
		{"application_url", "https://"}, {"logo_url", "data:image/png;base64,AA"}, {"logo_url", "https://a.example/" + strings.Repeat("a", 500)},
		{"postal_code", strings.Repeat("1", 21)}, {"country_code", "us"}, {"country_code", "USA"}, {"country_code", "XX"}, {"country_code", "UK"}, {"country_code", "EU"},
	} {
		raw, err := json.Marshal(map[string]string{c.field: c.value})
		if err != nil {
			t.Fatal(err)
		}
		var p Profile
		if err := json.Unmarshal(raw, &p); err != nil {
			t.Fatal(err)
		}
		if wrong := p.Check(); c.value != "\xff" && (len(wrong) != 1 || wrong[0].Field != c.field) {
			t.Errorf("%s %q: %v", c.field, c.value, wrong)
		}
	}
	if wrong := (Profile{UseCase: "\xff", City: "<"}).Check(); len(wrong) != 2 {
		t.Errorf("every wrong field is named: %v", wrong)
	}
}

func TestProfileIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := sandbox(t, db), t.Context()
		before, err := w.teams.Client(ctx, SandboxClientID) // in memory from here on
		if err != nil || before.Enforced || before.JoinDate() != "2026-03-07" || len(before.ApplicationID()) != 24 {
			t.Fatalf("%+v, %v", before, err)
		}
		if err := errors.Join(w.teams.SetProfile(ctx, SandboxClientID, wholeProfile), w.teams.SetEnforced(ctx, SandboxClientID, true)); err != nil {
			t.Fatal(err)
		}
		if err := w.teams.EnsureSandbox(ctx, SandboxClientID, SandboxSecret); err != nil { // as at the next start
			t.Fatal(err)
		}
		c, err := w.teams.Client(ctx, SandboxClientID)
		if err != nil || c.Profile != wholeProfile || !c.Enforced || c.ApplicationID() != before.ApplicationID() {
			t.Errorf("%+v, %v", c, err)
		}
		for _, err := range []error{w.teams.SetProfile(ctx, "nobody", wholeProfile), w.teams.SetEnforced(ctx, "nobody", true)} {
			if !errors.Is(err, store.ErrNoRows) {
				t.Errorf("a client that does not exist: %v", err)
			}
		}
	})
}

func TestUseCaseError(t *testing.T) {
	bare, with := Settings{}, Settings{UseCases: UseCases[:1]}
	for _, c := range []struct {
		s         Settings
		products  []string
		countries []string
		refused   bool
	}{
		{bare, []string{"auth"}, []string{"US"}, true},
		{bare, []string{"auth"}, []string{"GB", "CA"}, true},
		{bare, []string{"auth"}, []string{"GB"}, false},
		{with, []string{"auth"}, []string{"US"}, false},
		{bare, []string{"identity_verification"}, []string{"US"}, false},
		{bare, []string{"identity_verification", "auth"}, []string{"US"}, true},
	} {
		if err := c.s.UseCaseError(c.products, c.countries); errors.Is(err, plaid.InvalidLinkCustomization) != c.refused {
			t.Errorf("%v in %v with %v: %v", c.products, c.countries, c.s.UseCases, err)
		}
	}
}

func TestIntegrationError(t *testing.T) {
	alloy, _ := plaid.PartnerByName("alloy")
	dwolla, _ := plaid.PartnerByName("dwolla")
	on := map[string]Integration{"alloy": {On: true}, "dwolla": {On: true}}
	for _, c := range []struct {
		client  Client
		partner plaid.Partner
		said    string // what is suggested; "" for no error
	}{
		{Client{}, alloy, "Click Enable for Alloy in the Integrations section of the dashboard."},
		{Client{switched: on}, alloy, ""},
		{Client{switched: on, Enforced: true}, alloy, "Complete the Application Profile on the dashboard: the Alloy integration needs it."},
		{Client{switched: on, Enforced: true}, dwolla, ""},
		{Client{switched: on, Enforced: true, Profile: wholeProfile}, alloy, ""},
		{Client{integrated: true}, dwolla, ""},
	} {
		err := c.client.IntegrationError(c.partner)
		var e *plaid.Error
		if c.said == "" && err == nil {
			continue
		}
		if !errors.As(err, &e) || e.Suggested != c.said || e.Code != "INVALID_PRODUCT" ||
			!strings.HasPrefix(e.Message, "The provided API keys are not enabled for the "+c.partner.Title+" integration. ") {
			t.Errorf("%+v, %s: %v", c.client, c.partner.Name, err)
		}
	}
}

func TestRedirectsAreChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := sandbox(t, db), t.Context()
		list := func() []string {
			t.Helper()
			c, err := w.teams.Client(ctx, SandboxClientID)
			if err != nil {
				t.Fatal(err)
			}
			return c.RedirectURIs
		}
		many := make([]string, maxRedirects)
		for i := range many {
			many[i] = "https://a.example/" + strings.Repeat("x", i+1)
		}
		if err := w.teams.SetRedirects(ctx, SandboxClientID, many); err != nil {
			t.Fatal(err)
		}
		if err := w.teams.AddRedirect(ctx, SandboxClientID, "https://b.example/one-more"); !errors.Is(err, ErrTooManyRedirects) {
			t.Errorf("one more than the most: %v", err)
		}
		if err := w.teams.AddRedirect(ctx, SandboxClientID, many[3]); err != nil || len(list()) != maxRedirects {
			t.Errorf("one that is there: %v", err)
		}
		err := errors.Join(
			w.teams.SetRedirects(ctx, SandboxClientID, many[:2]),
			w.teams.AddRedirect(ctx, SandboxClientID, "https://b.example/back"),
			w.teams.RemoveRedirect(ctx, SandboxClientID, many[0]),
			w.teams.RemoveRedirect(ctx, SandboxClientID, many[0]))
		if want := []string{many[1], "https://b.example/back"}; err != nil || !slices.Equal(list(), want) {
			t.Errorf("%v, %v; want %v", list(), err, want)
		}
	})
	production := open(t, storetest.SQLite(t), "production")
	for entry, want := range map[string]string{
		"https://a.example/back": "", "http://a.example/back": "must be an https address", "https://*.a.example/back": "",
		"nonsense": "must be an absolute", "https://a.example/" + strings.Repeat("a", 500): "must be an absolute",
	} {
		if got := production.teams.RedirectMust(entry); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%.40s: %q, want %q", entry, got, want)
		}
	}
}

func TestUseCasesArePublished(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := sandbox(t, db), t.Context()
		w.post(t, "/sandbox/team/customization/set", `{"name":"wallet","account_select":"single","appearance":{"accent_color":"#ff8800"}}`)
		for _, c := range []struct {
			name string
			list []string
			ok   bool
		}{
			{"wallet", UseCases[:3], true},
			{"wallet", UseCases[:4], false},
			{"wallet", []string{"Sell it"}, false},
			{"nowhere", UseCases[:1], false},
			{"wallet", []string{UseCases[5], UseCases[5]}, true},
			{"default", UseCases[:1], true},
			{"default", nil, true},
		} {
			err := w.teams.SetUseCases(ctx, SandboxClientID, c.name, c.list)
			if (err == nil) != c.ok || err != nil && !errors.Is(err, plaid.InvalidField("")) {
				t.Errorf("%s %v: %v", c.name, c.list, err)
			}
		}
		c, err := w.teams.Client(ctx, SandboxClientID)
		if err != nil {
			t.Fatal(err)
		}
		wallet, _ := c.Customization("wallet", "en", []string{"US"})
		if !slices.Equal(wallet.UseCases, UseCases[5:6]) || wallet.Appearance.Accent != "#ff8800" || wallet.AccountSelect != SelectSingle {
			t.Errorf("%+v", wallet)
		}
		if usual, _ := c.Customization("default", "en", []string{"US"}); usual.UseCases != nil {
			t.Errorf("switched off again: %+v", usual)
		}
	})
	w := open(t, storetest.SQLite(t), "production")
	if err := errors.Join(w.teams.Ensure(t.Context(), Spec{ClientID: "c", Secret: "s"}), w.teams.SetUseCases(t.Context(), "c", "default", UseCases[:1])); err != nil {
		t.Fatal(err)
	}
	if c, err := w.teams.Client(t.Context(), "c"); err != nil || len(c.Customizations) != 1 {
		t.Errorf("the default customization is made: %+v, %v", c, err)
	}
}

func TestKeyOfASecret(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := sandbox(t, db), t.Context()
		key := w.teams.Key(SandboxClientID, SandboxSecret)
		if ok, err := w.teams.HoldsKey(ctx, SandboxClientID, key); !ok || err != nil || strings.Contains(key, SandboxSecret) {
			t.Errorf("%t, %v", ok, err)
		}
		if ok, err := w.teams.HoldsKey(ctx, "another", key); ok || err != nil {
			t.Errorf("of another client: %t, %v", ok, err)
		}
		if err := w.teams.EnsureSandbox(ctx, SandboxClientID, "another secret"); err != nil {
			t.Fatal(err)
		}
		if ok, err := w.teams.HoldsKey(ctx, SandboxClientID, key); ok || err != nil {
			t.Errorf("after the secret was replaced: %t, %v", ok, err)
		}
	})
}
