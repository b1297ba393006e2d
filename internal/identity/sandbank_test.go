package identity_test

import (
	"fmt"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/institution"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/sandbank"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestStockIdentity reads the identity of user_good that plaid-server-api.md
// section 8.2 records, at every institution that has identity.
func TestStockIdentity(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := NewIn(t, db, "sandbox", func(h *House) institution.Connector {
			return sandbank.New(db, h.Vault, h.Clock, h.IDs, h.Catalogue)
		})
		serve(h)
		for _, in := range h.Catalogue.List(institution.Filter{}) {
			if in.Health == institution.Down || in.Health == institution.Unsupported {
				continue
			}
			access := h.Item(in.ID, "transactions")
			if !in.Serves([]string{"identity"}) {
				h.Fails(path, Body{"access_token": access}, plaid.ProductsNotSupported("identity"))
				continue
			}
			for _, a := range list(h.OK(path, Body{"access_token": access})["accounts"]) {
				if owners := list(a["owners"]); len(owners) != 1 || len(owners[0]["names"].([]any)) == 0 {
					t.Errorf("%s: owners %v", in.ID, owners)
				}
			}
		}
		out := h.OK(path, Body{"access_token": h.Item(Platypus, "identity")})
		accounts := list(out["accounts"])
		if len(accounts) != 14 {
			t.Errorf("%d accounts, want 14", len(accounts))
		}
		want := map[string]any{
			"names": []any{"Alberta Bobbeth Charleson"},
			"phone_numbers": []any{
				map[string]any{"data": "1112223333", "primary": false, "type": "home"},
				map[string]any{"data": "1112224444", "primary": false, "type": "work"},
				map[string]any{"data": "1112225555", "primary": false, "type": "mobile1"},
			},
			"emails": []any{
				map[string]any{"data": "accountholder0@example.com", "primary": true, "type": "primary"},
				map[string]any{"data": "accountholder1@example.com", "primary": false, "type": "secondary"},
				map[string]any{"data": "extraordinarily.long.email.username.123456@reallylonghostname.com", "primary": false, "type": "other"},
			},
			"addresses": []any{
				map[string]any{"primary": true, "data": map[string]any{"street": "2992 Cameron Road", "city": "Malakoff", "region": "NY", "postal_code": "14236", "country": "US"}},
				map[string]any{"primary": false, "data": map[string]any{"street": "2493 Leisure Lane", "city": "San Matias", "region": "CA", "postal_code": "93405-2255", "country": "US"}},
			},
		}
		for _, a := range accounts {
			if got := list(a["owners"])[0]; fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("owner of %v: %v\nwant %v", a["mask"], got, want)
			}
		}
	})
}
