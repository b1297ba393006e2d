package identity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/identity"
	"github.com/glencheck-dev/glencheck/internal/institution"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const path = "/identity/get"

func house(t *testing.T, db *store.DB) *House {
	h := New(t, db)
	serve(h)
	return h
}

func serve(h *House) { h.Serve(identity.New(h.DB, h.Vault, h.Clock, h.Items).Endpoints()...) }

func list(v any) []map[string]any {
	var out []map[string]any
	for _, x := range v.([]any) {
		out = append(out, x.(map[string]any))
	}
	return out
}

func TestIdentityGet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		access := h.Item(Platypus, "transactions")
		for range 2 { // asked, stored
			out := h.OK(path, Body{"access_token": access})
			accounts := list(out["accounts"])
			if len(accounts) != len(h.Bank.List) {
				t.Fatalf("%d accounts", len(accounts))
			}
			for _, a := range accounts {
				owners := list(a["owners"])
				if len(owners) != 1 || fmt.Sprint(owners[0]["names"]) != "["+OwnerName+"]" || a["balances"].(map[string]any)["current"] == nil {
					t.Fatalf("account %v", a)
				}
			}
			owner := list(accounts[3]["owners"])[0]
			want := map[string]any{
				"names":         []any{OwnerName},
				"phone_numbers": []any{map[string]any{"data": "1112223333", "primary": false, "type": "home"}},
				"emails":        []any{map[string]any{"data": "accountholder0@example.com", "primary": true, "type": "primary"}},
				"addresses": []any{
					map[string]any{"primary": true, "data": map[string]any{"street": OwnerStreet, "city": "Malakoff", "region": "NY", "postal_code": "14236", "country": "US"}},
					map[string]any{"primary": false, "data": map[string]any{"street": "2 Planted Lane", "city": nil, "region": nil, "postal_code": nil, "country": nil}},
				},
			}
			if fmt.Sprint(owner) != fmt.Sprint(want) {
				t.Errorf("owner %v\nwant %v", owner, want)
			}
			it := out["item"].(map[string]any)
			if fmt.Sprint(it["billed_products"], it["products"]) != "[identity transactions] [identity transactions]" {
				t.Errorf("item %v", it)
			}
		}
		if n := h.Bank.Calls["Owners"]; n != 1 {
			t.Errorf("the bank was asked %d times", n)
		}
	})
}

func TestHoldersOfOneAccountAreOneOwner(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		phone := institution.Phone{Data: "+1-234-567-8909", Primary: true, Type: "mobile"}
		h.Bank.Holders = map[string][]institution.Owner{
			"checking": {{Names: []string{"Leslie Barbara Knope"}, Phones: []institution.Phone{phone}}, {Names: []string{"Ben Wyatt", "Leslie Barbara Knope"}, Phones: []institution.Phone{phone}}},
			"savings":  {{Names: []string{"Ben Wyatt"}}},
			"card":     {},
		}
		accounts := list(h.OK(path, Body{"access_token": h.Item(Platypus, "identity")})["accounts"])
		joint := list(accounts[0]["owners"])
		if len(joint) != 1 || fmt.Sprint(joint[0]["names"]) != "[Leslie Barbara Knope Ben Wyatt]" || len(list(joint[0]["phone_numbers"])) != 1 {
			t.Errorf("joint owners %v", joint)
		}
		single := list(accounts[1]["owners"])
		for _, key := range []string{"phone_numbers", "emails", "addresses"} {
			if x, ok := single[0][key].([]any); !ok || len(x) != 0 {
				t.Errorf("%s is %v", key, single[0][key])
			}
		}
		if owners, ok := accounts[3]["owners"].([]any); !ok || len(owners) != 0 {
			t.Errorf("owners of an account without holders: %v", accounts[3]["owners"])
		}
	})
}

// TestWhatIsNotShared: a bank that hands out nothing of this product is an error of
// the call, and told.
func TestWhatIsNotShared(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		told := h.Webhooks()
		access := h.Item(Platypus, "identity")
		h.OK("/item/webhook/update", Body{"access_token": access, "webhook": "https://app.example/hook"})
		h.Bank.Fail["Owners"] = &institution.Failure{Reason: institution.AccessNotGranted}
		h.Fails(path, Body{"access_token": access}, plaid.AccessNotGranted)
		h.Bank.Fail["Owners"] = &institution.Failure{Reason: institution.BankDown}
		h.Fails(path, Body{"access_token": access}, plaid.InstitutionDown)
		if got := fmt.Sprint(told()); got != "[ITEM WEBHOOK_UPDATE_ACKNOWLEDGED IDENTITY PRODUCT_PERMISSIONS_REQUIRED]" {
			t.Errorf("told %s", got)
		}
		out := h.OK("/item/get", Body{"access_token": access})
		if e := out["item"].(map[string]any)["error"]; e != nil {
			t.Errorf("the login is good, and has error %v", e)
		}
	})
}

func TestIdentityGetErrors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		h.Fails(path, Body{}, plaid.MissingFields("access_token"))
		h.Fails(path, Body{"access_token": "x"}, plaid.InvalidAccessTokenFormat)
		h.Fails(path, Body{"access_token": "access-sandbox-00000000-0000-4000-8000-000000000000"}, plaid.InvalidAccessToken)
		h.Fails(path, Body{"access_token": h.Item(Tattersall, "transactions")}, plaid.ProductsNotSupported("identity"))

		access := h.Item(Platypus, "identity")
		ask := func(x any) Body { return Body{"access_token": access, "options": Body{"account_ids": x}} }
		h.Fails(path, ask("x"), plaid.InvalidField("options.account_ids must be a non-empty array of valid account ids"))
		h.Fails(path, ask([]string{strings.Repeat("x", 37)}), plaid.InvalidAccountID)
		h.Bank.Fail["Owners"] = &institution.Failure{Reason: institution.BankNotAvailable}
		h.Fails(path, Body{"access_token": access}, plaid.InstitutionNotAvailable)
		delete(h.Bank.Fail, "Owners")
		all := list(h.OK(path, Body{"access_token": access})["accounts"])
		if got := list(h.OK(path, ask([]any{all[4]["account_id"]}))["accounts"]); len(got) != 1 || got[0]["account_id"] != all[4]["account_id"] {
			t.Errorf("filtered %v", got)
		}
		h.OK("/sandbox/item/reset_login", Body{"access_token": access})
		h.Fails(path, Body{"access_token": access}, plaid.ItemLoginRequired)
		h.OK("/item/remove", Body{"access_token": access})
		h.Fails(path, Body{"access_token": access}, plaid.ItemNotFound)
		var rows int
		if err := db.QueryRow(t.Context(), "SELECT COUNT(*) FROM identity_owners").Scan(&rows); err != nil || rows != 0 {
			t.Errorf("%d rows of owners outlive their Item (%v)", rows, err)
		}
	})
}

func TestAConnectorWithoutOwners(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := NewIn(t, db, "sandbox", func(h *House) institution.Connector {
			return struct {
				institution.Connector
				institution.Importer
			}{h.Bank, h.Bank}
		})
		serve(h)
		h.Fails(path, Body{"access_token": h.Item(Platypus, "identity")}, plaid.ProductsNotSupported("identity"))
	})
}

func TestOwnersAreSealed(t *testing.T) {
	file := storetest.SQLiteFile(t)
	db, err := store.Open(t.Context(), file, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := house(t, db)
	h.OK(path, Body{"access_token": h.Item(Platypus, "identity")})
	h.Hides(file, OwnerName, OwnerStreet, "accountholder0")
}
