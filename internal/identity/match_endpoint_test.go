package identity_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/identity"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const matchPath, explainPath = "/identity/match", "/sandbox/identity/match/explain"

// stock is a user who is the owner of the test bank.
func stock() Body {
	return Body{
		"legal_name": OwnerName, "phone_number": "+11112223333", "email_address": "AccountHolder0@example.com",
		"address": Body{"street": OwnerStreet, "city": "Malakoff", "region": "NY", "postal_code": "14236", "country": "US"},
		"role":    "a member that nobody knows",
	}
}

func TestIdentityMatch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		access := h.Item(Platypus, "transactions")
		out := h.OK(matchPath, Body{"access_token": access, "user": stock()})
		accounts := list(out["accounts"])
		if len(accounts) != len(h.Bank.List) {
			t.Fatalf("%d accounts", len(accounts))
		}
		for _, a := range accounts {
			want := "map[is_business_name_detected:false is_first_name_or_last_name_match:true is_nickname_match:false score:100] map[score:80] map[score:100] map[is_postal_code_match:true score:100]"
			if got := fmt.Sprint(a["legal_name"], a["phone_number"], a["email_address"], a["address"]); got != want {
				t.Errorf("%s\nwant %s", got, want)
			}
			for key, value := range a["balances"].(map[string]any) {
				if value != nil {
					t.Errorf("balances.%s is %v", key, value)
				}
			}
		}
		if it := out["item"].(map[string]any); fmt.Sprint(it["billed_products"]) != "[transactions]" {
			t.Errorf("the call made a product: %v", it["billed_products"])
		}
		h.OK(path, Body{"access_token": access})
		if n := h.Bank.Calls["Owners"]; n != 1 {
			t.Errorf("the bank was asked %d times for both", n)
		}
		for _, user := range []any{nil, Body{}, Body{"legal_name": nil, "phone_number": "", "email_address": " ", "address": Body{}}, Body{"address": nil}} {
			body := Body{"access_token": access}
			if user != nil {
				body["user"] = user
			}
			for _, a := range list(h.OK(matchPath, body)["accounts"]) {
				if got := fmt.Sprint(a["legal_name"], a["phone_number"], a["email_address"], a["address"]); got != "<nil> <nil> <nil> <nil>" {
					t.Errorf("user %v: %s", user, got)
				}
			}
		}
	})
}

// TestBestOwnerCounts: of two owners, the best of each part counts; what the bank
// does not have has no score.
func TestBestOwnerCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		h.Bank.Holders = map[string][]institution.Owner{
			"checking": {{Names: []string{"Leslie Barbara Knope"}, Phones: []institution.Phone{{Data: "+12345678909"}}}, {Names: []string{"Ben Wyatt"}}},
			"savings":  {{Names: []string{"Ben Wyatt"}}},
			"card":     {},
		}
		user := Body{"legal_name": "Leslie Knope", "phone_number": "+1 234 567 8909", "email_address": "leslie@example.com"}
		out := list(h.OK(matchPath, Body{"access_token": h.Item(Platypus, "identity"), "user": user})["accounts"])
		for i, want := range []string{"94 100", "3 -", "", "- -"} {
			score := func(key string) string {
				if s, ok := out[i][key].(map[string]any); ok {
					return fmt.Sprint(s["score"])
				}
				return "-"
			}
			if got := score("legal_name") + " " + score("phone_number"); want != "" && got != want || score("email_address") != "-" {
				t.Errorf("account %d: %s, e-mail %s, want %s", i, got, score("email_address"), want)
			}
		}
	})
}

func TestIdentityMatchErrors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		h.Fails(matchPath, Body{}, plaid.MissingFields("access_token"))
		h.Fails(matchPath, Body{"access_token": "x"}, plaid.InvalidAccessTokenFormat)
		h.Fails(matchPath, Body{"access_token": h.Item(Tattersall, "transactions"), "user": stock()}, plaid.ProductsNotSupported("identity_match"))
		access := h.Item(Platypus, "identity")
		ask := func(user Body) Body { return Body{"access_token": access, "user": user} }
		h.Fails(matchPath, ask(Body{"phone_number": "call me"}), plaid.InvalidField("user.phone_number must be a telephone number, in E.164 format if possible"))
		h.Fails(matchPath, ask(Body{"phone_number": "+1234567890123456"}), plaid.InvalidField("user.phone_number must be a telephone number, in E.164 format if possible"))
		h.Fails(matchPath, Body{"access_token": access, "options": Body{"account_ids": []string{}}}, plaid.InvalidField("options.account_ids must be a non-empty array of valid account ids"))
		h.Fails(matchPath, Body{"access_token": access, "options": Body{"account_ids": []string{strings.Repeat("x", 37)}}}, plaid.InvalidAccountID)
		h.OK("/sandbox/item/reset_login", Body{"access_token": access})
		h.Fails(matchPath, ask(stock()), plaid.ItemLoginRequired)
	})
}

