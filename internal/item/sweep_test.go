package item_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// publicTokens is how many rows there are.
func publicTokens(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	if err := db.QueryRow(t.Context(), `SELECT COUNT(*) FROM public_token`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestExpiredPublicTokensAreSwept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		const exchange = "/item/public_token/exchange"
		used, late := h.Public(Platypus, "auth"), h.Public(Platypus, "auth")
		h.OK(exchange, Body{"public_token": used})
		h.Clock.Advance(30*time.Minute - time.Millisecond)
		young := h.Public(Platypus, "auth")
		if err := h.Items.Sweep(t.Context()); err != nil || publicTokens(t, db) != 3 {
			t.Errorf("%d rows before they expired, %v", publicTokens(t, db), err)
		}
		h.Clock.Advance(time.Millisecond)
		if err := h.Items.Sweep(t.Context()); err != nil || publicTokens(t, db) != 1 {
			t.Errorf("%d rows after that, %v", publicTokens(t, db), err)
		}
		h.Fails(exchange, Body{"public_token": used}, plaid.InvalidPublicToken)
		h.Fails(exchange, Body{"public_token": late}, plaid.InvalidPublicToken)
		h.OK(exchange, Body{"public_token": young})
	})
}

// TestRunSweepsByTheClock moves the clock on and waits for the sweep to follow.
func TestRunSweepsByTheClock(t *testing.T) {
	db := storetest.SQLite(t)
	h := New(t, db)
	h.Public(Platypus, "auth")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		h.Items.Run(ctx, slog.New(slog.DiscardHandler))
		close(ended)
	}()
	for publicTokens(t, db) > 0 {
		h.Clock.Advance(time.Hour)
		if h.Clock.Now().After(Start.AddDate(1, 0, 0)) {
			t.Fatal("a year has passed and the token is still there")
		}
	}
	stop()
	<-ended
}
