package workflow

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

const ownership = `{
 "name": "t", "engine": 1,
 "inputs": [
  {"key": "name_last", "type": "string", "required": true, "format": "name"},
  {"key": "birth_date", "type": "date"},
  {"key": "email_address", "type": "string", "format": "email"},
  {"key": "document_ssn", "type": "string", "regex": "[0-9]{9}", "secret": true},
  {"key": "plaid_processor_token", "type": "string"}
 ],
 "sources": [{"name": "plaid_account"}, {"name": "plaid_identity_match"}],
 "lists": {"domains": ["Mailinator.com"]},
 "rules": [
  {"id": "underage", "name": "Underage", "when": "age_on(input.birth_date, today) < 18", "on_missing": "pass", "tags": ["Underage"], "reason": {"code": "AGE_INSUFFICIENT", "weight": 90}},
  {"id": "listed", "name": "Listed", "when": "in_list(email_domain(input.email_address), 'domains')", "on_missing": "pass", "score": -10},
  {"id": "data-missing", "name": "Data missing", "when": "services.plaid_account != 'executed' && services.plaid_account != 'cached'", "tags": ["Data Missing"]},
  {"id": "ineligible", "name": "Ineligible account", "when": "!(plaid_account.subtype in ['checking', 'savings'])", "on_missing": "block", "tags": ["Ineligible Account"], "reason": {"code": "ACCOUNT_INELIGIBLE", "weight": 50}},
  {"id": "name", "name": "Name mismatch", "when": "plaid_identity_match.name_score < 50", "on_missing": "block", "tags": ["Name Mismatch"], "score": -50, "reason": {"code": "OWNERSHIP_UNVERIFIED", "weight": 80}},
  {"id": "partial", "name": "Name partial", "when": "plaid_identity_match.name_score >= 50 && plaid_identity_match.name_score < 70", "on_missing": "block", "tags": ["Name Partial"]}
 ],
 "outcomes": [
  {"name": "Denied", "kind": "deny", "when": "tags['Underage']"},
  {"name": "Manual Review", "kind": "review", "when": "tags['Data Missing']"},
  {"name": "Denied", "kind": "deny", "when": "tags['Ineligible Account']"},
  {"name": "Denied", "kind": "deny", "when": "tags['Name Mismatch']"},
  {"name": "Manual Review", "kind": "review", "when": "tags['Name Partial'] || score <= -10"}
 ],
 "default": {"name": "Approved", "kind": "approve"},
 "fallback": "Manual Review"
}`

