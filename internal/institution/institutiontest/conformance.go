package institutiontest

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// Subject is a connector with what the suite needs to log in through it.
type Subject struct {
	Connector institution.Connector
	// InstitutionID is a bank that is up, with a person who has accounts there.
	InstitutionID string
	// DownID is a bank that is down; empty if the connector has none.
	DownID string
	// ReturnURL is where an OAuth bank may send the person back to.
	ReturnURL string
	// Right answers a challenge as that person would, Wrong as a stranger. Denied
	// is what an OAuth bank sends back when the person says no.
	Right, Wrong, Denied func(institution.Challenge) map[string]string
	// Other answers as somebody else who has accounts there.
	Other func(institution.Challenge) map[string]string
	// User and Password are the person's, for an Importer.
	User, Password string
	// Wait lets time pass at the bank; nil if it cannot.
	Wait func(time.Duration)
}

// Run checks a connector. Each test gets a subject of its own.
func Run(t *testing.T, newSubject func(t *testing.T) Subject) {
	for _, tt := range []struct {
		name  string
		check func(*testing.T, Subject)
	}{
		{"Login", login},
		{"WrongAnswersLeaveTheLoginOpen", wrongThenRight},
		{"WrongAnswersRunOut", wrongForever},
		{"LoginsEnd", loginsEnd},
		{"LoginsExpire", loginsExpire},
		{"OneGrantPerLogin", oneGrant},
		{"OAuth", oauth},
		{"Refusals", refusals},
		{"Accounts", accounts},
		{"Numbers", numbers},
		{"Owners", owners},
		{"Statement", statement},
		{"Import", imports},
		{"Revoke", revoke},
		{"Expire", expire},
		{"Renew", renew},
		{"Share", share},
		{"StrangeGrants", strangeGrants},
		{"Cancelled", cancelled},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.check(t, newSubject(t)) })
	}
}

// steps is more than any login takes.
const steps = 30

func (s Subject) request() institution.BeginRequest {
	return institution.BeginRequest{InstitutionID: s.InstitutionID, ReturnURL: s.ReturnURL}
}

// begin opens a login.
func (s Subject) begin(t *testing.T) institution.Challenge {
	t.Helper()
	ch, err := s.Connector.Begin(t.Context(), s.request())
	if err != nil {
		t.Fatalf("Begin: %v", err)
	}
	return ch
}

// last goes through a login up to its last challenge, without answering it.
func (s Subject) last(t *testing.T) institution.Challenge {
	t.Helper()
	count := 0
	for ch := s.begin(t); ch.Kind != institution.Done; count++ {
		ch = s.answer(t, ch)
	}
	ch := s.begin(t)
	for range count - 1 {
		ch = s.answer(t, ch)
	}
	return ch
}

func (s Subject) answer(t *testing.T, ch institution.Challenge) institution.Challenge {
	t.Helper()
	next, err := s.Connector.Answer(t.Context(), ch.LoginID, s.Right(ch))
	if err != nil {
		t.Fatalf("%s: right answer refused: %v", ch.Kind, err)
	}
	if next.LoginID != ch.LoginID {
		t.Fatalf("%s: the login changed its id", ch.Kind)
	}
	return next
}

// grant logs in.
func (s Subject) grant(t *testing.T) institution.Grant {
	t.Helper()
	ch := s.begin(t)
	for range steps {
		if ch.Kind == institution.Done {
			if ch.Grant == "" {
				t.Fatal("a login is done and gives no grant")
			}
			return ch.Grant
		}
		if ch.Grant != "" {
			t.Fatalf("%s: a grant before the login is done", ch.Kind)
		}
		ch = s.answer(t, ch)
	}
	t.Fatal("the login does not end")
	return ""
}

func (s Subject) accounts(t *testing.T, g institution.Grant) []institution.Account {
	t.Helper()
	list, err := s.Connector.Accounts(t.Context(), g)
	if err != nil {
		t.Fatalf("Accounts: %v", err)
	}
	return list
}

