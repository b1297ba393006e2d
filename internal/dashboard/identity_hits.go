package dashboard

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/screening"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/screening/match"
)

// screeningPart is what the watchlists have about the person.
type screeningPart struct {
	ID    string
	Badge badge
	Terms []fact // whom is looked for
	Left  int    // hits that nobody has reviewed
	Hits  []hitCard
	Next  string // where more of them are
	Done  []hitCard
	All   *stepForm // decides about all hits at once; nil where nothing waits
}

// hitCard is an entry of a list that the person resembles.
type hitCard struct {
	ID      string
	List    string
	Name    string
	Entry   string // what the source calls it
	Score   int
	Badge   badge
	Compare []hitRow
	Facts   []fact
	Gone    string // why nobody has to look at it any more
	Form    *stepForm
}

// hitRow is a fact of the entry and how it compares.
type hitRow struct {
	Field, Value string
	Match        badge
}

const (
	perHits  = 10
	perKnown = 50
)

var screeningBadges = map[screening.Status]badge{
	screening.Cleared: {"badge-ok", "Cleared"}, screening.PendingReview: {"badge-warn", "Pending review"}, screening.Rejected: {"badge-bad", "Rejected"},
}

// listTitles are the lists that files can be of.
var listTitles = map[string]string{"US_SDN": "OFAC SDN", "US_FSE": "OFAC FSE", "US_SSI": "OFAC SSI", "IZ_UNC": "UN Security Council", "EU_CON": "EU consolidated", "UK_HMC": "UK sanctions"}

var summaryBadges = map[match.Summary]badge{
	match.Match: {"badge-bad", "Same"}, match.PartialMatch: {"badge-warn", "Similar"}, match.NoMatch: {"badge-ok", "Different"},
	match.NoData: {"", "Not on the list"}, match.NoInput: {"", "Not known of the person"},
}

// screeningPart gathers the hits of the attempt's screening; nil where it has none.
func (d *dashboard) screeningPart(ctx context.Context, a *idv.Attempt, token, path string, st checkState) (*screeningPart, error) {
	if a.ScreeningID == "" || d.Screening == nil {
		return nil, nil
	}
	sc, err := d.Screening.Of(ctx, a.ClientID, a.ScreeningID)
	if errors.Is(err, screening.ErrUnknown) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p := &screeningPart{ID: sc.ID, Badge: screeningBadges[sc.Status]}
	for _, f := range []fact{{"Name", sc.Terms.Name}, {"Date of birth", dateText(sc.Terms.BirthDate)}, {"Country", sc.Terms.Country}, {"Document", sc.Terms.Document}} {
		if f.Name == "Document" && !st.shown {
			f.Value = masked(f.Value)
		}
		if f.Value != "" {
			p.Terms = append(p.Terms, f)
		}
	}
	if p.Left, _, err = d.Screening.Tally(ctx, sc); err != nil {
		return nil, err
	}
	after, _ := strconv.ParseInt(st.after, 10, 64)
	hits, err := d.Screening.Undecided(ctx, sc, max(after, 0), perHits+1)
	if err != nil {
		return nil, err
	}
	if len(hits) > perHits {
		hits = hits[:perHits]
		p.Next = path + "?" + url.Values{"hits": {strconv.FormatInt(hits[perHits-1].Number(), 10)}}.Encode() + "#hits"
	}
	waits := sc.Status == screening.PendingReview && a.RedactedAt.IsZero()
	for _, h := range hits {
		card := hitCardOf(h)
		if waits {
			card.Form = hitForm(h.ID, card.Name, token, path, st)
		}
		p.Hits = append(p.Hits, card)
	}
	if waits && (p.Left != 1 || len(p.Hits) == 0) {
		p.All = hitForm("all", "the whole screening", token, path, st)
	}
	done, err := d.Screening.Decided(ctx, sc, perKnown)
	if err != nil {
		return nil, err
	}
	for _, h := range done {
		p.Done = append(p.Done, hitCardOf(h))
	}
	return p, nil
}

