package item_test

import (
	"sync"
	"testing"
	"time"

	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const (
	unknownAccess = "access-sandbox-00000000-0000-4000-8000-000000000000"
	unknownPublic = "public-sandbox-00000000-0000-4000-8000-000000000000"
)

// tokenPaths are the calls of this room that take an access token.
var tokenPaths = []string{
	"/item/get", "/item/remove", "/item/webhook/update", "/item/access_token/invalidate",
	"/item/public_token/create", "/accounts/get", "/accounts/balance/get", "/sandbox/item/reset_login",
}

func TestAccessTokensAreChecked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		good := h.Item(Platypus, "auth")
		removed := h.Item(Platypus, "auth")
		h.OK("/item/remove", Body{"access_token": removed})
		for _, path := range tokenPaths {
			h.Fails(path, Body{}, plaid.MissingFields("access_token"))
			h.Fails(path, Body{"access_token": 7}, plaid.InvalidField("access_token must be a string"))
			h.Fails(path, Body{"access_token": good, "colour": 1}, plaid.UnknownFields("colour"))
			for _, shape := range []string{"", "x", "access-sandbox-", good[:len(good)-1], good + "0", "access-production" + good[14:], unknownPublic} {
				h.Fails(path, Body{"access_token": shape}, plaid.InvalidAccessTokenFormat)
			}
			h.Fails(path, Body{"access_token": unknownAccess}, plaid.InvalidAccessToken)
			h.Fails(path, Body{"access_token": removed}, plaid.ItemNotFound)
			if status, out := h.CallAs(Stranger, path, Body{"access_token": good}); status != 400 || out["error_code"] != "INVALID_ACCESS_TOKEN" {
				t.Errorf("%s with another client's token: %d %v", path, status, out)
			}
		}
		h.OK("/accounts/get", Body{"access_token": good})
	})
}

func TestPublicTokensAreChecked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		const path = "/item/public_token/exchange"
		h.Fails(path, Body{}, plaid.MissingFields("public_token"))
		h.Fails(path, Body{"public_token": []string{}}, plaid.InvalidField("public_token must be a string"))
		h.Fails(path, Body{"public_token": "public-sandbox-x"}, plaid.InvalidPublicTokenFormat)
		h.Fails(path, Body{"public_token": "public-production" + unknownPublic[14:]}, plaid.InvalidPublicTokenFormat)
		h.Fails(path, Body{"public_token": unknownAccess}, plaid.InvalidPublicTokenFormat)
		h.Fails(path, Body{"public_token": unknownPublic}, plaid.InvalidPublicToken)

		public := h.Public(Platypus, "auth")
		if status, out := h.CallAs(Stranger, path, Body{"public_token": public}); status != 400 || out["error_code"] != "INVALID_PUBLIC_TOKEN" {
			t.Errorf("another client's token: %d %v", status, out)
		}
		out := h.OK(path, Body{"public_token": public})
		if !plaid.AccountIDOK(out["item_id"].(string)) || !plaid.TokenOK("access", "sandbox", out["access_token"].(string)) {
			t.Errorf("exchange answered %v", out)
		}
		h.Fails(path, Body{"public_token": public}, plaid.InvalidPublicToken) // used

		late := h.Public(Platypus, "auth")
		early := h.Public(Platypus, "auth")
		h.Clock.Advance(30*time.Minute - time.Millisecond)
		h.OK(path, Body{"public_token": early})
		h.Clock.Advance(time.Millisecond)
		h.Fails(path, Body{"public_token": late}, plaid.InvalidPublicToken) // expired
	})
}

func TestOnePublicTokenGivesOneAccessToken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		public := h.Public(Platypus, "auth")
		var mu sync.Mutex
		got := map[string]int{}
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				status, out := h.CallAs(Client, "/item/public_token/exchange", Body{"public_token": public})
				mu.Lock()
				defer mu.Unlock()
				if status == 200 {
					got[out["access_token"].(string)]++
				} else if out["error_code"] != "INVALID_PUBLIC_TOKEN" {
					t.Errorf("%d %v", status, out)
				}
			})
		}
		wg.Wait()
		if len(got) != 1 {
			t.Fatalf("%d access tokens from one public token", len(got))
		}
		for token := range got {
			h.OK("/item/get", Body{"access_token": token})
		}
	})
}

func TestPublicTokenCreate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		access := h.Item(Platypus, "auth")
		id := h.OK("/item/get", Body{"access_token": access})["item"].(map[string]any)["item_id"]
		out := h.OK("/item/public_token/create", Body{"access_token": access})
		if want := Start.Add(30 * time.Minute).Format(time.RFC3339); out["expiration"] != want {
			t.Errorf("expiration %v, want %s", out["expiration"], want)
		}
		again := h.OK("/item/public_token/exchange", Body{"public_token": out["public_token"]})
		if again["item_id"] != id {
			t.Errorf("exchanged to Item %v, want %v", again["item_id"], id)
		}
		h.OK("/item/get", Body{"access_token": access}) // the first token lives on
		h.OK("/item/get", Body{"access_token": again["access_token"]})

		left := h.OK("/item/public_token/create", Body{"access_token": access})
		h.OK("/item/remove", Body{"access_token": access})
		h.Fails("/item/public_token/exchange", Body{"public_token": left["public_token"]}, plaid.ItemNotFound)
		h.Fails("/item/get", Body{"access_token": again["access_token"]}, plaid.ItemNotFound)
	})
}

func TestInvalidate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		old := h.Item(Platypus, "auth")
		id := h.OK("/item/get", Body{"access_token": old})["item"].(map[string]any)["item_id"]
		second := h.OK("/item/public_token/exchange", Body{
			"public_token": h.OK("/item/public_token/create", Body{"access_token": old})["public_token"],
		})["access_token"]
		fresh := h.OK("/item/access_token/invalidate", Body{"access_token": old})["new_access_token"]
		h.Fails("/item/get", Body{"access_token": old}, plaid.InvalidAccessToken)
		h.Fails("/item/get", Body{"access_token": second}, plaid.InvalidAccessToken)
		if got := h.OK("/item/get", Body{"access_token": fresh})["item"].(map[string]any)["item_id"]; got != id {
			t.Errorf("item_id changed from %v to %v", id, got)
		}
		h.OK("/item/remove", Body{"access_token": fresh})
	})
}

func TestRotationsOfOneTokenHaveOneWinner(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		old := h.Item(Platypus, "auth")
		var mu sync.Mutex
		var fresh []any
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				status, out := h.CallAs(Client, "/item/access_token/invalidate", Body{"access_token": old})
				mu.Lock()
				defer mu.Unlock()
				if status == 200 {
					fresh = append(fresh, out["new_access_token"])
				} else if out["error_code"] != "INVALID_ACCESS_TOKEN" {
					t.Errorf("%d %v", status, out)
				}
			})
		}
		wg.Wait()
		if len(fresh) != 1 {
			t.Fatalf("%d new tokens for one", len(fresh))
		}
		h.OK("/item/get", Body{"access_token": fresh[0]})
	})
}
