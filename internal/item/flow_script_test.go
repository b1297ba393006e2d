package item_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/api"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// complete runs a session in one call.
func (d *desk) complete(t testing.TB, in link.CompleteRequest, change ...func(*link.Token)) link.CompleteAnswer {
	t.Helper()
	in.LinkToken = d.token(change...)
	out, err := d.driver.Complete(context.Background(), clientCall, in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func knows(login link.ScriptLogin) link.CompleteRequest {
	return link.CompleteRequest{Inputs: &link.ScriptInputs{ScriptLogin: login}}
}

// told is what a whole session told, in short.
func toldOf(out link.CompleteAnswer) string {
	var b strings.Builder
	for _, e := range out.Events {
		fmt.Fprintf(&b, "%s%s\n", e.Name, told(e.Metadata))
	}
	return b.String()
}

var good = link.ScriptLogin{InstitutionID: Platypus, Username: "user_good", Password: "pass_good", Accounts: &link.ScriptAccounts{All: true}}

// TestOneCallTellsWhatStepsTell goes through the same session both ways.
func TestOneCallTellsWhatStepsTell(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		g := d.guest(t).submit().pick(Platypus).submit("username=user_good", "password=mfa_device").submit("device=phone_0").submit("code=1234").submit("account=a1").submit()
		login := good
		login.Password, login.MFA, login.Accounts = "mfa_device", []string{"1234"}, &link.ScriptAccounts{Masks: []string{"0000"}}
		out := d.complete(t, knows(login))
		if out.Done == nil || out.Done.Kind != "success" || out.Pane != nil || out.Session != "" {
			t.Fatalf("%+v", out)
		}
		byHand := toldOf(link.CompleteAnswer{Events: g.events})
		if got := toldOf(out); got != byHand {
			t.Errorf("in one call\n%s\nby steps\n%s", got, byHand)
		}
		var panes []string
		for _, p := range out.Panes {
			panes = append(panes, fmt.Sprintf("%s %s", p.View, p.Action))
		}
		if got := strings.Join(panes, ", "); got != "CONSENT submit, SELECT_INSTITUTION pick, CREDENTIAL submit, MFA submit, MFA submit, SELECT_ACCOUNT submit, CONNECTED submit" {
			t.Errorf("panes %s", got)
		}
		requests := map[string]bool{}
		for _, e := range out.Events {
			requests[e.Metadata.RequestID] = true
		}
		if len(requests) != len(out.Panes)+1 {
			t.Errorf("%d requests for %d panes", len(requests), len(out.Panes))
		}
	})
}

