package idv

import (
	"context"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Strategy is where a new attempt begins.
type Strategy string

// The strategies.
const (
	Reset      Strategy = "reset"      // at the beginning
	Incomplete Strategy = "incomplete" // at the step that was failed
	Infer      Strategy = "infer"      // Incomplete after a failure, Reset after a success
	Custom     Strategy = "custom"     // with the steps that the client names
)

// retryOf is an attempt to be made after another.
type retryOf struct {
	clientID     string
	clientUserID string
	templateID   string
	strategy     Strategy
	steps        *retrySteps
	user         User
	given        bool
	shareable    *bool
	after        string    // the attempt that must be the latest; "" for any
	by           *Decision // who asks for it in the dashboard
}

// The refusals of a retry.
var (
	errActive   = plaid.InvalidField("strategy must not be infer while the latest identity verification is active")
	errNotKept  = plaid.InvalidField("strategy must not be incomplete when the failing step is screening or risk_check")
	errNoneFail = plaid.InvalidField("strategy must not be incomplete when no step of the latest identity verification has failed")
)

// Retry makes the next attempt of a person, with the newest version of the
// template. One that is still active stays as it is, and is nobody's latest any
// more.
func (s *Service) Retry(ctx context.Context, r retryOf) (*Attempt, error) {
	t, err := s.template(ctx, r.clientID, r.templateID)
	if err != nil {
		return nil, err
	}
	for range changeTries {
		last, err := s.before(ctx, r)
		if err != nil {
			return nil, err
		}
		if r.after != "" && r.after != last.ID {
			return nil, ErrDecided
		}
		next, err := s.another(last, t, r)
		if err != nil {
			return nil, err
		}
		made := false
		err = s.db.Write(ctx, func(tx *store.Tx) (err error) {
			made, err = s.insert(ctx, tx, next)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("idv: retry: %w", err)
		}
		if made {
			return next, nil
		}
	}
	return nil, fmt.Errorf("idv: retry: %w, %d times", errMoved, changeTries)
}

// before finds the attempt that is tried again: the latest at the template or, to
// ask for more than before, at whichever.
func (s *Service) before(ctx context.Context, r retryOf) (*Attempt, error) {
	last, err := s.read(ctx, s.db, attemptLatest, r.clientID, r.clientUserID, r.templateID)
	if errors.Is(err, store.ErrNoRows) {
		last, err = s.read(ctx, s.db, attemptOfUser, r.clientID, r.clientUserID)
	}
	if errors.Is(err, store.ErrNoRows) {
		return nil, errUnknown
	}
	if err != nil {
		return nil, fmt.Errorf("idv: retry: %w", err)
	}
	return last, nil
}

// another is the attempt that follows a last one.
func (s *Service) another(last *Attempt, t Template, r retryOf) (*Attempt, error) {
	strategy, err := last.strategy(r.strategy)
	if err != nil {
		return nil, err
	}
	a := &Attempt{
		ID: s.newID(), ClientID: last.ClientID, ClientUserID: last.ClientUserID, TemplateID: t.ID, Number: 1, CreatedAt: s.clock.Now(),
		record: record{Plan: t, UserID: last.UserID, PreviousID: last.ID, Agreed: last.Agreed, Given: r.given},
	}
	if last.TemplateID == t.ID {
		a.Number = last.Number + 1
	}
	if shareable := r.shareable; shareable != nil && *shareable || shareable == nil && last.Key != "" {
		a.Key = s.newKey()
	}
	skipped := a.skips(last, strategy, r.steps)
	a.keep(last, skipped)
	merge(&a.User, r.user)
	a.Fixed = a.User.PhoneNumber != nil
	if a.Magic, err = s.magic(a); err != nil {
		return nil, err
	}
	a.note(Retried)
	a.begin(skipped...)
	if r.by != nil {
		s.decided(a, *r.by)
	}
	return a, nil
}

// strategy is what infer stands for, and whether the attempt can be tried again so.
func (a *Attempt) strategy(asked Strategy) (Strategy, error) {
	if asked == Infer {
		switch a.Status {
		case Active:
			return "", errActive
		case Failed, Expired:
			asked = Incomplete
		default:
			return Reset, nil
		}
	}
	if asked == Incomplete && (a.Steps[Screening].failed() || a.Steps[RiskCheck].failed()) {
		return "", errNotKept
	}
	if asked == Incomplete && a.Status == Success {
		return "", errNoneFail
	}
	return asked, nil
}

// skips changes the plan of a new attempt as the retry asks for, and lists the steps
// that it does not go through again.
func (a *Attempt) skips(last *Attempt, strategy Strategy, steps *retrySteps) []Step {
	var skipped []Step
	switch strategy {
	case Incomplete:
		for _, step := range Steps {
			if st := last.Steps[step]; st == StepSuccess || st == StepApproved || st == StepSkipped {
				skipped = append(skipped, step)
			}
		}
	case Custom:
		if last.Steps[AcceptTOS].passed() {
			skipped = append(skipped, AcceptTOS)
		}
		skipped = append(skipped, a.Plan.only(steps)...)
	}
	return skipped
}

// only has the plan ask for the named steps and no others of the four, whatever the
// template has.
func (t *Template) only(steps *retrySteps) (skipped []Step) {
	t.SMS = steps.VerifySMS
	if !steps.VerifySMS {
		skipped = append(skipped, VerifySMS)
	}
	switch {
	case !steps.KYC:
		skipped = append(skipped, KYCCheck)
	case t.KYC == nil:
		t.KYC = usualKYC()
	}
	switch {
	case !steps.Documents:
		skipped = append(skipped, Documents)
	case t.Documents == nil:
		t.Documents = t.usualDocuments()
	case t.Documents.Fallback:
		own := *t.Documents // the template's own must not change
		own.Fallback = false
		t.Documents = &own
	}
	switch {
	case !steps.Selfie:
		skipped = append(skipped, Selfie)
	case t.Selfie == nil:
		t.Selfie = &SelfieRules{}
	}
	return skipped
}

// keep takes over what the steps that are not gone through again had: the others
// are cleared of all that is personal, and their data must be sent again.
func (a *Attempt) keep(last *Attempt, skipped []Step) {
	for _, s := range skipped {
		switch s {
		case VerifySMS:
			if last.Steps[VerifySMS].passed() {
				a.User.PhoneNumber = last.User.PhoneNumber
			}
		case KYCCheck:
			if last.Steps[KYCCheck].passed() {
				u := last.User
				a.User.Name, a.User.DateOfBirth, a.User.Address, a.User.IDNumber = u.Name, u.DateOfBirth, u.Address, u.IDNumber
				a.User.EmailAddress = u.EmailAddress
			}
		}
	}
}
