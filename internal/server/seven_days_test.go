package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// automated links an account at Houndstooth whose numbers a cent has to show to be
// right.
func automated(t *testing.T, s *servertest.Server, number string) (access, account string) {
	t.Helper()
	token := s.Call(t, "/link/token/create", map[string]any{
		"user": map[string]any{"client_user_id": "user-id"}, "client_name": "Plaid App", "products": []string{"auth"},
		"country_codes": []string{"US"}, "language": "en", "auth": map[string]any{"automated_microdeposits_enabled": true},
		"webhook": "https://webhook.example.com",
	})
	done := s.Call(t, "/sandbox/link/session/complete", map[string]any{"link_token": token.Text("link_token"), "inputs": map[string]any{
		"institution_id": "ins_109512", "username": "user_good", "password": "microdeposits_good", "accounts": map[string]any{"masks": []string{"0000"}},
		"routing_number": "021000021", "account_number": number, "name": "Alberta Bobbeth Charleson",
	}})
	item := s.Call(t, "/item/public_token/exchange", map[string]any{"public_token": done.Text("done", "public_token")})
	return item.Text("access_token"), done.Text("done", "metadata", "account_id")
}

// authWebhooks counts the webhooks of type AUTH that were delivered about an Item.
func authWebhooks(t *testing.T, s *servertest.Server, itemID string) (n int) {
	t.Helper()
	list, err := s.Delivered(webhook.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if d.Subject == itemID && d.Type == "AUTH" {
			n++
		}
	}
	return n
}

// sevenDays lets a week pass over four Items, day by day, and tells what could be
// seen of it.
func sevenDays(t *testing.T, s *servertest.Server) (diary []string) {
	const right = "1111222233330000"
	wait := func(span string, n int) { s.Call(t, "/sandbox/clock/advance", map[string]any{span: n}) }
	set := func(state string, delay int) {
		s.Call(t, "/sandbox/bank/account/set", map[string]any{"account": right, "state": state, "delay_seconds": delay})
	}
	var items []string
	link := func(number string) {
		access, _ := automated(t, s, number)
		items = append(items, access)
		wait("seconds", 1) // the deposit is on its way
	}
	link(right)
	link("9999888877770000") // somebody else's account, whose number ends alike
	set("open", 3*24*3600)
	link(right)
	set("closed", 0)
	link(right)
	set("open", 0)
	for day := 1; day <= 7; day++ {
		wait("days", 1)
		line := []string{fmt.Sprintf("day %d:", day)}
		for _, access := range items {
			a := s.Call(t, "/accounts/get", map[string]any{"access_token": access})
			numbers := "numbers"
			if got, err := s.Post(t.Context(), "/auth/get", map[string]any{"access_token": access}); err != nil || got.Text("error_code") != "" {
				numbers = got.Text("error_code")
			}
			line = append(line, fmt.Sprintf("%s/%s/%d", a.Text("accounts", "0", "verification_status"), numbers, authWebhooks(t, s, a.Text("item", "item_id"))))
		}
		diary = append(diary, strings.Join(line, " "))
	}
	events := s.Call(t, "/bank_transfer/event/sync", map[string]any{"after_id": 0})
	text, err := json.Marshal(events.Body)
	if err != nil {
		t.Fatal(err)
	}
	statement := s.Call(t, "/sandbox/bank/statement/get", map[string]any{"account": right})
	return append(diary, string(text), fmt.Sprint(statement.Body), strings.Join(items, " "))
}

// TestSevenDays: a week with every timer's effect takes a moment, and a second one
// with the same seed is the same to the letter.
func TestSevenDays(t *testing.T) {
	quickest := time.Hour
	week := func() []string {
		s, began := servertest.Start(t), time.Now()
		diary := sevenDays(t, s)
		quickest = min(quickest, time.Since(began))
		return diary
	}
	first := week()
	const (
		waits   = "pending_automatic_verification/PRODUCT_NOT_READY/0"
		good    = "automatically_verified/numbers/1"
		expired = "verification_expired/PRODUCT_NOT_READY/1"
	)
	want := []string{
		"day 1: " + strings.Join([]string{good, waits, waits, waits}, " "),
		"day 2: " + strings.Join([]string{good, waits, waits, waits}, " "),
		"day 3: " + strings.Join([]string{good, waits, waits, waits}, " "),
		"day 4: " + strings.Join([]string{good, waits, good, waits}, " "),
		"day 5: " + strings.Join([]string{good, waits, good, waits}, " "),
		"day 6: " + strings.Join([]string{good, waits, good, waits}, " "),
		"day 7: " + strings.Join([]string{good, expired, good, expired}, " "),
	}
	if diff := cmp.Diff(want, first[:7]); diff != "" {
		t.Error(diff)
	}
	for _, part := range []string{`"event_type":"reversed"`, `"ach_return_code":"R02"`} {
		if strings.Count(first[7], part) != 1 {
			t.Errorf("%s is not among the events once: %s", part, first[7])
		}
	}
	if n := strings.Count(first[7], `"event_type":"posted"`); n != 3 {
		t.Errorf("%d deposits were posted: %s", n, first[7])
	}
	if diff := cmp.Diff(first, week()); diff != "" {
		t.Errorf("the same seed tells another story:\n%s", diff)
	}
	// A quarter of a second on a machine of two cores. The bound is for one that is
	// busy and looks for races: nothing that waits for real would stay below it.
	if t.Logf("seven days took %v", quickest); quickest > 10*time.Second {
		t.Errorf("seven days took %v", quickest)
	}
}