func TestScriptsReachEachEnd(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	of := func(change func(*link.ScriptInputs)) link.CompleteRequest {
		in := &link.ScriptInputs{ScriptLogin: good}
		change(in)
		return link.CompleteRequest{Inputs: in}
	}
	for name, c := range map[string]struct {
		in     link.CompleteRequest
		change func(*link.Token)
		want   string // the last event
	}{
		"two rounds of questions": {in: of(func(in *link.ScriptInputs) {
			in.Password, in.MFA = "mfa_questions_2_2", []string{"answer_0_0", "answer_0_1", "answer_1_0", "answer_1_1"}
		}), want: "HANDOFF"},
		"selections": {in: of(func(in *link.ScriptInputs) { in.Password, in.MFA = "mfa_selections", []string{"Yes", "Yes"} }), want: "HANDOFF"},
		"a device by its label": {in: of(func(in *link.ScriptInputs) {
			in.Password, in.Device, in.MFA = "mfa_device", "••• 4444", []string{"1234"}
		}), want: "HANDOFF"},
		"reCAPTCHA":                  {in: of(func(in *link.ScriptInputs) { in.Username, in.Password = "user_custom", `{"recaptcha":"good"}` }), want: "HANDOFF"},
		"a wrong password":           {in: of(func(in *link.ScriptInputs) { in.Password = "wrong" }), want: "EXIT requires_credentials INVALID_CREDENTIALS"},
		"a wrong code":               {in: of(func(in *link.ScriptInputs) { in.Password, in.MFA = "mfa_device", []string{"9"} }), want: "EXIT requires_code INVALID_MFA"},
		"a locked login":             {in: of(func(in *link.ScriptInputs) { in.Password = "error_ITEM_LOCKED" }), want: "EXIT requires_credentials ITEM_LOCKED"},
		"a bank that is down":        {in: of(func(in *link.ScriptInputs) { in.InstitutionID = "ins_132361" }), want: "EXIT requires_credentials INSTITUTION_DOWN"},
		"a bank without the product": {in: of(func(in *link.ScriptInputs) { in.InstitutionID = "ins_109510" }), want: "EXIT institution_not_supported"},
		"a degraded bank":            {in: of(func(in *link.ScriptInputs) { in.InstitutionID = "ins_132363" }), want: "HANDOFF"},
		"no eligible account": {in: of(func(in *link.ScriptInputs) {}), change: func(t *link.Token) {
			t.AccountFilters = &link.AccountFilters{Subtypes: map[string][]string{"loan": {"all"}}}
		}, want: "EXIT requires_credentials NO_AUTH_ACCOUNTS"},
		"leaving at the search":    {in: of(func(in *link.ScriptInputs) { in.ExitAt = link.SelectInstitution }), want: "EXIT institution_not_found"},
		"leaving at the accounts":  {in: of(func(in *link.ScriptInputs) { in.ExitAt = link.SelectAccount }), want: "EXIT requires_account_selection"},
		"a forced exit at the end": {in: of(func(in *link.ScriptInputs) { in.ExitAt, in.Force = link.Connected, true }), want: "EXIT connected"},
		"closing the last pane":    {in: of(func(in *link.ScriptInputs) { in.ExitAt = link.Connected }), want: "HANDOFF"},
		"a bank with pages of its own": {in: of(func(in *link.ScriptInputs) {
			in.InstitutionID, in.Accounts = platypusOAuth, &link.ScriptAccounts{Masks: []string{"0000"}}
		}), want: "HANDOFF"},
		"all of its accounts":          {in: of(func(in *link.ScriptInputs) { in.InstitutionID = platypusOAuth }), want: "HANDOFF"},
		"a person who denies":          {in: of(func(in *link.ScriptInputs) { in.InstitutionID, in.OAuth = platypusOAuth, "deny" }), want: "EXIT requires_oauth INSUFFICIENT_CREDENTIALS"},
		"who closes the bank's window": {in: of(func(in *link.ScriptInputs) { in.InstitutionID, in.OAuth = platypusOAuth, "close" }), want: "EXIT requires_oauth"},
		"the bank's pages, step by step": {in: link.CompleteRequest{Steps: []link.ScriptStep{
			{}, {Action: "pick", Value: platypusOAuth}, {View: link.OAuth, Action: "bank", Value: "allow", Fields: map[string]api.Raw{"account": api.Raw(`["0000"]`)}}, {Action: "exit", Value: "force"},
		}}, want: "EXIT connected"},
		"no step at all": {in: link.CompleteRequest{Steps: []link.ScriptStep{}, StopAt: ""}, want: "OPEN"},
		"exact steps": {in: link.CompleteRequest{Steps: []link.ScriptStep{
			{View: link.Consent}, {Action: "search", Value: "platy"}, {Action: "pick", Value: Platypus}, {Action: "exit"}, {View: link.Exit, Action: "stay"}, {Action: "exit", Value: "force"},
		}}, want: "EXIT requires_credentials"},
	} {
		if c.change == nil {
			c.change = func(*link.Token) {}
		}
		out := d.complete(t, c.in, c.change)
		last := out.Events[len(out.Events)-1]
		got := last.Name
		for _, word := range []*string{last.Metadata.ExitStatus, last.Metadata.ErrorCode} {
			if word != nil {
				got += " " + *word
			}
		}
		if got != c.want || (out.Done == nil) != (c.want == "OPEN") {
			t.Errorf("%s: ends with %s, want %s", name, got, c.want)
		}
	}
}