// failure is the Failure in err, with one of the reasons if any are given.
func failure(t *testing.T, what string, err error, reasons ...institution.Reason) *institution.Failure {
	t.Helper()
	var f *institution.Failure
	if !errors.As(err, &f) {
		t.Fatalf("%s: %v, want a Failure", what, err)
	}
	if len(reasons) > 0 && !slices.Contains(reasons, f.Reason) {
		t.Fatalf("%s: %v, want one of %v", what, f, reasons)
	}
	if f.Reason != institution.InternalError && f.Plaid().Code == "INTERNAL_SERVER_ERROR" {
		t.Fatalf("%s: reason %q has no error", what, f.Reason)
	}
	return f
}

func login(t *testing.T, s Subject) {
	ch := s.begin(t)
	for ; ch.Kind != institution.Done; ch = s.answer(t, ch) {
		if ch.LoginID == "" {
			t.Fatalf("%s: no login id", ch.Kind)
		}
		asked := map[institution.ChallengeKind]bool{
			institution.Credentials: len(ch.Fields) > 0,
			institution.Device:      len(ch.Devices) > 0,
			institution.Code:        true,
			institution.Questions:   len(ch.Questions) > 0,
			institution.Selections:  len(ch.Questions) > 0 && len(ch.Questions[0].Options) > 0,
			institution.Recaptcha:   true,
			institution.OAuth:       ch.URL != "" && ch.State != "",
		}
		if !asked[ch.Kind] {
			t.Fatalf("challenge %q asks nothing", ch.Kind)
		}
	}
	if a, b := s.grant(t), s.grant(t); a == b || len(a) < 16 {
		t.Fatal("grants are guessable or shared")
	}
}

func wrongThenRight(t *testing.T, s Subject) {
	for ch := s.begin(t); ch.Kind != institution.Done; ch = s.answer(t, ch) {
		again, err := s.Connector.Answer(t.Context(), ch.LoginID, s.Wrong(ch))
		f := failure(t, string(ch.Kind), err)
		if f.Final {
			t.Fatalf("%s: the first wrong answer ends the login", ch.Kind)
		}
		if again.Kind != ch.Kind || again.LoginID != ch.LoginID || again.Grant != "" {
			t.Fatalf("%s: after a wrong answer the login asks for %s", ch.Kind, again.Kind)
		}
	}
}

func wrongForever(t *testing.T, s Subject) {
	ch := s.begin(t)
	for range steps {
		_, err := s.Connector.Answer(t.Context(), ch.LoginID, s.Wrong(ch))
		if f := failure(t, "wrong answer", err); f.Final {
			_, err := s.Connector.Answer(t.Context(), ch.LoginID, s.Right(ch))
			failure(t, "right answer after the login has ended", err)
			return
		}
	}
	t.Fatalf("the bank took %d wrong answers", steps)
}

func loginsEnd(t *testing.T, s Subject) {
	ch := s.last(t)
	right := s.Right(ch)
	s.answer(t, ch)
	if _, err := s.Connector.Answer(t.Context(), ch.LoginID, right); !failure(t, "answer to a finished login", err).Final {
		t.Fatal("a finished login can be continued")
	}
	_, err := s.Connector.Answer(t.Context(), "no such login", right)
	failure(t, "answer to no login", err)
}

func loginsExpire(t *testing.T, s Subject) {
	if s.Wait == nil {
		t.Skip("time does not move at this bank")
	}
	ch := s.begin(t)
	s.Wait(25 * time.Hour)
	_, err := s.Connector.Answer(t.Context(), ch.LoginID, s.Right(ch))
	if !failure(t, "late answer", err, institution.InputTimeout).Final {
		t.Fatal("an expired login stays open")
	}
	s.grant(t) // sweeping it away hurts no other
}

// oneGrant sends the last answer many times at once.
func oneGrant(t *testing.T, s Subject) {
	ch := s.last(t)
	right := s.Right(ch)
	var wg sync.WaitGroup
	var mu sync.Mutex
	grants := map[institution.Grant]bool{}
	for range 8 {
		wg.Go(func() {
			done, err := s.Connector.Answer(t.Context(), ch.LoginID, right)
			var f *institution.Failure
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				grants[done.Grant] = true
			} else if !errors.As(err, &f) {
				t.Errorf("answer: %v", err)
			}
		})
	}
	wg.Wait()
	if len(grants) != 1 {
		t.Fatalf("one login gave %d grants", len(grants))
	}
}

