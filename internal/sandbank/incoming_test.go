package sandbank

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/rail/iso20022"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const number = "1111222233330000"

// achFile is a Same Day file of one cent for each account number.
func achFile(t testing.TB, now time.Time, numbers ...string) []byte {
	t.Helper()
	f := nacha.File{
		Origin: nacha.Bank{Routing: "110000000", Name: "Glencheck"}, Destination: nacha.Bank{Routing: "061000146", Name: "Federal Reserve Bank"},
		CreatedAt: now, Modifier: 'A', Window: nacha.NextWindow(now),
	}
	for i, n := range numbers {
		f.Deposits = append(f.Deposits, nacha.Deposit{
			Trace: i + 1, CompanyName: "#ABC WONDERWALLE", CompanyID: "1460820571", Cents: 1,
			Routing: "110000000", Account: n, Name: "Alberta Charleson",
		})
	}
	out, err := f.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func transfer(t testing.TB, now time.Time, account string) []byte {
	t.Helper()
	out, err := iso20022.Transfer{
		MessageID: "M1", CreatedAt: now, Clearing: iso20022.RTP, EndToEndID: "E1", TxID: "T1",
		UETR: "9f1e0c2a-4b6d-4e8f-8a7b-6c5d4e3f2a1b", Cents: 1, DebtorName: "Glencheck", DebtorAccount: "9900000001", DebtorRouting: "110000000",
		CreditorName: "Alberta Charleson", CreditorNumber: account, CreditRouting: "333333334", Remittance: "#ABC WONDERWALLE ACCTVERIFY",
	}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// world is a bank whose clock a test moves.
type world struct {
	bank  *Bank
	clock *clock.Clock
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, clk := newBank(t, db)
		test(t, &world{b, clk})
	})
}

// lines are the entries of a statement in short.
func (w *world) lines(t *testing.T, account string) []string {
	t.Helper()
	list, err := w.bank.Statement(t.Context(), account)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range list {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %d %s %s", d.State, d.Cents, d.Description, d.Return)))
	}
	return out
}

func (w *world) deliver(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := w.bank.Deliver(t.Context(), name, content); err != nil {
		t.Fatal(err)
	}
}

func (w *world) collect(t *testing.T) []Answer {
	t.Helper()
	list, err := w.bank.Collect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestASameDayDepositIsOnTheStatement(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		file := achFile(t, w.clock.Now(), number, "42")
		w.deliver(t, "f1", file)
		w.deliver(t, "f1", file) // the rail was not sure that it had arrived
		want := []string{"pending 1 #ABC WONDERWALLE ACCTVERIFY"}
		if diff := cmp.Diff(want, w.lines(t, number)); diff != "" {
			t.Error(diff)
		}
		w.clock.Set(nacha.NextWindow(w.clock.Now()).Settles)
		want = []string{"posted 1 #ABC WONDERWALLE ACCTVERIFY"}
		if diff := cmp.Diff(want, w.lines(t, number)); diff != "" {
			t.Error(diff)
		}
		if got := w.collect(t); len(got) != 0 {
			t.Errorf("banks say nothing about deposits that they keep: %d answers", len(got))
		}
	})
}

func TestAnAccountReturnsWhatItDoesNotTake(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for i, c := range []struct {
			state AccountState
			code  string
		}{{AccountClosed, "R02"}, {AccountUnknown, "R03"}, {AccountInvalid, "R04"}, {AccountFrozen, "R16"}, {Returning("R01"), "R01"}} {
			account := fmt.Sprint("10", i)
			if err := w.bank.SetAccount(ctx, account, c.state, time.Hour, ""); err != nil {
				t.Fatal(err)
			}
			now := w.clock.Now()
			w.deliver(t, account, achFile(t, now, account))
			if got := w.lines(t, account); len(got) != 1 || got[0] != "pending 1 #ABC WONDERWALLE ACCTVERIFY" {
				t.Errorf("%s, before the bank has looked at it: %v", c.state, got)
			}
			w.clock.Set(nacha.NextWindow(now).Settles.Add(time.Hour - time.Millisecond))
			if got := w.collect(t); len(got) != 0 {
				t.Errorf("%s is answered too soon", c.state)
			}
			w.clock.Advance(time.Millisecond)
			if got := w.lines(t, account); len(got) != 1 || got[0] != "returned 1 #ABC WONDERWALLE ACCTVERIFY "+c.code {
				t.Errorf("%s: %v", c.state, got)
			}
			got := w.collect(t)
			if len(got) != 1 {
				t.Fatalf("%s: %d answers", c.state, len(got))
			}
			back, err := nacha.ReadAnswers(got[0].Content)
			if err != nil || len(back.Returns) != 1 || back.Returns[0].Code != c.code || back.Returns[0].Trace != "110000000000001" || back.Returns[0].Cents != 1 {
				t.Errorf("%s: %+v, %v", c.state, back, err)
			}
			if err := w.bank.Acknowledge(ctx, got[0].Name); err != nil || len(w.collect(t)) != 0 {
				t.Errorf("an answer that was read comes again: %v", err)
			}
		}
	})
}

