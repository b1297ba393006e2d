package workflow

import (
	"strings"
	"testing"
)

// TestCompileRefuses lists what a document must not have, each with the words and
// the place that it is refused with.
func TestCompileRefuses(t *testing.T) {
	const rule = "plaid_identity_match.name_score < 50"
	long := strings.Repeat("x", maxSource)
	for want, change := range map[string][2]string{
		"rules[4].when:1:34: Syntax error":                            {rule, "plaid_identity_match.name_score <"},
		"rules[4].when:1:21: undefined field 'nam_score'":             {rule, "plaid_identity_match.nam_score < 50"},
		"rules[4].when:1:1: undeclared reference to 'plaid_balance'":  {rule, "plaid_balance.current_cents < 50"},
		"rules[4].when: the expression is of type int":                {rule, "plaid_identity_match.name_score"},
		"rules[4].when: the expression has":                           {rule, "'" + long + "' == input.name_last"},
		"rules[4].when: the expression may cost":                      {rule, "[1,2,3,4,5,6,7,8,9].all(x, [1,2,3,4,5,6,7,8,9].all(y, input.name_last.matches('(a|b|c|d)*x{0,100}$')))"},
		"undeclared reference to 'timestamp'":                         {rule, "timestamp('2026-01-01T00:00:00Z') < timestamp('2026-01-01T00:00:00Z')"},
		"undeclared reference to 'now'":                               {rule, "now == ''"},
		"maps and messages are not part of the language":              {rule, "{'a': 1}.size() == 1"},
		"cannot be used as a whole":                                   {rule, "plaid_identity_match == plaid_identity_match"},
		`there is no list "nobody"`:                                   {"'domains')", "'nobody')"},
		"the second argument of in_list":                              {"'domains')", "input.name_last)"},
		"rules[4].on_missing: plaid_identity_match.name_score may be": {`50", "on_missing": "block"`, `50"`},
		"rules[0].on_missing: input.birth_date may be missing":        {`18", "on_missing": "pass"`, `18"`},
		`"maybe" is not one of block, hit, pass`:                      {`50", "on_missing": "block"`, `50", "on_missing": "maybe"`},
		"partial is there twice":                                      {`"id": "name"`, `"id": "partial"`},
		`there is no reason "X"`:                                      {"OWNERSHIP_UNVERIFIED", "X"},
		`no rule adds the tag "Old"`:                                  {"tags['Name Partial']", "tags['Old']"},
		"tags cannot be used as a whole":                              {"tags['Name Partial']", "tags.exists(t, t == 'Old')"},
		`"Manual" is not one of the outcomes of kind review`:          {`"fallback": "Manual Review"`, `"fallback": "Manual"`},
		`"Denied" is not one of the outcomes of kind review`:          {`"fallback": "Manual Review"`, `"fallback": "Denied"`},
		`there is no source "plaid_idvx"`:                             {`{"name": "plaid_account"}`, `{"name": "plaid_idvx"}`},
		"engine 2 is unknown":                                         {`"engine": 1`, `"engine": 2`},
		"the regex does not compile":                                  {"[0-9]{9}", "["},
		"default: the default has no condition":                       {`"kind": "approve"`, `"kind": "approve", "when": "true"`},
	} {
		text := strings.Replace(ownership, change[0], change[1], 1)
		d, err := Parse([]byte(text))
		if err != nil || text == ownership {
			t.Fatalf("%s: %v", want, err)
		}
		_, err = Compile(d)
		if problems, ok := AsProblems(err); !ok || !strings.Contains(problems.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}

// TestParseIsStrict: a key that nobody reads is an error.
func TestParseIsStrict(t *testing.T) {
	for _, text := range []string{
		strings.Replace(ownership, `"on_missing"`, `"on_mising"`, 1),
		ownership + "{}",
		`{"name": 1}`,
	} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Error("it was read")
		}
	}
}

// TestSelfTest: a document's tests pass or say what is otherwise.
func TestSelfTest(t *testing.T) {
	with := func(expect string) *Version {
		tests := `"tests": [{"name": "a minor", "today": "2026-11-22", "input": {"name_last": "X", "birth_date": "2020-01-01"}, "expect": ` + expect + `}], "fallback"`
		return compiled(t, strings.Replace(ownership, `"fallback"`, tests, 1))
	}
	if f := with(`{"outcome": "Denied", "status": "decided", "tags": ["Underage"], "score": 0, "needs": []}`).Test(); len(f) != 0 {
		t.Errorf("%v", f)
	}
	for _, wrong := range []string{`{"outcome": "Approved"}`, `{"status": "partial"}`, `{"outcome": "Denied", "tags": []}`, `{"outcome": "Denied", "score": 1}`, `{"outcome": "Denied", "needs": ["plaid_account"]}`} {
		if f := with(wrong).Test(); len(f) != 1 || f[0].Test != "a minor" {
			t.Errorf("%s: %v", wrong, f)
		}
	}
}

// TestFunctions holds the functions of engine 1 to their values.
func TestFunctions(t *testing.T) {
	for in, want := range map[string]string{"  José  O’Neil-Smith, Jr.": "jose oneil smith jr", "ÅSA": "asa", "": ""} {
		if got := NormalizeName(in); got != want {
			t.Errorf("%q", got)
		}
	}
	for _, c := range []struct {
		a, b string
		want int64
	}{{"martha", "marhta", 96}, {"dwayne", "duane", 84}, {"dixon", "dicksonx", 81}, {"", "", 100}, {"a", "", 0}, {"same", "same", 100}} {
		if got := JaroWinkler(c.a, c.b); got != c.want || JaroWinkler(c.b, c.a) != c.want {
			t.Errorf("%s %s: %d", c.a, c.b, got)
		}
	}
	for _, c := range []struct {
		birth, day string
		want       int64
	}{{"2008-11-22", "2026-11-22", 18}, {"2008-11-23", "2026-11-22", 17}, {"2008-02-29", "2026-02-28", 17}, {"2008-02-29", "2026-03-01", 18}} {
		if got, ok := AgeOn(c.birth, c.day); !ok || got != c.want {
			t.Errorf("%v: %d", c, got)
		}
	}
	if n, ok := DaysBetween("2024-02-28", "2024-03-01"); n != 2 || !ok {
		t.Error(n)
	}
}