func refusals(t *testing.T, s Subject) {
	_, err := s.Connector.Begin(t.Context(), institution.BeginRequest{InstitutionID: "ins_-1"})
	failure(t, "unknown institution", err, institution.UnknownInstitution)
	if s.DownID != "" {
		_, err := s.Connector.Begin(t.Context(), institution.BeginRequest{InstitutionID: s.DownID})
		if !failure(t, "bank that is down", err, institution.BankDown).Final {
			t.Fatal("a login is open at a bank that is down")
		}
	}
}

var (
	currencyShape = regexp.MustCompile(`^[A-Z]{3}$`)
	maskShape     = regexp.MustCompile(`^([A-Za-z0-9]{2,4})?$`)
)

func accounts(t *testing.T, s Subject) {
	list := s.accounts(t, s.grant(t))
	if len(list) == 0 {
		t.Fatal("no accounts")
	}
	refs := map[string]bool{}
	for _, a := range list {
		if a.Ref == "" || refs[a.Ref] {
			t.Errorf("ref %q is empty or used twice", a.Ref)
		}
		refs[a.Ref] = true
		if a.Name == "" || !institution.IsAccountType(a.Type, a.Subtype) || !currencyShape.MatchString(a.Currency) || !maskShape.MatchString(a.Mask) {
			t.Errorf("account %+v", a)
		}
		if a.Available == nil && a.Current == nil {
			t.Errorf("%s: neither an available nor a current balance", a.Name)
		}
		if !slices.Contains([]string{"", "personal", "business"}, a.HolderCategory) {
			t.Errorf("%s: holder category %q", a.Name, a.HolderCategory)
		}
	}
	again := s.accounts(t, s.grant(t))
	if len(again) != len(list) {
		t.Fatalf("%d accounts, then %d", len(list), len(again))
	}
	for i := range list {
		if list[i].Ref != again[i].Ref || list[i].PersistentID != again[i].PersistentID {
			t.Errorf("%s has another key at the next login", list[i].Name)
		}
	}
}

func numbers(t *testing.T, s Subject) {
	n, ok := s.Connector.(institution.Numberer)
	if !ok {
		t.Skip("the connector gives no numbers")
	}
	g := s.grant(t)
	all, err := n.Numbers(t.Context(), g, nil)
	if err != nil || len(all) == 0 {
		t.Fatalf("Numbers: %v, %v", all, err)
	}
	known := map[string]bool{}
	for _, a := range s.accounts(t, g) {
		known[a.Ref] = true
	}
	for _, entry := range all {
		if !known[entry.Ref] {
			t.Errorf("numbers of an unknown account %q", entry.Ref)
		}
		delete(known, entry.Ref) // at most once
		checkSchemes(t, entry)
	}
	one, err := n.Numbers(t.Context(), g, []string{all[0].Ref})
	if err != nil || len(one) != 1 || one[0].Ref != all[0].Ref {
		t.Fatalf("Numbers of one account: %v, %v", one, err)
	}
	_, err = n.Numbers(t.Context(), g, []string{"no such account"})
	failure(t, "numbers of no account", err, institution.UnknownAccount)
	if m, ok := s.Connector.(institution.Matcher); ok && all[0].ACH != nil && !all[0].ACH.Tokenized {
		matches(t, m, g, all[0])
	}
}

// matches compares the numbers of an account with themselves and with others.
func matches(t *testing.T, m institution.Matcher, g institution.Grant, own institution.Numbers) {
	for _, c := range []struct {
		ref, routing, account string
		want                  institution.Mismatch
	}{
		{own.Ref, own.ACH.Routing, own.ACH.Account, institution.Matched},
		{own.Ref, "000000019", own.ACH.Account, institution.WrongRouting},
		{own.Ref, own.ACH.Routing, own.ACH.Account + "1", institution.WrongAccount},
	} {
		if got, err := m.Match(t.Context(), g, c.ref, c.routing, c.account); got != c.want || err != nil {
			t.Errorf("Match: %q, %v, want %q", got, err, c.want)
		}
	}
	_, err := m.Match(t.Context(), g, "no such account", own.ACH.Routing, own.ACH.Account)
	failure(t, "a match with no account", err, institution.UnknownAccount)
}