// TestScriptsOfSeveralBanks links two banks in one session.
func TestScriptsOfSeveralBanks(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	in := &link.ScriptInputs{ScriptLogin: good, More: []link.ScriptLogin{{InstitutionID: "ins_109511", Username: "user_good", Password: "pass_good", Accounts: &link.ScriptAccounts{Subtypes: []string{"savings"}}}}}
	out := d.complete(t, link.CompleteRequest{Inputs: in}, func(t *link.Token) { t.MultiItem = true })
	if n := strings.Count(toldOf(out), "HANDOFF"); n != 2 || out.Done.Kind != "success" {
		t.Errorf("%d Items: %s", n, toldOf(out))
	}
}

// TestScriptsRepairAnItem goes through update mode; the username stands there.
func TestScriptsRepairAnItem(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	d.makeItem(nil)
	d.OK("/sandbox/item/reset_login", Body{"access_token": d.has.access})
	repair := func(tok *link.Token) { tok.AccessTokenItemID, tok.Products = d.has.itemID, nil }
	out := d.complete(t, knows(link.ScriptLogin{Username: "user_good", Password: "pass_good"}), repair)
	if out.Done == nil || out.Done.Kind != "success" || *out.Events[0].Metadata.IsUpdateMode != "true" {
		t.Fatalf("%+v", out)
	}
	if state := d.state(Body{"access_token": d.has.access}); !strings.Contains(state, "no error") {
		t.Errorf("the Item: %s", state)
	}
	d.OK("/sandbox/item/reset_login", Body{"access_token": d.has.access})
	out = d.complete(t, knows(link.ScriptLogin{Username: "user_good", Password: "wrong"}), repair)
	if out.Done.Error == nil || out.Done.Error.Code != "INVALID_CREDENTIALS" {
		t.Errorf("%+v", out.Done)
	}
}

// TestScriptsStopAndGoOn leaves a session at a pane, and finishes it by hand.
func TestScriptsStopAndGoOn(t *testing.T) {
	d := newDesk(t, simulated(t, storetest.SQLite(t)))
	in := knows(good)
	in.StopAt = link.SelectAccount
	out := d.complete(t, in)
	if out.Done != nil || out.Session == "" || out.Pane == nil || out.Pane.View != link.SelectAccount || len(out.Pane.Fields) != 1 {
		t.Fatalf("%+v", out)
	}
	g := &guest{desk: d, TB: t, handle: out.Session, DriverAnswer: *out.Pane}
	if g.submit("account=a1").submit(); g.Done == nil || g.Done.Kind != "success" {
		t.Errorf("%+v", g.DriverAnswer)
	}
}

