package team

import (
	"image/color"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestTeamFile gives a production client what its operator wrote, twice.
func TestTeamFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := open(t, db, "production"), t.Context()
		if err := w.teams.Ensure(ctx, Spec{ClientID: "c", Secret: "s", Name: "Glencheck", RedirectURIs: []string{"https://old.example/back"}}); err != nil {
			t.Fatal(err)
		}
		apply := func(raw string) *Client {
			t.Helper()
			g, err := w.teams.ReadFile([]byte(raw), onlyIns1)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // as at every start
				if err := w.teams.Apply(ctx, "c", g); err != nil {
					t.Fatal(err)
				}
			}
			c, err := w.teams.Client(ctx, "c")
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		c := apply(`{"name": "Wonderwallet", "redirect_uris": ["https://a.example/back"], "integrations": ["alloy", "stripe"],
			"application_profile": {"display_name": "Wonderwallet", "company_legal_name": "Wonder GmbH", "application_url": "https://a.example", "reason_for_access": "To pay you."},
			"customizations": [{"name": "default", "data_transparency": {"use_cases": ["Verify your account"]}, "appearance": {"logo": "` + picture(t, 32, color.White) + `"}}]}`)
		if c.Name != "Wonderwallet" || !slices.Equal(c.RedirectURIs, []string{"https://a.example/back"}) || !c.IntegrationOn("alloy") || !c.IntegrationOn("stripe") || c.IntegrationOn("dwolla") {
			t.Errorf("%+v", c)
		}
		if custom, _ := c.Customization("default", "en", []string{"US"}); !c.Profile.Complete() || !slices.Equal(custom.UseCases, []string{"Verify your account"}) {
			t.Errorf("%+v, %+v", c.Profile, custom)
		} else if logo, err := w.teams.Logo(ctx, custom.Appearance.Logo); err != nil || len(logo) == 0 {
			t.Errorf("logo: %v", err)
		}
		if next := apply(`{"integrations": ["dwolla"]}`); next.IntegrationOn("alloy") || !next.IntegrationOn("dwolla") || !next.Profile.Complete() || next.Name != "Wonderwallet" || len(next.RedirectURIs) != 1 {
			t.Errorf("what the file leaves out is left: %+v", next)
		}
		if next := apply(`{"integrations": [], "redirect_uris": []}`); next.IntegrationOn("dwolla") || next.RedirectURIs != nil {
			t.Errorf("an empty list is a list: %+v", next)
		}
	})
}

func TestTeamFileRefusals(t *testing.T) {
	w := open(t, storetest.SQLite(t), "production")
	for raw, want := range map[string]string{
		`{`:                           "INVALID_BODY",
		`{"secrets": "x"}`:            "UNKNOWN_FIELDS",
		`{"name": ""}`:                "name must have 1 to 100 characters",
		`{"integrations": ["alloi"]}`: "integrations[0] must be the name of a partner",
		`{"redirect_uris": ["http://a.example/b"]}`:                                            "redirect_uris[0] must be an https address",
		`{"application_profile": {"country_code": "us"}}`:                                      "application_profile.country_code must be the two capital letters",
		`{"customizations": [{"name": "a"}, {"name": "a"}]}`:                                   "customizations[1].name must not be that of an earlier one",
		`{"customizations": [{"name": "a", "institutions": ["ins_2"]}]}`:                       "customizations[0]: INVALID_REQUEST/INVALID_FIELD: institutions[0]",
		`{"customizations": [{"name": "a", "data_transparency": {"use_cases": ["Sell it"]}}]}`: "use_cases[0] must be a use case",
	} {
		if _, err := w.teams.ReadFile([]byte(raw), onlyIns1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", raw, err, want)
		}
	}
}
