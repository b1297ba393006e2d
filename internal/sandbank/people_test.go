package sandbank

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// visitor opens the door of a bank without Link.
type visitor struct {
	t    *testing.T
	bank *Bank
}

func newVisitor(t *testing.T) visitor {
	bank, _ := newBank(t, storetest.SQLite(t))
	return visitor{t, bank}
}

func (v visitor) grant(institutionID, user, password string) institution.Grant {
	v.t.Helper()
	g, err := v.bank.Import(v.t.Context(), institutionID, user, password)
	if err != nil {
		v.t.Fatalf("%s at %s: %v", user, institutionID, err)
	}
	return g
}

func (v visitor) accounts(institutionID, user, password string) []institution.Account {
	v.t.Helper()
	list, err := v.bank.Accounts(v.t.Context(), v.grant(institutionID, user, password))
	if err != nil {
		v.t.Fatal(err)
	}
	return list
}

// byMask are the numbers of a person's accounts.
func (v visitor) byMask(institutionID, user, password string) map[string]institution.Numbers {
	v.t.Helper()
	g := v.grant(institutionID, user, password)
	list, err := v.bank.Accounts(v.t.Context(), g)
	if err != nil {
		v.t.Fatal(err)
	}
	all, err := v.bank.Numbers(v.t.Context(), g, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	out := map[string]institution.Numbers{}
	for _, n := range all {
		i := slices.IndexFunc(list, func(a institution.Account) bool { return a.Ref == n.Ref })
		out[list[i].Mask] = n
	}
	return out
}

func text(d *institution.Decimal) string {
	if d == nil {
		return "null"
	}
	return d.String()
}

// TestStandardAccounts is the table of plaid-server-api.md section 11.3.
func TestStandardAccounts(t *testing.T) {
	want := strings.TrimSpace(`
0000|Plaid Checking|Plaid Gold Standard 0% Interest Checking|depository/checking|100|110|null|personal|true
1111|Plaid Saving|Plaid Silver Standard 0.1% Interest Saving|depository/savings|200|210|null|personal|true
2222|Plaid CD|Plaid Bronze Standard 0.2% Interest CD|depository/cd|null|1000|null||false
3333|Plaid Credit Card|Plaid Diamond 12.5% APR Interest Credit Card|credit/credit card|null|410|2000||false
4444|Plaid Money Market|Plaid Platinum Standard 1.85% Interest Money Market|depository/money market|43200|43200|null||false
5555|Plaid IRA||investment/ira|null|320.76|null||false
6666|Plaid 401k||investment/401k|null|23631.9805|null||false
7777|Plaid Student Loan||loan/student|null|65262|null|personal|false
8888|Plaid Mortgage||loan/mortgage|null|56302.06|null||false
9001|Plaid HSA|Plaid Cares Health Savings Account|depository/hsa|6009|6009|null||false
9002|Plaid Cash Management|Plaid Growth Cash Management|depository/cash management|12060|12060|null||true
9003|Plaid Auto Loan||loan/auto|null|23211.33|null||false
9004|Plaid Home Equity Line of Credit||loan/home equity|null|13500.5|null||false
9999|Plaid Business Credit Card|Plaid Platinum Small Business Credit Card|credit/credit card|4980|5020|10000|business|false`)
	v := newVisitor(t)
	for _, user := range [][2]string{
		{"user_good", "pass_good"}, {"user_good", "mfa_device"}, {"user_transactions_dynamic", "anything"},
		{"user_credit_joint_account", "x"}, {"user_bank_income", "{}"},
	} {
		var got []string
		for _, a := range v.accounts("ins_109508", user[0], user[1]) {
			if a.Currency != "USD" || a.PersistentID != "" || !a.BalancesAt.IsZero() {
				t.Errorf("%s: %+v", a.Mask, a)
			}
			got = append(got, strings.Join([]string{
				a.Mask, a.Name, a.OfficialName, a.Type + "/" + a.Subtype,
				text(a.Available), text(a.Current), text(a.Limit), a.HolderCategory, fmt.Sprint(a.Debitable),
			}, "|"))
		}
		if diff := cmp.Diff(want, strings.Join(got, "\n")); diff != "" {
			t.Errorf("%s:\n%s", user[0], diff)
		}
	}
}

// TestNumbersByCountry follows plaid-server-api.md sections 7.2 and 11.4.
func TestNumbersByCountry(t *testing.T) {
	v := newVisitor(t)
	us := v.byMask("ins_109508", "user_good", "pass_good")
	for mask, number := range map[string]string{"0000": "1111222233330000", "1111": "1111222233331111", "9002": "1111222233339002"} {
		want := institution.ACH{Account: number, Routing: "011401533", WireRouting: "021000021"}
		if got := us[mask].ACH; got == nil || *got != want {
			t.Errorf("%s: %+v", mask, got)
		}
	}
	for _, mask := range []string{"3333", "5555", "7777", "9999"} {
		if _, ok := us[mask]; ok {
			t.Errorf("%s has an account number", mask)
		}
	}
	ca := v.byMask("ins_43", "user_good", "pass_good")["0000"]
	if want := (institution.EFT{Account: "111122220000", Institution: "114", Branch: "01533"}); ca.EFT == nil || *ca.EFT != want || ca.ACH != nil {
		t.Errorf("CA: %+v", ca)
	}
	gb := v.byMask("ins_117650", "user_good", "pass_good")["0000"]
	if want := (institution.BACS{Account: "80000000", SortCode: "040004"}); gb.BACS == nil || *gb.BACS != want {
		t.Errorf("GB: %+v", gb)
	}
	if want := (institution.International{IBAN: "GB23MONZ04000480000000", BIC: "MONZGB21XXX"}); gb.International == nil || *gb.International != want {
		t.Errorf("GB: %+v", gb.International)
	}
	ie := v.byMask("ins_900201", "user_good", "pass_good")["1111"]
	if ie.International == nil || ie.International.BIC != "BOFIIE2D" || !regexp.MustCompile(`^IE\d\dAIBK93115212341111$`).MatchString(ie.International.IBAN) {
		t.Errorf("IE: %+v", ie.International)
	}
	// The documents' Irish example, to check the check digits.
	if got := iban("IE", "AIBK93115212345678"); got != "IE29AIBK93115212345678" {
		t.Errorf("check digits: %s", got)
	}
	for country, id := range map[string]string{"CAD": "ins_43", "GBP": "ins_117650", "EUR": "ins_900202"} {
		for _, a := range v.accounts(id, "user_good", "pass_good") {
			if a.Currency != country {
				t.Errorf("%s: %s in %s", id, a.Name, a.Currency)
			}
		}
	}
}

// TestTokenizedNumbers follows plaid-server-api.md section 7.3.
func TestTokenizedNumbers(t *testing.T) {
	v := newVisitor(t)
	persistent := regexp.MustCompile(`^[0-9a-f]{56}$`)
	for _, id := range []string{"ins_56", "ins_13", "ins_127990", "ins_127287"} {
		first, second := v.byMask(id, "user_good", "pass_good")["0000"].ACH, v.byMask(id, "user_good", "pass_good")["0000"].ACH
		if !first.Tokenized || first.WireRouting != "" || first.Routing != "011401533" || !isDigits(first.Account, 16) {
			t.Errorf("%s: %+v", id, first)
		}
		if first.Account == second.Account || first.Account == "1111222233330000" {
			t.Errorf("%s: two grants share %s", id, first.Account)
		}
		g := v.grant(id, "user_good", "pass_good")
		a, _ := v.bank.Numbers(t.Context(), g, nil)
		b, _ := v.bank.Numbers(t.Context(), g, nil)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s: the numbers of one grant change:\n%s", id, diff)
		}
		if !persistent.MatchString(v.accounts(id, "user_good", "pass_good")[0].PersistentID) {
			t.Errorf("%s: no persistent id", id)
		}
	}
	capitalOne := v.accounts("ins_128026", "user_good", "pass_good")
	if !persistent.MatchString(capitalOne[0].PersistentID) || !capitalOne[0].BalancesAt.Equal(start) {
		t.Errorf("Capital One: %+v", capitalOne[0])
	}
	if n := v.byMask("ins_128026", "user_good", "pass_good")["0000"].ACH; n.Tokenized {
		t.Error("Capital One gives tokenized numbers")
	}
	custom := func(config string) string { return v.accounts("ins_56", "user_custom", config)[0].PersistentID }
	if custom(`{"seed":"a"}`) != custom(`{ "seed": "a" }`) || custom(`{"seed":"a"}`) == custom(`{"seed":"b"}`) {
		t.Error("persistent ids of custom users")
	}
}

