package screening

import (
	"context"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Verdict is what a person decides in the dashboard about hits of a screening: what a
// review and an update do one after the other.
type Verdict struct {
	By string // the client that they signed in as
	// Hit is the hit that is meant; "" for the screening with all that are undecided.
	Hit string
	// Same says that the person is the one on the list: the screening is rejected.
	// Otherwise they are another, and the screening is cleared once no hit is left.
	Same    bool
	Comment string
}

var (
	// ErrDecided says that the hit or the screening no longer waits for a review.
	ErrDecided = errors.New("screening: it was decided already")
	// ErrUnknown answers a screening that the client does not have.
	ErrUnknown = errUnknown
)

// Of reads the screening of a person.
func (s *Service) Of(ctx context.Context, clientID, id string) (*Screening, error) {
	return s.find(ctx, s.db, clientID, list.Individual, id)
}

// Undecided lists up to n hits of a screening after a number that nobody has reviewed.
func (s *Service) Undecided(ctx context.Context, sc *Screening, after int64, n int) ([]*Hit, error) {
	return s.hitsBy(ctx, s.db, hitsUndecided, sc.ID, after, n)
}

// Decided lists the first n hits of a screening that somebody has reviewed.
func (s *Service) Decided(ctx context.Context, sc *Screening, n int) ([]*Hit, error) {
	return s.hitsBy(ctx, s.db, hitsDecided, sc.ID, 0, n)
}

// Tally counts the hits of a screening that nobody has reviewed, and all others.
func (s *Service) Tally(ctx context.Context, sc *Screening) (undecided, decided int, err error) {
	err = s.db.QueryRow(ctx, tallyHits, sc.ID).Scan(&undecided, &decided)
	return undecided, decided, err
}

// Reviews lists the last n reviews of a screening, the newest first.
func (s *Service) Reviews(ctx context.Context, sc *Screening, n int) ([]*Review, error) {
	return s.reviews(ctx, sc.ID, newest, n)
}

// Number says where a hit is in the list of a screening.
func (h *Hit) Number() int64 { return h.number }

// Open reports whether somebody has to look at the hit: it is on the list and fits.
func (h *Hit) Open() bool { return h.open() }

// Decide keeps a review and gives the screening the status that follows from it, in one
// transaction.
func (s *Service) Decide(ctx context.Context, clientID, id string, v Verdict) (*Screening, error) {
	for range changeTries {
		sc, err := s.Of(ctx, clientID, id)
		if err != nil {
			return nil, err
		}
		if sc.Status != PendingReview {
			return nil, ErrDecided
		}
		before := sc.record
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			sc.record = before // it may run more than once
			return s.decide(ctx, tx, sc, v)
		})
		if !errors.Is(err, errMoved) {
			return sc, err
		}
	}
	return nil, fmt.Errorf("screening: %w, %d times", errMoved, changeTries)
}

func (s *Service) decide(ctx context.Context, tx *store.Tx, sc *Screening, v Verdict) error {
	if err := s.hold(ctx, tx, sc); err != nil {
		return err
	}
	have, err := s.hits(ctx, tx, sc.ID, 0, allHits)
	if err != nil {
		return err
	}
	r := reviewRecord{By: v.By, Audit: s.audit(byDashboard)}
	if v.Comment != "" {
		r.Comment = &v.Comment
	}
	left, meant := false, v.Hit == ""
	for _, h := range have {
		switch {
		case h.ID == v.Hit && h.Review != HitPending:
			return ErrDecided
		case h.ID == v.Hit && v.Same:
			r.Confirmed, meant = append(r.Confirmed, h.ID), true
		case h.ID == v.Hit || v.Hit == "" && !v.Same && h.Review == HitPending:
			r.Dismissed, meant = append(r.Dismissed, h.ID), true
		default:
			left = left || h.open()
		}
	}
	if !meant {
		return plaid.InvalidField("hit must be the ID of a hit of the screening")
	}
	if err := s.keepReview(ctx, tx, sc, &Review{ID: s.newID(idsOf[sc.Kind].review), reviewRecord: r}); err != nil {
		return err
	}
	before := sc.record
	switch {
	case v.Same:
		sc.Status = Rejected
	case !left:
		sc.Status = Cleared
	}
	sc.Audit = s.audit(byDashboard)
	return s.store(ctx, tx, sc, before) // also without another status: two reviewers do not pass each other
}

// Redact removes from the screening of an origin whom it looks for, what its history
// and its reviews say of them, and its hits, as who resembles an entry has its name.
// Status, audit trail and the ids of reviewed hits stay. It is never searched for again.
func (s *Service) Redact(ctx context.Context, tx *store.Tx, clientID, origin string) error {
	sc, err := s.read(ctx, tx, screeningByOrigin, clientID, origin)
	if errors.Is(err, store.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	bare := func(r record) record {
		r.Terms, r.Redacted = Terms{Version: r.Terms.Version}, true
		return r
	}
	before := sc.record
	sc.record = bare(before)
	if err := s.save(ctx, tx, sc, sc.record); err != nil {
		return err
	}
	old, err := s.historyIn(ctx, tx, sc, newest, allHits)
	if err != nil {
		return err
	}
	for _, o := range old {
		sealed, err := s.vault.SealJSON(bare(o.record), sealedHistory+sc.ID)
		if err != nil {
			return err
		}
		if err := tx.ExecOne(ctx, rewriteHistory, sealed, sc.ID, o.seq); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, deleteHits, sc.ID); err != nil {
		return err
	}
	reviews, err := s.reviewsIn(ctx, tx, sc.ID, newest, allHits)
	if err != nil {
		return err
	}
	for _, r := range reviews {
		r.Comment = nil
		sealed, err := s.vault.SealJSON(r.reviewRecord, sealedReview+r.ID)
		if err != nil {
			return err
		}
		if err := tx.ExecOne(ctx, rewriteReview, sealed, r.ID); err != nil {
			return err
		}
	}
	return nil
}