func checkSchemes(t *testing.T, n institution.Numbers) {
	t.Helper()
	if n.ACH == nil && n.EFT == nil && n.International == nil && n.BACS == nil {
		t.Error("numbers in no scheme")
	}
	if a := n.ACH; a != nil && (a.Account == "" || !institution.IsRoutingNumber(a.Routing) ||
		a.WireRouting != "" && !institution.IsRoutingNumber(a.WireRouting) || a.Tokenized && a.WireRouting != "") {
		t.Errorf("ACH %+v", *a)
	}
	if e := n.EFT; e != nil && (e.Account == "" || len(e.Institution) != 3 || len(e.Branch) != 5) {
		t.Errorf("EFT %+v", *e)
	}
	if i := n.International; i != nil && (len(i.IBAN) < 15 || len(i.BIC) != 8 && len(i.BIC) != 11) {
		t.Errorf("international %+v", *i)
	}
	if b := n.BACS; b != nil && (b.Account == "" || len(b.SortCode) != 6) {
		t.Errorf("BACS %+v", *b)
	}
}

func owners(t *testing.T, s Subject) {
	o, ok := s.Connector.(institution.Owners)
	if !ok {
		t.Skip("the connector knows no owners")
	}
	g := s.grant(t)
	list := s.accounts(t, g)
	all, err := o.Owners(t.Context(), g, nil)
	if err != nil || len(all) != len(list) {
		t.Fatalf("owners of %d accounts: %d, %v", len(list), len(all), err)
	}
	for _, a := range list {
		if len(all[a.Ref]) == 0 {
			t.Fatalf("%s has no owner", a.Name)
		}
		for _, owner := range all[a.Ref] {
			if len(owner.Names) == 0 || slices.ContainsFunc(owner.Names, func(n string) bool { return strings.TrimSpace(n) == "" }) {
				t.Errorf("%s: an owner without a name", a.Name)
			}
		}
	}
	one, err := o.Owners(t.Context(), g, []string{list[0].Ref})
	if err != nil || !slices.Equal(slices.Collect(maps.Keys(one)), []string{list[0].Ref}) {
		t.Fatalf("owners of one account: %d, %v", len(one), err)
	}
	_, err = o.Owners(t.Context(), g, []string{"no such account"})
	failure(t, "owners of no account", err, institution.UnknownAccount)
}

func statement(t *testing.T, s Subject) {
	st, ok := s.Connector.(institution.Statement)
	if !ok {
		t.Skip("the connector shows no statements")
	}
	g := s.grant(t)
	for _, a := range s.accounts(t, g) {
		list, err := st.Credits(t.Context(), g, a.Ref, time.Now().AddDate(1000, 0, 0))
		if err != nil || len(list) != 0 {
			t.Errorf("%s has received %d credits in a thousand years' time: %v", a.Name, len(list), err)
		}
	}
	_, err := st.Credits(t.Context(), g, "no such account", time.Time{})
	failure(t, "statement of no account", err, institution.UnknownAccount)
}

func imports(t *testing.T, s Subject) {
	im, ok := s.Connector.(institution.Importer)
	if !ok {
		t.Skip("the connector imports nobody")
	}
	g, err := im.Import(t.Context(), s.InstitutionID, s.User, s.Password)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.accounts(t, g), s.accounts(t, s.grant(t)); len(got) != len(want) || got[0].Ref != want[0].Ref {
		t.Error("an imported person has other accounts than one who logs in")
	}
	_, err = im.Import(t.Context(), s.InstitutionID, s.User, s.Password+"?")
	failure(t, "wrong password", err, institution.InvalidCredentials)
	_, err = im.Import(t.Context(), "ins_-1", s.User, s.Password)
	failure(t, "unknown institution", err, institution.UnknownInstitution)
	if s.DownID != "" {
		_, err = im.Import(t.Context(), s.DownID, s.User, s.Password)
		failure(t, "bank that is down", err, institution.BankDown)
	}
}

// cancelled: a caller who has gone is not told that the bank refused.
func cancelled(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var f *institution.Failure
	_, err := s.Connector.Begin(ctx, s.request())
	if errors.As(err, &f) {
		t.Fatalf("Begin for a caller who has gone: %v", err)
	}
}
