package processor

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

const owner = "client-a"

// desk is a room that has tokens and no Items.
func desk(t *testing.T, db *store.DB, env string) *Processors {
	t.Helper()
	c := clock.Manual(time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC))
	v, err := vault.Open(t.Context(), db, vault.SandboxKEK(), c)
	if err != nil {
		t.Fatal(err)
	}
	return &Processors{Config{DB: db, Vault: v, Clock: c, IDs: clock.NewIDs(0, 0), Env: env}}
}

func (s *Processors) newTestToken(t *testing.T, processor string) (token string) {
	t.Helper()
	err := s.DB.Write(t.Context(), func(tx *store.Tx) (err error) {
		token, err = s.newToken(t.Context(), tx, grant{clientID: owner, itemID: "item", accountID: "account", processor: processor})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// TestWhoATokenIsFor: its partner in every environment, and in the sandbox the client
// that has made it. Nobody else learns that there is one.
func TestWhoATokenIsFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, c := range []struct {
			env    string
			caller api.Caller
			want   error
		}{
			{"production", api.Caller{ClientID: "p", Partner: "alloy"}, nil},
			{"production", api.Caller{ClientID: "p", Partner: "dwolla"}, plaid.InvalidProcessorToken},
			{"production", api.Caller{ClientID: owner}, plaid.UnauthorizedRouteAccess},
			{"production", api.Caller{ClientID: "client-b"}, plaid.InvalidProcessorToken},
			{"sandbox", api.Caller{ClientID: "p", Partner: "alloy"}, nil},
			{"sandbox", api.Caller{ClientID: owner, Partner: "dwolla"}, plaid.InvalidProcessorToken},
			{"sandbox", api.Caller{ClientID: owner}, nil},
			{"sandbox", api.Caller{ClientID: "client-b"}, plaid.InvalidProcessorToken},
		} {
			s := desk(t, db, c.env)
			g, err := s.asPartner(t.Context(), api.Call{Caller: c.caller}, s.newTestToken(t, "alloy"))
			if !errors.Is(err, c.want) || c.want == nil && (g.itemID != "item" || g.accountID != "account" || g.clientID != owner || len(g.products) != 0 || g.webhook != "") {
				t.Errorf("%s, %+v: %+v, %v; want %v", c.env, c.caller, g, err, c.want)
			}
		}
		s := desk(t, db, "production")
		_, err := s.asPartner(t.Context(), api.Call{Caller: api.Caller{Partner: "alloy"}}, desk(t, db, "sandbox").newTestToken(t, "alloy"))
		if !errors.Is(err, plaid.InvalidProcessorToken) || err.Error() != plaid.InvalidProcessorTokenFormat.Error() {
			t.Errorf("a token of the sandbox in production: %v", err)
		}
	})
}

// TestATokenOfStripeWorksOnce, whoever of many is first.
func TestATokenOfStripeWorksOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := desk(t, db, sandbox)
		err := s.DB.Write(t.Context(), func(tx *store.Tx) error {
			return s.insert(t.Context(), tx, stripeToken, "btok_1", grant{clientID: owner, itemID: "item", accountID: "account", processor: plaid.Stripe})
		})
		if err != nil {
			t.Fatal(err)
		}
		var firsts atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				first, err := s.use(t.Context(), s.Vault.Index(stripeToken, "btok_1"))
				if err != nil {
					t.Error(err)
				}
				if first {
					firsts.Add(1)
				}
			})
		}
		all.Wait()
		if firsts.Load() != 1 {
			t.Errorf("%d were first", firsts.Load())
		}
		if _, err := s.read(t.Context(), s.Vault.Index(processorToken, "btok_1")); !errors.Is(err, store.ErrNoRows) {
			t.Errorf("it is a processor token too: %v", err)
		}
	})
}

// TestAWebhookLiesSealed, bound to its token.
func TestAWebhookLiesSealed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := desk(t, db, sandbox), t.Context()
		index := s.Vault.Index(processorToken, s.newTestToken(t, "alloy"))
		keep := func(url string) {
			t.Helper()
			if err := s.DB.Write(ctx, func(tx *store.Tx) error { return s.keepWebhook(ctx, tx, index, url) }); err != nil {
				t.Fatal(err)
			}
		}
		heard := func() (list []*grant) {
			t.Helper()
			err := s.DB.Write(ctx, func(tx *store.Tx) (err error) {
				list, err = s.listeners(ctx, tx, "item")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		if keep("https://partner.example/hook"); len(heard()) != 1 || heard()[0].webhook != "https://partner.example/hook" {
			t.Errorf("heard by %+v", heard())
		}
		if keep(""); len(heard()) != 0 {
			t.Errorf("after it was removed: heard by %+v", heard())
		}
		keep("https://partner.example/hook")
		if err := s.DB.Write(ctx, func(tx *store.Tx) error { return s.forget(ctx, tx, "item") }); err != nil {
			t.Fatal(err)
		}
		if g, err := s.read(ctx, index); err != nil || g.webhook != "" || len(heard()) != 0 {
			t.Errorf("after the Item was removed: %+v, %v", g, err)
		}
	})
}