func TestLimitedPurposeChecking(t *testing.T) {
	v := newVisitor(t)
	for _, a := range v.accounts("ins_138395", "user_good", "pass_good") {
		if want := a.Subtype == "savings" || a.Subtype == "cash management"; a.Debitable != want {
			t.Errorf("%s debitable: %v", a.Name, a.Debitable)
		}
	}
}

// TestOwners follows plaid-server-api.md section 8.2.
func TestOwners(t *testing.T) {
	v := newVisitor(t)
	g := v.grant("ins_109508", "user_good", "pass_good")
	all, err := v.bank.Owners(t.Context(), g, nil)
	if err != nil || len(all) != 14 {
		t.Fatalf("%d, %v", len(all), err)
	}
	want := institution.Owner{
		Names: []string{"Alberta Bobbeth Charleson"},
		Phones: []institution.Phone{
			{Data: "1112223333", Type: "home"}, {Data: "1112224444", Type: "work"}, {Data: "1112225555", Type: "mobile1"},
		},
		Emails: []institution.Email{
			{Data: "accountholder0@example.com", Primary: true, Type: "primary"},
			{Data: "accountholder1@example.com", Type: "secondary"},
			{Data: "extraordinarily.long.email.username.123456@reallylonghostname.com", Type: "other"},
		},
		Addresses: []institution.Address{
			{Street: "2992 Cameron Road", City: "Malakoff", Region: "NY", PostalCode: "14236", Country: "US", Primary: true},
			{Street: "2493 Leisure Lane", City: "San Matias", Region: "CA", PostalCode: "93405-2255", Country: "US"},
		},
	}
	for ref, owners := range all {
		if diff := cmp.Diff([]institution.Owner{want}, owners); diff != "" {
			t.Fatalf("%s:\n%s", ref, diff)
		}
	}
	joint, err := v.bank.Owners(t.Context(), v.grant("ins_109508", "user_credit_joint_account", "x"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, owners := range joint {
		if len(owners) != 1 || len(owners[0].Names) != 2 {
			t.Errorf("joint account: %+v", owners)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	v := newVisitor(t)
	for _, tt := range []struct {
		institution, user, password string
		want                        institution.Reason
	}{
		{"ins_109508", "user_good", "wrong", institution.InvalidCredentials},
		{"ins_109508", "user_good", "", institution.InvalidCredentials},
		{"ins_109508", "", "pass_good", institution.InvalidCredentials},
		{"ins_109508", "nobody", "pass_good", institution.InvalidCredentials},
		{"ins_109508", "user_yuppie", "", institution.InvalidCredentials},
		{"ins_109508", "user_bank_income", "x", institution.InvalidCredentials},
		{"ins_109508", "user_yuppie", "error_ITEM_LOCKED", ""}, // any password is good
		{"ins_109508", "user_good", "error_ITEM_LOCKED", institution.Locked},
		{"ins_109508", "user_good", "error_INVALID_MFA", institution.InvalidMFA},
		{"ins_109508", "user_good", "error_NONSENSE", institution.InvalidCredentials},
		{"ins_109508", "user_good", "mfa_questions_1_10", institution.InvalidCredentials},
		{"ins_109508", "user_good", "mfa_selections_1_1_1", institution.InvalidCredentials},
		{"ins_109508", "user_good", "mfa_selections_1_1_2", ""},
		{"ins_109508", "user_good", "mfa_questions_0_3", ""},
		{"ins_109508", "user_custom", "{}", ""},
		{"ins_109508", "user_custom", "pass_good", institution.InvalidCredentials},
		{"ins_109508", "user_custom", `{"recaptcha":"bad"}`, institution.RecaptchaBad},
		{"ins_109508", "user_custom", `{"recaptcha":"good","mfa":{"type":"device"}}`, ""},
		{"ins_109508", "user_custom", `{"force_error":"NO_ACCOUNTS"}`, institution.NoAccounts},
		{"ins_127287", "user_good", "pass_good", ""}, // OAuth, but nobody has to be sent there
		{"ins_132363", "user_good", "pass_good", ""}, // degraded
		{"ins_132361", "user_good", "pass_good", institution.BankDown},
		{"ins_133402", "user_good", "pass_good", institution.NoLongerSupported},
		{"ins_115594", "user_good", "pass_good", institution.UnknownInstitution},
		{"ins_109512", "user_good", "microdeposits_good", ""},
		{"ins_43", "user_good", "microdeposits_good", institution.InvalidCredentials},
	} {
		_, err := v.bank.Import(t.Context(), tt.institution, tt.user, tt.password)
		var f *institution.Failure
		if got := errors.As(err, &f); got != (tt.want != "") || got && f.Reason != tt.want || !got && err != nil {
			t.Errorf("%s %q at %s: %v, want %q", tt.user, tt.password, tt.institution, err, tt.want)
		}
	}
}

func TestMicrodepositsKeepNumbersSecret(t *testing.T) {
	v := newVisitor(t)
	g := v.grant("ins_109512", "user_good", "microdeposits_good")
	if _, err := v.bank.Accounts(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	if _, err := v.bank.Numbers(t.Context(), g, nil); !errors.Is(err, &institution.Failure{Reason: institution.NumbersNotAvailable}) {
		t.Fatalf("%v", err)
	}
}

// TestRevokeForgets: what a person typed is nowhere in the clear, and gone once
// the grant is revoked.
func TestRevokeForgets(t *testing.T) {
	const planted = "planted-7f3a91c2"
	db := storetest.SQLite(t)
	bank, _ := newBank(t, db)
	g, err := bank.Import(t.Context(), "ins_109508", "user_custom", `{"override_accounts":[{"identity":{"names":["`+planted+`"]}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	row := func() (all string) {
		t.Helper()
		var id, status, sealed string
		if err := db.QueryRow(context.Background(), "SELECT id, status, sealed FROM sandbank_grant").Scan(&id, &status, &sealed); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(id+sealed, planted) || strings.Contains(id+sealed, string(g)) {
			t.Error("the row holds what it should not")
		}
		return status + sealed
	}
	if !strings.HasPrefix(row(), "live") {
		t.Error("the grant is not live")
	}
	if err := bank.Revoke(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := db.QueryRow(t.Context(), "SELECT COUNT(*) FROM sandbank_grant").Scan(&left); err != nil || left != 0 {
		t.Errorf("after Revoke there are %d rows, %v", left, err)
	}
}

// TestDataFile: the data file can be wrong, and is not.
func TestDataFile(t *testing.T) {
	for _, change := range [][2]string{
		{`"holder": "joint"`, `"holder": "nobody"`},
		{`"subtype": "cd"`, `"subtype": "mortgage"`},
		{`"mask": "1111"`, `"mask": "0000"`},
		{`"about"`, `"abuot"`},
		{`{`, ``},
	} {
		if _, err := load([]byte(strings.Replace(string(bankData), change[0], change[1], 1))); err == nil {
			t.Errorf("%s accepted", change[1])
		}
	}
	d, err := load(bankData)
	if err != nil {
		t.Fatal(err)
	}
	catalogue := institution.New()
	for _, id := range slices.Concat(d.Habits.AlwaysAsksCode, d.Habits.LimitedPurposeChecking, d.Habits.DatesBalances, d.Habits.SimulatesErrors) {
		if _, ok := catalogue.Get(id); !ok {
			t.Errorf("habit of an unknown institution %s", id)
		}
	}
	for _, in := range catalogue.List(institution.Filter{}) {
		if _, ok := d.Countries[in.Country()]; !ok {
			t.Errorf("%s: no accounts in %s", in.ID, in.Country())
		}
	}
}
