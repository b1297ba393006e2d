package link

import (
	"slices"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// TestUseCaseIsAskedFor: production refuses a link token whose customization has
// no use case, a sandbox only where it was told to.
func TestUseCaseIsAskedFor(t *testing.T) {
	const refused = "INVALID_LINK_CUSTOMIZATION"
	ask := func(w *tokenWorld, want string, changes ...any) {
		t.Helper()
		status, out := w.post("/link/token/create", request(changes...))
		if got, _ := out["error_code"].(string); got != want || want == refused && (status != 400 || out["error_message"] != "requested link customization is not set to update account selection" || out["suggested_action"] == nil) {
			t.Errorf("%v: %d %v, want %q", changes, status, out, want)
		}
	}
	db := storetest.SQLite(t)
	w := newTokenWorld(t, db, "production")
	ask(w, "")
	ask(w, refused, "link_customization_name", "bare")
	ask(w, refused, "link_customization_name", "bare", "country_codes", list{"FR", "CA"})
	ask(w, "", "link_customization_name", "bare", "country_codes", list{"FR"})
	ask(w, "INVALID_FIELD", "link_customization_name", "nowhere")

	w = newTokenWorld(t, storetest.SQLite(t), "sandbox")
	if tok := w.token(request()); !slices.Equal(tok.Production, []string{refused, "INSTITUTION_REGISTRATION_REQUIRED"}) {
		t.Errorf("production would refuse: %v", tok.Production)
	}
	if tok := w.token(request("access_token", itemToken, "products", nil)); tok.Production != nil {
		t.Errorf("a token that repairs an Item: %v", tok.Production)
	}
	p := team.Profile{DisplayName: "Wonderwallet", CompanyLegalName: "Wonderwallet Inc.", ApplicationURL: "https://wonderwallet.example", ReasonForAccess: "To pay you."}
	if err := w.teams.SetProfile(t.Context(), team.SandboxClientID, p); err != nil {
		t.Fatal(err)
	}
	if tok := w.token(request("country_codes", list{"GB"})); tok.Production != nil {
		t.Errorf("in the United Kingdom: %v", tok.Production)
	}
	for _, enforced := range []bool{true, false} {
		if err := w.teams.SetEnforced(t.Context(), team.SandboxClientID, enforced); err != nil {
			t.Fatal(err)
		}
		want := ""
		if enforced {
			want = refused
		}
		ask(w, want)
		ask(w, "", "access_token", itemToken, "products", nil)
	}
}
