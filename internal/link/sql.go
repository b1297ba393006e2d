package link

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// handleIndex is the kind of the blind index under which a handle is found.
const handleIndex = "link_session"

// Records reads what sessions left in the database: for /link/token/get, and
// for Sessions itself.
type Records struct {
	db    *store.DB
	vault *vault.Vault
	clock *clock.Clock
}

// NewRecords returns the reading half of Sessions, which needs no tokens.
func NewRecords(db *store.DB, v *vault.Vault, c *clock.Clock) *Records {
	return &Records{db: db, vault: v, clock: c}
}

const sessionColumns = `SELECT id, client_id, flow, token, state, result, view, seq, events, last_event_at, wrong,
	claim, claimed_at, ending, cleanup, started_at, expires_at, finished_at, reported FROM link_session`

// scanner is a row of either kind of query.
type scanner interface{ Scan(...any) error }

// scan reads a row of sessionColumns and opens what is sealed in it.
func (r *Records) scan(row scanner) (*Session, error) {
	var s Session
	var token, state, outcome string
	var last, claimed, started, expires, finished int64
	err := row.Scan(&s.ID, &s.ClientID, &s.Flow, &token, &state, &outcome, &s.View, &s.Seq, &s.events, &last, &s.wrong,
		&s.claim, &claimed, &s.ending, &s.cleanup, &started, &expires, &finished, &s.reported)
	if err != nil {
		return nil, err
	}
	s.lastEventAt, s.claimedAt = clock.FromMillis(last), clock.FromMillis(claimed)
	s.StartedAt, s.ExpiresAt, s.FinishedAt = clock.FromMillis(started), clock.FromMillis(expires), clock.FromMillis(finished)
	var kept snapshot
	err = errors.Join(
		r.open(token, "link_session.token/"+s.ID, &kept),
		r.open(state, "link_session.state/"+s.ID, &s.Memory),
		r.open(outcome, "link_session.result/"+s.ID, &s.result))
	s.Token = kept.token()
	return &s, err
}

// open unseals a column; an empty one leaves the value as it is.
func (r *Records) open(sealed, row string, value any) error {
	if sealed == "" {
		return nil
	}
	return r.vault.OpenJSON(sealed, row, value)
}

// byHandle finds the session of a secret handle; store.ErrNoRows if none.
func (r *Records) byHandle(ctx context.Context, handle string) (*Session, error) {
	return r.scan(r.db.QueryRow(ctx, sessionColumns+` WHERE handle_index = $1`, r.vault.Index(handleIndex, handle)))
}

func (r *Records) byID(ctx context.Context, id string) (*Session, error) {
	return r.scan(r.db.QueryRow(ctx, sessionColumns+` WHERE id = $1`, id))
}

