package web_test

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/web"
)

// The voice of the product (ui/README.md section 5): curly apostrophes, no
// exclamation, no "oops"; an error pane is always a title and a lead. Texts are
// clean: composed characters, no straight quotes, no stray spaces.
func TestVoice(t *testing.T) {
	bad := regexp.MustCompile(`(?i)[!"'¡` + "`" + `]|\boops\b|\.\.\.|^\s|\s$|\s\s|[[:cntrl:]]|\s[,.;:?।]`)
	for _, lang := range plaid.Languages {
		for key, entry := range readLanguage(t, lang) {
			for form, s := range entry {
				if lang == "fr" { // French parts its question mark, and its colon, with no-break spaces
					s = strings.NewReplacer("\u202f?", "?", "\u00a0:", ":").Replace(s)
				}
				if s == "" || bad.MatchString(s) || !norm.NFC.IsNormalString(s) {
					t.Errorf("%s %s %s: %q", lang, key, form, s)
				}
			}
			if stem, ok := strings.CutSuffix(key, ".title"); ok && strings.HasPrefix(key, "error.") && !web.HasText(stem+".lead") {
				t.Errorf("%s has a title and no lead", stem)
			}
		}
	}
}

// A whole sentence in English is one in every language, and a title stays one.
func TestSentencesStaySentences(t *testing.T) {
	end := func(s string) string {
		for _, mark := range []string{"?", ".", "।", "…"} {
			if strings.HasSuffix(s, mark) {
				return strings.Replace(mark, "।", ".", 1)
			}
		}
		return ""
	}
	eachLanguage(t, func(t *testing.T, lang string, words, english map[string]forms) {
		for key, entry := range words {
			want := end(english[key][""] + english[key]["other"])
			for form, s := range entry {
				if got := end(s); got != want {
					t.Errorf("%s %s: %q ends with %q, English with %q", key, form, s, got, want)
				}
				if lang == "hi" && strings.HasSuffix(s, ".") {
					t.Errorf("%s: a Hindi sentence ends with a danda: %q", key, s)
				}
			}
		}
	})
}

// sameAsEnglish are the texts that a language may share with English: what is
// made of parameters, names of products that exist in one country only, and words
// that the two languages share.
var sameAsEnglish = regexp.MustCompile(`^(` + strings.Join([]string{
	`.. (common\.page_title|sandbox\.label|sandbox\.credentials|account\.line|account\.kind|connected\.line)`,
	`.. subtype\.(401a|401k|403B|457b|cash isa|ebt|hsa|ira|isa|keogh|paypal|qshr|roth|roth 401k|sarsep|sep ira|simple ira|sipp|ugma|utma)`,
	`[^f]. subtype\.(gic|lif|lira|lrif|lrsp|prif|rdsp|resp|rlif|rrif|rrsp|tfsa)`, // Canada's, which have French names
	`(de|es|it|pl|pt|ro) credentials\.pin`, `it credentials\.password`, `(de|fr|nl) mfa\.code\.label_plain`, `(it|vi) mfa\.device\.email`,
	`.. idv\.field\.eircode`, `(da|de|no|sv) idv\.field\.county`, `et idv\.field\.id_number`, `(fr|lv) idv\.field\.province`, // counties of Ireland
	`(da|de|no|pl|sv) idv\.field\.region`, `(da|de|es|fr|it|nl|no|pl|pt|ro|sv) idv\.part\.selfie`,
	`da common\.reference`, `(da|et|fr|sv) subtype\.pension`, `(da|it|nl|no|pt|sv) subtype\.trust`, `nl subtype\.prepaid`,
}, "|") + `)$`)

// A text that was left in English shows.
func TestLanguagesAreTranslated(t *testing.T) {
	eachLanguage(t, func(t *testing.T, lang string, words, english map[string]forms) {
		for key, entry := range words {
			for form, s := range entry {
				if (s == english[key][""] || s == english[key]["other"]) != sameAsEnglish.MatchString(lang+" "+key) {
					t.Errorf("%s %s: %q is the English text, or is listed as such and is not", key, form, s)
				}
			}
		}
	})
}

// Each language speaks to people in one way (doc.go): these are the words of the
// other way.
func TestOneFormOfAddress(t *testing.T) {
	other := map[string]string{
		"da": `De|Dem|Deres`, "de": `du|dir|dich|dein\w*|euch|euer|eure`, "es": `usted\w*|vosotros|ustedes`, "et": `sina|sinu|sul|su`,
		"fr": `tu|te|toi|ton|ta|tes`, "hi": `तुम|तुम्हारा|तुम्हारे|तू`, "it": `Lei|voi|vostr\w`, "lt": `tu|tavo|tau`, "lv": `tu|tavs|tava|tavu|tev`,
		"nl": `u|uw`, "no": `De|Dem|Deres`, "pl": `pan|pani|państwo|państwa`, "pt": `tu|teu|tua|teus|tuas|você|vocês`, "ro": `dvs|dumneavoastră`,
		"sv": `Ni|Er|Ert`, "vi": `quý khách`,
	}
	eachLanguage(t, func(t *testing.T, lang string, words, english map[string]forms) {
		wrong := regexp.MustCompile(`(^|[^\pL\pM])(` + other[lang] + `)($|[^\pL\pM])`)
		if other[lang] == "" {
			t.Fatal("no form of address is written down")
		}
		for key, entry := range words {
			for _, s := range entry {
				if wrong.MatchString(s) {
					t.Errorf("%s: %q", key, s)
				}
			}
		}
	})
}
