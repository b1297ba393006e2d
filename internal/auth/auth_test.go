package auth_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/auth"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/team"
)

const path = "/auth/get"

func house(t *testing.T, db *store.DB) *House {
	h := New(t, db)
	serve(h)
	return h
}

func serve(h *House) { h.Serve(auth.New(h.DB, h.Vault, h.Clock, h.Items).Endpoints()...) }

func list(v any) []map[string]any {
	var out []map[string]any
	for _, x := range v.([]any) {
		out = append(out, x.(map[string]any))
	}
	return out
}

func ids(list []map[string]any) []string {
	var out []string
	for _, a := range list {
		out = append(out, a["account_id"].(string))
	}
	return out
}

func TestAuthGet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		access := h.Item(Platypus, "auth")
		before := h.OK("/accounts/get", Body{"access_token": access})["item"].(map[string]any)
		if _, there := before["auth_method"]; there {
			t.Error("auth_method before there are numbers")
		}
		for range 3 { // asked, stored, remembered
			out := h.OK(path, Body{"access_token": access})
			accounts, numbers := list(out["accounts"]), out["numbers"].(map[string]any)
			if len(accounts) != 3 || accounts[0]["subtype"] != "checking" || accounts[1]["subtype"] != "savings" || accounts[2]["subtype"] != "cash management" {
				t.Fatalf("accounts %v", accounts)
			}
			ach := list(numbers["ach"])
			if fmt.Sprint(ids(ach)) != fmt.Sprint(ids(accounts)) {
				t.Errorf("numbers of %v for accounts %v", ids(ach), ids(accounts))
			}
			want := map[string]any{
				"account": AccountNumber + "0", "account_id": accounts[0]["account_id"], "routing": "011401533",
				"wire_routing": "021000021", "is_tokenized_account_number": false,
			}
			if fmt.Sprint(ach[0]) != fmt.Sprint(want) {
				t.Errorf("ach %v\nwant %v", ach[0], want)
			}
			for _, key := range []string{"eft", "international", "bacs"} {
				if x, ok := numbers[key].([]any); !ok || len(x) != 0 {
					t.Errorf("%s is %v", key, numbers[key])
				}
			}
			it := out["item"].(map[string]any)
			if it["auth_method"] != "INSTANT_AUTH" || it["error"] != nil || fmt.Sprint(it["billed_products"]) != "[auth]" {
				t.Errorf("item %v", it)
			}
		}
		if n := h.Bank.Calls["Numbers"]; n != 1 {
			t.Errorf("the bank was asked %d times", n)
		}
		after := h.OK("/item/get", Body{"access_token": access})["item"].(map[string]any)
		if after["auth_method"] != "INSTANT_AUTH" {
			t.Errorf("auth_method %v", after["auth_method"])
		}
	})
}

func TestTheFirstCallAddsTheProduct(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		access := h.Item(Platypus, "transactions")
		it := h.OK(path, Body{"access_token": access})["item"].(map[string]any)
		if fmt.Sprint(it["billed_products"], it["products"]) != "[auth transactions] [auth transactions]" ||
			strings.Contains(fmt.Sprint(it["available_products"]), "[auth") || strings.Contains(fmt.Sprint(it["available_products"]), " auth ") {
			t.Errorf("item %v", it)
		}
	})
}

func TestAccountIDs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		access := h.Item(Platypus, "auth")
		all := ids(list(h.OK("/accounts/get", Body{"access_token": access})["accounts"]))
		ask := func(x any) Body { return Body{"access_token": access, "options": Body{"account_ids": x}} }
		bad := plaid.InvalidField("options.account_ids must be a non-empty array of valid account ids")
		for range 2 { // before and after the numbers are known
			h.Fails(path, ask("x"), bad)
			h.Fails(path, ask([]string{}), bad)
			h.Fails(path, ask([]string{"ABCDEFG1234567"}), bad)
			h.Fails(path, ask([]string{strings.Repeat("x", 37)}), plaid.InvalidAccountID)
			h.Fails(path, ask(slices.Repeat([]string{all[1]}, 501)), plaid.InvalidField("options.account_ids must have at most 500 entries"))
			h.OK(path, ask(slices.Repeat([]string{all[1]}, 500)))
			h.Fails(path, ask([]string{all[2], all[3]}), plaid.NoAuthAccounts) // a deposit and a card
			out := h.OK(path, ask([]string{all[1], all[3]}))
			if got := list(out["accounts"]); len(got) != 1 || got[0]["account_id"] != all[1] {
				t.Errorf("accounts %v", got)
			}
			if got := list(out["numbers"].(map[string]any)["ach"]); len(got) != 1 || got[0]["account_id"] != all[1] {
				t.Errorf("numbers %v", got)
			}
		}
		if out := h.OK(path, Body{"access_token": access}); len(list(out["accounts"])) != 3 {
			t.Errorf("a filtered answer was remembered as the whole: %v", out["accounts"])
		}
	})
}

