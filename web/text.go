package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed text/*.json
var textFiles embed.FS

// fallback is the language every key exists in.
const fallback = "en"

// A message is one entry of a text file: one string, or one per plural form.
type message struct {
	forms map[plural.Form]string
	exact map[int]string // "=1" and the like: for this number alone
}

// UnmarshalJSON reads a plain string or an object of plural forms ("one", "few",
// "other", ... as in Unicode CLDR) and of exact numbers ("=1"). An exact number
// serves sentences that do not show it: in Lithuanian "one" is the form of 1, 21,
// 31 and so on, which "Your account is connected" must not follow.
func (m *message) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		m.forms = map[plural.Form]string{plural.Other: s}
		return nil
	}
	var forms map[string]string
	if err := json.Unmarshal(data, &forms); err != nil {
		return err
	}
	m.forms = make(map[plural.Form]string, len(forms))
	for name, s := range forms {
		if digits, ok := strings.CutPrefix(name, "="); ok {
			n, err := strconv.Atoi(digits)
			if err != nil {
				return fmt.Errorf("%q is not an exact number", name)
			}
			if m.exact == nil {
				m.exact = map[int]string{}
			}
			m.exact[n] = s
			continue
		}
		form, ok := pluralForms[name]
		if !ok {
			return fmt.Errorf("no plural form is called %q", name)
		}
		m.forms[form] = s
	}
	if _, ok := m.forms[plural.Other]; !ok {
		return fmt.Errorf("the plural form %q is missing", "other")
	}
	return nil
}

var pluralForms = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two,
	"few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// A Texter answers the words of a key in one language. Arguments are pairs of
// parameter name and value; the value of "count" also picks the plural form.
// A key that the language lacks comes back in English, an unknown key as itself,
// so that a mistake shows and nothing breaks.
type Texter func(key string, args ...string) string

// catalogues reads the file of each language when it is first asked for. The
// files are part of the program: one that cannot be read is a defect that the
// tests, which read all of them, would show.
var catalogues = sync.OnceValue(func() map[string]func() map[string]message {
	files, err := textFiles.ReadDir("text")
	if err != nil {
		panic(err)
	}
	all := make(map[string]func() map[string]message, len(files))
	for _, f := range files {
		all[strings.TrimSuffix(f.Name(), ".json")] = sync.OnceValue(func() map[string]message { return parse(f.Name()) })
	}
	return all
})

func parse(name string) map[string]message {
	data, err := textFiles.ReadFile(path.Join("text", name))
	if err != nil {
		panic(err)
	}
	words := map[string]message{}
	if err := json.Unmarshal(data, &words); err != nil {
		panic(fmt.Errorf("text/%s: %w", name, err))
	}
	return words
}

// catalogue is the words of a language, none where it has no file.
func catalogue(lang string) map[string]message {
	if words, ok := catalogues()[lang]; ok {
		return words()
	}
	return nil
}

// grammar is the language whose plural rules the words of lang follow. The file
// pt.json is European Portuguese, where nought is plural ("0 resultados"); CLDR
// takes "pt" for Brazilian.
func grammar(lang string) language.Tag {
	if lang == "pt" {
		return language.EuropeanPortuguese
	}
	return language.Make(lang)
}

// Languages lists the languages that have a file, sorted.
func Languages() []string {
	return slices.Sorted(maps.Keys(catalogues()))
}

// Text answers the words of a Link language. A language without a file is English.
func Text(lang string) Texter {
	words := catalogue(lang)
	english := catalogue(fallback)
	tag := grammar(lang)
	return func(key string, args ...string) string {
		m, ok := words[key]
		in := tag
		if !ok {
			if m, ok = english[key]; !ok {
				return key
			}
			in = language.English
		}
		return m.render(in, args)
	}
}

// TextLanguage answers the language in which the words of lang are written:
// lang itself where it has a file, else English. It belongs into the lang attribute.
func TextLanguage(lang string) string {
	if _, ok := catalogues()[lang]; ok {
		return lang
	}
	return fallback
}

// Preferred picks the language that an Accept-Language header likes best among
// those that have words, for a page that no link token gives a language.
func Preferred(acceptLanguage string) string {
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return fallback
	}
	for _, tag := range wanted {
		base, _ := tag.Base()
		lang := base.String()
		if lang == "nb" || lang == "nn" { // the words of both Norwegians are under no
			lang = "no"
		}
		if TextLanguage(lang) == lang {
			return lang
		}
	}
	return fallback
}

// HasText reports whether English, and so every language, knows the key.
func HasText(key string) bool {
	_, ok := catalogue(fallback)[key]
	return ok
}

// Keys lists every key of English, sorted.
func Keys() []string { return LanguageKeys(fallback) }

// LanguageKeys lists the keys that the file of a language holds, sorted.
func LanguageKeys(lang string) []string {
	return slices.Sorted(maps.Keys(catalogue(lang)))
}

func (m message) render(lang language.Tag, args []string) string {
	args = args[:len(args)/2*2]
	s := m.forms[plural.Other]
	for i := 0; i < len(args); i += 2 {
		if args[i] != "count" {
			continue
		}
		if n, err := strconv.Atoi(args[i+1]); err == nil && n >= 0 {
			if t, ok := m.exact[n]; ok {
				s = t
			} else if t, ok := m.forms[plural.Cardinal.MatchPlural(lang, n, 0, 0, 0, 0)]; ok {
				s = t
			}
		}
	}
	if len(args) == 0 {
		return s
	}
	// All parameters are replaced in one pass: a value that contains braces stays as it is.
	pairs := make([]string, 0, len(args))
	for i := 0; i < len(args); i += 2 {
		pairs = append(pairs, "{"+args[i]+"}", args[i+1])
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// Around cuts a sentence at its first [marked words]: what stands before, the
// words themselves, and what follows. It serves sentences that contain a link;
// without marked words all of s is before.
func Around(s string) (before, marked, after string) {
	before, rest, ok := strings.Cut(s, "[")
	if !ok {
		return s, "", ""
	}
	marked, after, ok = strings.Cut(rest, "]")
	if !ok {
		return s, "", ""
	}
	return before, marked, after
}
