package link

import (
	"context"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Refusal is a session that was refused before it began. It has no panes, one
// event and one remark.
type Refusal struct {
	ID        string      `json:"-"` // link_session_id
	ClientID  string      `json:"-"`
	TokenID   string      `json:"-"`
	At        time.Time   `json:"-"`
	RequestID string      `json:"request_id"`
	Error     plaid.Error `json:"error"`
	Event     EventRecord `json:"event"`
	Remark    Remark      `json:"remark"`
}

// maxRefusals is how many refusals are kept of one token.
const maxRefusals = 20

// refuse ends a session before it began. What is kept of it is the reason, if it
// is known whose token it was.
func (s *Sessions) refuse(ctx context.Context, requestID string, in OpenRequest, why *Refused) (Turn, error) {
	now := s.clock.Now()
	r := Refusal{
		ID: s.cfg.IDs.UUID(), ClientID: why.ClientID, TokenID: why.TokenID, At: now, RequestID: requestID, Error: *why.Answer,
		Event:  EventRecord{ID: s.cfg.IDs.UUID(), Name: string(EventExit), At: now, Metadata: EventMetadata{RequestID: requestID}},
		Remark: Remark{At: now, Text: why.Why},
	}
	r.Event.Metadata.about(why.Answer)
	if r.ClientID != "" && (in.ClientID == "" || in.ClientID == r.ClientID) {
		if err := s.keepRefusal(ctx, r); err != nil {
			return Turn{}, err
		}
	}
	turn := Turn{
		Session: &Session{ID: r.ID}, RequestID: requestID, Events: []EventRecord{r.Event},
		Done: doneExit(r.ID, SessionExit{Error: why.Answer, RequestID: requestID}),
	}
	if s.sandbox() {
		turn.Remarks = []Remark{r.Remark}
	}
	return turn, nil
}

func (s *Sessions) keepRefusal(ctx context.Context, r Refusal) error {
	sealed, err := s.vault.SealJSON(r, refusalRow(r.ID))
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO link_refusal (id, token_id, client_id, at, sealed)
			SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($5 AS TEXT)
			WHERE (SELECT COUNT(*) FROM link_refusal WHERE token_id = $2) < $6`,
			r.ID, r.TokenID, r.ClientID, clock.Millis(r.At), sealed, maxRefusals)
		return err
	})
	if err != nil {
		return fmt.Errorf("link: refusal: %w", err)
	}
	return nil
}

// refusalRow is what a sealed refusal is bound to.
func refusalRow(id string) string { return "link_refusal/" + id }

const refusalColumns = `SELECT id, token_id, client_id, at, sealed FROM link_refusal`

func (r *Records) scanRefusal(row scanner) (Refusal, error) {
	var out Refusal
	var at int64
	var sealed string
	if err := row.Scan(&out.ID, &out.TokenID, &out.ClientID, &at, &sealed); err != nil {
		return out, err
	}
	out.At = clock.FromMillis(at)
	return out, r.vault.OpenJSON(sealed, refusalRow(out.ID), &out)
}

func (s *Sessions) forgetRefusal(ctx context.Context, id string) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM link_refusal WHERE id = $1`, id)
		return err
	})
}
