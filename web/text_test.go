package web_test

import (
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

// The plural form follows the grammar of the language, not that of English.
func TestPlurals(t *testing.T) {
	for _, c := range []struct{ lang, count, want string }{
		{"da", "1", "1 resultat"}, {"da", "2", "2 resultater"},
		{"fr", "0", "0 résultat"}, {"fr", "2", "2 résultats"},
		{"no", "1", "1 resultat"}, {"no", "21", "21 resultater"},
		{"pl", "1", "1 wynik"}, {"pl", "3", "3 wyniki"}, {"pl", "5", "5 wyników"}, {"pl", "12", "12 wyników"}, {"pl", "22", "22 wyniki"},
		{"pt", "0", "0 resultados"}, {"pt", "1", "1 resultado"},
		{"lt", "1", "1 rezultatas"}, {"lt", "2", "2 rezultatai"}, {"lt", "10", "10 rezultatų"}, {"lt", "11", "11 rezultatų"}, {"lt", "21", "21 rezultatas"},
		{"lv", "0", "0 rezultātu"}, {"lv", "1", "1 rezultāts"}, {"lv", "11", "11 rezultātu"}, {"lv", "21", "21 rezultāts"}, {"lv", "22", "22 rezultāti"},
		{"ro", "1", "1 rezultat"}, {"ro", "2", "2 rezultate"}, {"ro", "20", "20 de rezultate"}, {"ro", "101", "101 rezultate"},
		{"vi", "1", "1 kết quả"}, {"vi", "7", "7 kết quả"},
	} {
		if got := web.Text(c.lang)("institution.count", "count", c.count); got != c.want {
			t.Errorf("%s results in %s: %q, want %q", c.count, c.lang, got, c.want)
		}
	}
	// An exact number goes before the form that it belongs to.
	for count, want := range map[string]string{"1": "Jūsų sąskaita prijungta", "21": "Jūsų sąskaitos prijungtos"} {
		if got := web.Text("lt")("connected.title", "count", count); got != want {
			t.Errorf("%s accounts: %q, want %q", count, got, want)
		}
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
