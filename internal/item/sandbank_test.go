package item_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/institution"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/sandbank"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const publicURL = "https://link.example"

// simulated is a house at the simulated bank.
func simulated(t *testing.T, db *store.DB) *House {
	return NewIn(t, db, "sandbox", func(h *House) institution.Connector {
		return sandbank.New(db, h.Vault, h.Clock, h.IDs, h.Catalogue).WithPages(publicURL, slog.New(slog.NewTextHandler(h.Log, nil)))
	})
}

// TestTestLogins tries the usernames and passwords of plaid-server-api.md section
// 11.2 at /sandbox/public_token/create.
func TestTestLogins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := simulated(t, db)
		as := func(user, password string) Body {
			return Body{
				"institution_id": Platypus, "initial_products": []string{"auth"},
				"options": Body{"override_username": user, "override_password": password},
			}
		}
		for _, good := range [][2]string{
			{"user_good", "pass_good"}, {"user_good", "mfa_device"}, {"user_good", "mfa_questions_2_2"}, {"user_good", "mfa_selections"},
			{"user_good", "microdeposits_good"}, {"user_custom", "{}"}, {"user_transactions_dynamic", "anything"},
		} {
			h.OK(createPath, as(good[0], good[1]))
		}
		for _, code := range institution.ForcibleCodes() {
			reason, _ := institution.ReasonForCode(code)
			h.Fails(createPath, as("user_good", "error_"+code), (&institution.Failure{Reason: reason}).Plaid())
		}
		h.Fails(createPath, as("user_good", "wrong"), plaid.InvalidCredentials)
		h.Fails(createPath, as("nobody", "pass_good"), plaid.InvalidCredentials)
		if n, want := count(t, db, "SELECT COUNT(*) FROM item"), 7; n != want {
			t.Errorf("%d Items for %d good logins", n, want)
		}
	})
}

// TestCapitalOneSimulated: the simulated bank tells when it last knew a balance.
func TestCapitalOneSimulated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := simulated(t, db)
		access := h.Item(CapitalOne, "transactions")
		for _, a := range accounts(h.OK("/accounts/get", Body{"access_token": access})) {
			at, _ := a["balances"].(map[string]any)["last_updated_datetime"].(string)
			if _, err := time.Parse(time.RFC3339, at); err != nil {
				t.Errorf("last_updated_datetime %q", at)
			}
		}
		ask := func(oldest time.Time) Body {
			return Body{"access_token": access, "options": Body{"min_last_updated_datetime": oldest.Format(time.RFC3339)}}
		}
		h.OK("/accounts/balance/get", ask(Start.Add(-48*time.Hour)))
		status, out := h.CallAs(Client, "/accounts/balance/get", ask(Start.Add(48*time.Hour)))
		if status != 400 || out["error_code"] != "LAST_UPDATED_DATETIME_OUT_OF_RANGE" || out["error_type"] != "INVALID_RESULT" {
			t.Errorf("a balance of tomorrow: %d %v", status, out)
		}
	})
}
