package link

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// ListRequest is the request of /sandbox/link/session/list: the sessions of a
// link token, or of the client.
type ListRequest struct {
	LinkToken string `json:"link_token" max:"200"`
	Count     *int64 `json:"count" min:"1" max:"100"` // 25 by default
}

// ListAnswer is the answer of /sandbox/link/session/list, the newest first.
type ListAnswer struct {
	Sessions []DriverSummary `json:"sessions"`
}

// DriverSummary is one line of a list of sessions.
type DriverSummary struct {
	LinkSessionID string          `json:"link_session_id"`
	State         string          `json:"state"`
	View          View            `json:"view,omitempty"`
	StartedAt     string          `json:"started_at"`
	FinishedAt    *string         `json:"finished_at"`
	Institution   *InstitutionRef `json:"institution"`
	ExitStatus    string          `json:"exit_status,omitempty"`
	ErrorCode     string          `json:"error_code,omitempty"`
	Remark        string          `json:"remark,omitempty"` // the latest

	started time.Time
}

// defaultList is how many sessions a list has unless the client says otherwise.
const defaultList = 25

// List answers /sandbox/link/session/list.
func (d *Driver) List(ctx context.Context, call api.Call, in ListRequest) (ListAnswer, error) {
	s, count := d.sessions, int64(defaultList)
	if in.Count != nil {
		count = *in.Count
	}
	where, key := `client_id = $1 AND client_id = $2`, call.Caller.ClientID
	if in.LinkToken != "" {
		if !plaid.TokenOK(plaid.KindLink, s.cfg.Env, in.LinkToken) {
			return ListAnswer{}, plaid.InvalidLinkToken
		}
		where, key = `token_id = $1 AND client_id = $2`, s.vault.Index(tokenIndex, in.LinkToken)
	}
	lines, err := s.summaries(ctx, where, key, call.Caller.ClientID, count)
	if err != nil {
		return ListAnswer{}, err
	}
	refused, err := s.refusals(ctx, where, key, call.Caller.ClientID, count)
	if err != nil {
		return ListAnswer{}, err
	}
	lines = append(lines, refused...)
	if len(lines) == 0 && in.LinkToken != "" {
		return ListAnswer{lines}, s.owned(ctx, in.LinkToken, call.Caller.ClientID)
	}
	slices.SortStableFunc(lines, func(a, b DriverSummary) int {
		return cmp.Or(b.started.Compare(a.started), cmp.Compare(a.LinkSessionID, b.LinkSessionID))
	})
	return ListAnswer{lines[:min(len(lines), int(count))]}, nil
}

// owned refuses a link token that the client does not have.
func (s *Sessions) owned(ctx context.Context, secret, clientID string) error {
	token, err := s.cfg.Tokens.ByToken(ctx, secret)
	var refused *Refused
	switch {
	case errors.As(err, &refused) && refused.ClientID == clientID, err == nil && token.ClientID == clientID:
		return nil // expired perhaps, and never opened
	case err == nil || errors.Is(err, plaid.InvalidLinkToken):
		return plaid.InvalidLinkToken
	}
	return err
}

// summaries reads the newest sessions that a condition names.
func (s *Sessions) summaries(ctx context.Context, where, key, clientID string, count int64) ([]DriverSummary, error) {
	ids, err := s.ids(ctx, `SELECT id FROM link_session WHERE `+where+` ORDER BY started_at DESC, id LIMIT $3`, key, clientID, count)
	if err != nil {
		return nil, err
	}
	lines := []DriverSummary{}
	for _, id := range ids {
		session, err := s.byID(ctx, id)
		if errors.Is(err, store.ErrNoRows) {
			continue // swept away meanwhile
		}
		if err != nil {
			return nil, err
		}
		record, err := s.driverRecord(ctx, session)
		if err != nil {
			return nil, err
		}
		lines = append(lines, record.summary(session))
	}
	return lines, nil
}

func (r DriverRecord) summary(s *Session) DriverSummary {
	line := DriverSummary{
		LinkSessionID: r.LinkSessionID, State: r.State, View: r.View, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt,
		Institution: r.Institution, ExitStatus: r.ExitStatus, started: s.StartedAt,
	}
	if exit := s.result.Exit; exit != nil {
		line.ExitStatus = exit.Status
		if exit.Error != nil {
			line.ErrorCode = exit.Error.Code
		}
	}
	if n := len(r.Remarks); n > 0 {
		line.Remark = r.Remarks[n-1].Text
	}
	return line
}

// refusals reads the newest refused sessions that a condition names.
func (s *Sessions) refusals(ctx context.Context, where, key, clientID string, count int64) ([]DriverSummary, error) {
	rows, err := s.db.Query(ctx, refusalColumns+` WHERE `+where+` ORDER BY at DESC, id LIMIT $3`, key, clientID, count)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []DriverSummary
	for rows.Next() {
		r, err := s.scanRefusal(rows)
		if err != nil {
			return nil, err
		}
		at := stamp(r.At)
		lines = append(lines, DriverSummary{
			LinkSessionID: r.ID, State: StateRefused, StartedAt: at, FinishedAt: &at, ErrorCode: r.Error.Code, Remark: r.Remark.Text, started: r.At,
		})
	}
	return lines, rows.Err()
}

// Tally counts Link sessions by how they ended; those that are open have not.
type Tally struct{ All, Succeeded, Exited, Expired, Open int64 }

// Tally counts the sessions of a client that began since then.
func (r *Records) Tally(ctx context.Context, clientID string, since time.Time) (t Tally, err error) {
	rows, err := r.db.Query(ctx, `SELECT ending, COUNT(*) FROM link_session WHERE client_id = $1 AND started_at >= $2 GROUP BY ending`, clientID, clock.Millis(since))
	if err != nil {
		return t, err
	}
	defer rows.Close()
	for rows.Next() {
		var ending string
		var n int64
		if err := rows.Scan(&ending, &n); err != nil {
			return t, err
		}
		t.All += n
		switch ending {
		case endingSuccess:
			t.Succeeded = n
		case endingExit:
			t.Exited = n
		case endingExpired:
			t.Expired = n
		default:
			t.Open += n
		}
	}
	return t, rows.Err()
}
