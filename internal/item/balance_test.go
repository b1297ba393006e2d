package item_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

var accountPaths = []string{"/accounts/get", "/accounts/balance/get"}

func accounts(out Body) []map[string]any {
	var list []map[string]any
	for _, a := range out["accounts"].([]any) {
		list = append(list, a.(map[string]any))
	}
	return list
}

func TestAccounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		access := h.Item(Platypus, "transactions")
		for _, path := range accountPaths {
			out := h.OK(path, Body{"access_token": access})
			list := accounts(out)
			if len(list) != len(h.Bank.List) {
				t.Fatalf("%s: %d accounts, want %d", path, len(list), len(h.Bank.List))
			}
			for i, a := range list {
				b := h.Bank.List[i]
				if a["name"] != b.Name || a["type"] != b.Type || a["subtype"] != b.Subtype || !plaid.AccountIDOK(a["account_id"].(string)) {
					t.Errorf("%s: account %d is %v", path, i, a)
				}
				for _, key := range []string{"verification_status", "verification_name", "persistent_account_id"} {
					if _, there := a[key]; there {
						t.Errorf("%s: %s is there", path, key)
					}
				}
				bal := a["balances"].(map[string]any)
				if len(bal) != 5 || bal["iso_currency_code"] != "USD" || bal["unofficial_currency_code"] != nil {
					t.Errorf("%s: balances %v", path, bal)
				}
			}
			pension := list[5]["balances"].(map[string]any)
			if pension["current"] != 23631.9805 || pension["available"] != nil || pension["limit"] != nil {
				t.Errorf("%s: pension %v", path, pension)
			}
			it := out["item"].(map[string]any)
			if _, there := it["auth_method"]; there || it["error"] != nil || it["created_at"] != nil {
				t.Errorf("%s: item %v", path, it)
			}
			if fmt.Sprint(it["billed_products"]) != "[transactions]" {
				t.Errorf("%s: billed %v", path, it["billed_products"])
			}
		}
	})
}

func TestCurrencies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		h.Bank.List[0].Currency, h.Bank.List[1].Currency, h.Bank.List[2].Currency = "GBP", "BTC", ""
		list := accounts(h.OK("/accounts/get", Body{"access_token": h.Item(Platypus, "auth")}))
		for i, want := range []string{"GBP <nil>", "<nil> BTC", "<nil> <nil>"} {
			b := list[i]["balances"].(map[string]any)
			if got := fmt.Sprint(b["iso_currency_code"], " ", b["unofficial_currency_code"]); got != want {
				t.Errorf("account %d: %s, want %s", i, got, want)
			}
		}
	})
}

func TestAccountIDs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		access := h.Item(Platypus, "auth")
		list := accounts(h.OK("/accounts/get", Body{"access_token": access}))
		first, second := list[0]["account_id"], list[1]["account_id"]
		foreign := accounts(h.OK("/accounts/get", Body{"access_token": h.Item(Platypus, "auth")}))[0]["account_id"]
		bad := plaid.InvalidField("options.account_ids must be a non-empty array of valid account ids")
		for _, path := range accountPaths {
			ask := func(ids any) Body { return Body{"access_token": access, "options": Body{"account_ids": ids}} }
			for _, ids := range []any{"x", []string{}, []string{"ABCDEFG1234567"}, []any{7}, 7, Body{}, []any{first, nil}, []any{first, ""}} {
				h.Fails(path, ask(ids), bad)
			}
			h.Fails(path, ask([]any{foreign}), plaid.InvalidAccountID)
			h.Fails(path, ask([]any{first, foreign}), plaid.InvalidAccountID)
			if got := accounts(h.OK(path, ask([]any{first}))); len(got) != 1 || got[0]["account_id"] != first {
				t.Errorf("%s with one id: %v", path, got)
			}
			// The order is the Item's, and an id that is there twice is one account.
			if got := accounts(h.OK(path, ask([]any{second, first, second}))); len(got) != 2 || got[0]["account_id"] != first {
				t.Errorf("%s with an id twice: %v", path, got)
			}
			if got := accounts(h.OK(path, ask(nil))); len(got) != len(list) {
				t.Errorf("%s with null: %d accounts", path, len(got))
			}
			h.OK(path, Body{"access_token": access, "options": nil})
			h.OK(path, Body{"access_token": access, "options": Body{}})
			h.Fails(path, Body{"access_token": access, "options": Body{"x": 1}}, plaid.UnknownFields("options.x"))
		}
	})
}

func TestBalancesAreAskedAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		access := h.Item(Platypus, "auth")
		current := func(path string) any {
			return accounts(h.OK(path, Body{"access_token": access}))[0]["balances"].(map[string]any)["current"]
		}
		now := plaid.MustDecimal("95.5")
		h.Bank.List[0].Current = &now
		if got := current("/accounts/get"); got != 110.0 {
			t.Errorf("/accounts/get asked the bank: %v", got)
		}
		if got := current("/accounts/balance/get"); got != 95.5 {
			t.Errorf("/accounts/balance/get did not: %v", got)
		}
		if got := current("/accounts/get"); got != 95.5 {
			t.Errorf("what the bank told was not kept: %v", got)
		}
	})
}

func TestAClosedAccountIsNotAnswered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		access := h.Item(Platypus, "auth")
		first := accounts(h.OK("/accounts/get", Body{"access_token": access}))[0]["account_id"]
		all := h.Bank.List
		h.Bank.List = append(append([]institution.Account{}, all[1:]...), institution.Account{Ref: "new", Name: "Not shared", Type: "depository", Subtype: "checking", Currency: "USD"})
		for _, path := range []string{"/accounts/balance/get", "/accounts/get"} {
			if got := accounts(h.OK(path, Body{"access_token": access})); len(got) != len(all)-1 || got[0]["account_id"] == first {
				t.Errorf("%s: %v", path, got)
			}
			h.Fails(path, Body{"access_token": access, "options": Body{"account_ids": []any{first}}}, plaid.InvalidAccountID)
		}
		h.Bank.List = nil
		h.Fails("/accounts/balance/get", Body{"access_token": access}, plaid.NoAccounts)
		h.Bank.List = all
		if got := accounts(h.OK("/accounts/balance/get", Body{"access_token": access})); len(got) != len(all) {
			t.Errorf("reopened: %d accounts", len(got))
		}
	})
}

func TestTroubleAtTheBank(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, c := range []struct {
			reason  institution.Reason
			told    *plaid.Error
			remains bool
		}{
			{institution.BankDown, plaid.InstitutionDown, false},
			{institution.BankNotResponding, plaid.InstitutionNotResponding, false},
			{institution.LoginRequired, plaid.ItemLoginRequired, true},
			{institution.InvalidCredentials, plaid.ItemLoginRequired, true},
			{institution.Locked, plaid.ItemLocked, true},
			{institution.AccessRevoked, plaid.UserPermissionRevoked, true},
		} {
			h := New(t, db)
			access := h.Item(Platypus, "auth")
			h.Bank.Fail["Accounts"] = &institution.Failure{Reason: c.reason}
			h.Fails("/accounts/balance/get", Body{"access_token": access}, c.told)
			delete(h.Bank.Fail, "Accounts")
			e, _ := h.OK("/item/get", Body{"access_token": access})["item"].(map[string]any)["error"].(map[string]any)
			if !c.remains {
				if e != nil {
					t.Errorf("%s stays on the Item: %v", c.reason, e)
				}
				h.OK("/accounts/balance/get", Body{"access_token": access})
				continue
			}
			if e["error_code"] != c.told.Code {
				t.Errorf("%s: the Item's error is %v", c.reason, e)
			}
			h.Fails("/accounts/get", Body{"access_token": access}, c.told)
		}
	})
}