// ids runs a query that answers session ids.
func (r *Records) ids(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := r.db.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// row is a session as insert and save write it: everything sealed, so that no
// work is left for the transaction.
type row struct {
	token, state, result string
}

func (r *Records) seal(s *Session) (row, error) {
	var out row
	var err error
	if s.ending == "" || s.cleanup {
		if out.state, err = r.vault.SealJSON(s.Memory, "link_session.state/"+s.ID); err != nil {
			return out, err
		}
	}
	if s.ending != "" || len(s.result.Made)+len(s.result.Withheld) > 0 {
		out.result, err = r.vault.SealJSON(s.result, "link_session.result/"+s.ID)
	}
	return out, err
}

func (r *Records) insert(ctx context.Context, tx *store.Tx, s *Session, handle string, sealed row) error {
	_, err := tx.Exec(ctx, `INSERT INTO link_session (id, handle_index, token_id, client_id, flow, token, state, result, view, seq,
		events, last_event_at, wrong, claim, claimed_at, ending, cleanup, started_at, expires_at, finished_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $9, $10, $11, 0, '', 0, '', FALSE, $12, $13, 0)`,
		s.ID, r.vault.Index(handleIndex, handle), s.Token.ID, s.ClientID, s.Flow, sealed.token, sealed.state, s.View, s.Seq,
		s.events, clock.Millis(s.lastEventAt), clock.Millis(s.StartedAt), clock.Millis(s.ExpiresAt))
	return err
}

// errMoved says that somebody else has changed the session since it was read.
var errMoved = errors.New("link: the session has moved on")

// save stores a session that was read at seq with so many events. Another
// request, of another tab or node, that stored it first makes it fail with
// errMoved.
func (r *Records) save(ctx context.Context, tx *store.Tx, s *Session, sealed row, seq, events int64) error {
	err := tx.ExecOne(ctx, `UPDATE link_session SET state = $1, result = $2, view = $3, seq = $4, events = $5, last_event_at = $6,
		wrong = $7, claim = $8, claimed_at = $9, ending = $10, cleanup = $11, finished_at = $12
		WHERE id = $13 AND seq = $14 AND events = $15 AND ending = ''`,
		sealed.state, sealed.result, s.View, s.Seq, s.events, clock.Millis(s.lastEventAt),
		s.wrong, s.claim, clock.Millis(s.claimedAt), s.ending, s.cleanup, clock.Millis(s.FinishedAt),
		s.ID, seq, events)
	if errors.Is(err, store.ErrNoRows) {
		return errMoved
	}
	return err
}

// markReported notes that EVENTS tells of a session as it was read. It reports
// false when somebody has gone on with it since.
func (r *Records) markReported(ctx context.Context, tx *store.Tx, s *Session) (bool, error) {
	err := tx.ExecOne(ctx, `UPDATE link_session SET reported = $1 WHERE id = $2 AND events = $1 AND reported < $1 AND ending = ''`, s.events, s.ID)
	if errors.Is(err, store.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// released forgets what an ended session held.
func (r *Records) released(ctx context.Context, tx *store.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE link_session SET cleanup = FALSE, state = '' WHERE id = $1 AND cleanup = TRUE`, id)
	return err
}

// eventRow is the row id of the batch of events that follows the first n.
func eventRow(sessionID string, n int64) string {
	return "link_event/" + sessionID + "/" + strconv.FormatInt(n, 10)
}

func (r *Records) insertEvents(ctx context.Context, tx *store.Tx, sessionID string, n int64, sealed string) error {
	_, err := tx.Exec(ctx, `INSERT INTO link_event (session_id, n, sealed) VALUES ($1, $2, $3)`, sessionID, n, sealed)
	return err
}

// events lists what happened in a session, in order.
func (r *Records) events(ctx context.Context, sessionID string) ([]EventRecord, error) {
	rows, err := r.db.Query(ctx, eventsOfSession, sessionID)
	if err != nil {
		return nil, err
	}
	return r.openEvents(rows, sessionID)
}

// eventsIn lists them as a transaction sees them.
func (r *Records) eventsIn(ctx context.Context, tx *store.Tx, sessionID string) ([]EventRecord, error) {
	rows, err := tx.Query(ctx, eventsOfSession, sessionID)
	if err != nil {
		return nil, err
	}
	return r.openEvents(rows, sessionID)
}

const eventsOfSession = `SELECT n, sealed FROM link_event WHERE session_id = $1 ORDER BY n`

func (r *Records) openEvents(rows *sql.Rows, sessionID string) ([]EventRecord, error) {
	defer rows.Close()
	var all []EventRecord
	for rows.Next() {
		var n int64
		var sealed string
		if err := rows.Scan(&n, &sealed); err != nil {
			return nil, err
		}
		var batch []EventRecord
		if err := r.vault.OpenJSON(sealed, eventRow(sessionID, n), &batch); err != nil {
			return nil, err
		}
		all = append(all, batch...)
	}
	return all, rows.Err()
}

// wrongElsewhere counts the wrong credentials in the other sessions of a token.
func (r *Records) wrongElsewhere(ctx context.Context, tokenID, sessionID string) (int64, error) {
	var n int64
	err := r.db.QueryRow(ctx, `SELECT COALESCE(SUM(wrong), 0) FROM link_session WHERE token_id = $1 AND id <> $2`, tokenID, sessionID).Scan(&n)
	return n, err
}

// crowd reports whether as many logins of a token are under way elsewhere as it has
// wrong ones left. Logins of one token come here one after another; each is counted
// from its claim on until what came of it is stored, in one statement with its claim.
// A claim that is too old to be alive counts no longer.
func (r *Records) crowd(ctx context.Context, tx *store.Tx, s *Session) (bool, error) {
	_, err := tx.Exec(ctx, `INSERT INTO link_token_login (token_id, tries) VALUES ($1, 1)
		ON CONFLICT (token_id) DO UPDATE SET tries = link_token_login.tries + 1`, s.Token.ID)
	if err != nil {
		return false, err
	}
	var wrong, claimed int64
	err = tx.QueryRow(ctx, `SELECT COALESCE(SUM(wrong), 0), COALESCE(SUM(CASE WHEN id <> $2 AND claim <> '' AND ending = '' AND claimed_at > $3 THEN 1 ELSE 0 END), 0)
		FROM link_session WHERE token_id = $1`, s.Token.ID, s.ID, clock.Millis(s.claimedAt.Add(-patience))).Scan(&wrong, &claimed)
	return wrong < MaxWrong && wrong+claimed >= MaxWrong, err
}

// opened counts the sessions of a token, and the wrong credentials in them.
func (r *Records) opened(ctx context.Context, tokenID string) (sessions, wrong int64, err error) {
	err = r.db.QueryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(wrong), 0) FROM link_session WHERE token_id = $1`, tokenID).Scan(&sessions, &wrong)
	return sessions, wrong, err
}

// spend marks a token as used by a session; errSpent if another has used it.
func (r *Records) spend(ctx context.Context, tx *store.Tx, tokenID, sessionID string) error {
	err := tx.ExecOne(ctx, `INSERT INTO link_token_spent (token_id, session_id) VALUES ($1, $2)
		ON CONFLICT (token_id) DO UPDATE SET session_id = excluded.session_id WHERE link_token_spent.session_id = excluded.session_id`, tokenID, sessionID)
	if errors.Is(err, store.ErrNoRows) {
		return errSpent
	}
	return err
}

func (r *Records) spent(ctx context.Context, tokenID string) (bool, error) {
	var one int
	err := r.db.QueryRow(ctx, `SELECT 1 FROM link_token_spent WHERE token_id = $1`, tokenID).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// succeeded reports whether a session of a token has come to a result.
func (r *Records) succeeded(ctx context.Context, tokenID string) (bool, error) {
	var one int
	err := r.db.QueryRow(ctx, `SELECT 1 FROM link_session WHERE token_id = $1 AND ending = $2 LIMIT 1`, tokenID, endingSuccess).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// kept is how long /link/token/get tells of a session after its end (schema
// LinkTokenGetSessionsResponse).
const kept = 6 * time.Hour

// ForToken lists the sessions of a token, the oldest first. It leaves out those
// that ended more than six hours ago.
func (r *Records) ForToken(ctx context.Context, tokenID string) ([]SessionRecord, error) {
	ids, err := r.ids(ctx, `SELECT id FROM link_session WHERE token_id = $1 AND (finished_at = 0 OR finished_at >= $2) ORDER BY started_at, id`,
		tokenID, clock.Millis(r.clock.Now().Add(-kept)))
	if err != nil {
		return nil, fmt.Errorf("link: sessions of a token: %w", err)
	}
	list := make([]SessionRecord, 0, len(ids))
	for _, id := range ids {
		s, err := r.byID(ctx, id)
		if errors.Is(err, store.ErrNoRows) {
			continue // swept away meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("link: session: %w", err)
		}
		events, err := r.events(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("link: events: %w", err)
		}
		if s.Token.Verification != nil {
			events = nil // "no onEvent data" (identity-verification.md section 2.3)
		}
		list = append(list, s.record(events))
	}
	return list, nil
}

func (m Made) item() ItemAdded {
	return ItemAdded{PublicToken: m.PublicToken, Institution: m.Institution, Accounts: m.Accounts}
}

func (s *Session) record(events []EventRecord) SessionRecord {
	rec := SessionRecord{LinkSessionID: s.Told(), StartedAt: s.StartedAt, FinishedAt: s.FinishedAt, Events: events, Exit: s.result.Exit}
	if s.Token.Verification != nil { // which makes no Item
		return rec
	}
	for _, made := range s.result.Made {
		rec.Items = append(rec.Items, made.item())
	}
	for _, made := range s.result.Withheld {
		rec.Withheld = append(rec.Withheld, made.item())
	}
	return rec
}