func compiled(t testing.TB, text string) *Version {
	t.Helper()
	d, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	v, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func accountOf(subtype string) Response {
	return Response{Status: Executed, Body: json.RawMessage(`{"account": {"account_id": "a", "type": "depository", "subtype": "` + subtype + `", "balances": {}}, "institution_id": "ins_1"}`)}
}

func matched(name string) Response {
	return Response{Status: Executed, Body: json.RawMessage(`{"account": {"account_id": "a", "type": "depository", "subtype": "checking", "balances": {}, "legal_name": {"score": ` + name + `}, "phone_number": {"score": null}}}`)}
}

var day = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func person(more ...string) map[string]any {
	in := map[string]any{"name_last": "Jones", "birth_date": "1990-01-31", "email_address": "A@B.example", "document_ssn": "123456789", "plaid_processor_token": "processor-sandbox-1"}
	for i := 0; i < len(more); i += 2 {
		in[more[i]] = more[i+1]
	}
	return in
}

// TestDecide walks through what a workflow can come to, source by source.
func TestDecide(t *testing.T) {
	v := compiled(t, ownership)
	type responses = map[string]Response
	for name, c := range map[string]struct {
		input     map[string]any
		responses responses
		status    Status
		outcome   string
		needs     string
	}{
		"a minor costs no call":        {input: person("birth_date", "2015-01-01"), status: Decided, outcome: "Denied"},
		"the first outcome asks":       {input: person(), status: SourcesNeeded, needs: "plaid_account"},
		"then the second":              {input: person(), responses: responses{"plaid_account": accountOf("checking")}, status: SourcesNeeded, needs: "plaid_identity_match"},
		"no match for a closed door":   {input: person(), responses: responses{"plaid_account": accountOf("cd")}, status: Decided, outcome: "Denied"},
		"match":                        {input: person(), responses: responses{"plaid_account": accountOf("savings"), "plaid_identity_match": matched("95")}, status: Decided, outcome: "Approved"},
		"partial":                      {input: person(), responses: responses{"plaid_account": accountOf("savings"), "plaid_identity_match": matched("60")}, status: Decided, outcome: "Manual Review"},
		"mismatch":                     {input: person(), responses: responses{"plaid_account": accountOf("savings"), "plaid_identity_match": matched("12")}, status: Decided, outcome: "Denied"},
		"no name at the bank":          {input: person(), responses: responses{"plaid_account": accountOf("savings"), "plaid_identity_match": matched("null")}, status: Partial, outcome: "Manual Review"},
		"a source has failed":          {input: person(), responses: responses{"plaid_account": {Status: Failed, ErrorCode: "ITEM_LOGIN_REQUIRED"}}, status: Partial, outcome: "Manual Review"},
		"a later source has failed":    {input: person(), responses: responses{"plaid_account": accountOf("savings"), "plaid_identity_match": {Status: Failed, ErrorCode: "TIMEOUT"}}, status: Partial, outcome: "Manual Review"},
		"it could not be asked":        {input: person(), responses: responses{"plaid_account": {Status: NotExecuted, ErrorCode: "NO_TOKEN"}}, status: Decided, outcome: "Manual Review"},
		"an answer without an account": {input: person(), responses: responses{"plaid_account": {Status: Executed, Body: json.RawMessage(`{}`)}}, status: Partial, outcome: "Manual Review"},
		"a listed domain":              {input: person("email_address", "x@MAILINATOR.com"), responses: responses{"plaid_account": accountOf("savings"), "plaid_identity_match": matched("95")}, status: Decided, outcome: "Manual Review"},
		"a required input is missing":  {input: person("name_last", " "), status: InputsMissing},
		"an input does not fit":        {input: person("document_ssn", "1"), status: InputsMissing},
	} {
		r := v.Decide(Case{Input: c.input, Responses: c.responses, Now: day})
		if r.Status != c.status || r.Outcome != c.outcome || strings.Join(r.Needs, " ") != c.needs {
			t.Errorf("%s: %s %q needs %q", name, r.Status, r.Outcome, r.Needs)
		}
		if (r.Status == Partial) != (len(r.Blocked) > 0) {
			t.Errorf("%s: %s with blocked %v", name, r.Status, r.Blocked)
		}
	}
}

// TestTrace reads what a result tells about its rules.
func TestTrace(t *testing.T) {
	v := compiled(t, ownership)
	c := Case{Input: person(), Now: day, Responses: map[string]Response{"plaid_account": accountOf("savings"), "plaid_identity_match": matched("12")}}
	r := v.Decide(c)
	got := map[string]string{}
	for _, x := range v.Explain(c) {
		got[x.Rule] = x.Sentence
	}
	for id, want := range map[string]string{
		"name":       "Name mismatch applies: plaid_identity_match.name_score is 12. It would not apply if plaid_identity_match.name_score >= 50.",
		"ineligible": `Ineligible account does not apply: plaid_account.subtype is "savings". It would apply if !(plaid_account.subtype in ['checking', 'savings']).`,
	} {
		if got[id] != want {
			t.Errorf("%s", got[id])
		}
	}
	if len(r.Reasons) != 1 || r.Reasons[0] != (Told{"OWNERSHIP_UNVERIFIED", AdverseActionReasons["OWNERSHIP_UNVERIFIED"], AdverseAction, "name"}) {
		t.Errorf("%+v", r.Reasons)
	}
	c = Case{Input: person(), Now: day, Responses: map[string]Response{"plaid_account": accountOf("cd")}}
	if x := v.Explain(c)[4]; x.State != RuleNotEvaluated || x.Residual != "plaid_identity_match.name_score < 50" {
		t.Errorf("%+v", x)
	}
	c.Responses["plaid_identity_match"] = Response{Status: Failed, ErrorCode: "TIMEOUT"}
	if x := v.Explain(c)[4]; x.Sentence != "Name mismatch cannot be judged, as plaid_identity_match has no data (TIMEOUT)." {
		t.Errorf("%+v", x)
	}
	raw, err := r.Bytes()
	if err != nil || strings.Contains(string(raw), "123456789") {
		t.Errorf("%v: a secret is in %s", err, raw)
	}
}

// TestPersona: a persona settles a case without a source, and says so.
func TestPersona(t *testing.T) {
	v := compiled(t, ownership)
	for persona, outcome := range map[Persona]string{PersonaApprove: "Approved", PersonaReview: "Manual Review", PersonaDeny: "Denied"} {
		r := v.Decide(Case{Input: person(), Now: day, Persona: persona})
		if r.Status != Decided || r.Outcome != outcome || r.Persona != persona {
			t.Errorf("%s: %+v", persona, r)
		}
	}
}

// TestReplay: a record alone is enough to come to the same bytes, and a change of
// any part of it is found.
func TestReplay(t *testing.T) {
	v := compiled(t, ownership)
	c := Case{Input: person(), Now: day, Responses: map[string]Response{"plaid_account": accountOf("savings"), "plaid_identity_match": matched("60")}}
	raw, err := v.Decide(c).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	document, err := v.Document.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	exported, err := json.MarshalIndent(Record{document, v.Hash, c, raw}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	read, err := ParseRecord(exported)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := read.Verify(); err != nil {
		t.Error(err)
	}
	for _, change := range [][2]string{{`"score": 60`, `"score": 61`}, {"\\u003c 70", "\\u003c 71"}, {`"Manual Review"`, `"Manual Reviev"`}} {
		changed := strings.ReplaceAll(string(exported), change[0], change[1])
		if changed == string(exported) {
			t.Fatalf("%s is not in the record", change[0])
		}
		read, err := ParseRecord([]byte(changed))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := read.Verify(); err == nil {
			t.Errorf("the change to %s is not found", change[1])
		}
	}
}

// TestMatrix: a stricter version flips what it must and adds up.
func TestMatrix(t *testing.T) {
	old := compiled(t, ownership)
	strict := compiled(t, strings.Replace(ownership, "name_score < 50", "name_score < 65", 1))
	cmp := Compare(strict)
	for _, score := range []string{"10", "55", "60", "64", "66", "90"} {
		c := Case{Input: person(), Now: day, Responses: map[string]Response{"plaid_account": accountOf("savings"), "plaid_identity_match": matched(score)}}
		cmp.Add(Past{Case: c, Result: old.Decide(c), Label: score})
	}
	minor := Case{Input: person("birth_date", "2015-01-01"), Now: day}
	cmp.Add(Past{Case: minor, Result: old.Decide(minor), Label: "minor"})
	m := cmp.Matrix()
	sum := 0
	for _, cell := range m.Cells {
		sum += cell.Count
	}
	if m.Cases != 7 || sum != 7 || m.Same != 4 || m.Would["Denied"] != 5 || len(m.Flips) != 1 || m.Flips[0] != (Flip{"name", 3, 0}) || len(m.Sample) != 3 {
		t.Errorf("%+v", m)
	}
	lazy := compiled(t, strings.Replace(ownership, `"when": "tags['Underage']"`, `"when": "tags['Underage'] && score < 0"`, 1))
	cmp = Compare(lazy)
	cmp.Add(Past{Case: minor, Result: old.Decide(minor)})
	if m := cmp.Matrix(); m.Would[NeedsData] != 1 || m.Absent["plaid_identity_match"] != 1 {
		t.Errorf("%+v", m)
	}
}