// TestIdentityMatchExplained: the reasons of a score add up to it.
func TestIdentityMatchExplained(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		access := h.Item(Platypus, "identity")
		of := func(body Body) map[string]any { return list(h.OK(explainPath, body)["accounts"])[0] }
		got := of(Body{"user": Body{"legal_name": "Andy Simth"}, "owner": Body{"names": []string{"Ray Charles", "Andrew Smith"}}})
		want := "map[score:83 steps:[map[owner:andrew points:-9 rule:nickname says:a nickname user:andy] map[owner:smith points:-8 rule:misspelling says:letters differ user:simth]]]"
		if fmt.Sprint(got["legal_name"]) != want || got["phone_number"] != nil || got["account_id"] != nil {
			t.Errorf("%v\nwant %s", got, want)
		}
		said := of(Body{"user": stock(), "access_token": access})
		matched := list(h.OK(matchPath, Body{"access_token": access, "user": stock()})["accounts"])[0]
		if said["account_id"] != matched["account_id"] || fmt.Sprint(said["scores"].(map[string]any)["phone_number"]) != fmt.Sprint(matched["phone_number"]) {
			t.Errorf("explained %v, matched %v", said, matched)
		}
		for _, body := range []Body{{"user": stock()}, {"user": stock(), "access_token": access, "owner": Body{}}} {
			h.Fails(explainPath, body, plaid.InvalidField("owner must be given if there is no access_token, and only then"))
		}
	})
}

// knows is who is known to hold the first account of an Item.
type knows struct{ owner institution.Owner }

func (k knows) Holders(_ context.Context, sn *item.Snapshot) (map[string]institution.Owner, error) {
	if k.owner.Names == nil {
		return nil, nil
	}
	return map[string]institution.Owner{sn.Accounts[0].ID: k.owner}, nil
}

// TestItemsWithoutALogin: only those that the network knows can be compared.
func TestItemsWithoutALogin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		room := identity.New(h.DB, h.Vault, h.Clock, h.Items)
		h.Serve(room.Endpoints()...)
		access := withoutLogin(t, h)
		h.Fails(matchPath, Body{"access_token": access, "user": stock()}, plaid.ProductsNotSupported("identity_match"))
		room.WithKnown(knows{})
		h.Fails(matchPath, Body{"access_token": access, "user": stock()}, plaid.ProductsNotSupported("identity_match"))
		room.WithKnown(knows{institution.Owner{Names: []string{OwnerName}}})
		out := list(h.OK(matchPath, Body{"access_token": access, "user": stock()})["accounts"])
		if got := fmt.Sprint(out[0]["legal_name"].(map[string]any)["score"], out[0]["address"]); got != "100 <nil>" {
			t.Errorf("scores %s", got)
		}
		h.Fails(path, Body{"access_token": access}, plaid.ProductsNotSupported("identity"))
	})
}

// withoutLogin makes an Item of typed account numbers, and returns its token.
func withoutLogin(t *testing.T, h *House) string {
	t.Helper()
	var public string
	err := h.DB.Write(t.Context(), func(tx *store.Tx) error {
		sn, err := h.Items.Create(t.Context(), tx, item.NewItem{
			ClientID: Client, Products: []string{"auth"}, AuthMethod: "SAME_DAY_MICRODEPOSITS",
			Accounts: []institution.Account{{Ref: "typed", Name: "Checking", Mask: "0000", Type: "depository", Subtype: "checking", Debitable: true}},
		})
		if err == nil {
			public, _, err = h.Items.IssuePublicToken(t.Context(), tx, sn.ID)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return h.OK("/item/public_token/exchange", Body{"public_token": public})["access_token"].(string)
}
