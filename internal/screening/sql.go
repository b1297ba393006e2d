package screening

import (
	"context"
	"database/sql"
	"errors"
	"math"

	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// What binds the sealed columns to their rows; the row's id follows.
const (
	sealedScreening = "screening:"
	sealedHistory   = "screening_history:"
	sealedHit       = "screening_hit:"
	sealedReview    = "screening_review:"
)

const (
	screeningColumns  = `SELECT id, client_id, kind, number, seq, origin, sealed FROM screening `
	screeningByID     = screeningColumns + `WHERE id = $1`
	screeningByOrigin = screeningColumns + `WHERE client_id = $1 AND origin = $2`
	screeningPage     = screeningColumns + `WHERE client_id = $1 AND program_id = $2 AND number < $3
 AND ($4 = '' OR client_user_id = $4) AND ($5 = '' OR status = $5) AND ($6 = '' OR assignee = $6) ORDER BY number DESC LIMIT $7`
	screeningSweep  = screeningColumns + `WHERE number > $1 AND status <> 'rejected' ORDER BY number LIMIT $2`
	insertScreening = `INSERT INTO screening (id, client_id, kind, program_id, client_user_id, assignee, status, number, seq, origin, sealed)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10) ON CONFLICT (client_id, origin) DO NOTHING`
	updateScreening = `UPDATE screening SET program_id = $1, client_user_id = $2, assignee = $3, status = $4, seq = seq + 1, sealed = $5 WHERE id = $6 AND seq = $7`

	insertHistory = `INSERT INTO screening_history (screening_id, seq, sealed) VALUES ($1, $2, $3)`
	historyPage   = `SELECT seq, sealed FROM screening_history WHERE screening_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3`

	rewriteHistory = `UPDATE screening_history SET sealed = $1 WHERE screening_id = $2 AND seq = $3`

	hitPage   = `SELECT id, number, code, uid, review_status, sealed FROM screening_hit WHERE screening_id = $1 AND number > $2 ORDER BY number LIMIT $3`
	insertHit = `INSERT INTO screening_hit (id, screening_id, number, code, uid, review_status, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)
 ON CONFLICT (screening_id, code, uid) DO NOTHING`
	updateHit     = `UPDATE screening_hit SET sealed = $1 WHERE id = $2 AND review_status = 'pending_review'`
	hitsUndecided = `SELECT id, number, code, uid, review_status, sealed FROM screening_hit
 WHERE screening_id = $1 AND review_status = 'pending_review' AND number > $2 ORDER BY number LIMIT $3`
	hitsDecided = `SELECT id, number, code, uid, review_status, sealed FROM screening_hit
 WHERE screening_id = $1 AND review_status <> 'pending_review' AND number > $2 ORDER BY number LIMIT $3`
	tallyHits = `SELECT COUNT(CASE WHEN review_status = 'pending_review' THEN 1 END), COUNT(CASE WHEN review_status <> 'pending_review' THEN 1 END)
 FROM screening_hit WHERE screening_id = $1`
	deleteHits = `DELETE FROM screening_hit WHERE screening_id = $1`
	markHit    = `UPDATE screening_hit SET review_status = $1 WHERE id = $2 AND screening_id = $3`

	reviewPage    = `SELECT id, number, sealed FROM screening_review WHERE screening_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3`
	rewriteReview = `UPDATE screening_review SET sealed = $1 WHERE id = $2`
	insertReview  = `INSERT INTO screening_review (id, screening_id, number, sealed) VALUES ($1, $2, $3, $4)`
)

// newest is where the first page of a list from the newest on begins.
const newest = math.MaxInt64

// reader is what both a transaction and the database can do.
type reader interface {
	QueryRow(ctx context.Context, query string, args ...any) store.Row
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// errMoved says that a screening has changed since it was read.
var errMoved = errors.New("screening: the screening has changed meanwhile")

// collect reads every row of a query.
func collect[T any](ctx context.Context, from reader, scan func(func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	rows, err := from.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// read finds one screening; store.ErrNoRows if there is none.
func (s *Service) read(ctx context.Context, from reader, query string, args ...any) (*Screening, error) {
	return s.scan(from.QueryRow(ctx, query, args...).Scan)
}

func (s *Service) scan(scan func(...any) error) (*Screening, error) {
	sc := &Screening{}
	var sealed string
	if err := scan(&sc.ID, &sc.ClientID, &sc.Kind, &sc.number, &sc.seq, &sc.origin, &sealed); err != nil {
		return nil, err
	}
	return sc, s.vault.OpenJSON(sealed, sealedScreening+sc.ID, &sc.record)
}

// insert stores a new screening; false where its origin has one.
func (s *Service) insert(ctx context.Context, tx *store.Tx, sc *Screening) (bool, error) {
	sealed, err := s.vault.SealJSON(sc.record, sealedScreening+sc.ID)
	if err != nil {
		return false, err
	}
	if sc.number, err = store.NextNumber(ctx, tx, "screening"); err != nil {
		return false, err
	}
	res, err := tx.Exec(ctx, insertScreening, sc.ID, sc.ClientID, string(sc.Kind), sc.ProgramID, sc.ClientUserID, sc.Assignee, string(sc.Status), sc.number, sc.origin, sealed)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// save stores a changed screening and what it was before; errMoved where somebody else
// has been faster.
func (s *Service) save(ctx context.Context, tx *store.Tx, sc *Screening, before record) error {
	sealed, err := s.vault.SealJSON(sc.record, sealedScreening+sc.ID)
	if err != nil {
		return err
	}
	old, err := s.vault.SealJSON(before, sealedHistory+sc.ID)
	if err != nil {
		return err
	}
	res, err := tx.Exec(ctx, updateScreening, sc.ProgramID, sc.ClientUserID, sc.Assignee, string(sc.Status), sealed, sc.ID, sc.seq)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errMoved)
	}
	_, err = tx.Exec(ctx, insertHistory, sc.ID, sc.seq, old)
	return err
}

// history reads up to n states of a screening that came before a change, the newest
// first.
func (s *Service) history(ctx context.Context, sc *Screening, before int64, n int) ([]*Screening, error) {
	return s.historyIn(ctx, s.db, sc, before, n)
}

func (s *Service) historyIn(ctx context.Context, from reader, sc *Screening, before int64, n int) ([]*Screening, error) {
	return collect(ctx, from, func(scan func(...any) error) (*Screening, error) {
		old := &Screening{ID: sc.ID, ClientID: sc.ClientID, Kind: sc.Kind}
		var sealed string
		if err := scan(&old.seq, &sealed); err != nil {
			return nil, err
		}
		return old, s.vault.OpenJSON(sealed, sealedHistory+sc.ID, &old.record)
	}, historyPage, sc.ID, before, n)
}

// filter says which screenings are listed; "" for any.
type filter struct {
	clientID, programID            string
	clientUserID, status, assignee string
	before                         int64
}

func (s *Service) page(ctx context.Context, f filter, n int) ([]*Screening, error) {
	if f.before == 0 {
		f.before = math.MaxInt64
	}
	return collect(ctx, s.db, s.scan, screeningPage, f.clientID, f.programID, f.before, f.clientUserID, f.status, f.assignee, n)
}

// hits reads up to n hits of a screening after a number.
func (s *Service) hits(ctx context.Context, from reader, screeningID string, after int64, n int) ([]*Hit, error) {
	return s.hitsBy(ctx, from, hitPage, screeningID, after, n)
}

func (s *Service) hitsBy(ctx context.Context, from reader, query, screeningID string, after int64, n int) ([]*Hit, error) {
	return collect(ctx, from, func(scan func(...any) error) (*Hit, error) {
		h := &Hit{}
		var sealed string
		if err := scan(&h.ID, &h.number, &h.Code, &h.UID, &h.Review, &sealed); err != nil {
			return nil, err
		}
		return h, s.vault.OpenJSON(sealed, sealedHit+h.ID, &h.hitRecord)
	}, query, screeningID, after, n)
}

func (s *Service) insertHit(ctx context.Context, tx *store.Tx, screeningID string, h *Hit) error {
	sealed, err := s.vault.SealJSON(h.hitRecord, sealedHit+h.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertHit, h.ID, screeningID, h.number, h.Code, h.UID, string(h.Review), sealed)
	return err
}

// updateHit stores what a hit shows, unless it was reviewed meanwhile.
func (s *Service) updateHit(ctx context.Context, tx *store.Tx, h *Hit) error {
	sealed, err := s.vault.SealJSON(h.hitRecord, sealedHit+h.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, updateHit, sealed, h.ID)
	return err
}

// reviews reads up to n reviews of a screening before a number, the newest first.
func (s *Service) reviews(ctx context.Context, screeningID string, before int64, n int) ([]*Review, error) {
	return s.reviewsIn(ctx, s.db, screeningID, before, n)
}

func (s *Service) reviewsIn(ctx context.Context, from reader, screeningID string, before int64, n int) ([]*Review, error) {
	return collect(ctx, from, func(scan func(...any) error) (*Review, error) {
		r := &Review{}
		var sealed string
		if err := scan(&r.ID, &r.number, &sealed); err != nil {
			return nil, err
		}
		return r, s.vault.OpenJSON(sealed, sealedReview+r.ID, &r.reviewRecord)
	}, reviewPage, screeningID, before, n)
}

func (s *Service) insertReview(ctx context.Context, tx *store.Tx, screeningID string, r *Review) error {
	sealed, err := s.vault.SealJSON(r.reviewRecord, sealedReview+r.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertReview, r.ID, screeningID, r.number, sealed)
	return err
}

const (
	programByID   = `SELECT kind, number, body FROM screening_program WHERE client_id = $1 AND id = $2`
	programsOf    = `SELECT kind, number, body FROM screening_program WHERE client_id = $1 AND kind = $2 ORDER BY number`
	upsertProgram = `INSERT INTO screening_program (client_id, id, kind, number, body) VALUES ($1, $2, $3, $4, $5)
 ON CONFLICT (client_id, id) DO UPDATE SET body = excluded.body`
	programsOfRoom = "screening_program"
)

func scanProgram(scan func(...any) error) (*Program, error) {
	p := &Program{}
	var body string
	if err := scan(&p.Kind, &p.number, &body); err != nil {
		return nil, err
	}
	return p, decodeProgram(body, p)
}

// program finds a program of a client.
func (s *Service) program(ctx context.Context, from reader, clientID string, kind list.Kind, id string) (*Program, error) {
	p, err := scanProgram(from.QueryRow(ctx, programByID, clientID, id).Scan)
	if err == nil && p.Kind == kind {
		return p, nil
	}
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		return nil, err
	}
	for _, p := range s.builtIn() {
		if p.ID == id && p.Kind == kind && err != nil {
			return &p, nil
		}
	}
	return nil, errNoProgram
}

// programs are all programs of a client, the built-in ones first.
func (s *Service) programs(ctx context.Context, clientID string, kind list.Kind) ([]*Program, error) {
	own, err := collect(ctx, s.db, scanProgram, programsOf, clientID, string(kind))
	if err != nil {
		return nil, err
	}
	var all []*Program
	for _, p := range s.builtIn() {
		replaced := false
		for _, o := range own {
			replaced = replaced || o.ID == p.ID
		}
		if p.Kind == kind && !replaced {
			all = append(all, &p)
		}
	}
	return append(all, own...), nil
}

func (s *Service) builtIn() []Program {
	if s.cfg.Sandbox {
		return sandboxPrograms()
	}
	return nil
}

// keepProgram stores a program.
func (s *Service) keepProgram(ctx context.Context, tx *store.Tx, clientID string, p *Program) error {
	body, err := encodeProgram(p)
	if err != nil {
		return err
	}
	if p.number == 0 {
		if p.number, err = store.NextNumber(ctx, tx, programsOfRoom); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, upsertProgram, clientID, p.ID, string(p.Kind), p.number, body)
	return err
}
