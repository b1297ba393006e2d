package fault

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

var call = api.Call{}

func codeOf(err error) string {
	var e *plaid.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// TestChaosLetsRetriesThrough: about one call in twenty is refused, each with an
// error that asks for another try, and that try is let through.
func TestChaosLetsRetriesThrough(t *testing.T) {
	run := func(seed uint64) (refused []int) {
		w := open(t, storetest.SQLite(t), seed)
		w.must(t, Spec{Chaos: "mild"})
		for i := range 1000 {
			switch err := w.ask("/auth/get", "client"); {
			case err == errServed:
			case codeOf(err) == "INTERNAL_SERVER_ERROR" || codeOf(err) == "RATE_LIMIT":
				refused = append(refused, i)
			default:
				t.Fatal(err)
			}
		}
		return refused
	}
	refused := run(3)
	if len(refused) < 25 || len(refused) > 75 {
		t.Errorf("%d of 1000 calls were refused", len(refused))
	}
	for i := 1; i < len(refused); i++ {
		if refused[i] == refused[i-1]+1 {
			t.Errorf("call %d was refused twice", refused[i-1])
		}
	}
	if !slices.Equal(refused, run(3)) {
		t.Error("two runs with a seed differ")
	}
}

// TestChaosKeepsTheAnswer: lists change their order and nothing else does.
func TestChaosKeepsTheAnswer(t *testing.T) {
	const body = `{"accounts":[{"account_id":"a","balances":{"current":23631.9805}},{"account_id":"b"},{"account_id":"c"}],"numbers":{"ach":[{"account":"1"},{"account":"2"}],"eft":[]},"order":["x","y","z"],"request_id":"r<&>"}`
	var w weather
	var want map[string]any
	if err := json.Unmarshal([]byte(body), &want); err != nil {
		t.Fatal(err)
	}
	orders := map[string]bool{}
	for range 60 {
		var got map[string]any
		if err := json.Unmarshal(w.rewrite(1, []byte(body)), &got); err != nil {
			t.Fatal(err)
		}
		if _, ok := got[strange]; !ok {
			t.Error("there is no strange member")
		}
		delete(got, strange)
		accounts := got["accounts"].([]any)
		order := ""
		for _, a := range accounts {
			order += a.(map[string]any)["account_id"].(string)
		}
		orders[order] = true
		by := func(name string) func(a, b any) int {
			return func(a, b any) int {
				x, y := a.(map[string]any)[name].(string), b.(map[string]any)[name].(string)
				if x < y {
					return -1
				}
				return 1
			}
		}
		slices.SortFunc(accounts, by("account_id"))
		slices.SortFunc(got["numbers"].(map[string]any)["ach"].([]any), by("account"))
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	if len(orders) != 6 {
		t.Errorf("%d of 6 orders came up: %v", len(orders), orders)
	}
}
