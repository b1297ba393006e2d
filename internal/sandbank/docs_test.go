package sandbank

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

var update = flag.Bool("update", false, "rewrite the tables of docs/sandbox.md")

const page = "../../docs/sandbox.md"

// TestSandboxPage: the tables of docs/sandbox.md are those of the data, and its
// prose names every person.
func TestSandboxPage(t *testing.T) {
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	d, err := load(bankData)
	if err != nil {
		t.Fatal(err)
	}
	was := string(raw)
	now := was
	for name, table := range map[string]string{
		"codes": codesTable(), "accounts": accountsTable(d), "institutions": institutionsTable(d),
	} {
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
		before, rest, ok := strings.Cut(now, begin)
		_, after, ok2 := strings.Cut(rest, end)
		if !ok || !ok2 {
			t.Fatalf("%s has no place for %s", page, name)
		}
		now = before + begin + table + end + after
	}
	if *update {
		if err := os.WriteFile(page, []byte(now), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if now != was {
		t.Errorf("%s is not up to date: go test ./internal/sandbank -run SandboxPage -update", page)
	}
	for _, p := range d.People {
		if !strings.Contains(now, "`"+p.Username+"`") {
			t.Errorf("%s does not mention %s", page, p.Username)
		}
	}
}

func codesTable() string {
	codes := institution.ForcibleCodes()
	for i, c := range codes {
		codes[i] = "`" + c + "`"
	}
	return strings.Join(codes, ",\n") + ".\n"
}

func accountsTable(d *data) string {
	var b strings.Builder
	b.WriteString("| mask | name | type | available | current | limit |\n|---|---|---|---:|---:|---:|\n")
	for _, a := range d.Countries["US"].Accounts {
		amount := func(v *institution.Decimal) string {
			if v == nil {
				return ""
			}
			return v.String()
		}
		fmt.Fprintf(&b, "| %s | %s | %s / %s | %s | %s | %s |\n", a.Mask, a.Name, a.Type, a.Subtype, amount(a.Available), amount(a.Current), amount(a.Limit))
	}
	return b.String()
}

func institutionsTable(d *data) string {
	var b strings.Builder
	b.WriteString("| id | name | country | sign-in | remarks |\n|---|---|---|---|---|\n")
	for _, in := range institution.New().List(institution.Filter{}) {
		signIn := "password"
		if in.OAuth {
			signIn = "OAuth"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", in.ID, in.Name, strings.Join(in.CountryCodes, ", "), signIn, strings.Join(remarks(d, in), "; "))
	}
	return b.String()
}

// remarks are what sets an institution apart.
func remarks(d *data, in institution.Institution) []string {
	var list []string
	add := func(when bool, text string) {
		if when {
			list = append(list, text)
		}
	}
	var ways []string
	for _, m := range []struct {
		offered bool
		name    string
	}{
		{in.Methods.InstantMatch, "Instant Match"},
		{in.Methods.AutomatedMicroDeposits, "Automated Micro-deposits"},
		{in.Methods.InstantMicroDeposits, "Instant Micro-deposits"},
	} {
		if m.offered && !in.Methods.InstantAuth {
			ways = append(ways, m.name)
		}
	}
	add(in.Health == institution.Degraded, "degraded: answers, with a warning")
	add(in.Health == institution.Down, "down: `INSTITUTION_DOWN`")
	add(in.Health == institution.Unsupported, "`INSTITUTION_NO_LONGER_SUPPORTED`")
	add(len(ways) > 0, strings.Join(ways, ", "))
	if missing := in.Missing([]string{"assets", "auth", "identity"}); len(missing) > 0 {
		list = append(list, "without "+strings.Join(missing, ", "))
	}
	add(in.Tokenized, "account numbers of each Item's own")
	add(in.PersistentIDs, "`persistent_account_id`")
	add(slices.Contains(d.Habits.AlwaysAsksCode, in.ID), "always asks for the code")
	add(slices.Contains(d.Habits.LimitedPurposeChecking, in.ID), "its checking account is of limited purpose")
	add(slices.Contains(d.Habits.DatesBalances, in.ID), "dates its balances")
	add(slices.Contains(d.Habits.SimulatesErrors, in.ID), "offers to simulate an error")
	return list
}
