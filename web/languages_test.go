package web_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/web"
)

// englishOnly are the keys of pages that are not part of Link (doc.go).
const englishOnly = "demo."

// forms are the texts of one key: by plural form, or one under "".
type forms map[string]string

// readLanguage reads a text file as it is written: every form, and a key that
// stands there twice is a mistake.
func readLanguage(t *testing.T, lang string) map[string]forms {
	t.Helper()
	data, err := os.ReadFile("text/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]forms{}
	d := json.NewDecoder(bytes.NewReader(data))
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		t.Fatalf("%s.json is not an object: %v", lang, err)
	}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			t.Fatalf("%s.json: %v", lang, err)
		}
		key, entry := token.(string), forms{}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			t.Fatalf("%s.json %s: %v", lang, key, err)
		}
		var plain string
		if json.Unmarshal(raw, &plain) == nil {
			entry[""] = plain
		} else if err := json.Unmarshal(raw, &entry); err != nil {
			t.Fatalf("%s.json %s: %v", lang, key, err)
		}
		if _, ok := words[key]; ok {
			t.Errorf("%s.json has %s twice", lang, key)
		}
		words[key] = entry
	}
	if _, err := d.Token(); err != nil {
		t.Fatalf("%s.json: %v", lang, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		t.Errorf("%s.json goes on after its end: %v", lang, err)
	}
	return words
}

// eachLanguage runs a test on every language of Link but English.
func eachLanguage(t *testing.T, check func(t *testing.T, lang string, words, english map[string]forms)) {
	english := readLanguage(t, "en")
	for _, lang := range plaid.Languages {
		if lang != "en" {
			t.Run(lang, func(t *testing.T) { check(t, lang, readLanguage(t, lang), english) })
		}
	}
}

// Every language of Link has every text of Link, and no others.
func TestLanguagesAreComplete(t *testing.T) {
	if got, want := web.Languages(), slices.Sorted(slices.Values(plaid.Languages)); !slices.Equal(got, want) {
		t.Errorf("text/ has the languages %q, Link has %q", got, want)
	}
	eachLanguage(t, func(t *testing.T, lang string, words, english map[string]forms) {
		for _, key := range slices.Sorted(maps.Keys(english)) {
			if _, ok := words[key]; !ok && !strings.HasPrefix(key, englishOnly) {
				t.Errorf("missing: %s (%q)", key, english[key])
			}
		}
		for _, key := range slices.Sorted(maps.Keys(words)) {
			if _, ok := english[key]; !ok || strings.HasPrefix(key, englishOnly) {
				t.Errorf("superfluous: %s", key)
			}
		}
	})
}

// Each form of a text names the parameters that English names, and marks as many
// words as a link.
func TestLanguagesKeepParameters(t *testing.T) {
	param := regexp.MustCompile(`\{[^}]*\}?|\[|\]`)
	of := func(s string) []string {
		list := param.FindAllString(s, -1)
		slices.Sort(list)
		return slices.Compact(list)
	}
	eachLanguage(t, func(t *testing.T, lang string, words, english map[string]forms) {
		for key, entry := range words {
			want := of(english[key][""] + english[key]["other"])
			for form, s := range entry {
				if got := of(s); !slices.Equal(got, want) {
					t.Errorf("%s %s has the parameters %q, English has %q: %s", key, form, got, want, s)
				}
				if strings.Count(s, "[") > 1 || strings.Count(s, "]") > 1 {
					t.Errorf("%s marks more than one link: %s", key, s)
				}
			}
		}
	})
}

// pluralNames are the forms that whole numbers take in a language (Unicode CLDR),
// "other" always among them; most maps each to how many numbers below 200 take it,
// nought aside.
func pluralNames(lang string) (names []string, most map[string]int) {
	name := map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other"}
	tag := language.Make(lang)
	if lang == "pt" {
		tag = language.EuropeanPortuguese
	}
	most = map[string]int{"other": 0}
	for n := range 200 {
		form := name[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]
		if most[form] += 1; n == 0 {
			most[form]--
		}
	}
	return slices.Sorted(maps.Keys(most)), most
}

// A text that English has in plural forms has all those of the language. Where a
// form is for many numbers (Lithuanian and Latvian "one": 1, 21, 31) a sentence
// that does not show the number says "=1" apart.
func TestLanguagesHaveTheirPlurals(t *testing.T) {
	eachLanguage(t, func(t *testing.T, lang string, words, english map[string]forms) {
		names, most := pluralNames(lang)
		for key, entry := range words {
			_, plain := entry[""]
			if _, plainEnglish := english[key][""]; plain != plainEnglish {
				t.Errorf("%s: plural forms in one of English and %s only", key, lang)
				continue
			}
			if plain {
				continue
			}
			exact, hasExact := entry["=1"]
			var got []string
			for form := range entry {
				if form != "=1" {
					got = append(got, form)
				}
			}
			if slices.Sort(got); !slices.Equal(got, names) {
				t.Errorf("%s has the forms %q, %s needs %q", key, got, lang, names)
			}
			needs := most["one"] > 1 && !strings.Contains(entry["one"], "{count}")
			if needs != hasExact || hasExact && exact == entry["one"] {
				t.Errorf("%s: wants a form =1 of its own: %t, has one: %t", key, needs, hasExact)
			}
		}
	})
}

// buttons are what stands on a button, in one line.
func buttons(key string) bool {
	switch key {
	case "common.continue", "common.busy", "sandbox.fill", "health.another", "institution.numbers", "mfa.code.resend", "exit.stay", "exit.leave",
		"ended.again", "offline.retry", "error.try_again", "error.another_bank", "error.start_again", "error.close", "error.numbers", "error.bank_site":
		return true
	}
	return strings.HasSuffix(key, ".submit") && !strings.HasPrefix(key, englishOnly)
}

// letters counts what takes room in a line: vowel signs stand above or below.
func letters(s string) (n int) {
	for _, r := range s {
		if !unicode.Is(unicode.M, r) {
			n++
		}
	}
	return n
}

// A button's text is at most 1.6 times as long as in English. Up to 16 letters
// have room on every button.
func TestButtonsAreShort(t *testing.T) {
	const room = 16
	longer := map[string]string{ // and is seen to fit at 320 px
		"lt offline.retry":   "Bandyti dar kartą",
		"lt error.try_again": "Bandyti dar kartą",
	}
	eachLanguage(t, func(t *testing.T, lang string, words, english map[string]forms) {
		for key, entry := range words {
			if !buttons(key) {
				continue
			}
			s, most := entry[""], max(room, letters(english[key][""])*16/10)
			if known := longer[lang+" "+key]; (letters(s) > most) != (known == s && s != "") {
				t.Errorf("%s: %q has %d letters, %d have room", key, s, letters(s), most)
			}
		}
	})
}
