package screening

import (
	"context"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Review is what somebody has said about the hits of a screening.
type Review struct {
	ID     string
	number int64
	reviewRecord
}

type reviewRecord struct {
	Confirmed []string `json:"confirmed"`
	Dismissed []string `json:"dismissed"`
	Comment   *string  `json:"comment"`
	Audit     Audit    `json:"audit"`
	// By is the client that the reviewer signed in as in the dashboard.
	By string `json:"by,omitempty"`
}

// review keeps a review and marks the hits that it is about.
func (s *Service) review(ctx context.Context, sc *Screening, r reviewRecord) (*Review, error) {
	if slices.ContainsFunc(r.Confirmed, func(id string) bool { return slices.Contains(r.Dismissed, id) }) {
		return nil, plaid.InvalidField("confirmed_hits and dismissed_hits must not name the same hit")
	}
	if len(r.Confirmed)+len(r.Dismissed) == 0 && (r.Comment == nil || *r.Comment == "") {
		return nil, plaid.InvalidField("comment must be filled when confirmed_hits and dismissed_hits are empty")
	}
	r.Audit = s.audit(byAPI)
	kept := &Review{ID: s.newID(idsOf[sc.Kind].review), reviewRecord: r}
	if err := s.db.Write(ctx, func(tx *store.Tx) error { return s.keepReview(ctx, tx, sc, kept) }); err != nil {
		return nil, err
	}
	return kept, nil
}

// keepReview stores a review and marks its hits.
func (s *Service) keepReview(ctx context.Context, tx *store.Tx, sc *Screening, r *Review) (err error) {
	if err := s.mark(ctx, tx, sc, "confirmed_hits", r.Confirmed, HitConfirmed); err != nil {
		return err
	}
	if err := s.mark(ctx, tx, sc, "dismissed_hits", r.Dismissed, HitDismissed); err != nil {
		return err
	}
	if r.number, err = store.NextNumber(ctx, tx, "screening_review"); err != nil {
		return err
	}
	return s.insertReview(ctx, tx, sc.ID, r)
}

func (s *Service) mark(ctx context.Context, tx *store.Tx, sc *Screening, field string, ids []string, status ReviewStatus) error {
	for _, id := range ids {
		res, err := tx.Exec(ctx, markHit, string(status), id, sc.ID)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n == 0 {
			return plaid.InvalidField(field + " must be a list of IDs of hits of the screening")
		}
	}
	return nil
}
