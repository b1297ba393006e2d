package item_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/institution"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

func words(list any) []string {
	out := []string{}
	for _, x := range list.([]any) {
		out = append(out, x.(string))
	}
	return out
}

func TestItemGet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		access := h.Item(Platypus, "transactions", "balance", "auth", "auth")
		out := h.OK("/item/get", Body{"access_token": access})
		it := out["item"].(map[string]any)
		for key, want := range map[string]any{
			"institution_id": Platypus, "institution_name": "First Platypus Bank", "webhook": "", "error": nil,
			"auth_method": nil, "update_type": "background", "consent_expiration_time": nil,
			"created_at": Start.Format(time.RFC3339),
		} {
			if got, there := it[key]; got != want || !there {
				t.Errorf("%s is %v (%v), want %v", key, got, there, want)
			}
		}
		billed, available := words(it["billed_products"]), words(it["available_products"])
		if fmt.Sprint(billed) != "[auth transactions]" || fmt.Sprint(it["products"]) != "[auth balance transactions]" ||
			fmt.Sprint(it["consented_products"]) != "[auth balance transactions]" {
			t.Errorf("billed %v, products %v, consented %v", billed, it["products"], it["consented_products"])
		}
		if !slices.IsSorted(available) || !slices.Contains(available, "balance") || !slices.Contains(available, "identity") {
			t.Errorf("available products %v", available)
		}
		for _, p := range available {
			if slices.Contains(billed, p) || !plaid.IsProduct(p) {
				t.Errorf("available product %q", p)
			}
		}
		if got := fmt.Sprint(it["consented_data_scopes"]); got != "[account_balance_info contact_info account_routing_number transactions]" {
			t.Errorf("scopes %s", got)
		}
		if got := fmt.Sprint(it["consented_use_cases"]); got != "[]" {
			t.Errorf("use cases %s", got)
		}
		st := out["status"].(map[string]any)
		if last, there := st["last_webhook"]; last != nil || !there || st["transactions"] == nil || len(st) != 2 {
			t.Errorf("status %v", st)
		}

		plainAuth := h.OK("/item/get", Body{"access_token": h.Item(Platypus, "auth")})["status"].(map[string]any)
		if len(plainAuth) != 1 {
			t.Errorf("status of an auth Item: %v", plainAuth)
		}
		invested := h.OK("/item/get", Body{"access_token": h.Item(Platypus, "investments")})["status"].(map[string]any)
		if invested["investments"] == nil {
			t.Errorf("status of an investments Item: %v", invested)
		}
	})
}

func TestResetLogin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		access := h.Item(Platypus, "auth")
		h.OK("/accounts/get", Body{"access_token": access})
		for range 2 { // once more changes nothing
			if out := h.OK("/sandbox/item/reset_login", Body{"access_token": access}); out["reset_login"] != true {
				t.Errorf("reset_login answered %v", out)
			}
		}
		h.Fails("/accounts/get", Body{"access_token": access}, plaid.ItemLoginRequired)
		h.Fails("/accounts/balance/get", Body{"access_token": access}, plaid.ItemLoginRequired)
		it := h.OK("/item/get", Body{"access_token": access})["item"].(map[string]any)
		e, _ := it["error"].(map[string]any)
		if e["error_code"] != "ITEM_LOGIN_REQUIRED" || e["error_type"] != "ITEM_ERROR" || e["display_message"] != nil ||
			e["error_message"] != plaid.ItemLoginRequired.Message {
			t.Errorf("error %v", e)
		}
		if len(h.Bank.Expired) != 1 {
			t.Errorf("the bank expired %v", h.Bank.Expired)
		}
		hook := h.OK("/item/webhook/update", Body{"access_token": access, "webhook": "https://example.com/a"})
		if e := hook["item"].(map[string]any)["error"]; e != nil {
			t.Errorf("only /item/get tells the error, not %v", e)
		}
		h.OK("/item/remove", Body{"access_token": access})
	})
}

func TestALoginEndsAfter30Days(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		access := h.Item(Platypus, "auth")
		h.Clock.Advance(30*24*time.Hour - time.Millisecond)
		h.OK("/accounts/get", Body{"access_token": access})
		h.Clock.Advance(time.Millisecond)
		h.Fails("/accounts/get", Body{"access_token": access}, plaid.ItemLoginRequired)
		it := h.OK("/item/get", Body{"access_token": access})["item"].(map[string]any)
		if e, _ := it["error"].(map[string]any); e["error_code"] != "ITEM_LOGIN_REQUIRED" {
			t.Errorf("error %v", it["error"])
		}
	})
}

