package nacha

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/moov-io/ach"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the golden file")

var monday = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC) // 09:00 Eastern

func sample() File {
	return File{
		Origin:      Bank{"110000000", "Glencheck"},
		Destination: Bank{"061000146", "Federal Reserve Bank"},
		CreatedAt:   monday, Modifier: 'A', Window: NextWindow(monday),
		Deposits: []Deposit{
			{Trace: 1, CompanyName: "#ABC WONDERWALLE", CompanyID: "1460820571", Cents: 1, Routing: "110000000", Account: "1111222233330000", Name: "Zoë Łuczak-Søndergård", Reference: "9f1e0c2a4b6d4e8"},
			{Trace: 2, CompanyName: "#XYZ Plaid App", CompanyID: "1460820571", Cents: 1, Routing: "333333334", Account: "12-34 A", Savings: true, Name: "O’Neil & Sons", Addendum: "account verification"},
		},
	}
}

func TestAFileReadsBack(t *testing.T) {
	out, err := sample().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/same-day.ach"
	if *update {
		if err := os.WriteFile(golden, out, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(out)); diff != "" {
		t.Error(diff)
	}
	// By the library's strict rules, and by position, without it.
	file, err := ach.NewReader(bytes.NewReader(out)).Read()
	if err != nil || file.Validate() != nil {
		t.Fatal(err, file.Validate())
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines)%10 != 0 {
		t.Errorf("%d records are no whole blocks", len(lines))
	}
	for i, line := range lines {
		if len(line) != 94 {
			t.Errorf("record %d has %d characters", i+1, len(line))
		}
	}
	header, entry := lines[1], lines[2]
	for _, c := range []struct{ what, got, want string }{
		{"record type", header[:1], "5"},
		{"service class", header[1:4], "220"},
		{"company name", header[4:20], "#ABC WONDERWALLE"},
		{"company id", header[40:50], "1460820571"},
		{"SEC code", header[50:53], "PPD"},
		{"description", header[53:63], "ACCTVERIFY"},
		{"descriptive date", header[63:69], "SD1300"},
		{"effective date", header[69:75], "261123"},
		{"transaction", entry[1:3], "22"},
		{"receiving bank", entry[3:12], "110000000"},
		{"account", entry[12:29], "1111222233330000 "},
		{"amount", entry[29:39], "0000000001"},
		{"name", entry[54:76], "Zoe Luczak-Sondergard "},
		{"trace", entry[79:94], sample().TraceNumber(sample().Deposits[0])},
	} {
		if c.got != c.want {
			t.Errorf("%s is %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestWindows(t *testing.T) {
	for _, c := range []struct{ now, settles, available string }{
		{"2026-11-23 09:00", "2026-11-23 13:00", "2026-11-24 08:30"},
		{"2026-11-23 10:30", "2026-11-23 17:00", "2026-11-24 08:30"},
		{"2026-11-23 16:44", "2026-11-23 18:00", "2026-11-24 08:30"},
		{"2026-11-23 16:45", "2026-11-24 13:00", "2026-11-25 08:30"},
		{"2026-11-25 20:00", "2026-11-27 13:00", "2026-11-30 08:30"}, // over Thanksgiving and the weekend
		{"2026-12-24 17:00", "2026-12-28 13:00", "2026-12-29 08:30"}, // over Christmas
		{"2027-03-12 17:00", "2027-03-15 13:00", "2027-03-16 08:30"}, // summer time begins on the 14th
		{"2026-11-21 12:00", "2026-11-23 13:00", "2026-11-24 08:30"}, // a Saturday
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", c.now, Eastern)
		if err != nil {
			t.Fatal(err)
		}
		w := NextWindow(now.UTC())
		if got := w.Settles.Format("2006-01-02 15:04"); got != c.settles {
			t.Errorf("%s settles %s, want %s", c.now, got, c.settles)
		}
		if got := w.Available().In(Eastern).Format("2006-01-02 15:04"); got != c.available {
			t.Errorf("%s is available %s, want %s", c.now, got, c.available)
		}
	}
}

// TestAnyDepositReadsBack: what Marshal takes is in the file whole.
func TestAnyDepositReadsBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := sample()
		d := &f.Deposits[0]
		d.Account = rapid.StringMatching(`[ -~]{0,19}`).Draw(rt, "account")
		d.Name = rapid.StringN(0, 40, -1).Draw(rt, "name")
		d.CompanyName = rapid.StringMatching(`#[A-Z]{3} [ -~é]{0,13}`).Draw(rt, "company")
		d.Cents = rapid.IntRange(-1, mostCents+1).Draw(rt, "cents")
		out, err := f.Marshal()
		if err != nil {
			if a := strings.TrimSpace(d.Account); len(a) > 5 && strings.Contains(err.Error(), a) {
				rt.Fatalf("the error repeats the account: %v", err)
			}
			return
		}
		file, err := ach.NewReader(bytes.NewReader(out)).Read()
		if err != nil {
			rt.Fatal(err)
		}
		entry := file.Batches[0].GetEntries()[0]
		if entry.Amount != d.Cents || strings.TrimSpace(entry.DFIAccountNumber) != strings.TrimSpace(d.Account) {
			rt.Fatalf("%d to %q is read as %d to %q", d.Cents, d.Account, entry.Amount, entry.DFIAccountNumber)
		}
		if got := file.Batches[0].GetHeader().CompanyName; strings.TrimSpace(got) != strings.TrimSpace(d.CompanyName) {
			rt.Fatalf("company %q is read as %q", d.CompanyName, got)
		}
	})
}

// answers writes a file as an operator sends it.
func answers(t testing.TB, spoil func(*ach.EntryDetail)) []byte {
	t.Helper()
	file := ach.NewFile()
	h := ach.NewFileHeader()
	h.ImmediateOrigin, h.ImmediateDestination = "061000146", "110000000"
	h.FileCreationDate, h.FileCreationTime, h.FileIDModifier = "261124", "0900", "A"
	file.SetHeader(h)
	entry := func(number int) *ach.EntryDetail {
		e := ach.NewEntryDetail()
		e.TransactionCode = ach.CheckingReturnNOCCredit
		e.SetRDFI("110000000")
		e.DFIAccountNumber, e.Amount, e.IndividualName = "1111222233330000", 1, "Alberta Charleson"
		e.SetTraceNumber("33333333", number)
		e.AddendaRecordIndicator = 1
		return e
	}
	back := entry(1)
	back.Category, back.Addenda99 = ach.CategoryReturn, ach.NewAddenda99()
	back.Addenda99.ReturnCode, back.Addenda99.OriginalTrace, back.Addenda99.OriginalDFI = "R03", "110000000000001", "33333333"
	back.Addenda99.TraceNumber = back.TraceNumber
	if spoil != nil {
		spoil(back)
	}
	bh := ach.NewBatchHeader()
	bh.ServiceClassCode, bh.StandardEntryClassCode, bh.BatchNumber = ach.CreditsOnly, ach.PPD, 1
	bh.CompanyName, bh.CompanyIdentification, bh.CompanyEntryDescription = "#ABC WONDERWALLE", "1460820571", Description
	bh.EffectiveEntryDate, bh.ODFIIdentification, bh.OriginatorStatusCode = "261124", "33333333", 1
	batch, err := ach.NewBatch(bh)
	if err != nil {
		t.Fatal(err)
	}
	batch.AddEntry(back)
	if err := batch.Create(); err != nil && spoil == nil {
		t.Fatal(err)
	}
	file.AddBatch(batch)

	change := entry(2)
	change.Amount = 0
	change.Category, change.Addenda98 = ach.CategoryNOC, ach.NewAddenda98()
	change.Addenda98.ChangeCode, change.Addenda98.OriginalTrace, change.Addenda98.OriginalDFI = "C01", "110000000000002", "33333333"
	change.Addenda98.CorrectedData, change.Addenda98.TraceNumber = "1918171614", change.TraceNumber
	ch := ach.NewBatchHeader()
	*ch = *bh
	ch.StandardEntryClassCode, ch.BatchNumber = ach.COR, 2
	cor, err := ach.NewBatch(ch)
	if err != nil {
		t.Fatal(err)
	}
	cor.AddEntry(change)
	if err := cor.Create(); err != nil {
		t.Fatal(err)
	}
	file.AddBatch(cor)
	if err := file.Create(); err != nil && spoil == nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := ach.NewWriter(&b)
	w.BypassValidation = true
	if err := w.Write(file); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReturnsAndChanges(t *testing.T) {
	got, err := ReadAnswers(answers(t, nil))
	want := Answers{
		Returns: []Return{{Trace: "110000000000001", Code: "R03", Words: "No Account/Unable to Locate Account", Cents: 1}},
		Changes: []Change{{Trace: "110000000000002", Code: "C01", Words: "Incorrect bank account number", Corrected: "1918171614"}},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	good := answers(t, nil)
	forward, err := sample().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string][]byte{
		"empty":            nil,
		"no file":          []byte("hello\n"),
		"cut off":          good[:len(good)/2],
		"a payment":        forward,
		"an unknown code":  bytes.Replace(good, []byte("799R03"), []byte("799R99"), 1),
		"another amount":   bytes.Replace(good, []byte("0000000001"), []byte("0000000002"), 1),
		"a record too far": append(bytes.Clone(good), good[:95]...),
		"too large":        bytes.Repeat([]byte{' '}, MaxFile+1),
	} {
		if got, err := ReadAnswers(in); !errors.Is(err, ErrFile) {
			t.Errorf("%s is read as %+v, %v", name, got, err)
		} else if strings.Contains(err.Error(), "1111222233330000") {
			t.Errorf("%s: the error repeats the file: %v", name, err)
		}
	}
}

func FuzzReadAnswers(f *testing.F) {
	good := answers(f, nil)
	f.Add(good)
	f.Add(answers(f, func(e *ach.EntryDetail) { e.Addenda99.OriginalTrace = "" }))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := ReadAnswers(in)
		if err != nil {
			if !errors.Is(err, ErrFile) {
				t.Fatal(err)
			}
			return
		}
		for _, r := range got.Returns {
			if _, err := strconv.Atoi(r.Trace); err != nil || len(r.Trace) != 15 || r.Code[0] != 'R' || r.Cents < 0 {
				t.Fatalf("%+v", r)
			}
		}
	})
}
