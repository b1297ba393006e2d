package sandbank

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// custom are the accounts of a custom user at a bank of the United States.
func custom(t *testing.T, config string) []account {
	t.Helper()
	return customAt(t, "ins_109508", config)
}

func customAt(t *testing.T, id, config string) []account {
	t.Helper()
	c, err := parseConfig(config)
	if err != nil {
		t.Fatalf("%s: %v", config, err)
	}
	return accountsOf(id, c)
}

var (
	banks     = sync.OnceValue(institution.New)
	knowledge = sync.OnceValues(func() (*data, error) { return load(bankData) })
)

func accountsOf(id string, c *config) []account {
	in, _ := banks().Get(id)
	d, err := knowledge()
	if err != nil {
		panic(err)
	}
	return d.accounts(in, visit{Username: customUser, Config: "{}", Seed: c.Seed, Custom: c})
}

func TestCustomAccount(t *testing.T) {
	list := custom(t, `{
		"seed": "s", "roll_dates_forward": true,
		"override_accounts": [
			{"type": "depository", "subtype": "checking", "starting_balance": 600.23, "force_available_balance": 500,
			 "currency": "eur", "holder_category": "business",
			 "meta": {"name": "Joint Checking", "official_name": "Plaid Joint Checking Account", "mask": "J1"},
			 "numbers": {"account": "1111222233335555", "ach_routing": "122105155"},
			 "identity": {"names": ["John Michael Smith", "Jane Alana Smith"], "emails": []},
			 "transactions": [{"amount": 1}]},
			{"type": "credit", "subtype": "credit card", "starting_balance": 5, "meta": {"limit": 100}},
			{"type": "depository", "has_null_available_balance": true, "numbers": {"account": "6666777788889999"}},
			{"type": "loan", "subtype": "student", "starting_balance": 12.3456, "meta": {"mask": ""}}
		]}`)
	got := []string{}
	for _, a := range list {
		numbers := "no numbers"
		if a.numbers != nil {
			numbers = fmt.Sprintf("%+v", *a.numbers.ACH)
		}
		got = append(got, strings.Join([]string{
			a.Name, a.OfficialName, a.Mask, a.Currency, text(a.Available), text(a.Current), text(a.Limit), a.HolderCategory,
			numbers, strings.Join(a.owner.Names, " and "), fmt.Sprint(len(a.owner.Phones), len(a.owner.Emails), len(a.owner.Addresses)),
		}, "|"))
	}
	if list[2].Current.String() == "0" {
		t.Error("no random balance")
	}
	want := []string{
		"Joint Checking|Plaid Joint Checking Account|J1|EUR|500|600.23|null|business|{Account:1111222233335555 Routing:122105155 WireRouting: Tokenized:false}|John Michael Smith and Jane Alana Smith|3 0 2",
		"Plaid Credit Card|Plaid Diamond 12.5% APR Interest Credit Card|1111|USD|95|5|100||no numbers|John Michael Smith and Jane Alana Smith|3 3 2",
		"Plaid Checking|Plaid Gold Standard 0% Interest Checking|9999|USD|null|" + list[2].Current.String() + "|null||{Account:6666777788889999 Routing:011401533 WireRouting:021000021 Tokenized:false}|John Michael Smith and Jane Alana Smith|3 3 2",
		"Plaid Student Loan||" + "|USD|null|12.3456|null||no numbers|John Michael Smith and Jane Alana Smith|3 3 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestPublishedFiles are the number parts of the files that Plaid publishes for
// custom users (repository plaid/sandbox-custom-users, auth).
func TestPublishedFiles(t *testing.T) {
	for _, tt := range []struct{ id, numbers, want string }{
		{"ins_109508", `{"account":"1111222233335555","ach_routing":"122105155"}`, `ACH {1111222233335555 122105155  false}`},
		{"ins_109508", `{"ach_wire_routing":"021000021"}`, `ACH {1111222233330000 011401533 021000021 false}`},
		{"ins_43", `{"account":"111122220000","eft_institution":"114","eft_branch":"01533"}`, `EFT {111122220000 114 01533}`},
		{"ins_43", `{"account":"111122220000","etf_institution":"114","etf_branch":"01533"}`, `EFT {111122220000 114 01533}`}, // as published
		{"ins_900202", `{"international_bic":"BOFIIE2C","international_iban":"IE29AIBK93115212345679"}`, `INT {IE29AIBK93115212345679 BOFIIE2C}`},
		{"ins_117650", `{"account":"123456","bacs_sort_code":"12-34-56"}`, `BACS {123456 123456}`},
		{"ins_117650", `{"account":"80001234"}`, `INT {GB23MONZ04000480001234 MONZGB21XXX} BACS {80001234 040004}`},
		{"ins_109508", `{"international_bic":"BOFIIE2D","international_iban":"IE29AIBK93115212345678","ach_routing":"122105155"}`, `ACH {IE29AIBK93115212345678 122105155  false} INT {IE29AIBK93115212345678 BOFIIE2D}`},
	} {
		n := customAt(t, tt.id, `{"override_accounts":[{"numbers":`+tt.numbers+`}]}`)[0].numbers
		var got []string
		if n.ACH != nil {
			got = append(got, fmt.Sprint("ACH ", *n.ACH))
		}
		if n.EFT != nil {
			got = append(got, fmt.Sprint("EFT ", *n.EFT))
		}
		if n.International != nil {
			got = append(got, fmt.Sprint("INT ", *n.International))
		}
		if n.BACS != nil {
			got = append(got, fmt.Sprint("BACS ", *n.BACS))
		}
		want := tt.want
		if strings.Contains(want, "GB23") {
			want = strings.Replace(want, "GB23MONZ04000480001234", iban("GB", "MONZ04000480001234"), 1)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", tt.numbers, got, want)
		}
	}
}

// TestBlankTemplate: the published template, all null, is a valid person.
func TestBlankTemplate(t *testing.T) {
	list := custom(t, `{"version":null,"seed":null,"override_accounts":[{"type":null,"subtype":null,"starting_balance":null,
		"force_available_balance":null,"currency":null,"meta":{"name":null,"official_name":null,"limit":null},
		"numbers":{"account":null,"ach_routing":null,"eft_institution":null,"eft_branch":null,"international_bic":null},
		"transactions":[{"amount":null}],
		"identity":{"names":[null],"phone_numbers":[{"data":null,"primary":null,"type":null}],"emails":[{"data":null}],
		"addresses":[{"data":{"city":null},"primary":null}]},"inflow_model":{"type":null}}],
		"mfa":{"type":null,"question_rounds":null},"recaptcha":null,"force_error":null}`)
	if len(list) != 1 || list[0].Name != "Plaid Checking" || list[0].Mask != "0000" || list[0].owner.Names[0] != "Alberta Bobbeth Charleson" {
		t.Errorf("%+v", list)
	}
}

func TestEmptyConfiguration(t *testing.T) {
	a, b, other := custom(t, `{"seed":"one"}`), custom(t, `{"seed":"one","override_accounts":[]}`), custom(t, `{"seed":"two"}`)
	if len(a) != 14 {
		t.Fatalf("%d accounts", len(a))
	}
	same := 0
	for i := range a {
		if text(a[i].Current) != text(b[i].Current) || text(a[i].Available) != text(b[i].Available) {
			t.Errorf("%s: one seed, two balances", a[i].Name)
		}
		if text(a[i].Current) == text(other[i].Current) {
			same++
		}
	}
	if same > 1 {
		t.Errorf("%d of 14 balances do not depend on the seed", same)
	}
	v := newVisitor(t)
	x, y := v.accounts("ins_109508", customUser, "{}"), v.accounts("ins_109508", customUser, "{}")
	if text(x[0].Current) == text(y[0].Current) && text(x[1].Current) == text(y[1].Current) {
		t.Error("without a seed the data should differ each time")
	}
	if x[0].Ref != y[0].Ref {
		t.Error("the same login name finds other accounts")
	}
}

func TestConfigRefusals(t *testing.T) {
	account := func(s string) string { return `{"override_accounts":[{` + s + `}]}` }
	for _, tt := range []struct{ config, want string }{
		{`[]`, "must be a JSON object"},
		{`{} {}`, "one JSON object"},
		{`{}}`, "one JSON object"},
		{`{"seed":1}`, "seed must be of another type"},
		{`{"version":3}`, "version must be 1 or 2"},
		{`{"recaptcha":"ugly"}`, "recaptcha must be"},
		{`{"force_error":"ITEM_LUCKED"}`, "force_error must be"},
		{`{"mfa":{"type":"telepathy"}}`, "mfa.type must be"},
		{`{"mfa":{"type":"questions"}}`, "mfa.question_rounds must be given"},
		{`{"mfa":{"type":"questions","question_rounds":1,"questions_per_round":1.5}}`, "mfa.questions_per_round must be a whole number"},
		{`{"mfa":{"type":"selections","selection_rounds":10}}`, "mfa.selection_rounds must be a whole number from 1 to 9"},
		{`{"override_accounts":[` + strings.Repeat("{},", 10) + `{}]}`, "at most 10 entries"},
		{`{"seed":"` + strings.Repeat("a", maxConfig) + `"}`, "at most"},
		{account(`"type":"offshore"`), "override_accounts[0].subtype must be"},
		{account(`"type":"loan","subtype":"checking"`), "override_accounts[0].subtype must be"},
		{account(`"starting_balance":1e3`), "starting_balance must be a decimal number"},
		{account(`"starting_balance":1234567890123`), "at most 12 digits before the point"},
		{account(`"meta":{"limit":0.12345}`), "meta.limit must be a decimal number"},
		{account(`"starting_balance":"lots"`), "one JSON object without slips"},
		{account(`"currency":"DOLLARS"`), "currency must be"},
		{account(`"meta":{"mask":"12345"}`), "meta.mask must be"},
		{account(`"meta":{"mask":"1"}`), "meta.mask must be"},
		{account(`"force_available_balance":1,"has_null_available_balance":true`), "must not be set together"},
		{account(`"numbers":{"ach_routing":"021000022"}`), "numbers.ach_routing must be a valid routing number"},
		{account(`"numbers":{"ach_wire_routing":"1"}`), "numbers.ach_wire_routing must be a valid routing number"},
		{account(`"numbers":{"eft_institution":"114"}`), "given together"},
		{account(`"numbers":{"eft_institution":"1","eft_branch":"01533"}`), "3 digits"},
		{account(`"numbers":{"international_iban":"IE29AIBK93115212345678"}`), "given together"},
		{account(`"numbers":{"international_iban":"X","international_bic":"BOFIIE2D"}`), "must be an IBAN"},
		{account(`"numbers":{"international_iban":"IE29AIBK93115212345678","international_bic":"B"}`), "must be a BIC"},
		{account(`"numbers":{"bacs_sort_code":"1234567"}`), "bacs_sort_code"},
		{account(`"numbers":{"account":"<b>"}`), "numbers.account must be"},
		{account(`"identity":{"emails":[{"data":"a@example.com","type":"pigeon"}]}`), "identity.emails[0].type must be"},
	} {
		_, err := parseConfig(tt.config)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.80s: %v, want %q", tt.config, err, tt.want)
		}
	}
}

// checkAccounts are what every configuration that is accepted leads to.
func checkAccounts(t interface{ Errorf(string, ...any) }, list []account) {
	refs := map[string]bool{}
	for _, a := range list {
		if a.Ref == "" || refs[a.Ref] || a.Name == "" || a.Current == nil || len(a.owner.Names) == 0 ||
			!institution.IsAccountType(a.Type, a.Subtype) || !currencyShape.MatchString(a.Currency) || !maskShape.MatchString(a.Mask) {
			t.Errorf("account %+v", a)
		}
		refs[a.Ref] = true
		if n := a.numbers; n != nil && n.ACH != nil && (n.ACH.Account == "" || !institution.IsRoutingNumber(n.ACH.Routing)) {
			t.Errorf("numbers %+v", n.ACH)
		}
	}
}

// TestCustomProperties makes configurations and checks that they are taken as
// written, the same each time.
func TestCustomProperties(t *testing.T) {
	kinds := [][2]string{{"depository", "checking"}, {"depository", "savings"}, {"credit", "credit card"}, {"loan", "mortgage"}, {"investment", "401k"}, {"", ""}}
	rapid.Check(t, func(t *rapid.T) {
		var overrides []map[string]any
		for range rapid.IntRange(1, maxAccounts).Draw(t, "accounts") {
			kind := rapid.SampledFrom(kinds).Draw(t, "kind")
			o := map[string]any{"type": kind[0], "subtype": kind[1]}
			if rapid.Bool().Draw(t, "has balance") {
				o["starting_balance"] = json.Number(fmt.Sprintf("%d.%02d", rapid.IntRange(-9999, 99999).Draw(t, "units"), rapid.IntRange(0, 99).Draw(t, "cents")))
			}
			if rapid.Bool().Draw(t, "has mask") {
				o["meta"] = map[string]any{"mask": rapid.StringMatching(`[A-Za-z0-9]{2,4}`).Draw(t, "mask")}
			}
			if rapid.Bool().Draw(t, "has number") {
				o["numbers"] = map[string]any{"account": rapid.StringMatching(`[0-9]{4,17}`).Draw(t, "number")}
			}
			overrides = append(overrides, o)
		}
		raw, err := json.Marshal(map[string]any{"override_accounts": overrides, "seed": rapid.String().Draw(t, "seed")})
		if err != nil {
			t.Fatal(err)
		}
		c, err := parseConfig(string(raw))
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		id := rapid.SampledFrom([]string{"ins_109508", "ins_43", "ins_117650", "ins_900202"}).Draw(t, "institution")
		list := accountsOf(id, c)
		if len(list) != len(overrides) {
			t.Fatalf("%d accounts of %d", len(list), len(overrides))
		}
		checkAccounts(t, list)
		for i, o := range overrides {
			if b, ok := o["starting_balance"]; ok {
				if want, _ := institution.ParseDecimal(string(b.(json.Number))); *list[i].Current != want {
					t.Fatalf("balance %s became %s", b, list[i].Current)
				}
			}
			if m, ok := o["meta"]; ok && list[i].Mask != m.(map[string]any)["mask"] {
				t.Fatalf("mask became %q", list[i].Mask)
			}
		}
		if again := accountsOf(id, c); fmt.Sprint(describe(list)) != fmt.Sprint(describe(again)) {
			t.Fatal("the same configuration gives two sets of accounts")
		}
	})
}

func describe(list []account) []string {
	var out []string
	for _, a := range list {
		out = append(out, strings.Join([]string{a.Ref, a.Name, a.Mask, text(a.Available), text(a.Current), text(a.Limit)}, "|"))
	}
	return out
}

// FuzzConfig: whatever is typed as a password, the bank neither falls over nor
// takes what it cannot show.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"version":"2","seed":"a","mfa":{"type":"selections"}}`,
		`{"override_accounts":[{"type":"depository","subtype":"savings","starting_balance":600.23,"meta":{"mask":"12"},"numbers":{"account":"1","ach_routing":"122105155"}}]}`,
		`{"override_accounts":[{"identity":{"names":["A"],"phone_numbers":[{"data":"1"}],"addresses":[{"data":{"street":"s"}}]}}]}`,
		`{"override_accounts":[{"numbers":{"international_iban":"IE29AIBK93115212345678","international_bic":"BOFIIE2D"}}]}`,
		`{"recaptcha":"bad","force_error":"ITEM_LOCKED"}`, `[`, `null`, `{"override_accounts":[null]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, password string) {
		c, err := parseConfig(password)
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Error("a refusal without a reason")
			}
			return
		}
		if len(c.Accounts) > maxAccounts || len(password) > maxConfig {
			t.Error("limits do not hold")
		}
		for _, id := range []string{"ins_109508", "ins_43", "ins_117650", "ins_900202"} {
			checkAccounts(t, accountsOf(id, c))
		}
		if c.MFA != nil {
			if s, err := c.MFA.script(); err != nil || !s.empty() && s.Kind != institution.Device && !s.right(0, s.hints(0)) {
				t.Errorf("second factor %+v: %v", s, err)
			}
		}
	})
}
