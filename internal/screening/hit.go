package screening

import (
	"context"
	"crypto/sha256"
	"maps"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/screening/match"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// ReviewStatus is how a hit stands (schema WatchlistScreeningHitStatus).
type ReviewStatus string

// The statuses of a hit.
const (
	HitPending   ReviewStatus = "pending_review"
	HitConfirmed ReviewStatus = "confirmed"
	HitDismissed ReviewStatus = "dismissed"
)

// Hit is an entry of a list that may mean whom a screening looks for.
type Hit struct {
	ID     string
	Code   string
	UID    string
	Review ReviewStatus
	number int64
	hitRecord
}

// hitRecord is what a hit shows. It is sealed: which entry somebody resembles is
// personal.
type hitRecord struct {
	Entry        list.Entry     `json:"entry"`
	Score        int            `json:"score,omitempty"` // of its best name; 0 in records from before there was one
	Analysis     match.Analysis `json:"analysis"`
	Sums         sums           `json:"sums"`
	TermsVersion int64          `json:"terms_version"`
	FirstActive  int64          `json:"first_active"`
	Inactive     int64          `json:"inactive,omitempty"`
	Historical   int64          `json:"historical,omitempty"`
}

// sums are the summaries of the facts of one kind.
type sums struct {
	Names, Births, Documents, Locations, Emails, Phones, URLs match.Summary
}

// open reports whether somebody has to look at the hit.
func (h *Hit) open() bool {
	return h.Review == HitConfirmed || h.Review == HitPending && h.Inactive == 0 && h.Historical == 0
}

// found is an entry that a search has found.
type found struct {
	code string
	hitRecord
}

// result is what a search has found, and the index it was made with.
type result struct {
	entries []found
	listed  func(code, uid string) bool
}

// search looks for a screening on the lists of a program.
func (s *Service) search(ctx context.Context, sc *Screening, p *Program) (result, error) {
	x, err := s.indexOf(ctx, sc.Kind)
	if err != nil {
		return result{}, err
	}
	q := sc.Terms.query()
	var all []found
	for _, h := range x.Search(q, thresholds[p.Sensitivity], p.wants) {
		e := x.Entry(h.Entry)
		f := found{e.Code, hitRecord{Entry: e.Entry, Score: h.Score, Analysis: match.Analyse(sc.Kind, q, &e.Entry), TermsVersion: sc.Terms.Version, FirstActive: x.since[h.Entry]}}
		f.Sums = sums{
			match.Sum(f.Analysis.Names, true), match.Sum(f.Analysis.Births, q.BirthDate != ""), match.Sum(f.Analysis.Documents, q.Document != ""),
			match.Sum(f.Analysis.Locations, q.Country != ""), match.Sum(f.Analysis.Emails, q.Email != ""), match.Sum(f.Analysis.Phones, q.Phone != ""), match.Sum(f.Analysis.URLs, q.URL != ""),
		}
		all = append(all, f)
	}
	return result{all, x.listed}, nil
}

// plaidUID is the same for an entry in every search, on every server.
func plaidUID(code, uid string) string {
	sum := sha256.Sum256([]byte(code + ":" + uid))
	id := make([]byte, 14)
	for i := range id {
		id[i] = idAlphabet[int(sum[i])%len(idAlphabet)]
	}
	return "uid_" + string(id)
}

// keepHits adds what was found for the first time to the hits of a screening and brings
// up to date those that wait for a review. It reports whether a hit is new or has come
// back.
func (s *Service) keepHits(ctx context.Context, tx *store.Tx, sc *Screening, have []*Hit, r result) (news bool, err error) {
	type place struct{ code, uid string }
	byPlace := map[place]*Hit{}
	for _, h := range have {
		byPlace[place{h.Code, h.UID}] = h
	}
	for _, f := range r.entries {
		at := place{f.code, f.Entry.UID}
		h := byPlace[at]
		if h == nil {
			h = &Hit{ID: s.newID(idsOf[sc.Kind].hit), Code: f.code, UID: f.Entry.UID, Review: HitPending, hitRecord: f.hitRecord}
			if h.number, err = store.NextNumber(ctx, tx, "screening_hit"); err != nil {
				return false, err
			}
			if err := s.insertHit(ctx, tx, sc.ID, h); err != nil {
				return false, err
			}
			news = true
			continue
		}
		delete(byPlace, at)
		if h.Review != HitPending {
			continue
		}
		back := !h.open()
		f.hitRecord.FirstActive = min(f.FirstActive, h.FirstActive)
		h.hitRecord = f.hitRecord
		news = news || back
		if err := s.updateHit(ctx, tx, h); err != nil {
			return false, err
		}
	}
	return news, s.retire(ctx, tx, slices.Collect(maps.Values(byPlace)), r)
}

// retire marks the hits that a search no longer finds: because the list has the entry
// no more, or because it no longer fits.
func (s *Service) retire(ctx context.Context, tx *store.Tx, hits []*Hit, r result) error {
	now := clock.Millis(s.clock.Now())
	for _, h := range hits {
		if h.Review != HitPending {
			continue
		}
		listed := r.listed(h.Code, h.UID)
		switch {
		case !listed && h.Inactive == 0:
			h.Inactive = now
		case listed && h.Historical == 0:
			h.Historical = now
		default:
			continue
		}
		if err := s.updateHit(ctx, tx, h); err != nil {
			return err
		}
	}
	return nil
}

// reconcile brings the hits of a screening to what a search has found, and reports
// whether one is open.
func (s *Service) reconcile(ctx context.Context, tx *store.Tx, sc *Screening, r result) (open bool, err error) {
	have, err := s.hits(ctx, tx, sc.ID, 0, allHits)
	if err != nil {
		return false, err
	}
	news, err := s.keepHits(ctx, tx, sc, have, r)
	if err != nil || news {
		return news, err
	}
	for _, h := range have {
		open = open || h.open()
	}
	return open, nil
}

// allHits is more than a screening ever has.
const allHits = 1_000_000
