package document

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// BankStatement is the document type that is known, as the API names it.
const BankStatement = "BANK_STATEMENT"

// Findings are what a document says. It is personal.
type Findings struct {
	// Type is BankStatement, or "" for what does not read like one.
	Type      string
	Owners    []string
	Addresses []Address
	// Accounts are the account numbers under a label, as they stand there: digits,
	// and • for each that is masked.
	Accounts    []string
	Institution string // the line that names a bank
	From, Until Date   // the period, zero where there is none
	Issued      Date
	// Dates are all that stand in it.
	Dates []Date
}

// Address is that of an owner.
type Address struct {
	Street     string `json:"street"`
	City       string `json:"city"`
	Region     string `json:"region"`
	PostalCode string `json:"postal_code"`
	Country    string `json:"country"`
}

// mostFound bounds each kind of finding.
const mostFound = 10

// Find takes what is known of a statement out of its lines.
func Find(lines []Line) Findings {
	var f Findings
	f.Type = typeOf(lines)
	f.addresses(lines)
	for i := range lines {
		f.labels(lines, i)
	}
	f.Institution = bankOf(lines)
	f.dates(lines)
	return f
}

// statementWords are what a statement of an account says of itself, in the
// languages of the countries that are served; three of different kinds make one.
var statementWords = [][]string{
	{"statement", "kontoauszug", "relevé", "estado de cuenta", "extracto", "estratto conto", "rekeningafschrift", "extrato", "kontoutdrag", "kontoudskrift", "wyciąg"},
	{"account number", "account no", "kontonummer", "numéro de compte", "número de cuenta", "numero di conto", "rekeningnummer", "número da conta", "iban", "account ending", "numer konta"},
	{"balance", "saldo", "solde"},
	{"deposit", "withdrawal", "transaction", "activity", "buchung", "opération", "movimiento", "movimenti", "transactie", "lançamento", "credits", "debits"},
	{"period", "from", "zeitraum", "période", "periodo", "período", "periode", "through"},
}

func typeOf(lines []Line) string {
	var all strings.Builder
	for _, l := range lines {
		all.WriteString(strings.ToLower(l.Text()))
		all.WriteByte('\n')
	}
	text, kinds := all.String(), 0
	for _, words := range statementWords {
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) }) {
			kinds++
		}
	}
	if kinds >= 3 {
		return BankStatement
	}
	return ""
}

// stateLine is the last line of an address in the United States.
var stateLine = regexp.MustCompile(`^(\p{L}[\p{L} .'’-]{1,40}?),?\s+(A[KLRZ]|C[AOT]|D[CE]|FL|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY])\s+(\d{5}(?:-\d{4})?)(?:,?\s+(?:USA?|United States))?$`)

// column are the cells above line i that stand in one column, the nearest first:
// an address stands below its owner although other things stand beside it.
func column(lines []Line, i int, x float64, most int) []string {
	var above []string
	for k := i - 1; k >= 0 && len(above) < most && lines[k].Page == lines[i].Page; k-- {
		at := slices.IndexFunc(lines[k].Cells, func(c Cell) bool { return c.X > x-3 && c.X < x+3 })
		if at < 0 {
			break
		}
		above = append(above, lines[k].Cells[at].Text)
	}
	return above
}

// addresses finds who is written to: names above a street above a state and a ZIP
// code.
func (f *Findings) addresses(lines []Line) {
	for i, l := range lines {
		for _, c := range l.Cells {
			m := stateLine.FindStringSubmatch(c.Text)
			if m == nil {
				continue
			}
			above := column(lines, i, c.X, 4)
			street, names := streetOf(above)
			if street == "" || len(names) == 0 {
				continue
			}
			for _, n := range names {
				f.addOwner(n)
			}
			a := Address{Street: street, City: strings.TrimSpace(m[1]), Region: m[2], PostalCode: m[3], Country: "US"}
			if len(f.Addresses) < mostFound && !slices.Contains(f.Addresses, a) {
				f.Addresses = append(f.Addresses, a)
			}
		}
	}
}

