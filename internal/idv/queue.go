package idv

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Look says which attempts of a client a person looks through.
type Look struct {
	ClientID string
	Status   Status // "" for any: those that wait for a person come first
	Search   string // the id of an attempt, or a client_user_id; "" for none
	After    string // Page.Next of the page before; "" for the first
}

// Page is a part of what Look finds: attempts that wait for a person from the oldest
// on, others from the newest.
type Page struct {
	Attempts []*Attempt
	Next     string // where the next page begins, "" after the last
}

// mark is where a page begins: behind an attempt, among those that wait or the rest.
type mark struct {
	waiting bool
	at      int64 // Unix ms
	id      string
}

var errMark = plaid.InvalidField("after must be where a page begins")

func (p mark) String() string {
	kind := "r"
	if p.waiting {
		kind = "w"
	}
	return kind + strconv.FormatInt(p.at, 10) + "." + p.id
}

func markOf(s string) (mark, error) {
	rest, waiting := strings.CutPrefix(s, "w")
	rest, other := strings.CutPrefix(rest, "r")
	at, id, ok := strings.Cut(rest, ".")
	ms, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil || waiting == other || len(id) > 60 || strings.ContainsFunc(id, func(r rune) bool { return r < ' ' || r > '~' }) {
		return mark{}, errMark
	}
	return mark{waiting, ms, id}, nil
}

// Look lists up to n attempts.
func (s *Service) Look(ctx context.Context, l Look, n int) (Page, error) {
	from := mark{waiting: l.Search == "" && (l.Status == "" || l.Status == PendingReview), at: math.MaxInt64}
	if from.waiting {
		from.at = 0
	}
	if l.After != "" {
		begin, err := markOf(l.After)
		if err != nil || begin.waiting && !from.waiting {
			return Page{}, errMark
		}
		from = begin
	}
	if l.Search != "" {
		return s.search(ctx, l, from, n)
	}
	list, err := s.lookFrom(ctx, l, from, n+1)
	if err != nil {
		return Page{}, fmt.Errorf("idv: list: %w", err)
	}
	if len(list) <= n {
		return Page{Attempts: list}, nil
	}
	last := list[n-1]
	waiting := last.Status == PendingReview && from.waiting
	return Page{list[:n], mark{waiting, clock.Millis(last.CreatedAt), last.ID}.String()}, nil
}

// attemptsOther merges the attempts of all statuses but that which waits, each from an
// index.
var attemptsOther = func() string {
	var parts []string
	for _, status := range []Status{Active, Success, Failed, Expired, Canceled} {
		parts = append(parts, `SELECT * FROM (`+attemptColumns+`WHERE client_id = $1 AND status = '`+string(status)+`' AND (created_at, id) < ($2, $3)
 ORDER BY created_at DESC, id DESC LIMIT $4) AS of_`+string(status))
	}
	return strings.Join(parts, "\n UNION ALL ") + "\n ORDER BY created_at DESC, id DESC LIMIT $4"
}()

// lookFrom reads up to n attempts: those that wait, then the rest.
func (s *Service) lookFrom(ctx context.Context, l Look, from mark, n int) ([]*Attempt, error) {
	var list []*Attempt
	if from.waiting {
		waiting, err := s.collect(ctx, attemptsWaiting, l.ClientID, string(PendingReview), from.at, from.id, n)
		if err != nil || len(waiting) == n || l.Status == PendingReview {
			return waiting, err
		}
		list, from = waiting, mark{at: math.MaxInt64}
	}
	if l.Status != "" {
		return s.collect(ctx, attemptsOfStatus, l.ClientID, string(l.Status), from.at, from.id, n)
	}
	rest, err := s.collect(ctx, attemptsOther, l.ClientID, from.at, from.id, n-len(list))
	return append(list, rest...), err
}

// search finds an attempt by its id, or those of a person from the newest on.
func (s *Service) search(ctx context.Context, l Look, from mark, n int) (Page, error) {
	a, err := s.Get(ctx, l.ClientID, l.Search)
	switch {
	case err == nil && (l.Status == "" || l.Status == a.Status):
		return Page{Attempts: []*Attempt{a}}, nil
	case err == nil:
		return Page{}, nil
	case !errors.Is(err, errUnknown):
		return Page{}, err
	}
	list, err := s.collect(ctx, attemptsOfPerson, l.ClientID, l.Search, from.at, from.id, string(l.Status), n+1)
	if err != nil || len(list) <= n {
		return Page{Attempts: list}, err
	}
	return Page{list[:n], mark{false, clock.Millis(list[n-1].CreatedAt), list[n-1].ID}.String()}, nil
}

// Person lists up to n attempts of the person of an attempt, the newest first.
func (s *Service) Person(ctx context.Context, a *Attempt, n int) ([]*Attempt, error) {
	return s.collect(ctx, attemptsOfPerson, a.ClientID, a.ClientUserID, int64(math.MaxInt64), "", "", n)
}

// maxCounted bounds what Waiting counts to: beyond it, it is many.
const maxCounted = 1000

// Waiting counts the attempts of a client that wait for a person, to a thousand.
func (s *Service) Waiting(ctx context.Context, clientID string) (int, error) {
	n := 0
	err := s.db.QueryRow(ctx, countWaiting, clientID, string(PendingReview), maxCounted).Scan(&n)
	return n, err
}

// Latest reports whether no attempt of the person at the template came after this one.
func (s *Service) Latest(ctx context.Context, a *Attempt) (bool, error) {
	last, err := s.read(ctx, s.db, attemptLatest, a.ClientID, a.ClientUserID, a.TemplateID)
	if errors.Is(err, store.ErrNoRows) {
		return true, nil
	}
	return err == nil && last.ID == a.ID, err
}

// Why says why a step stands as it does, without anything personal; "" where there is
// nothing to say.
func (a *Attempt) Why(step Step) string { return a.why(step) }

// ShareableURL is where a person can complete an attempt, "" where there is none.
func (s *Service) ShareableURL(a *Attempt) string {
	if a.Key == "" {
		return ""
	}
	return s.shareable(a)
}
