package auth_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/institution"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/sandbank"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// simulated is a house at the simulated bank.
func simulated(t *testing.T, db *store.DB) *House {
	h := NewIn(t, db, "sandbox", func(h *House) institution.Connector {
		return sandbank.New(db, h.Vault, h.Clock, h.IDs, h.Catalogue)
	})
	serve(h)
	return h
}

// TestStockNumbers reads the account numbers of user_good that
// plaid-server-api.md section 11.4 records.
func TestStockNumbers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := simulated(t, db)
		access := h.Item(Platypus, "auth")
		if n := len(list(h.OK("/accounts/get", Body{"access_token": access})["accounts"])); n != 14 {
			t.Errorf("%d accounts, want 14", n)
		}
		h.OK("/accounts/balance/get", Body{"access_token": access})
		out := h.OK(path, Body{"access_token": access})
		var got []string
		for _, a := range list(out["accounts"]) {
			got = append(got, fmt.Sprint(a["mask"]))
		}
		for _, n := range list(out["numbers"].(map[string]any)["ach"]) {
			got = append(got, fmt.Sprintf("%v %v %v %v", n["account"], n["routing"], n["wire_routing"], n["is_tokenized_account_number"]))
		}
		want := "0000 1111 9002" +
			" 1111222233330000 011401533 021000021 false 1111222233331111 011401533 021000021 false 1111222233339002 011401533 021000021 false"
		if strings.Join(got, " ") != want {
			t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
		}
	})
}

func TestTokenizedNumbers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := simulated(t, db)
		seen := map[any]bool{}
		for _, ins := range []string{"ins_56", "ins_13", "ins_127990", "ins_127287", "ins_56"} {
			access := h.Item(ins, "auth")
			for range 2 {
				out := h.OK(path, Body{"access_token": access})
				n := list(out["numbers"].(map[string]any)["ach"])[0]
				if n["is_tokenized_account_number"] != true || n["wire_routing"] != nil {
					t.Errorf("%s: %v", ins, n)
				}
				seen[n["account"]] = true
				if id, _ := list(out["accounts"])[0]["persistent_account_id"].(string); len(id) != 56 {
					t.Errorf("%s: persistent_account_id %q", ins, id)
				}
			}
		}
		if len(seen) != 5 {
			t.Errorf("%d tokenized numbers for 5 Items", len(seen))
		}
	})
}

// TestEveryInstitution asks for numbers wherever the catalogue promises them at
// once, and finds a documented error elsewhere.
func TestEveryInstitution(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := simulated(t, db)
		for _, in := range h.Catalogue.List(institution.Filter{}) {
			create := Body{"institution_id": in.ID, "initial_products": []string{"transactions"}}
			switch in.Health {
			case institution.Down:
				h.Fails("/sandbox/public_token/create", create, plaid.InstitutionDown)
				continue
			case institution.Unsupported:
				h.Fails("/sandbox/public_token/create", create, plaid.InstitutionNoLongerSupported)
				continue
			}
			access := h.Item(in.ID, "transactions")
			if !in.Methods.Any() {
				h.Fails(path, Body{"access_token": access}, plaid.ProductsNotSupported("auth"))
				continue
			}
			status, out := h.CallAs(Client, path, Body{"access_token": access})
			if in.Methods.InstantAuth && status != 200 {
				t.Errorf("%s %s: %v", in.ID, in.Name, out)
				continue
			}
			if status != 200 {
				h.Fails(path, Body{"access_token": access}, plaid.ProductNotReady)
				continue
			}
			key := map[string]string{"US": "ach", "CA": "eft", "GB": "bacs", "IE": "international"}[in.Country()]
			if n := out["numbers"].(map[string]any)[key].([]any); len(n) == 0 {
				t.Errorf("%s %s: no %s numbers in %v", in.ID, in.Name, key, out["numbers"])
			}
		}
	})
}

func TestTheBankEndsTheGrant(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := simulated(t, db)
		access := h.Item(Platypus, "auth")
		h.OK("/sandbox/item/reset_login", Body{"access_token": access})
		var status string
		if err := db.QueryRow(t.Context(), "SELECT status FROM sandbank_grant").Scan(&status); err != nil || status != "expired" {
			t.Errorf("grant %s (%v)", status, err)
		}
		h.Fails(path, Body{"access_token": access}, plaid.ItemLoginRequired)
		h.OK("/item/remove", Body{"access_token": access})
		var left int
		if err := db.QueryRow(t.Context(), "SELECT COUNT(*) FROM sandbank_grant").Scan(&left); err != nil || left != 0 {
			t.Errorf("%d grants left (%v)", left, err)
		}
	})
}