func TestWebhookUpdate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		access := h.Item(Platypus, "auth")
		const path = "/item/webhook/update"
		for _, bad := range []any{"", "not a url", "ftp://example.com", "https://", "/relative", "example.com", 7, []string{}, "https://x/" + strings.Repeat("a", 2048)} {
			h.Fails(path, Body{"access_token": access, "webhook": bad}, plaid.InvalidField("webhook must be a non-empty string URL"))
		}
		for _, good := range []string{"https://plaid.com/webhook-test", "http://localhost:8080/x?y=1"} {
			out := h.OK(path, Body{"access_token": access, "webhook": good})
			if got := out["item"].(map[string]any)["webhook"]; got != good {
				t.Errorf("webhook is %v, want %s", got, good)
			}
			if got := h.OK("/item/get", Body{"access_token": access})["item"].(map[string]any)["webhook"]; got != good {
				t.Errorf("webhook stored as %v, want %s", got, good)
			}
		}
		out := h.OK(path, Body{"access_token": access, "webhook": nil})
		if got := out["item"].(map[string]any)["webhook"]; got != "" {
			t.Errorf("webhook is %v after its removal", got)
		}
	})
}

func TestRemove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		access := h.Item(Platypus, "auth")
		h.Fails("/item/remove", Body{"access_token": access, "reason_code": "BORED"}, plaid.InvalidField(
			"reason_code must be one of: FRAUD_FIRST_PARTY, FRAUD_FALSE_IDENTITY, FRAUD_ABUSE, FRAUD_OTHER, CONNECTION_IS_NON_FUNCTIONAL, OTHER"))
		h.Fails("/item/remove", Body{"access_token": access, "reason_note": strings.Repeat("ü", 513)},
			plaid.InvalidField("reason_note must be a string of at most 512 characters"))
		out := h.OK("/item/remove", Body{"access_token": access, "reason_code": "OTHER", "reason_note": strings.Repeat("ü", 512)})
		if len(out) != 1 {
			t.Errorf("remove answered %v", out) // request_id only
		}
		h.Fails("/item/remove", Body{"access_token": access}, plaid.ItemNotFound)
		if len(h.Bank.Revoked) != 1 {
			t.Errorf("the bank revoked %v", h.Bank.Revoked)
		}
		if n := count(t, db, "SELECT COUNT(*) FROM item WHERE accounts <> '' OR bank_grant <> '' OR webhook <> ''"); n != 0 {
			t.Error("the removed Item still holds something")
		}
		if n := count(t, db, "SELECT COUNT(*) FROM job"); n != 0 {
			t.Errorf("%d jobs are left", n)
		}
	})
}

func count(t *testing.T, db *store.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestABankThatIsDownIsAskedAgainToRevoke(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		access := h.Item(Platypus, "auth")
		h.Bank.Fail["Revoke"] = &institution.Failure{Reason: institution.BankDown}
		h.OK("/item/remove", Body{"access_token": access})
		h.Fails("/item/get", Body{"access_token": access}, plaid.ItemNotFound)
		held := func() int { return count(t, db, "SELECT COUNT(*) FROM item WHERE bank_grant <> ''") }
		run := func() {
			t.Helper()
			if _, err := h.Jobs.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.Items.Wait()
		}
		h.Clock.Advance(time.Minute)
		run()
		if held() != 1 || h.Bank.Calls["Revoke"] != 2 {
			t.Fatalf("grant held %d, asked %d times", held(), h.Bank.Calls["Revoke"])
		}
		delete(h.Bank.Fail, "Revoke")
		h.Clock.Advance(2 * time.Minute)
		run()
		if held() != 0 || len(h.Bank.Revoked) != 1 || count(t, db, "SELECT COUNT(*) FROM job") != 0 {
			t.Fatalf("grant held %d, revoked %v", held(), h.Bank.Revoked)
		}

		h.Bank.Fail["Revoke"] = errors.New("no route to bank")
		h.OK("/item/remove", Body{"access_token": h.Item(Platypus, "auth")})
		for range 40 {
			h.Clock.Advance(25 * time.Hour)
			run()
		}
		if held() != 0 || count(t, db, "SELECT COUNT(*) FROM job") != 0 {
			t.Error("a bank that never answers keeps the grant here for good")
		}
	})
}
