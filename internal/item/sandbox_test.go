package item_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/institution"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/team"
)

const createPath = "/sandbox/public_token/create"

func TestSandboxPublicTokenCreateErrors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		ask := func(change ...any) Body {
			b := Body{"institution_id": Platypus, "initial_products": []string{"auth"}}
			for i := 0; i < len(change); i += 2 {
				b[change[i].(string)] = change[i+1]
			}
			return b
		}
		options := func(name string, v any) Body { return ask("options", Body{name: v}) }
		products := plaid.InvalidField("initial_products must be a list of strings containing at least one product")
		date := "options.transactions.start_date must be a string of the format 'YYYY-MM-DD'"
		for _, c := range []struct {
			body Body
			want *plaid.Error
		}{
			{Body{}, plaid.MissingFields("institution_id", "initial_products")},
			{ask("institution_id", nil), plaid.MissingFields("institution_id")},
			{ask("institution_id", 1), plaid.InvalidField("institution_id must be a string")},
			{ask("institution_id", "ins_-1"), plaid.InvalidInstitution},
			{ask("institution_id", ""), plaid.InvalidInstitution},
			{ask("initial_products", "auth"), products},
			{ask("initial_products", []string{}), products},
			{ask("initial_products", []any{1}), products},
			{ask("initial_products", []string{"ABCDEFG1234567"}), plaid.ProductsNotSupported("ABCDEFG1234567")},
			{ask("initial_products", []string{"auth", "payment_initiation", "identity", "x"}), plaid.ProductsNotSupported("payment_initiation", "x")},
			{ask("institution_id", Tattersall), plaid.ProductsNotSupported("auth")},
			{ask("options", nil), plaid.InvalidField("options must be an object")},
			{ask("options", "x"), plaid.InvalidField("options must be an object")},
			{options("webhook", "not a url"), plaid.InvalidField("options.webhook must be a non-empty string URL")},
			{options("webhook", ""), plaid.InvalidField("options.webhook must be a non-empty string URL")},
			{options("webhook", nil), plaid.InvalidField("options.webhook must be a non-empty string URL")},
			{options("webhook", 1), plaid.InvalidField("options.webhook must be a non-empty string URL")},
			{options("transactions", Body{"start_date": "01/02/2026"}), plaid.InvalidField(date)},
			{options("transactions", Body{"start_date": 20260102}), plaid.InvalidField(date)},
			{options("transactions", Body{"days_requested": 731}), plaid.InvalidField("options.transactions.days_requested must be an integer between 1 and 730")},
			{options("statements", Body{"start_date": "2026-01-02"}), plaid.MissingFields("options.statements.end_date")},
			{options("income_verification", Body{"income_source_types": []string{"lottery"}}), plaid.InvalidField("options.income_verification.income_source_types[0] must be one of: bank, payroll")},
			{options("colour", 1), plaid.UnknownFields("options.colour")},
			{options("override_password", "error_ITEM_LOCKED"), plaid.ItemLocked},
			{options("override_password", "error_INVALID_CREDENTIALS"), plaid.InvalidCredentials},
			{options("override_password", "error_ITEM_LOGIN_REQUIRED"), plaid.ItemLoginRequired},
			{options("override_password", "error_INSTITUTION_DOWN"), plaid.InstitutionDown},
			{options("override_password", "error_NO_ACCOUNTS"), plaid.NoAccounts},
			{options("override_password", "error_INTERNAL_SERVER_ERROR"), plaid.InternalServerError},
			{ask("user_id", "usr_9nSp2KuZ2x4JDw"), plaid.InvalidUserID},
			{ask("user_token", "user-sandbox-00000000-0000-4000-8000-000000000000"), plaid.InvalidUserToken},
		} {
			h.Fails(createPath, c.body, c.want)
		}
		if n := count(t, db, "SELECT COUNT(*) FROM item"); n != 0 {
			t.Errorf("%d Items were stored by failing calls", n)
		}
	})
}

func TestSandboxPublicTokenCreateAccepts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		for _, options := range []Body{
			{},
			{"webhook": "https://example.com/hook"},
			{"override_username": nil, "override_password": nil, "transactions": nil, "statements": nil},
			{"override_username": "user_custom", "override_password": `{"version":2}`},
			{"transactions": Body{"start_date": "2026-01-01", "end_date": "2026-02-01", "days_requested": 730}},
			{"statements": Body{"start_date": "2026-01-01", "end_date": "2026-02-01"}},
			{"income_verification": Body{"income_source_types": []string{"bank"}, "bank_income": Body{"days_requested": 30}}},
		} {
			h.OK(createPath, Body{"institution_id": Platypus, "initial_products": []string{"auth", "identity", "transactions"}, "options": options})
		}
		for _, in := range h.Catalogue.List(institution.Filter{}) {
			if len(in.Products) > 0 {
				h.Public(in.ID, in.Products...)
			}
		}
	})
}

func TestItemsBelongToUsers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		users := team.NewUsers(db, h.Vault, h.Clock, h.IDs, "sandbox")
		teams, err := team.New(db, h.Vault, h.Clock, "sandbox", nil)
		if err != nil {
			t.Fatal(err)
		}
		h.Items.WithTeam(teams, users)
		h.Serve(users.Endpoints()...)
		user := h.OK("/user/create", Body{"client_user_id": "one"})["user_id"]
		legacy := h.OK("/user/create", Body{"client_user_id": "two", "with_upgraded_user": false})
		h.OK(createPath, Body{"institution_id": Platypus, "initial_products": []string{"auth"}, "user_id": user})
		h.OK(createPath, Body{"institution_id": Platypus, "initial_products": []string{"auth"}, "user_token": legacy["user_token"]})
		for _, id := range []any{user, legacy["user_id"]} {
			var n int
			if err := db.QueryRow(t.Context(), "SELECT COUNT(*) FROM item WHERE user_id = $1", id).Scan(&n); err != nil || n != 1 {
				t.Errorf("user %v has %d Items (%v)", id, n, err)
			}
		}
		h.Fails(createPath, Body{"institution_id": Platypus, "initial_products": []string{"auth"}, "user_id": "one"}, plaid.InvalidUserID)
		h.Fails(createPath, Body{"institution_id": Platypus, "initial_products": []string{"auth"}, "user_token": "user-sandbox-00000000-0000-4000-8000-000000000000"}, plaid.InvalidUserToken)
	})
}

func TestItemImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		const path = "/item/import"
		login := Body{"user_id": "user_good", "auth_token": "pass_good"}
		h.Fails(path, Body{}, plaid.MissingFields("products", "user_auth"))
		h.Fails(path, Body{"products": []string{"auth"}, "user_auth": Body{}}, plaid.MissingFields("user_auth.user_id", "user_auth.auth_token"))
		h.Fails(path, Body{"products": []string{}, "user_auth": login}, plaid.InvalidField("products must be a list of strings containing at least one product"))
		h.Fails(path, Body{"products": []string{"nonsense"}, "user_auth": login}, plaid.ProductsNotSupported("nonsense"))
		h.Fails(path, Body{"products": []string{"auth"}, "user_auth": login, "institution_id": "ins_-1"}, plaid.InvalidInstitution)
		h.Fails(path, Body{"products": []string{"auth"}, "user_auth": login, "options": Body{"webhook": "x"}}, plaid.InvalidField("options.webhook must be a non-empty string URL"))
		h.Fails(path, Body{"products": []string{"auth"}, "user_auth": Body{"user_id": "user_good", "auth_token": "error_INVALID_CREDENTIALS"}}, plaid.InvalidCredentials)

		out := h.OK(path, Body{"products": []string{"identity", "auth"}, "user_auth": login})
		if len(out) != 2 {
			t.Errorf("import answered %v", out)
		}
		it := h.OK("/item/get", Body{"access_token": out["access_token"]})["item"].(map[string]any)
		if it["institution_id"] != Platypus || it["webhook"] != "" {
			t.Errorf("item %v", it)
		}
		out = h.OK(path, Body{
			"products": []string{"auth"}, "user_auth": login, "institution_id": "ins_109511",
			"options": Body{"webhook": "https://plaid.com/webhook-test"},
		})
		it = h.OK("/item/get", Body{"access_token": out["access_token"]})["item"].(map[string]any)
		if it["institution_id"] != "ins_109511" || it["webhook"] != "https://plaid.com/webhook-test" {
			t.Errorf("item %v", it)
		}
	})
}

func TestProduction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := NewIn(t, db, "production", nil)
		h.Fails(createPath, Body{}, plaid.SandboxOnly(createPath))
		h.Fails("/sandbox/item/reset_login", Body{}, plaid.SandboxOnly("/sandbox/item/reset_login"))
		login := Body{"products": []string{"auth"}, "user_auth": Body{"user_id": "u", "auth_token": "t"}}
		h.Fails("/item/import", login, plaid.MissingFields("institution_id"))
		login["institution_id"] = Platypus
		access := h.OK("/item/import", login)["access_token"].(string)
		if !strings.HasPrefix(access, "access-production-") {
			t.Errorf("token %.20s…", access)
		}
		h.Clock.Advance(365 * 24 * 3600e9)
		h.OK("/accounts/get", Body{"access_token": access}) // a login ends by itself in the sandbox only

		bare := NewIn(t, db, "production", func(h *House) institution.Connector { return Plain{Connector: h.Bank} })
		bare.Fails("/item/import", login, plaid.UnauthorizedRouteAccess)
	})
}

func TestAFailedLoginLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		body := Body{"institution_id": Platypus, "initial_products": []string{"auth"}}
		h.Bank.Fail["Accounts"] = &institution.Failure{Reason: institution.BankNotResponding}
		h.Fails(createPath, body, plaid.InstitutionNotResponding)
		h.Bank.Fail["Accounts"] = errors.New("planted trouble")
		h.Fails(createPath, body, plaid.InternalServerError)
		delete(h.Bank.Fail, "Accounts")
		h.Bank.List = nil
		h.Fails(createPath, body, plaid.NoAccounts)
		if len(h.Bank.Revoked) != 3 || count(t, db, "SELECT COUNT(*) FROM item") != 0 {
			t.Errorf("grants given back: %v", h.Bank.Revoked)
		}
	})
}

// TestNothingPersonalIsStoredInTheOpen plants values and looks for them in the
// bytes of the database file and in the log.
func TestNothingPersonalIsStoredInTheOpen(t *testing.T) {
	path := storetest.SQLiteFile(t)
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := New(t, db)
	public := h.OK(createPath, Body{
		"institution_id": Platypus, "initial_products": []string{"auth"},
		"options": Body{"override_password": Password, "webhook": "https://example.com/?key=planted-webhook-key"},
	})["public_token"].(string)
	access := h.OK("/item/public_token/exchange", Body{"public_token": public})["access_token"].(string)
	h.OK("/accounts/balance/get", Body{"access_token": access})
	other := h.Item(Platypus, "auth")
	h.OK("/item/remove", Body{"access_token": other, "reason_note": "planted reason note"})
	h.Bank.Fail["Accounts"] = errors.New("the bank says no")
	h.Fails("/accounts/balance/get", Body{"access_token": access}, plaid.InternalServerError)
	h.Hides(path, public, access, other, "planted-grant", Password, "planted-webhook-key", "planted reason note", "Planted checking", "23631.9805")
}