// TestScriptsThatCannotGoOnSayWhy leaves out what a pane asks for. Nothing that
// was typed may be in the answer.
func TestScriptsThatCannotGoOnSayWhy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		with := func(change func(*link.ScriptLogin)) link.CompleteRequest {
			login := good
			change(&login)
			return knows(login)
		}
		for name, c := range map[string]struct {
			in   link.CompleteRequest
			code string
			want []string
		}{
			"neither":            {link.CompleteRequest{}, "INVALID_FIELD", []string{"either inputs or steps must be given"}},
			"both":               {link.CompleteRequest{Inputs: &link.ScriptInputs{}, Steps: []link.ScriptStep{}}, "INVALID_FIELD", []string{"either inputs or steps must be given"}},
			"a view to leave at": {link.CompleteRequest{Inputs: &link.ScriptInputs{ExitAt: "CANARY"}}, "INVALID_FIELD", []string{"inputs.exit_at must be a view"}},
			"a view to stop at":  {link.CompleteRequest{Inputs: &link.ScriptInputs{}, StopAt: "CANARY"}, "INVALID_FIELD", []string{"stop_at must be a view"}},
			"no institution":     {with(func(l *link.ScriptLogin) { l.InstitutionID = "" }), "MISSING_FIELDS", []string{"inputs.institution_id", "SELECT_INSTITUTION with choices [", Platypus + " First Platypus Bank"}},
			"an unknown one":     {with(func(l *link.ScriptLogin) { l.InstitutionID = "ins_canary" }), "INVALID_FIELD", []string{"steps[1] at SELECT_INSTITUTION: value must be the institution_id"}},
			"no username":        {with(func(l *link.ScriptLogin) { l.Username = "" }), "MISSING_FIELDS", []string{"inputs.username", "CREDENTIAL with field username, field password"}},
			"no code":            {with(func(l *link.ScriptLogin) { l.Password = "mfa_device" }), "MISSING_FIELDS", []string{"inputs.mfa", "MFA with field code"}},
			"no such device":     {with(func(l *link.ScriptLogin) { l.Password, l.Device = "mfa_device", "canary" }), "INVALID_FIELD", []string{"inputs.device names none", "field device of ["}},
			"too few answers":    {with(func(l *link.ScriptLogin) { l.Password, l.MFA = "mfa_questions_1_2", []string{"canary"} }), "MISSING_FIELDS", []string{"inputs.mfa", "MFA with field answer_0, field answer_1"}},
			"no accounts":        {with(func(l *link.ScriptLogin) { l.Accounts = nil }), "MISSING_FIELDS", []string{"inputs.fields.account", "SELECT_ACCOUNT with field account of [a1 Plaid Checking; "}},
			"no such mask":       {with(func(l *link.ScriptLogin) { l.Accounts = &link.ScriptAccounts{Masks: []string{"0000", "canary"}} }), "INVALID_FIELD", []string{"steps[3] at SELECT_ACCOUNT: inputs.accounts names one that is not among those of"}},
			"accounts of another kind": {with(func(l *link.ScriptLogin) {
				l.InstitutionID, l.Accounts = platypusOAuth, &link.ScriptAccounts{Subtypes: []string{"canary"}}
			}), "INVALID_FIELD", []string{"steps[2] at OAUTH: inputs.accounts must be masks"}},
			"no such decision": {link.CompleteRequest{Steps: []link.ScriptStep{{}, {Action: "pick", Value: platypusOAuth}, {Action: "bank", Value: "canary"}}}, "INVALID_FIELD", []string{"steps[2] at OAUTH: decision must be one of"}},
			"another view":     {link.CompleteRequest{Steps: []link.ScriptStep{{}, {View: link.Credential}}}, "INVALID_FIELD", []string{"steps[1] at SELECT_INSTITUTION: the session must be at CREDENTIAL here, and it is at SELECT_INSTITUTION with"}},
			"another action":   {link.CompleteRequest{Steps: []link.ScriptStep{{Action: "canary"}}}, "INVALID_FIELD", []string{"steps[0] at CONSENT: action must be one of [submit, view_data_types]"}},
			"after the end":    {link.CompleteRequest{Steps: []link.ScriptStep{{Action: "exit"}, {}}}, "INVALID_FIELD", []string{"steps[1]: the session ended before, with an exit"}},
			"bad fields":       {link.CompleteRequest{Steps: []link.ScriptStep{{Fields: map[string]api.Raw{"canary": api.Raw("1")}}}}, "INVALID_FIELD", []string{"steps[0] at CONSENT: fields must hold"}},
		} {
			in := c.in
			in.LinkToken = d.token()
			out, err := d.driver.Complete(context.Background(), clientCall, in)
			var e *plaid.Error
			if !errors.As(err, &e) || e.Code != c.code {
				t.Errorf("%s: %+v, %v", name, out, err)
				continue
			}
			for _, part := range c.want {
				if !strings.Contains(e.Message, part) {
					t.Errorf("%s: %s does not say %s", name, e.Message, part)
				}
			}
			if strings.Contains(e.Message, "canary") {
				t.Errorf("%s repeats what was sent: %s", name, e.Message)
			}
			list, err := d.driver.List(context.Background(), clientCall, link.ListRequest{})
			if err != nil || len(list.Sessions) > 0 && list.Sessions[0].State == link.StateOpen {
				t.Errorf("%s: a session is left open: %+v, %v", name, list.Sessions, err)
			}
		}
		var grants int
		if err := db.QueryRow(context.Background(), "SELECT COUNT(*) FROM sandbank_grant WHERE sealed <> ''").Scan(&grants); err != nil || grants != 0 {
			t.Errorf("%d grants are left at the bank, %v", grants, err)
		}
	})
}
