package link

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestRefusalsGiveTheirReason opens Link with tokens that are of no use: the
// person is told the same each time, the developer is not.
func TestRefusalsGiveTheirReason(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newTokenWorld(t, db, "sandbox")
		sessions, err := NewSessions(Config{
			DB: db, Vault: w.tokens.Vault, Clock: w.clock, IDs: clock.NewIDs(9, 1), Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
			Env: "sandbox", Tokens: w.tokens,
		})
		if err != nil {
			t.Fatal(err)
		}
		kept := func() (n int) {
			if err := db.QueryRow(t.Context(), "SELECT COUNT(*) FROM link_refusal").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		refused := func(want string, in OpenRequest) {
			t.Helper()
			turn, err := sessions.Open(context.Background(), "req", in)
			if err != nil || turn.Done == nil || turn.Done.Error.Code != "INVALID_LINK_TOKEN" || turn.Done.Error.Message != "invalid link_token provided" {
				t.Fatalf("%+v, %v", turn, err)
			}
			if got := turn.Remarks[0].Text; !strings.Contains(got, want) || in.LinkToken != "" && strings.Contains(got, in.LinkToken) {
				t.Errorf("remark %q, want %q", got, want)
			}
		}
		const uuid = "00000000-0000-4000-8000-000000000001"
		refused("without a link token", OpenRequest{})
		refused("no link token: they look like link-sandbox-", OpenRequest{LinkToken: "nonsense"})
		refused("looks like public_token", OpenRequest{LinkToken: "public-sandbox-" + uuid})
		refused("of the environment production", OpenRequest{LinkToken: "link-production-" + uuid})
		refused("there is no such link token", OpenRequest{LinkToken: "link-sandbox-" + uuid})
		if n := kept(); n != 0 {
			t.Errorf("%d refusals of nobody's tokens are kept", n)
		}
		token := w.create(request())["link_token"].(string)
		refused("another client", OpenRequest{LinkToken: token, ClientID: "somebody else"})
		w.clock.Advance(5 * time.Hour)
		for range 25 {
			refused("expired at 2026-03-07T16:00:00Z: it was made at 2026-03-07T12:00:00Z and lives for 4h0m0s", OpenRequest{LinkToken: token})
		}
		if n := kept(); n != 20 {
			t.Errorf("%d refusals are kept", n)
		}
		w.clock.Advance(31 * 24 * time.Hour)
		if _, err := sessions.Sweep(context.Background()); err != nil || kept() != 0 {
			t.Errorf("refusals are not forgotten: %v", err)
		}
	})
}

// TestOptionsWithoutEffectAreNamed asks for more than the rules allow.
func TestOptionsWithoutEffectAreNamed(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	for _, c := range []struct {
		change []any
		want   []string
	}{
		{[]any{"country_codes", list{"US", "CA"}}, []string{"instant_match_enabled, auth.automated_microdeposits_enabled; they need country_codes", "same_day_microdeposits_enabled; they need country_codes"}},
		{[]any{"products", list{"auth", "identity"}}, []string{"same_day_microdeposits_enabled; they need auth or transfer to be the only product"}},
		{[]any{"products", list{"identity"}}, []string{"auth.automated_microdeposits_enabled; they need auth or transfer among", "same_day_microdeposits_enabled; they need auth or transfer to be"}},
		{nil, nil},
	} {
		auth := object{"instant_match_enabled": true, "automated_microdeposits_enabled": true, "same_day_microdeposits_enabled": true}
		tok := w.token(request(append(c.change, "auth", auth)...))
		ok := slices.EqualFunc(tok.Remarks, c.want, strings.Contains)
		if !ok {
			t.Errorf("%v: %q, want %q", c.change, tok.Remarks, c.want)
		}
	}
}

// A misspelled account type filters nothing, and says so.
func TestFiltersThatFilterNothing(t *testing.T) {
	for filters, remarks := range map[string]int{
		``:   0,
		`{}`: 0,
		`{"depository":{"account_subtypes":["checking"]}}`:            0,
		`{"depositry":{"account_subtypes":["checking"]},"credits":1}`: 1,
	} {
		got := filterRemarks([]byte(filters))
		if len(got) != remarks || remarks > 0 && (strings.Contains(got[0], "depositry") || !strings.Contains(got[0], "credit, depository, investment")) {
			t.Errorf("%s: %q", filters, got)
		}
	}
}
