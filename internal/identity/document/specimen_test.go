package document_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/identity/document"
	"github.com/glencheck-dev/glencheck/internal/sandbank/statement"
)

var printed = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// sample is the statement that the specimens are made of.
func sample() statement.Statement {
	return statement.Statement{
		Bank: "First Platypus Bank", Owners: []string{"Alberta Bobbeth Charleson"}, Address: []string{"2992 Cameron Road", "Malakoff, NY 14236"},
		Product: "Plaid Gold Standard 0% Interest Checking", Number: "1111222233330000", Routing: "011401533",
		Opening: "$109.99", Closing: "$110.00", Entries: []statement.Entry{{Date: printed.AddDate(0, 0, -2), Description: "#ABC WONDERWALLET ACCTVERIFY", Amount: "+$0.01"}},
		From: printed.AddDate(0, 0, -30), Until: printed, Printed: printed,
	}
}

// reading is a specimen, made and read.
func reading(t *testing.T, name string) (*document.Reading, error) {
	t.Helper()
	raw, _, err := statement.Make(name, sample())
	if err != nil {
		t.Fatal(err)
	}
	return document.Read(context.Background(), raw, nil)
}

// The verdicts: what each specimen must come to. A type in risks is told with a
// risk, and no other is; refused is the reason of what is not taken.
var verdicts = map[string]struct {
	refused document.Reason
	risks   string
	fine    string // types that are told without a risk
	owner   string // "" for that of the sample
	number  document.Match
	unread  bool
	atLeast int // of the score
	none    bool
}{
	"genuine":         {fine: "METADATA_DATES_MATCH", number: document.Same},
	"masked_number":   {fine: "METADATA_DATES_MATCH", number: document.Same},
	"another_owner":   {fine: "METADATA_DATES_MATCH", number: document.Same, owner: "John Michael Smith"},
	"another_account": {fine: "METADATA_DATES_MATCH", number: document.Different},
	"two_owners":      {fine: "METADATA_DATES_MATCH", number: document.Same, owner: "John Michael Smith, Alberta Bobbeth Charleson"},
	"edited":          {risks: "EDITED_TEXT METADATA_DATES_OUTSIDE_WINDOW SOFTWARE_BLACKLIST", number: document.Same, owner: "John Michael Smith", atLeast: 80},
	"covered":         {risks: "MASKING", fine: "METADATA_DATES_MATCH", number: document.Same, owner: "Alberta Bobbeth Charleson, John Michael Smith", atLeast: 80},
	"overlaid":        {risks: "OVERLAID_TEXT", fine: "METADATA_DATES_MATCH", number: document.Same, owner: "Alberta Bobbeth Charleson", atLeast: 50},
	"touched_up":      {risks: "TOUCHUP_TEXT", fine: "METADATA_DATES_MATCH", number: document.Same, owner: "Alberta Bobbeth Charleson, John Michael Smith", atLeast: 80},
	"other_font":      {risks: "FONT_ANOMALY", fine: "METADATA_DATES_MATCH", number: document.Same, atLeast: 50},
	"misaligned":      {risks: "PDF_ALIGNMENT", fine: "METADATA_DATES_MATCH", number: document.Same, atLeast: 30},
	"adobe_fonts":     {risks: "ADOBE_FONTS", fine: "METADATA_DATES_MATCH", number: document.Same, owner: "Alberta Bobbeth Charleson, John Michael Smith", atLeast: 50},
	"word_processor":  {risks: "SOFTWARE_BLACKLIST", fine: "METADATA_DATES_MATCH", number: document.Same, atLeast: 50},
	"qpdf":            {risks: "QPDF", fine: "METADATA_DATES_MATCH", number: document.Same, atLeast: 30},
	"changed_later":   {risks: "METADATA_DATES_OUTSIDE_WINDOW DATE_FORMAT_ANOMALY", number: document.Same, atLeast: 60},
	"changed_at_once": {fine: "METADATA_DATES_INSIDE_WINDOW", number: document.Same},
	"no_dates":        {risks: "METADATA_DATES_MISSING", number: document.Same, atLeast: 10},
	"malformed_date":  {risks: "MALFORMED_DATE", number: document.Same, atLeast: 20},
	"annotated":       {risks: "ANNOTATIONS ANNOTATION_DATES", fine: "METADATA_DATES_MATCH", number: document.Same, atLeast: 60},
	"hidden_text":     {risks: "TEXT_LAYER_TEXT", fine: "METADATA_DATES_MATCH", number: document.Same, atLeast: 30},
	"impossible_date": {risks: "DATE_FORMAT_ANOMALY", fine: "METADATA_DATES_MATCH", number: document.Same, atLeast: 40},
	"backward_period": {risks: "DATE_FORMAT_ANOMALY", fine: "METADATA_DATES_MATCH", number: document.Same, atLeast: 40},
	"wrong_zip":       {risks: "ADDRESS_FORMAT_ANOMALY", fine: "METADATA_DATES_MATCH", number: document.Same, atLeast: 20},
	"odd_name":        {risks: "NAME_FORMAT_ANOMALY", fine: "METADATA_DATES_MATCH", number: document.Same, owner: "AlBErta Bobbeth Charleson", atLeast: 40},
	"scan":            {unread: true, none: true},
	"scan_pdf":        {unread: true, risks: "FLATTENED_PDF", fine: "METADATA_DATES_MATCH", atLeast: 20},
	"edited_photo":    {unread: true, risks: "EXIF_DATA_MODIFIED", atLeast: 60},
	"encrypted":       {refused: document.Encrypted},
	"script":          {refused: document.Program},
	"attachment":      {refused: document.Program},
	"bomb":            {refused: document.Excessive},
	"loop":            {refused: document.Damaged},
	"many_pages":      {refused: document.TooMany},
	"polyglot":        {refused: document.Program},
	"damaged":         {refused: document.Damaged},
}