func TestCountries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		h.Bank.Numbs = []institution.Numbers{
			{Ref: "checking", EFT: &institution.EFT{Account: "111122220000", Institution: "114", Branch: "01533"}},
			{Ref: "savings", BACS: &institution.BACS{Account: "80000000", SortCode: "040004"}, International: &institution.International{IBAN: "GB23MONZ04000480000000", BIC: "MONZGB21XXX"}},
			{Ref: "cash", ACH: &institution.ACH{Account: "900", Routing: "011401533", Tokenized: true}},
		}
		out := h.OK(path, Body{"access_token": h.Item("ins_43", "auth")})
		accounts, numbers := ids(list(out["accounts"])), out["numbers"].(map[string]any)
		want := map[string]any{
			"ach":           []any{map[string]any{"account_id": accounts[2], "account": "900", "routing": "011401533", "wire_routing": nil, "is_tokenized_account_number": true}},
			"eft":           []any{map[string]any{"account_id": accounts[0], "account": "111122220000", "institution": "114", "branch": "01533"}},
			"bacs":          []any{map[string]any{"account_id": accounts[1], "account": "80000000", "sort_code": "040004"}},
			"international": []any{map[string]any{"account_id": accounts[1], "iban": "GB23MONZ04000480000000", "bic": "MONZGB21XXX"}},
		}
		if fmt.Sprint(numbers) != fmt.Sprint(want) {
			t.Errorf("numbers %v\nwant %v", numbers, want)
		}
	})
}

// TestWhatIsNotShared: a bank that hands out nothing of this product is an error of
// the call, and told.
func TestWhatIsNotShared(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		told := h.Webhooks()
		access := h.Item(Platypus, "auth")
		h.OK("/item/webhook/update", Body{"access_token": access, "webhook": "https://app.example/hook"})
		h.Bank.Fail["Numbers"] = &institution.Failure{Reason: institution.AccessNotGranted}
		h.Fails(path, Body{"access_token": access}, plaid.AccessNotGranted)
		h.Bank.Fail["Numbers"] = &institution.Failure{Reason: institution.BankDown}
		h.Fails(path, Body{"access_token": access}, plaid.InstitutionDown)
		if got := fmt.Sprint(told()); got != "[ITEM WEBHOOK_UPDATE_ACKNOWLEDGED AUTH PRODUCT_PERMISSIONS_REQUIRED]" {
			t.Errorf("told %s", got)
		}
		out := h.OK("/item/get", Body{"access_token": access})
		if e := out["item"].(map[string]any)["error"]; e != nil {
			t.Errorf("the login is good, and has error %v", e)
		}
	})
}

