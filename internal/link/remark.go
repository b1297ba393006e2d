package link

import (
	"context"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Remark says why Link did something, to the developer: in English, with nothing
// of the person and nothing that anybody typed. It is kept with the session, and
// in the sandbox it goes along with the answers.
type Remark struct {
	At   time.Time
	View View // "" before the first pane
	Text string
}

// remarkOut is a remark as answers tell it.
type remarkOut struct {
	Timestamp string `json:"timestamp"` // ISO 8601 with milliseconds
	View      View   `json:"view,omitempty"`
	Text      string `json:"text"`
}

func remarksOut(remarks []Remark) []remarkOut {
	out := make([]remarkOut, len(remarks))
	for i, r := range remarks {
		out[i] = remarkOut{Timestamp: r.At.UTC().Format(isoMillis), View: r.View, Text: r.Text}
	}
	return out
}

// maxRemarks is how many steps of a session may leave remarks. It bounds what a
// program that repeats a step without end can make us keep.
const maxRemarks = 100

// Explain says why Link does what it does: which product a bank lacks, which
// filter leaves no account, which option is without effect and why. No dead end
// is without a remark (link-web.md section 8). Nothing personal may be in it.
func (v *Visit) Explain(format string, args ...any) {
	v.remarks = append(v.remarks, Remark{View: v.flow.told(v.place()), Text: fmt.Sprintf(format, args...)})
}

// Refused is an error of the API with its reason, which the developer reads and
// the person does not. Sessions keep it when it names whose token it was.
type Refused struct {
	Answer  *plaid.Error
	Why     string
	TokenID string // "" when there is no such token
	// ClientID is whose token it is.
	ClientID string
}

// Error is the error of the API alone.
func (r *Refused) Error() string { return r.Answer.Error() }

// Unwrap makes it the error of the API.
func (r *Refused) Unwrap() error { return r.Answer }

// refusedToken is INVALID_LINK_TOKEN for a reason.
func refusedToken(format string, args ...any) *Refused {
	return &Refused{Answer: plaid.InvalidLinkToken, Why: fmt.Sprintf(format, args...)}
}

// of says whose token it was.
func (r *Refused) of(tokenID, clientID string) *Refused {
	r.TokenID, r.ClientID = tokenID, clientID
	return r
}

// refusedExpired says when a token's time ended.
func refusedExpired(tokenID, clientID string, created, expired time.Time) *Refused {
	return refusedToken("the link token expired at %s: it was made at %s and lives for %s; create another", stamp(expired), stamp(created), expired.Sub(created)).of(tokenID, clientID)
}

// sandbox reports whether remarks go along with answers.
func (s *Sessions) sandbox() bool { return s.cfg.Env == "sandbox" }

// noted gives new remarks their time and stores them, in the transaction that
// stores what they are about.
func (s *Sessions) noted(ctx context.Context, tx *store.Tx, v *Visit) error {
	if len(v.remarks) == 0 {
		return nil
	}
	now := s.clock.Now()
	for i := range v.remarks {
		v.remarks[i].At = now
	}
	id := s.cfg.IDs.UUID()
	sealed, err := s.vault.SealJSON(v.remarks, remarkRow(id))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO link_remark (id, session_id, n, at, sealed) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS TEXT)
		WHERE (SELECT COUNT(*) FROM link_remark WHERE session_id = $2) < $6`,
		id, v.ID, v.events, clock.Millis(now), sealed, maxRemarks)
	return err
}

// jot stores the remarks of a request that changed nothing else.
func (s *Sessions) jot(ctx context.Context, v *Visit) error {
	if len(v.remarks) == 0 {
		return nil
	}
	if err := s.db.Write(ctx, func(tx *store.Tx) error { return s.noted(ctx, tx, v) }); err != nil {
		return fmt.Errorf("link: remarks: %w", err)
	}
	s.tellRemarks(v)
	return nil
}

// tellRemarks notes that the new remarks are stored.
func (s *Sessions) tellRemarks(v *Visit) {
	v.explained = append(v.explained, v.remarks...)
	v.remarks = nil
}

// remarkRow is what sealed remarks are bound to.
func remarkRow(id string) string { return "link_remark/" + id }

// remarks lists what was explained in a session, in order.
func (r *Records) remarks(ctx context.Context, sessionID string) ([]Remark, error) {
	return r.remarksAfter(ctx, sessionID, -1)
}

// remarksAfter lists those that came with or after the event that follows the
// first n.
func (r *Records) remarksAfter(ctx context.Context, sessionID string, n int64) ([]Remark, error) {
	rows, err := r.db.Query(ctx, `SELECT id, sealed FROM link_remark WHERE session_id = $1 AND n > $2 ORDER BY n, at, id`, sessionID, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []Remark{}
	for rows.Next() {
		var id, sealed string
		if err := rows.Scan(&id, &sealed); err != nil {
			return nil, err
		}
		var batch []Remark
		if err := r.vault.OpenJSON(sealed, remarkRow(id), &batch); err != nil {
			return nil, err
		}
		all = append(all, batch...)
	}
	return all, rows.Err()
}
