package idv

import (
	"context"
	"database/sql"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// sealedAttempt binds the sealed column to its row; the attempt's id follows.
const sealedAttempt = "idv_attempt:"

const (
	attemptColumns = `SELECT id, client_id, client_user_id, template_id, number, status, seq, created_at, sealed FROM idv_attempt `
	attemptByID    = attemptColumns + `WHERE id = $1`
	attemptLatest  = attemptColumns + `WHERE client_id = $1 AND client_user_id = $2 AND template_id = $3 ORDER BY number DESC LIMIT 1`
	attemptOfUser  = attemptColumns + `WHERE client_id = $1 AND client_user_id = $2 ORDER BY created_at DESC, id LIMIT 1`
	attemptPage    = attemptColumns + `WHERE client_id = $1 AND client_user_id = $2 AND template_id = $3 AND number < $4 ORDER BY number DESC LIMIT $5`
	// A place in a list is a time and an id.
	attemptsWaiting  = attemptColumns + `WHERE client_id = $1 AND status = $2 AND (created_at, id) > ($3, $4) ORDER BY created_at, id LIMIT $5`
	attemptsOfStatus = attemptColumns + `WHERE client_id = $1 AND status = $2 AND (created_at, id) < ($3, $4) ORDER BY created_at DESC, id DESC LIMIT $5`
	attemptsOfPerson = attemptColumns + `WHERE client_id = $1 AND client_user_id = $2 AND (created_at, id) < ($3, $4) AND ($5 = '' OR status = $5)
 ORDER BY created_at DESC, id DESC LIMIT $6`
	countWaiting = `SELECT COUNT(*) FROM (SELECT id FROM idv_attempt WHERE client_id = $1 AND status = $2 LIMIT $3) AS waiting`

	insertAttempt = `INSERT INTO idv_attempt (id, client_id, client_user_id, template_id, number, status, seq, created_at, sealed)
 VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8) ON CONFLICT (client_id, client_user_id, template_id, number) DO NOTHING`
	updateAttempt = `UPDATE idv_attempt SET status = $1, seq = seq + 1, sealed = $2 WHERE id = $3 AND seq = $4`

	selectTemplate = `SELECT body FROM idv_template WHERE client_id = $1 AND template_id = $2 ORDER BY version DESC LIMIT 1`
	listTemplates  = `SELECT body FROM idv_template WHERE client_id = $1 ORDER BY template_id, version DESC`
	insertTemplate = `INSERT INTO idv_template (client_id, template_id, version, body, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`
)

// querier is what both a transaction and the database can do.
type querier interface {
	QueryRow(ctx context.Context, query string, args ...any) store.Row
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// errMoved says that an attempt has changed since it was read.
var errMoved = errors.New("idv: the attempt has changed meanwhile")

// read finds one attempt; store.ErrNoRows if there is none.
func (s *Service) read(ctx context.Context, from querier, query string, args ...any) (*Attempt, error) {
	return s.scan(from.QueryRow(ctx, query, args...).Scan)
}

func (s *Service) scan(scan func(...any) error) (*Attempt, error) {
	a := &Attempt{}
	var created int64
	var sealed string
	if err := scan(&a.ID, &a.ClientID, &a.ClientUserID, &a.TemplateID, &a.Number, &a.Status, &a.seq, &created, &sealed); err != nil {
		return nil, err
	}
	a.CreatedAt = clock.FromMillis(created)
	return a, s.vault.OpenJSON(sealed, sealedAttempt+a.ID, &a.record)
}

// page reads up to n attempts of a person that came before a number, the newest
// first.
func (s *Service) page(ctx context.Context, clientID, clientUserID, templateID string, before int64, n int) ([]*Attempt, error) {
	return s.collect(ctx, attemptPage, clientID, clientUserID, templateID, before, n)
}

// collect reads all attempts that a query finds.
func (s *Service) collect(ctx context.Context, query string, args ...any) ([]*Attempt, error) {
	rows, err := s.db.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []*Attempt
	for rows.Next() {
		a, err := s.scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// insert stores a new attempt with what follows from it. It reports false where the
// person has an attempt of that number already.
func (s *Service) insert(ctx context.Context, tx *store.Tx, a *Attempt) (bool, error) {
	sealed, err := s.vault.SealJSON(a.record, sealedAttempt+a.ID)
	if err != nil {
		return false, err
	}
	res, err := tx.Exec(ctx, insertAttempt, a.ID, a.ClientID, a.ClientUserID, a.TemplateID, a.Number, a.Status, clock.Millis(a.CreatedAt), sealed)
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	a.seq = 1
	if err := s.keepDecision(ctx, tx, a, a.seq); err != nil {
		return false, err
	}
	if after := a.Plan.ExpireAfter; after > 0 {
		if err := s.cfg.Scheduler.Schedule(ctx, tx, a.CreatedAt.Add(seconds(after)), jobExpire, a.ID, a.ClientID); err != nil {
			return false, err
		}
	}
	return true, s.follow(ctx, tx, a)
}

// update stores a changed attempt with what follows from the change; errMoved where
// somebody else has been faster.
func (s *Service) update(ctx context.Context, tx *store.Tx, a *Attempt) error {
	sealed, err := s.vault.SealJSON(a.record, sealedAttempt+a.ID)
	if err != nil {
		return err
	}
	s.answers.Drop(tx, a.ID)
	res, err := tx.Exec(ctx, updateAttempt, a.Status, sealed, a.ID, a.seq)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return errMoved
	}
	if err := s.forget(ctx, tx, a); err != nil {
		return err
	}
	if err := s.keepDecision(ctx, tx, a, a.seq+1); err != nil {
		return err
	}
	return s.follow(ctx, tx, a)
}
