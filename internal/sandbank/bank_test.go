package sandbank

import (
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/institution/institutiontest"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func newBank(t testing.TB, db *store.DB) (*Bank, *clock.Clock) {
	t.Helper()
	clk := clock.Manual(start)
	v, err := vault.Open(t.Context(), db, vault.SandboxKEK(), clk)
	if err != nil {
		t.Fatal(err)
	}
	return New(db, v, clk, clock.NewIDs(1, 1), institution.New()), clk
}

func TestConformance(t *testing.T) {
	for _, password := range []string{"pass_good", "mfa_device", "mfa_questions_2_2", "mfa_selections_2_1_3", "mfa_selections", `{"recaptcha":"good"}`} {
		t.Run(password, func(t *testing.T) {
			if testing.Short() && password != "mfa_device" {
				t.Skip("one of the scripts will do")
			}
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				bank, clk := newBank(t, db)
				institutiontest.Run(t, func(*testing.T) institutiontest.Subject {
					return institutiontest.Subject{
						Connector: bank, InstitutionID: "ins_109508", DownID: "ins_132361",
						User: "user_good", Password: password, Wait: clk.Advance,
						Right: func(ch institution.Challenge) map[string]string {
							if ch.Kind == institution.Credentials {
								return map[string]string{"username": "user_good", "password": password}
							}
							return ch.Hints
						},
						Other: func(institution.Challenge) map[string]string {
							return map[string]string{"username": "user_yuppie", "password": password}
						},
						Wrong: func(ch institution.Challenge) map[string]string {
							return map[string]string{"username": "user_good", "password": "wrong", "device": "pigeon", "code": "4321", "answer_0": "no", "recaptcha": "robot"}
						},
					}
				})
			})
		})
	}
}