var (
	streetLine = regexp.MustCompile(`(?i)^(\d+[a-z]?\s+\S|p\.?\s*o\.?\s*box\s+\d|(rr|hc)\s+\d+\s+box\s+\d)`)
	unitLine   = regexp.MustCompile(`(?i)^(apt|apartment|suite|ste|unit|floor|fl|#)\b`)
)

// streetOf finds the street in the lines above a city, the nearest first, and the
// names above it.
func streetOf(above []string) (street string, names []string) {
	if len(above) == 0 {
		return "", nil
	}
	unit := ""
	if unitLine.MatchString(above[0]) && len(above) > 1 {
		unit, above = " "+above[0], above[1:]
	}
	if !streetLine.MatchString(above[0]) {
		return "", nil
	}
	for _, n := range above[1:] {
		if !isName(n) {
			break
		}
		names = append(names, n)
	}
	slices.Reverse(names)
	if slices.ContainsFunc(names, isBank) {
		return "", nil // where the bank is
	}
	return above[0] + unit, names
}

// isName reports whether a line could be the name of a person or a company.
func isName(s string) bool {
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 8 || len(s) > 100 || strings.ContainsAny(s, ":;@/%$€£=") {
		return false
	}
	for _, r := range s {
		if unicode.IsDigit(r) {
			return false
		}
	}
	r := []rune(words[0])[0]
	return unicode.IsUpper(r) || !unicode.IsLower(r) && unicode.IsLetter(r)
}

var bankWord = regexp.MustCompile(`(?i)\b(bank|banco|banca|banque|bankas?|credit union|savings (and|&) loan|n\.\s?a\.|federal|financial|sparkasse|raiffeisen\w*|caisse|trust company)\b`)

func isBank(s string) bool { return bankWord.MatchString(s) }

// bankOf is the first line that names a bank.
func bankOf(lines []Line) string {
	for _, l := range lines {
		for _, c := range l.Cells {
			if isBank(c.Text) && len(c.Text) <= 80 && len(strings.Fields(c.Text)) <= 7 {
				return c.Text
			}
		}
	}
	return ""
}

func (f *Findings) addOwner(s string) {
	s = strings.Join(strings.Fields(s), " ")
	if !isName(s) || isBank(s) || len(f.Owners) >= mostFound {
		return
	}
	if !slices.ContainsFunc(f.Owners, func(o string) bool { return strings.EqualFold(o, s) }) {
		f.Owners = append(f.Owners, s)
	}
}

// A label is followed by what it names, in its own cell or the next, or below.
var (
	ownerLabel   = regexp.MustCompile(`(?i)^(account (holders?|owners?|name)|primary (account )?(holder|owner)|joint (account )?(holder|owner)|customer( name)?|name|kontoinhaber(in)?|titulaire( du compte)?|titular( de la cuenta)?|intestatario|rekeninghouder|titular da conta|posiadacz( rachunku)?)\s*(:|$)\s*`)
	accountLabel = regexp.MustCompile(`(?i)\b(account (number|no\.?|nr\.?|#)|acct\.? ?(no\.?|number|#)|account ending( in)?|account:?$|kontonummer|kontonr\.?|num[ée]ro de compte|n[úu]mero de cuenta|numero (di|del) conto|rekeningnummer|n[úu]mero da conta|numer konta|iban)\s*:?\s*`)
	accountValue = regexp.MustCompile(`^[\s:]*(?i:(?:ending (?:in|with)\s+))?([A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}|[0-9xX*•●·….# -]*\d[0-9xX*•●· -]*)`)
)

func (f *Findings) labels(lines []Line, i int) {
	for k, c := range lines[i].Cells {
		if at := ownerLabel.FindStringIndex(c.Text); at != nil {
			for _, name := range namesIn(valueOf(lines, i, k, c.Text[at[1]:])) {
				f.addOwner(name)
			}
		}
		if at := accountLabel.FindStringIndex(c.Text); at != nil {
			ends := strings.Contains(strings.ToLower(c.Text[at[0]:at[1]]), "ending")
			f.addAccount(valueOf(lines, i, k, c.Text[at[1]:]), ends)
		}
	}
}

