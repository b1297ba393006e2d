package team

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// The values of Appearance.Mode.
const (
	ModeLight  = "light"
	ModeDark   = "dark"
	ModeSystem = "system"
)

// UseCases are what a person may be told their data is for, in the words that
// /item/get answers (Data Transparency Messaging guide, "Updating Link
// customizations").
var UseCases = []string{
	"Send and receive money", "Pay your bills", "Make a purchase online", "Facilitate business-to-business payments", "Fund your account",
	"Verify your identity and prevent fraud", "Verify your account", "Protect against fraud",
	"Track and manage your finances", "Prepare your taxes", "Get rewards", "Invest your money",
	"Do business accounting and tax preparation", "Prepare and categorize invoices", "Manage employee expense reporting",
	"Track, manage and build your credit", "Access your paycheck sooner", "Pay down debt",
	"Get considered for a loan", "Verify your income",
}

// textPanes are the panes whose words a customization may replace, in the order
// in which a person meets them. RECONNECTED is the last pane of update mode.
var textPanes = []string{"CONSENT", "SELECT_INSTITUTION", "OAUTH", "SELECT_ACCOUNT", "CONNECTED", "RECONNECTED"}

// The longest words, in characters: what still looks like a title, a lead and a
// button on a screen of 320 pixels.
const (
	maxTitle   = 80
	maxLead    = 300
	maxButton  = 30
	maxCompany = 30 // as client_name
)

var hexColor = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// customization reads what a client wrote, or says which rule it breaks. logo is
// the PNG to store, nil for none.
func (in customizationIn) customization(institution func(string) bool) (c Customization, logo []byte, err error) {
	c = Customization{Name: in.Name, Language: in.Language, CountryCodes: dedupe(in.CountryCodes), AccountSelect: AccountSelect(in.AccountSelect)}
	if c.AccountSelect == "" {
		c.AccountSelect = SelectMultiple
	}
	c.ReturningUser, c.Events, c.DatabaseAuth = in.ReturningUser, in.Events, in.DatabaseAuth
	if err := checkWords("name", in.Name, 100); err != nil {
		return c, nil, err
	}
	if (c.Language == "") != (len(c.CountryCodes) == 0) {
		return c, nil, plaid.InvalidField("language and country_codes must be given together, or neither for a customization that fits every link token")
	}
	if logo, err = in.Appearance.read(&c.Appearance); err != nil {
		return c, nil, err
	}
	if c.Texts, err = readTexts(in.Texts, c.Language); err != nil {
		return c, nil, err
	}
	if d := in.DataTransparency; d != nil {
		c.UseCases = dedupe(d.UseCases)
		for i, u := range d.UseCases {
			if !slices.Contains(UseCases, u) {
				return c, nil, plaid.InvalidField("data_transparency.use_cases[" + strconv.Itoa(i) + `] must be a use case of the list in docs/customization.md, such as "Verify your account"`)
			}
		}
	}
	if in.IdentityMatch != nil {
		if c.IdentityMatch, err = in.IdentityMatch.read(); err != nil {
			return c, nil, err
		}
	}
	c.Institutions = dedupe(in.Institutions)
	for i, id := range in.Institutions {
		if !institution(id) {
			return c, nil, plaid.InvalidField("institutions[" + strconv.Itoa(i) + "] must be the institution_id of an institution")
		}
	}
	return c, logo, nil
}

// read checks the lowest scores.
func (in *identityMatch) read() (*IdentityMatch, error) {
	var m IdentityMatch
	for _, s := range []struct{ from, to *int }{{in.LegalName, &m.LegalName}, {in.PhoneNumber, &m.PhoneNumber}, {in.EmailAddress, &m.EmailAddress}, {in.Address, &m.Address}} {
		if s.from != nil {
			*s.to = *s.from
		}
	}
	if m == (IdentityMatch{}) {
		return nil, plaid.InvalidField("identity_match must have a lowest score for legal_name, phone_number, email_address or address")
	}
	return &m, nil
}

// read checks the look and fills it in.
func (in *appearanceIn) read(a *Appearance) (logo []byte, err error) {
	if in == nil {
		return nil, nil
	}
	a.Mode = in.Mode
	if in.AccentColor != nil {
		if !hexColor.MatchString(*in.AccentColor) {
			return nil, plaid.InvalidField("appearance.accent_color must be a colour of the form #rrggbb")
		}
		a.Accent = strings.ToLower(*in.AccentColor)
	}
	if in.CompanyName != nil {
		if err := checkWords("appearance.company_name", *in.CompanyName, maxCompany); err != nil {
			return nil, err
		}
		a.Company = *in.CompanyName
	}
	if in.Logo == nil {
		return nil, nil
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(*in.Logo)
	if err != nil {
		return nil, plaid.InvalidField("appearance.logo must be a PNG image in base64")
	}
	return drawLogo(raw)
}

// readTexts checks the words of panes. They are in one language, so they need a
// customization that applies to one.
func readTexts(in []textIn, language string) (map[string]PaneText, error) {
	if len(in) == 0 {
		return nil, nil
	}
	if language == "" {
		return nil, plaid.InvalidField("texts must come with language and country_codes: words are in one language")
	}
	texts := map[string]PaneText{}
	for i, t := range in {
		path := "texts[" + strconv.Itoa(i) + "]"
		if _, twice := texts[t.Pane]; twice {
			return nil, plaid.InvalidField(path + ".pane must not be one that an earlier text has")
		}
		var words PaneText
		for _, w := range []struct {
			name string
			from *string
			to   *string
			max  int
		}{{"title", t.Title, &words.Title, maxTitle}, {"lead", t.Lead, &words.Lead, maxLead}, {"button", t.Button, &words.Button, maxButton}} {
			if w.from == nil {
				continue
			}
			if err := checkWords(path+"."+w.name, *w.from, w.max); err != nil {
				return nil, err
			}
			*w.to = *w.from
		}
		if words == (PaneText{}) {
			return nil, plaid.InvalidField(path + " must have a title, a lead or a button")
		}
		if t.Pane == "SELECT_INSTITUTION" && words.Button != "" {
			return nil, plaid.InvalidField(path + ".button must not be given: the pane has no button")
		}
		texts[t.Pane] = words
	}
	return texts, nil
}

// joiners are the invisible characters that words may need: Hindi joins letters
// with two of them, and a long German word may break at the third.
var joiners = []rune{'\u200c', '\u200d', '\u00ad'}

// checkWords refuses what cannot be words on a pane: nothing, too much, more
// than a line, markup, and characters that turn the text around them.
func checkWords(path, s string, limit int) error {
	if n := utf8.RuneCountInString(s); n > limit || strings.TrimSpace(s) == "" {
		return plaid.InvalidField(path + " must have 1 to " + strconv.Itoa(limit) + " characters")
	}
	if strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) && !slices.Contains(joiners, r)
	}) {
		return plaid.InvalidField(path + " must be one line without control characters")
	}
	if strings.ContainsAny(s, "<>") {
		return plaid.InvalidField(path + " must be plain text without < and >")
	}
	return nil
}

// dedupe drops repeats and keeps the order.
func dedupe(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
