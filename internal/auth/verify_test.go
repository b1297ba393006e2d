package auth_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/auth"
	"github.com/glencheck-dev/glencheck/internal/identity/match"
	"github.com/glencheck-dev/glencheck/internal/institution"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/sandbank"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/team"
)

const verifyPath = "/auth/verify"

func scoreNames(said, held string) int { return match.Names(said, held).Score }

// networked is a house whose network is the simulated bank.
func networked(t *testing.T, db *store.DB) (*House, *sandbank.Bank) {
	var bank *sandbank.Bank
	h := NewIn(t, db, "sandbox", func(h *House) institution.Connector {
		bank = sandbank.New(db, h.Vault, h.Clock, h.IDs, h.Catalogue)
		return bank
	})
	a := auth.New(h.DB, h.Vault, h.Clock, h.Items).WithNetwork(bank, scoreNames)
	h.Serve(append(a.Endpoints(), bank.Endpoints()...)...)
	return h, bank
}

func numbers(routing, account string) Body {
	return Body{"ach": Body{"routing": routing, "account": account}}
}

// say is an answer of /auth/verify in short: status, score, match, verified, returned
// and format.
func say(out map[string]any) string {
	in := out["verification_insights"].(map[string]any)
	network, returns := in["network_status"].(map[string]any), in["previous_returns"].(map[string]any)
	return fmt.Sprint(out["verification_status"], " ", in["name_match_score"], " ", network["has_numbers_match"], " ", network["is_numbers_match_verified"],
		" ", returns["has_previous_administrative_return"], " ", in["account_number_format"], " ", out["item_id"] != nil)
}

// TestVerify are the documented inputs of Database Auth (plaid-server-api.md section
// 11.6), and what cannot be an account number.
func TestVerify(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, _ := networked(t, db)
		for _, c := range []struct{ routing, account, name, want string }{
			{"110000000", "1111222233331111", "John Smith", "database_insights_pass 100 true true false valid true"},
			{"011401533", "1111222233331111", "Jon Smith", "database_insights_pass 94 true true false valid true"},
			{"011401533", "1111222233331111", "", "database_insights_pass <nil> true true false valid true"},
			{"110000000", "1111222233333333", "John Smith", "database_insights_pass_with_caution <nil> false false false valid true"},
			{"110000000", "1111222233332222", "John Smith", "database_insights_fail <nil> false false false invalid true"},
			{"110000000", "1111222233330000", "", "database_insights_fail <nil> false false false invalid true"},
			{"110 000 000", "1111-2222-3333-1111", "", "database_insights_pass <nil> true true false valid true"},
			{"110000001", "1111222233331111", "John Smith", "database_insights_fail <nil> false false false unknown false"},
			{"110000000", "123", "", "database_insights_fail <nil> false false false invalid false"},
			{"110000000", "111122223333111111", "", "database_insights_fail <nil> false false false invalid false"},
			{"110000000", "11112222A3331111", "", "database_insights_fail <nil> false false false invalid false"},
			{"", "", "", "database_insights_fail <nil> false false false invalid false"},
		} {
			in := Body{"numbers": numbers(c.routing, c.account)}
			if c.name != "" {
				in["legal_name"] = c.name
			}
			if got := say(h.OK(verifyPath, in)); got != c.want {
				t.Errorf("%s %s %q:\n got %s\nwant %s", c.routing, c.account, c.name, got, c.want)
			}
		}
		h.Fails(verifyPath, Body{}, plaid.MissingFields("numbers"))
		h.Fails(verifyPath, Body{"numbers": Body{"ach": Body{"routing": "110000000"}}}, plaid.MissingFields("numbers.ach.account"))
	})
}

