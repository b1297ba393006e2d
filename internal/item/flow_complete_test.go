package item_test

import (
	"testing"

	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestInOneCall completes sessions of several banks and of returning users without
// going through their panes one by one.
func TestInOneCall(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	d.Serve(d.driver.Endpoints()...)
	complete := func(inputs Body, change ...func(*link.Token)) Body {
		t.Helper()
		out := d.OK("/sandbox/link/session/complete", Body{"link_token": d.token(change...), "inputs": inputs})
		if done := out["done"].(map[string]any); done["kind"] != "success" {
			t.Fatalf("done: %v", done)
		}
		return out
	}
	login := func(id string, more Body) Body {
		inputs := Body{"institution_id": id, "username": "user_good", "password": "pass_good", "accounts": Body{"masks": []string{"0000"}}}
		for name, value := range more {
			inputs[name] = value
		}
		return inputs
	}
	complete(login(Platypus, Body{"more": []Body{login("ins_109511", nil), login("ins_109509", nil)}}), func(tok *link.Token) { tok.MultiItem = true })
	d.counting(t, "several banks", 3, 0)
	complete(login(Platypus, nil), returningUser)
	d.counting(t, "a guest", 4, 0)
	const phone = "4155550188"
	complete(login(Platypus, Body{"phone": phone, "otp": "123456"}), returningUser)
	d.counting(t, "somebody who saves", 5, 1)
	complete(Body{"institution_id": Platypus, "phone": phone, "otp": "123456", "accounts": Body{"all": true}}, returningUser)
	d.counting(t, "the same person again", 6, 1)
}
