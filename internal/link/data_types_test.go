package link

import (
	"slices"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/team"
)

func TestTransparencyOfALinkToken(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	client, err := w.teams.Client(t.Context(), team.SandboxClientID)
	if err != nil {
		t.Fatal(err)
	}
	custom := team.Settings{UseCases: []string{"Verify your account"}}
	tok := Token{CountryCodes: []string{"CA"}, Products: []string{"auth"}, Optional: []string{"signal"}}
	got := transparency(client, custom, tok)
	if got == nil || !slices.Equal(got.Scopes, plaid.ScopesOf("auth", "signal")) || !slices.Equal(got.UseCases, custom.UseCases) {
		t.Fatalf("%+v", got)
	}
	for product, want := range map[string]bool{
		"auth": true, "balance": true, "identity": true, "identity_match": true, "signal": true, "transactions": true, "assets": true,
		"investments": false, "liabilities": false, "statements": false,
		"cra_base_report": false, // covered, and the client is not enabled for it
	} {
		if slices.Contains(got.Products, product) != want {
			t.Errorf("consent to %s: %t", product, !want)
		}
	}
	tok.CountryCodes = []string{"GB", "DE"}
	if got := transparency(client, custom, tok); got != nil {
		t.Errorf("outside the United States and Canada: %+v", got)
	}
	tok.CountryCodes = []string{"US"}
	if got := transparency(client, team.Settings{}, tok); got != nil {
		t.Errorf("without use cases: %+v", got)
	}
}

// Every use case that a customization may have has words of its own.
func TestUseCasesHaveWords(t *testing.T) {
	seen := map[string]string{}
	for _, u := range team.UseCases {
		key := useCaseText[u]
		if key == "" || seen[key] != "" {
			t.Errorf("%q has the key %q, as %q has", u, key, seen[key])
		}
		seen[key] = u
	}
}
