package match

import (
	"strings"
	"time"

	idmatch "github.com/glencheck-dev/glencheck/internal/identity/match"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
)

// Summary says how what is known of somebody compares with an entry (schema
// MatchSummaryCode).
type Summary string

// The summaries.
const (
	Match        Summary = "match"
	PartialMatch Summary = "partial_match"
	NoMatch      Summary = "no_match"
	NoData       Summary = "no_data"  // the list does not say
	NoInput      Summary = "no_input" // nobody has said of whom is looked for
)

// Analysis is how a query compares with each fact of an entry: the lists go with
// those of the entry.
type Analysis struct {
	Names, Births, Documents, Locations, Emails, Phones, URLs []Summary
}

// The names that match, and those that do so in part.
const (
	matchFrom   = 90
	partialFrom = 70
)

// Analyse compares a query with an entry of a kind.
func Analyse(kind list.Kind, about Query, e *list.Entry) Analysis {
	v := newVocabulary()
	q := v.parse(about.Name, kind == list.Entity)
	a := Analysis{}
	for _, n := range e.Names {
		held := v.parse(n.Full, kind == list.Entity)
		abjad := q.abjad || held.abjad
		points := score(&q, &held, func(i int, w *word) int { return like(q.words[i], w, abjad) })
		switch {
		case points >= matchFrom:
			a.Names = append(a.Names, Match)
		case points >= partialFrom:
			a.Names = append(a.Names, PartialMatch)
		default:
			a.Names = append(a.Names, NoMatch)
		}
	}
	for _, r := range e.Births {
		a.Births = append(a.Births, birth(about.BirthDate, r))
	}
	for _, d := range e.Documents {
		a.Documents = append(a.Documents, document(about.Document, d.Number))
	}
	for _, l := range e.Locations {
		a.Locations = append(a.Locations, equal(about.Country, l.Country))
	}
	for _, s := range e.Emails {
		a.Emails = append(a.Emails, equal(strings.ToLower(about.Email), strings.ToLower(s)))
	}
	for _, s := range e.Phones {
		a.Phones = append(a.Phones, equal(digits(about.Phone), digits(s)))
	}
	for _, s := range e.URLs {
		a.URLs = append(a.URLs, equal(host(about.URL), host(s)))
	}
	return a
}

// Sum is the best of the summaries of one kind of fact. input says whether anything is
// known of whom is looked for.
func Sum(all []Summary, input bool) Summary {
	best := NoData
	if !input {
		best = NoInput
	}
	for _, s := range all {
		if rank[s] > rank[best] {
			best = s
		}
	}
	return best
}

var rank = map[Summary]int{NoMatch: 1, PartialMatch: 2, Match: 3}

// births is the best of the ranges of an entry.
func births(said string, held []list.Range) Summary {
	best := NoData
	for _, r := range held {
		if s := birth(said, r); rank[s] > rank[best] {
			best = s
		}
	}
	return best
}

// birth compares a day with a range.
func birth(said string, r list.Range) Summary {
	if said == "" {
		return NoInput
	}
	if said >= r.From && said <= r.To {
		return Match
	}
	d, err := time.Parse(time.DateOnly, said)
	if err != nil {
		return NoMatch
	}
	if d.AddDate(1, 0, 0).Format(time.DateOnly) >= r.From && d.AddDate(-1, 0, 0).Format(time.DateOnly) <= r.To {
		return PartialMatch
	}
	if s := said[:5] + said[8:10] + "-" + said[5:7]; s >= r.From && s <= r.To { // day and month exchanged
		return PartialMatch
	}
	return NoMatch
}

func document(said, held string) Summary {
	x, y := documentKey(said), documentKey(held)
	switch {
	case said == "":
		return NoInput
	case x == y && x != "" || strings.EqualFold(said, held):
		return Match
	case len(x) > 6 && len(y) > 6 && idmatch.Distance(x, y) == 1:
		return PartialMatch
	}
	return NoMatch
}

func equal(said, held string) Summary {
	switch {
	case said == "":
		return NoInput
	case held == "":
		return NoData
	case said == held:
		return Match
	}
	return NoMatch
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// host is the name of a website without what its writers differ in.
func host(s string) string {
	s = strings.ToLower(s)
	for _, p := range []string{"https://", "http://", "www."} {
		s = strings.TrimPrefix(s, p)
	}
	s, _, _ = strings.Cut(s, "/")
	return s
}