// TestVerifyKnowsTheNetwork: what tests make of an account, what came back from it,
// and the accounts of people who have logged in.
func TestVerifyKnowsTheNetwork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, _ := networked(t, db)
		ask := func(account, name string) string {
			t.Helper()
			return say(h.OK(verifyPath, Body{"numbers": numbers("011401533", account), "legal_name": name}))
		}
		state := func(account, state string) {
			h.OK("/sandbox/bank/account/set", Body{"account": account, "state": state})
		}
		want := func(got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		}
		state("1111222233331111", "frozen")
		want(ask("1111222233331111", "John Smith"), "database_insights_fail 100 true true false valid true")
		state("1111222233331111", "open")
		want(ask("1111222233331111", "John Smith"), "database_insights_pass 100 true true false valid true")
		state("1111222233331111", "unknown")
		want(ask("1111222233331111", "John Smith"), "database_insights_fail <nil> false false false invalid true")

		const number = "222200001234"
		want(ask(number, "Jane Alana Smith"), "database_insights_fail <nil> false false false invalid true")
		public := h.OK("/sandbox/public_token/create", Body{"institution_id": Platypus, "initial_products": []string{"auth"}, "options": Body{
			"override_username": "user_custom", "override_password": `{"override_accounts": [{"type": "depository", "subtype": "checking",
			"numbers": {"account": "` + number + `", "ach_routing": "011401533"}, "identity": {"names": ["John Michael Smith", "Jane Alana Smith"]}}]}`,
		}})["public_token"]
		access := h.OK("/item/public_token/exchange", Body{"public_token": public})["access_token"]
		h.OK(path, Body{"access_token": access})
		h.OK(path, Body{"access_token": h.Item(Platypus, "auth")})
		want(ask(number, "Jane Alana Smith"), "database_insights_pass 100 true true false valid true")
		want(ask("1111222233330000", ""), "database_insights_fail <nil> false false false invalid true")

		h.OK("/sandbox/bank/network/set", Body{"down": true})
		h.Fails(verifyPath, Body{"numbers": numbers("011401533", number)}, plaid.InternalServerError)
		h.OK("/sandbox/bank/network/set", Body{"down": false})
		want(ask(number, ""), "database_insights_pass <nil> true true false valid true")
	})
}

func TestVerifyNeedsANetwork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house(t, db)
		h.Fails(verifyPath, Body{"numbers": numbers("110000000", "1111222233331111")}, plaid.NotSupported(verifyPath))
		teams, err := team.New(db, h.Vault, h.Clock, "sandbox", nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := teams.Ensure(t.Context(), team.Spec{ClientID: Client, Secret: "s", Name: "A", Products: []string{"transactions"}}); err != nil {
			t.Fatal(err)
		}
		h.Items.WithTeam(teams, nil)
		h.Fails(verifyPath, Body{"numbers": numbers("110000000", "1111222233331111")}, plaid.Unauthorized("auth"))
	})
}

// record is a network that says one thing.
type record institution.Record

func (r record) Lookup(context.Context, string, string) (institution.Record, error) {
	return institution.Record(r), nil
}

// TestOpinion is how each thing that a network can know is weighed.
func TestOpinion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := New(t, db)
		got := map[string]string{}
		for name, r := range map[string]record{
			"recognized":                        {Recognized: true, Format: institution.FormatValid},
			"recognized, with returns":          {Recognized: true, Returned: true, Format: institution.FormatValid},
			"recognized, closed":                {Recognized: true, Ended: true, Format: institution.FormatValid},
			"of the right format":               {Format: institution.FormatValid},
			"of the right format, with returns": {Returned: true, Format: institution.FormatValid},
			"of the right format, closed":       {Ended: true, Format: institution.FormatValid},
			"of an unknown format":              {Format: institution.FormatUnknown},
			"of the wrong format":               {Format: institution.FormatInvalid},
		} {
			h.Serve(auth.New(h.DB, h.Vault, h.Clock, h.Items).WithNetwork(r, scoreNames).Endpoints()...)
			got[name] = fmt.Sprint(h.OK(verifyPath, Body{"numbers": numbers("110000000", "1234567")})["verification_status"])
		}
		want := map[string]string{
			"recognized": "database_insights_pass", "recognized, with returns": "database_insights_pass", "recognized, closed": "database_insights_fail",
			"of the right format": "database_insights_pass_with_caution", "of the right format, with returns": "database_insights_fail",
			"of the right format, closed": "database_insights_fail", "of an unknown format": "database_insights_fail", "of the wrong format": "database_insights_fail",
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
}
