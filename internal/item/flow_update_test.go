package item_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// held is the Item that the stories of update mode are about.
type held struct {
	access, itemID string
	letters        []string // account ids, in the order in which they were seen
}

// lever does what a story does beside Link: it makes the Item, breaks it, looks at
// it.
func (d *desk) lever(t *testing.T, words []string) (seen string, ok bool) {
	t.Helper()
	token := Body{"access_token": d.has.access}
	switch words[0] {
	case "item":
		d.makeItem(words[1:])
		return "", true
	case "reset":
		d.OK("/sandbox/item/reset_login", token)
		return "", true
	case "remove":
		d.OK("/item/remove", token)
		return "", true
	case "rotate":
		d.has.access = d.OK("/item/access_token/invalidate", token)["new_access_token"].(string)
		return "", true
	case "pass": // of time, while nobody is at Link
		gap, err := time.ParseDuration(words[1])
		if err != nil {
			t.Fatal(err)
		}
		d.Clock.Advance(gap)
		return "", true
	case "state":
		return d.state(token), true
	case "accounts", "balances":
		path := map[string]string{"accounts": "/accounts/get", "balances": "/accounts/balance/get"}[words[0]]
		return d.listed(path, token), true
	}
	return "", false
}

// makeItem logs in without Link, as user=… with password=… at institution=….
func (d *desk) makeItem(words []string) {
	set := map[string]string{"institution": Platypus, "products": "auth", "user": "user_good", "password": "pass_good"}
	for _, w := range words {
		name, value, _ := strings.Cut(w, "=")
		set[name] = value
	}
	public := d.OK("/sandbox/public_token/create", Body{
		"institution_id": set["institution"], "initial_products": strings.Split(set["products"], ","),
		"options": Body{"override_username": set["user"], "override_password": set["password"]},
	})
	out := d.OK("/item/public_token/exchange", Body{"public_token": public["public_token"]})
	d.has = held{access: out["access_token"].(string), itemID: out["item_id"].(string)}
}

// state is what /item/get tells, as far as update mode changes it.
func (d *desk) state(token Body) string {
	item := d.OK("/item/get", token)["item"].(map[string]any)
	code := "no error"
	if e, ok := item["error"].(map[string]any); ok {
		code = e["error_code"].(string)
	}
	return fmt.Sprintf("    %s, consented to %v\n", code, item["consented_products"])
}

// listed are the accounts of the Item, each with a letter for its id.
func (d *desk) listed(path string, token Body) string {
	status, out := d.CallAs(Client, path, token)
	if status != 200 {
		return fmt.Sprintf("    %d %v\n", status, out["error_code"])
	}
	var list []string
	for _, a := range accounts(out) {
		id := a["account_id"].(string)
		i := slices.Index(d.has.letters, id)
		if i < 0 {
			i = len(d.has.letters)
			d.has.letters = append(d.has.letters, id)
		}
		list = append(list, fmt.Sprintf("%c:%v", 'A'+i, a["mask"]))
	}
	return "    " + strings.Join(list, " ") + "\n"
}

// TestOtherPersonAtTheirBank: at a bank with pages of its own it is the bank that
// says that somebody else has signed in.
func TestOtherPersonAtTheirBank(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	d.makeItem([]string{"institution=" + platypusOAuth})
	before := d.state(Body{"access_token": d.has.access})
	g := d.updating(t).do("submit", "", nil)
	g.took(d.driver.OAuth(t.Context(), clientCall, link.DriverOAuth{Session: g.handle, Decision: "allow", Username: "user_yuppie"}))
	if g.View != link.Error || g.Title != "That is another login" || g.ExitStatus != "requires_oauth" {
		t.Fatalf("%+v", g.DriverAnswer)
	}
	if e := g.events[len(g.events)-2]; e.Name != "ERROR" || *e.Metadata.ErrorCode != "INVALID_UPDATED_USERNAME" {
		t.Errorf("%+v", g.events)
	}
	g.submit().do("submit", "", nil).atBank("allow")
	if g.View != link.Connected {
		t.Fatalf("%+v", g.DriverAnswer)
	}
	g.submit()
	if after := d.state(Body{"access_token": d.has.access}); after != before {
		t.Errorf("%s became %s", before, after)
	}
}
