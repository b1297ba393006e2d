package processor

import (
	"maps"
	"reflect"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/item"
)

// TestSaidOfOneAccount: a partner hears of its own account what is said of it, and
// nothing of others.
func TestSaidOfOneAccount(t *testing.T) {
	const mine, other = "mine", "other"
	for name, c := range map[string]struct {
		said, want item.Said // want nil: nothing is told
	}{
		"of the Item":  {item.Said{"error": nil, "reason": "r"}, item.Said{"error": nil, "reason": "r"}},
		"nothing said": {nil, item.Said{}},
		"mine":         {item.Said{"account_id": mine, "status": "s"}, item.Said{"account_id": mine, "status": "s"}},
		"another's":    {item.Said{"account_id": other, "status": "s"}, nil},
		"new and updated": {
			item.Said{"account_ids_with_new_auth": []string{other}, "account_ids_with_updated_auth": item.Said{mine: []string{"ROUTING_NUMBER"}, other: []string{"ACCOUNT_NUMBER"}}},
			item.Said{"account_ids_with_new_auth": []string{}, "account_ids_with_updated_auth": item.Said{mine: []string{"ROUTING_NUMBER"}}},
		},
		"new":            {item.Said{"account_ids_with_new_auth": []string{other, mine}, "account_ids_with_updated_auth": item.Said{}}, item.Said{"account_ids_with_new_auth": []string{mine}, "account_ids_with_updated_auth": item.Said{}}},
		"others updated": {item.Said{"account_ids_with_updated_identity": item.Said{other: []string{"PHONES"}}}, nil},
		"a list":         {item.Said{"account_ids": []string{mine, other}}, item.Said{}},
		"others' list":   {item.Said{"account_ids": []string{other}}, nil},
	} {
		before := maps.Clone(c.said)
		got, concerns := saidOf(c.said, mine)
		if concerns != (c.want != nil) || concerns && !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, %t; want %v", name, got, concerns, c.want)
		}
		if !reflect.DeepEqual(c.said, before) {
			t.Errorf("%s: what the client is told has changed to %v", name, c.said)
		}
	}
}

func TestANarrowedTokenAllows(t *testing.T) {
	for _, c := range []struct {
		narrowed, wanted []string
		want             bool
	}{
		{nil, forNumbers, true}, {nil, nil, true}, {[]string{"identity"}, nil, true}, {[]string{"identity"}, forNumbers, false},
		{[]string{"identity"}, forMatch, true}, {[]string{"identity_match"}, forOwners, false}, {[]string{"auth", "processor_identity"}, forOwners, true},
	} {
		if got := (&grant{products: c.narrowed}).allows(c.wanted); got != c.want {
			t.Errorf("narrowed to %v, wants %v: %t", c.narrowed, c.wanted, got)
		}
	}
}