func TestBalanceOfAnItemWithoutABank(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		var access string
		err := db.Write(t.Context(), func(tx *store.Tx) error {
			sn, err := h.Items.Create(t.Context(), tx, item.NewItem{
				ClientID: Client, Products: []string{"auth"}, AuthMethod: "SAME_DAY_MICRODEPOSITS",
				Accounts: []institution.Account{{Ref: "manual", Name: "Checking...0000", Mask: "0000", Type: "depository", Subtype: "checking"}},
			})
			if err != nil {
				return err
			}
			access, _, err = h.Items.IssuePublicToken(t.Context(), tx, sn.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		access = h.OK("/item/public_token/exchange", Body{"public_token": access})["access_token"].(string)
		h.Fails("/accounts/balance/get", Body{"access_token": access}, plaid.ProductsNotSupported("balance"))
		out := h.OK("/accounts/get", Body{"access_token": access})
		it := out["item"].(map[string]any)
		if it["institution_id"] != nil || it["institution_name"] != nil || it["auth_method"] != "SAME_DAY_MICRODEPOSITS" || len(it["available_products"].([]any)) != 0 {
			t.Errorf("item %v", it)
		}
		h.Fails("/sandbox/item/reset_login", Body{"access_token": access}, plaid.InvalidField("the Item has no login that could be reset: its account numbers were typed"))
		h.OK("/item/remove", Body{"access_token": access})
	})
}

func TestCapitalOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		told := Start.Add(-2 * time.Hour)
		for i := range h.Bank.List {
			h.Bank.List[i].BalancesAt = told
		}
		access := h.Item(CapitalOne, "auth")
		const path = "/accounts/balance/get"
		list := accounts(h.OK("/accounts/get", Body{"access_token": access}))
		if got := list[0]["balances"].(map[string]any)["last_updated_datetime"]; got != told.Format(time.RFC3339) {
			t.Errorf("last_updated_datetime %v", got)
		}
		checking, card := list[0]["account_id"], list[3]["account_id"]
		ask := func(min any, ids ...any) Body {
			o := Body{"min_last_updated_datetime": min}
			if ids != nil {
				o["account_ids"] = ids
			}
			return Body{"access_token": access, "options": o}
		}
		missing := plaid.InvalidField("options.min_last_updated_datetime must be provided for non-depository accounts at this institution")
		h.Fails(path, Body{"access_token": access}, missing)
		h.Fails(path, ask(nil, card), missing)
		h.OK(path, ask(nil, checking))
		format := plaid.InvalidField("options.min_last_updated_datetime must be a string of the format 'YYYY-MM-DDTHH:mm:ssZ'")
		h.Fails(path, ask("yesterday", checking), format)
		h.Fails(path, ask(7, checking), format)
		h.OK(path, ask(told.Format(time.RFC3339)))
		h.OK(path, ask(told.Add(-time.Hour).Format(time.RFC3339), card))
		h.Fails(path, ask(told.Add(time.Second).Format(time.RFC3339), card), plaid.LastUpdatedOutOfRange(told.Format(time.RFC3339)))
		h.OK(path, ask(told.Add(time.Hour).Format(time.RFC3339), checking))

		// Elsewhere the field is ignored.
		access = h.Item(Platypus, "auth")
		h.OK(path, ask(Start.Add(time.Hour).Format(time.RFC3339)))
	})
}

func TestNoConnectorForABank(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		var sn *item.Snapshot
		err := db.Write(t.Context(), func(tx *store.Tx) (err error) {
			sn, err = h.Items.Create(t.Context(), tx, item.NewItem{ClientID: Client, InstitutionID: Platypus, Connector: "elsewhere"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Items.Bank(context.Background(), sn); err != plaid.InstitutionNotEnabledInEnvironment {
			t.Errorf("Bank: %v", err)
		}
	})
}