// valueOf is what a label names: the rest of its cell, the next cell, or the cell
// below it.
func valueOf(lines []Line, i, k int, rest string) string {
	if rest = strings.TrimSpace(rest); rest != "" {
		return rest
	}
	if k+1 < len(lines[i].Cells) {
		return lines[i].Cells[k+1].Text
	}
	if i+1 < len(lines) && lines[i+1].Page == lines[i].Page {
		x := lines[i].Cells[k].X
		for _, c := range lines[i+1].Cells {
			if c.X > x-12 && c.X < x+12 {
				return c.Text
			}
		}
	}
	return ""
}

var betweenNames = regexp.MustCompile(`\s*(?:;|,\s+and\s+|\s+and\s+|\s+&\s+|/)\s*`)

// namesIn takes several holders apart that one line names.
func namesIn(s string) []string {
	var out []string
	for _, part := range betweenNames.Split(s, 4) {
		if isName(part) {
			out = append(out, part)
		}
	}
	if len(out) < 2 {
		return []string{s} // "Ann & Bob Smith": told as it is
	}
	return out
}

// addAccount keeps a number as digits, and • for what is masked.
func (f *Findings) addAccount(s string, ends bool) {
	m := accountValue.FindStringSubmatch(s)
	if m == nil || len(f.Accounts) >= mostFound {
		return
	}
	n := normalAccount(m[1])
	if ends && !strings.Contains(n, masked) {
		n = masked + n
	}
	digits := strings.Trim(n, masked)
	if len(digits) < 2 || len(n) < 4 || slices.Contains(f.Accounts, n) {
		return
	}
	f.Accounts = append(f.Accounts, n)
}

// masked stands for the digits that a document hides.
const masked = "•"

// normalAccount drops what divides a number, and writes what is hidden as one sign.
func normalAccount(s string) string {
	iban := len(s) > 4 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', iban && r >= 'A' && r <= 'Z':
			b.WriteRune(r)
		case strings.ContainsRune("xX*•●·…#", r):
			if !strings.HasSuffix(b.String(), masked) {
				b.WriteString(masked)
			}
		}
	}
	return b.String()
}

// Match is how the number of a document stands to the one on file.
type Match int

// The ways it can stand.
const (
	NoNumber Match = iota // one of the two has none
	Same                  // all digits, or those that both show
	Different
)

// minShown is how many digits two numbers must share at their end where one of them
// shows no more.
const minShown = 4

// MatchAccount compares the numbers of a document with those on file: whole ones,
// or the last digits of an account (a mask) as • and digits. One that fits is enough.
func MatchAccount(found, onFile []string) Match {
	out := NoNumber
	for _, a := range found {
		for _, b := range onFile {
			switch sameNumber(a, normalAccount(b)) {
			case Same:
				return Same
			case Different:
				out = Different
			}
		}
	}
	return out
}

func sameNumber(a, b string) Match {
	hiddenA, hiddenB := strings.Contains(a, masked), strings.Contains(b, masked)
	endA, endB := a[lastShown(a):], b[lastShown(b):]
	if !hiddenA && !hiddenB {
		if strings.TrimLeft(a, "0") == strings.TrimLeft(b, "0") || isIBANOf(a, b) || isIBANOf(b, a) {
			return Same
		}
		return Different
	}
	n := min(len(endA), len(endB))
	if n == 0 {
		return NoNumber
	}
	if endA[len(endA)-n:] != endB[len(endB)-n:] {
		return Different
	}
	if n < minShown {
		return NoNumber // too few digits to tell
	}
	return Same
}

// lastShown is where the digits behind the last mask begin.
func lastShown(s string) int {
	if i := strings.LastIndex(s, masked); i >= 0 {
		return i + len(masked)
	}
	return 0
}

// isIBANOf reports whether an IBAN ends with an account number of a country.
func isIBANOf(iban, number string) bool {
	return len(iban) >= 15 && iban[0] >= 'A' && iban[0] <= 'Z' && len(number) >= 6 && strings.HasSuffix(iban, number)
}

// Date is a day.
type Date struct {
	Year, Month, Day int
	Format           string // how it is written
	Page             int
	Valid            bool // there is such a day
}

// Time is the beginning of the day in UTC.
func (d Date) Time() time.Time {
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
}