func hitForm(key, title, token, path string, st checkState) *stepForm {
	return &stepForm{form: form{Token: token, Path: path, Key: key, Typed: st.typed[key], Wrong: st.wrong[key]}, Title: title, Step: key}
}

func hitCardOf(h *screening.Hit) hitCard {
	card := hitCard{ID: h.ID, List: h.Code, Entry: h.Entry.UID, Score: h.Score}
	if title := listTitles[h.Code]; title != "" {
		card.List = title + " (" + h.Code + ")"
	}
	switch h.Review {
	case screening.HitConfirmed:
		card.Badge = badge{"badge-bad", "The person"}
	case screening.HitDismissed:
		card.Badge = badge{"badge-ok", "Another person"}
	default:
		card.Badge = badge{"badge-warn", "To review"}
	}
	switch {
	case h.Review != screening.HitPending:
	case h.Inactive > 0:
		card.Gone = "The list no longer has the entry since " + stampOf(clock.FromMillis(h.Inactive)) + "."
	case h.Historical > 0:
		card.Gone = "The entry no longer fits what is known of the person since " + stampOf(clock.FromMillis(h.Historical)) + "."
	}
	e, an := h.Entry, h.Analysis
	add := func(field string, values []string, all []match.Summary) {
		for i, value := range values {
			row := hitRow{Field: field, Value: value}
			if i < len(all) {
				row.Match = summaryBadges[all[i]]
			}
			card.Compare = append(card.Compare, row)
		}
	}
	add("Name", mapAll(e.Names, func(n list.Name) string {
		if n.Primary {
			card.Name = n.Full
			return n.Full
		}
		return n.Full + " (alias)"
	}), an.Names)
	add("Born", mapAll(e.Births, func(b list.Range) string {
		if b.From == b.To {
			return dateText(b.From)
		}
		return dateText(b.From) + " to " + dateText(b.To)
	}), an.Births)
	add("Document", mapAll(e.Documents, func(x list.Document) string { return x.Number + ", " + words(x.Type) }), an.Documents)
	add("Place", mapAll(e.Locations, func(l list.Location) string { return strings.TrimSpace(l.Full + " " + l.Country) }), an.Locations)
	card.Facts = []fact{{"Entry", e.UID}, {"Seen on the list since", stampOf(clock.FromMillis(h.FirstActive))}}
	if len(e.Programs) > 0 {
		card.Facts = append(card.Facts, fact{"Programs", strings.Join(e.Programs, ", ")})
	}
	return card
}

func mapAll[T any](all []T, f func(T) string) []string {
	list := make([]string, len(all))
	for i, v := range all {
		list[i] = f(v)
	}
	return list
}

// reviews are what people have said about the hits of the attempt's screening.
func (d *dashboard) reviews(ctx context.Context, a *idv.Attempt) ([]recordRow, error) {
	if a.ScreeningID == "" || d.Screening == nil {
		return nil, nil
	}
	sc, err := d.Screening.Of(ctx, a.ClientID, a.ScreeningID)
	if errors.Is(err, screening.ErrUnknown) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := d.Screening.Reviews(ctx, sc, perKnown)
	if err != nil {
		return nil, err
	}
	var rows []recordRow
	for _, r := range all {
		row := recordRow{At: stampOf(clock.FromMillis(r.Audit.At)), Why: deref(r.Comment), By: r.By, sort: r.Audit.At, What: reviewed(r)}
		if row.By == "" {
			row.By = a.ClientID + ", by " + r.Audit.Source
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// reviewed says what a review has come to.
func reviewed(r *screening.Review) string {
	var parts []string
	if n := len(r.Dismissed); n > 0 {
		parts = append(parts, counted(int64(n), "hit is another person", "hits are other people"))
	}
	if n := len(r.Confirmed); n > 0 {
		parts = append(parts, counted(int64(n), "hit is the person", "hits are the person"))
	}
	if len(parts) == 0 {
		return "Watchlist: reviewed as a whole"
	}
	return "Watchlist: " + strings.Join(parts, ", ")
}