func TestAuthGetErrors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		h.Fails(path, Body{}, plaid.MissingFields("access_token"))
		h.Fails(path, Body{"access_token": "x"}, plaid.InvalidAccessTokenFormat)
		h.Fails(path, Body{"access_token": "access-sandbox-00000000-0000-4000-8000-000000000000"}, plaid.InvalidAccessToken)
		h.Fails(path, Body{"access_token": h.Item(Tattersall, "transactions")}, plaid.ProductsNotSupported("auth"))

		access := h.Item(Platypus, "auth")
		h.Bank.Fail["Numbers"] = &institution.Failure{Reason: institution.NumbersNotAvailable}
		h.Fails(path, Body{"access_token": access}, plaid.ProductNotReady)
		h.Bank.Fail["Numbers"] = &institution.Failure{Reason: institution.BankDown}
		h.Fails(path, Body{"access_token": access}, plaid.InstitutionDown)
		delete(h.Bank.Fail, "Numbers")
		numbers := h.Bank.Numbs
		h.Bank.Numbs = nil
		h.Fails(path, Body{"access_token": access}, plaid.NoAuthAccounts)
		h.Bank.Numbs = numbers
		if m := h.OK("/item/get", Body{"access_token": access})["item"].(map[string]any)["auth_method"]; m != nil {
			t.Errorf("auth_method %v without numbers", m)
		}
		h.OK(path, Body{"access_token": access})
		h.OK("/sandbox/item/reset_login", Body{"access_token": access})
		h.Fails(path, Body{"access_token": access}, plaid.ItemLoginRequired)
		h.OK("/item/remove", Body{"access_token": access})
		h.Fails(path, Body{"access_token": access}, plaid.ItemNotFound)
		var rows int
		if err := db.QueryRow(t.Context(), "SELECT COUNT(*) FROM auth_numbers").Scan(&rows); err != nil || rows != 0 {
			t.Errorf("%d rows of numbers outlive their Item (%v)", rows, err)
		}

		h.Bank.List = h.Bank.List[2:4] // a deposit and a card
		h.Fails(path, Body{"access_token": h.Item(Platypus, "auth")}, plaid.NoAuthAccounts)
	})
}

// TestAuthNeedsConsent: where a person was told what the data is for, a product
// outside that needs another consent.
func TestAuthNeedsConsent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		make := func(consented ...string) string {
			var public string
			err := db.Write(t.Context(), func(tx *store.Tx) error {
				sn, err := h.Items.Create(t.Context(), tx, item.NewItem{
					ClientID: Client, InstitutionID: Platypus, Connector: "sandbank", Grant: "g",
					Products: []string{"transactions"}, ConsentedProducts: consented, UseCases: []string{"Verify your account"}, Accounts: h.Bank.List,
				})
				if err != nil {
					return err
				}
				public, _, err = h.Items.IssuePublicToken(t.Context(), tx, sn.ID)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return h.OK("/item/public_token/exchange", Body{"public_token": public})["access_token"].(string)
		}
		h.Fails(path, Body{"access_token": make()}, plaid.AdditionalConsentRequired("auth"))
		h.OK(path, Body{"access_token": make("auth")})
	})
}

// TestAuthNeedsAnEnabledClient: a client that is not enabled for the product
// cannot add it to an Item.
func TestAuthNeedsAnEnabledClient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		teams, err := team.New(db, h.Vault, h.Clock, "sandbox", nil)
		if err != nil {
			t.Fatal(err)
		}
		err = teams.Ensure(t.Context(), team.Spec{ClientID: Client, Secret: "s", Name: "A", Products: []string{"transactions"}})
		if err != nil {
			t.Fatal(err)
		}
		h.Items.WithTeam(teams, nil)
		h.Fails(path, Body{"access_token": h.Item(Platypus, "transactions")}, plaid.Unauthorized("auth"))
		h.OK(path, Body{"access_token": h.Item(Platypus, "auth")})
	})
}

func TestAConnectorWithoutNumbers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := NewIn(t, db, "sandbox", func(h *House) institution.Connector {
			return struct {
				institution.Connector
				institution.Importer
			}{h.Bank, h.Bank}
		})
		serve(h)
		h.Fails(path, Body{"access_token": h.Item(Platypus, "auth")}, plaid.ProductsNotSupported("auth"))
	})
}

func TestFirstCallsAtTheSameTimeAgree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		access := h.Item(Platypus, "transactions")
		var mu sync.Mutex
		answers := map[string]int{}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				status, out := h.CallAs(Client, path, Body{"access_token": access})
				delete(out, "request_id")
				mu.Lock()
				defer mu.Unlock()
				answers[fmt.Sprint(status, out)]++
			})
		}
		wg.Wait()
		if len(answers) != 1 {
			t.Errorf("%d different answers: %v", len(answers), answers)
		}
	})
}

func TestNumbersAreSealed(t *testing.T) {
	file := storetest.SQLiteFile(t)
	db, err := store.Open(t.Context(), file, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := house(t, db)
	h.OK(path, Body{"access_token": h.Item(Platypus, "auth")})
	h.Hides(file, AccountNumber)
}