func TestSpecimens(t *testing.T) {
	for _, s := range statement.Specimens() {
		want, ok := verdicts[s.Name]
		if !ok {
			t.Errorf("no verdict for specimen %s", s.Name)
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			r, err := reading(t, s.Name)
			if want.refused != "" {
				refusal := document.IsRefusal(err)
				if refusal == nil || refusal.Reason != want.refused {
					t.Fatalf("refused with %v, want %s", err, want.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if (r.Text == document.Unread) != want.unread {
				t.Fatalf("text from %q", r.Text)
			}
			f := document.Find(r.Lines)
			signals := r.Signals(f, printed)
			if got := types(signals, true); got != sortedWords(want.risks) {
				t.Errorf("risks %q, want %q: %+v", got, sortedWords(want.risks), signals)
			}
			if got := types(signals, false); got != want.fine {
				t.Errorf("without risk %q, want %q", got, want.fine)
			}
			score := r.Score(signals)
			if want.none != (score == nil) || score != nil && (*score < want.atLeast || want.atLeast == 0 && *score != 0) {
				t.Errorf("score %v, want at least %d", score, want.atLeast)
			}
			if want.unread {
				return
			}
			owner := want.owner
			if owner == "" {
				owner = "Alberta Bobbeth Charleson"
			}
			if got := strings.Join(f.Owners, ", "); got != owner {
				t.Errorf("owners %q, want %q", got, owner)
			}
			if got := document.MatchAccount(f.Accounts, []string{"1111222233330000"}); got != want.number {
				t.Errorf("number %v of %v, want %v", got, f.Accounts, want.number)
			}
			if f.Type != document.BankStatement || f.Institution != "First Platypus Bank" || len(f.Addresses) != 1 {
				t.Errorf("found %+v", f)
			}
		})
	}
}

func types(signals []document.Signal, risk bool) string {
	var list []string
	for _, s := range signals {
		if s.Risk == risk && !slices.Contains(list, string(s.Type)) {
			list = append(list, string(s.Type))
		}
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func sortedWords(s string) string {
	list := strings.Fields(s)
	slices.Sort(list)
	return strings.Join(list, " ")
}