// TestADepositThatWasTakenGoesBack: the lever returns the latest one, and an
// instant transfer is final.
func TestADepositThatWasTakenGoesBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if err := w.bank.Return(t.Context(), number, "R01"); !errors.Is(err, errNoDeposit) {
			t.Error(err)
		}
		now := w.clock.Now()
		w.deliver(t, "f1", achFile(t, now, number))
		w.clock.Set(nacha.NextWindow(now).Settles)
		if err := w.bank.Return(t.Context(), number, "R01"); err != nil {
			t.Fatal(err)
		}
		if got := w.lines(t, number); len(got) != 1 || got[0] != "returned 1 #ABC WONDERWALLE ACCTVERIFY R01" {
			t.Error(got)
		}
		got, err := nacha.ReadAnswers(w.collect(t)[0].Content)
		if err != nil || len(got.Returns) != 1 || got.Returns[0].Code != "R01" || got.Returns[0].Trace != "110000000000001" || got.Returns[0].Cents != 1 {
			t.Errorf("%+v, %v", got, err)
		}
		if err := w.bank.Return(t.Context(), number, "R01"); !errors.Is(err, errNoDeposit) {
			t.Errorf("a second return: %v", err)
		}
		w.clock.Advance(time.Second)
		w.deliver(t, "m1", transfer(t, w.clock.Now(), number))
		if err := w.bank.Return(t.Context(), number, "R03"); !errors.Is(err, errFinal) {
			t.Error(err)
		}
	})
}

func TestAnAccountWithAnotherNumber(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if err := w.bank.SetAccount(t.Context(), number, AccountMoved, 0, "1918171614"); err != nil {
			t.Fatal(err)
		}
		now := w.clock.Now()
		w.deliver(t, "f", achFile(t, now, number))
		w.clock.Set(nacha.NextWindow(now).Settles)
		got, err := nacha.ReadAnswers(w.collect(t)[0].Content)
		if err != nil || len(got.Changes) != 1 || got.Changes[0].Code != "C01" || got.Changes[0].Corrected != "1918171614" {
			t.Errorf("%+v, %v", got, err)
		}
		if lines := w.lines(t, number); len(lines) != 1 || !strings.HasPrefix(lines[0], "posted") {
			t.Error(lines)
		}
	})
}

func TestAnInstantTransferIsThereAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "m1", transfer(t, w.clock.Now(), number))
		if diff := cmp.Diff([]string{"posted 1 #ABC WONDERWALLE ACCTVERIFY"}, w.lines(t, number)); diff != "" {
			t.Error(diff)
		}
		got := w.collect(t)
		if len(got) != 2 {
			t.Fatalf("%d answers", len(got))
		}
		for _, a := range got {
			s, statusErr := iso20022.ParseStatus(a.Content)
			n, noticeErr := iso20022.ParseNotice(a.Content)
			switch {
			case statusErr == nil && s.Status == iso20022.Settled && s.OriginalEndToEndID == "E1" && s.OriginalMessageID == "M1":
			case noticeErr == nil && n.EndToEndID == "E1" && n.Cents == 1 && n.Account == number:
			default:
				t.Errorf("%s: %v, %v", a.Name, statusErr, noticeErr)
			}
		}
	})
}

func TestAnInstantTransferIsRejected(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if err := w.bank.SetAccount(t.Context(), number, AccountClosed, 0, ""); err != nil {
			t.Fatal(err)
		}
		w.deliver(t, "m1", transfer(t, w.clock.Now(), number))
		got := w.collect(t)
		if len(got) != 1 {
			t.Fatalf("%d answers", len(got))
		}
		s, err := iso20022.ParseStatus(got[0].Content)
		if err != nil || s.Status != iso20022.Rejected || s.Reason != iso20022.ReasonClosedAccount {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func TestRailsThatAreDownOrSlow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		if err := w.bank.SetRails(ctx, true, 0); err != nil {
			t.Fatal(err)
		}
		m := transfer(t, w.clock.Now(), number)
		if err := w.bank.Deliver(ctx, "m1", m); !errors.Is(err, ErrRailsDown) {
			t.Fatal(err)
		}
		if err := w.bank.SetRails(ctx, false, time.Minute); err != nil {
			t.Fatal(err)
		}
		w.deliver(t, "m1", m)
		if got := w.lines(t, number); len(got) != 1 || !strings.HasPrefix(got[0], "pending") || len(w.collect(t)) != 0 {
			t.Error(got)
		}
		w.clock.Advance(time.Minute)
		if got := w.lines(t, number); !strings.HasPrefix(got[0], "posted") || len(w.collect(t)) != 2 {
			t.Error(got)
		}
	})
}

func TestFilesThatTheBankCannotRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		now := w.clock.Now()
		good, message := string(achFile(t, now, number)), string(transfer(t, now, number))
		for name, content := range map[string]string{
			"nothing":      "",
			"noise":        "\x00",
			"html":         "<html></html>",
			"another":      strings.ReplaceAll(message, "pacs.008", "pain.001"),
			"euros":        strings.ReplaceAll(message, "USD", "EUR"),
			"half a cent":  strings.ReplaceAll(message, ">0.01<", ">0.005<"),
			"minus":        strings.ReplaceAll(message, ">0.01<", ">-1<"),
			"too much":     strings.ReplaceAll(message, ">0.01<", ">99999999999<"),
			"no account":   strings.ReplaceAll(message, number, ""),
			"a debit":      strings.Replace(good, "\n622", "\n627", 1),
			"wrong totals": strings.Replace(good, "0000000001", "0000000009", 1),
			"cut off":      good[:300],
		} {
			if err := w.bank.Deliver(t.Context(), name, []byte(content)); !errors.Is(err, errUnreadable) {
				t.Errorf("%s: %v", name, err)
			} else if strings.Contains(err.Error(), number) {
				t.Errorf("%s: the error repeats the file", name)
			}
		}
		if got := w.lines(t, number); len(got) != 0 {
			t.Errorf("half a file was read: %v", got)
		}
	})
}
