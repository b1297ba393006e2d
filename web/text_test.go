package web_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/web"
)

func TestText(t *testing.T) {
	en := web.Text("en")
	for _, c := range []struct {
		want, key string
		args      []string
	}{
		{"Select your bank", "institution.title", nil},
		{"Connect your account to Wonderwallet", "consent.title", []string{"app", "Wonderwallet"}},
		{"1 result", "institution.count", []string{"count", "1"}},
		{"4 results", "institution.count", []string{"count", "4"}},
		{"0 results", "institution.count", []string{"count", "0"}},
		{"Checking ••0000", "account.line", []string{"kind", "Checking", "mask", "0000"}},
		{"no.such.key", "no.such.key", nil},
		// A value never becomes a parameter itself.
		{"{mask} ••1", "account.line", []string{"kind", "{mask}", "mask", "1"}},
		// A half pair is left out and shows.
		{"{app} never sees it.", "consent.private.text", []string{"app"}},
	} {
		if got := en(c.key, c.args...); got != c.want {
			t.Errorf("%s %q = %q, want %q", c.key, c.args, got, c.want)
		}
	}
}

func TestLanguageWithoutFileIsEnglish(t *testing.T) {
	if got := web.Text("xx")("common.back"); got != "Back" {
		t.Errorf("unknown language answers %q, want the English words", got)
	}
	if got := web.TextLanguage("xx"); got != "en" {
		t.Errorf("TextLanguage = %q, want en", got)
	}
}

func TestAround(t *testing.T) {
	for _, c := range []struct{ s, before, marked, after string }{
		{"By [rules].", "By ", "rules", "."},
		{"plain", "plain", "", ""},
		{"open [ended", "open [ended", "", ""},
	} {
		before, marked, after := web.Around(c.s)
		if before != c.before || marked != c.marked || after != c.after {
			t.Errorf("Around(%q) = %q, %q, %q", c.s, before, marked, after)
		}
	}
}

// Every account subtype of the official document has a name that people read.
func TestSubtypesHaveNames(t *testing.T) {
	for typ, subtypes := range plaid.AccountTypes {
		for _, s := range subtypes {
			if !web.HasText("subtype." + s) {
				t.Errorf("account subtype %q of type %q has no words", s, typ)
			}
		}
	}
}

// The voice of the product: curly apostrophes, no exclamation, no all capitals,
// and an error pane is always a title and a lead.
func TestVoice(t *testing.T) {
	shout := regexp.MustCompile(`!|'|\boops\b|\.\.\.`)
	for _, lang := range web.Languages() {
		text := web.Text(lang)
		for _, key := range web.Keys() {
			if s := text(key); shout.MatchString(strings.ToLower(s)) {
				t.Errorf("%s %s: %q", lang, key, s)
			}
			if stem, ok := strings.CutSuffix(key, ".title"); ok && strings.HasPrefix(key, "error.") && !web.HasText(stem+".lead") {
				t.Errorf("%s has a title and no lead", stem)
			}
		}
	}
}

// A language may lack words (they come in English), but must not invent keys or
// parameters: those would never show, or show as braces.
func TestLanguagesFollowEnglish(t *testing.T) {
	params := regexp.MustCompile(`\{[a-z_]+\}`)
	en := web.Text("en")
	for _, lang := range web.Languages() {
		text := web.Text(lang)
		for _, key := range web.LanguageKeys(lang) {
			if !web.HasText(key) {
				t.Errorf("%s.json has %q, which English does not", lang, key)
				continue
			}
			for _, p := range params.FindAllString(text(key), -1) {
				if !strings.Contains(en(key), p) {
					t.Errorf("%s.json %q uses %s, which English does not", lang, key, p)
				}
			}
		}
		if missing := len(web.Keys()) - len(web.LanguageKeys(lang)); missing > 0 {
			t.Logf("%s.json lacks %d of %d keys", lang, missing, len(web.Keys()))
		}
	}
}
