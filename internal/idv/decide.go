package idv

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// Verb is what a person does with an attempt in the dashboard.
type Verb string

// The verbs.
const (
	Approve Verb = "approve" // a step
	Reject  Verb = "reject"  // a step
	Cancel  Verb = "cancel"
	Redact  Verb = "redact"
	Retry   Verb = "retry"  // kept with the new attempt
	Begin   Verb = "create" // kept with the new attempt
)

// Decision is what a person has decided in the dashboard, and why. It is kept as long
// as the attempt; Why is emptied when what is personal is removed.
type Decision struct {
	By   string // the client that they signed in as
	Verb Verb
	Step Step // with Approve and Reject
	Why  string
	At   time.Time
}

// The refusals of a decision.
var (
	// ErrDecided says that the attempt no longer stands as the person saw it:
	// somebody else was faster.
	ErrDecided = errors.New("idv: the attempt no longer stands as it was shown")
	// ErrUndecidable says that this cannot be decided about the attempt.
	ErrUndecidable = errors.New("idv: this cannot be decided about the attempt")
	// ErrUnknown answers an attempt that the client does not have.
	ErrUnknown = errUnknown
	// ErrExists answers Ask for a person who has an attempt at the template.
	ErrExists = errExists
)

// From says by which statuses a step may be decided so.
func (v Verb) From() []StepStatus {
	switch v {
	case Approve:
		return []StepStatus{StepPendingReview, StepFailed, StepRejected}
	case Reject:
		return []StepStatus{StepPendingReview, StepFailed}
	}
	return nil
}

// outcomes are what decided steps come to, and how that is explained.
var outcomes = map[Verb]struct {
	to  StepStatus
	why string
}{
	Approve: {StepApproved, "a person has approved it in the dashboard"},
	Reject:  {StepRejected, "a person has rejected it in the dashboard"},
}

// Decidable reports whether a person may decide so about a step. What a screening has
// found is decided by its hits.
func (a *Attempt) Decidable(v Verb, step Step) bool {
	if a.Status == Expired || a.Status == Canceled || !a.RedactedAt.IsZero() {
		return false
	}
	if step == Screening && a.ScreeningID != "" && a.Steps[step] == StepPendingReview {
		return false
	}
	return slices.Contains(v.From(), a.Steps[step])
}

// Decide approves or rejects a step, as long as it stands as the person saw it. The
// attempt goes on, or ends, as its other steps demand.
func (s *Service) Decide(ctx context.Context, clientID, id string, d Decision, seen StepStatus) (*Attempt, error) {
	return s.change(ctx, clientID, id, func(a *Attempt) error {
		switch {
		case a.Steps[d.Step] != seen:
			return ErrDecided
		case !a.Decidable(d.Verb, d.Step):
			return ErrUndecidable
		}
		s.decided(a, d)
		a.come(d.Step, outcomes[d.Verb].to, outcomes[d.Verb].why, s.clock.Now())
		return nil
	})
}

// End cancels an attempt that is under way, or removes what is personal from one.
func (s *Service) End(ctx context.Context, clientID, id string, d Decision) (*Attempt, error) {
	return s.change(ctx, clientID, id, func(a *Attempt) error {
		switch {
		case d.Verb == Cancel && a.Status == Active:
			a.complete(Canceled, s.clock.Now())
		case d.Verb == Redact && a.RedactedAt.IsZero():
			a.redact(s.clock.Now())
		case d.Verb == Cancel || d.Verb == Redact:
			return ErrDecided
		default:
			return ErrUndecidable
		}
		s.decided(a, d)
		return nil
	})
}

// StepsAgain are the steps that a retry with Custom asks for.
type StepsAgain = retrySteps

// Again makes the attempt that follows one, unless there is one already.
func (s *Service) Again(ctx context.Context, clientID, id string, d Decision, strategy Strategy, steps *StepsAgain, shareable bool) (*Attempt, error) {
	last, err := s.Get(ctx, clientID, id)
	if err != nil {
		return nil, err
	}
	if (strategy == Custom) != (steps != nil) {
		return nil, ErrUndecidable
	}
	return s.Retry(ctx, retryOf{
		clientID: clientID, clientUserID: last.ClientUserID, templateID: last.TemplateID, strategy: strategy, steps: steps, shareable: &shareable,
		after: last.ID, by: &d,
	})
}

// Ask makes the first attempt of a person, for a client that is enabled for it.
func (s *Service) Ask(ctx context.Context, clientID, clientUserID, templateID string, agreed, shareable bool) (*Attempt, error) {
	if err := s.enabled(ctx, clientID); err != nil {
		return nil, err
	}
	if err := team.CheckClientUserID("client_user_id", clientUserID); err != nil {
		return nil, err
	}
	return s.Create(ctx, newAttempt{
		subject: subject{clientID: clientID, clientUserID: clientUserID}, templateID: templateID, agreed: agreed, shareable: shareable,
		by: &Decision{By: clientID, Verb: Begin},
	})
}

// decided has a decision kept with the change of the attempt.
func (s *Service) decided(a *Attempt, d Decision) {
	d.At = s.clock.Now()
	a.decision = &d
}

// sealedWhy binds the reason of a decision to its attempt, whose id follows.
const sealedWhy = "idv_decision:"

const (
	insertDecision = `INSERT INTO idv_decision (attempt_id, number, by_client, verb, step, why, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	decisionsOf    = `SELECT by_client, verb, step, why, made_at FROM idv_decision WHERE attempt_id = $1 ORDER BY number`
	forgetReasons  = `UPDATE idv_decision SET why = '' WHERE attempt_id = $1`
)

// keepDecision stores the decision that has led to a change, in its transaction. seq is
// the attempt's after it.
func (s *Service) keepDecision(ctx context.Context, tx *store.Tx, a *Attempt, seq int64) error {
	d := a.decision
	if d == nil {
		return nil
	}
	why := ""
	if d.Why != "" {
		var err error
		if why, err = s.vault.SealJSON(d.Why, sealedWhy+a.ID); err != nil {
			return err
		}
	}
	return tx.ExecOne(ctx, insertDecision, a.ID, seq, d.By, string(d.Verb), string(d.Step), why, clock.Millis(d.At))
}

// Decisions are what people have decided about an attempt, the first one first.
func (s *Service) Decisions(ctx context.Context, a *Attempt) ([]Decision, error) {
	rows, err := s.db.Query(ctx, decisionsOf, a.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Decision
	for rows.Next() {
		var d Decision
		var why string
		var at int64
		if err := rows.Scan(&d.By, &d.Verb, &d.Step, &why, &at); err != nil {
			return nil, err
		}
		if why != "" {
			if err := s.vault.OpenJSON(why, sealedWhy+a.ID, &d.Why); err != nil {
				return nil, err
			}
		}
		d.At = clock.FromMillis(at)
		list = append(list, d)
	}
	return list, rows.Err()
}
