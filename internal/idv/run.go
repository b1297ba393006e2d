package idv

import (
	"context"
	"errors"
	"time"

	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
)

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// runnable reports whether the active step needs nobody: it is a check, and all
// that it looks at is there.
func (s *Service) runnable(a *Attempt) bool {
	step := a.active()
	if _, ok := a.conjure(step); ok {
		return true
	}
	if a.Magic[step] == StepActive {
		return false
	}
	switch a.active() {
	case KYCCheck:
		return len(a.missing()) == 0
	case Screening, RiskCheck:
		return true
	}
	return false
}

// run does the steps that need nobody, until one does or none is left. It asks the
// data source, so it is no part of a transaction.
func (s *Service) run(ctx context.Context, a *Attempt) error {
	for s.runnable(a) {
		step := a.active()
		if to, ok := a.conjure(step); ok {
			a.come(step, to, byMagic, s.clock.Now())
			continue
		}
		outcome, err := s.check(ctx, a, step)
		if err != nil {
			return err
		}
		a.finish(step, outcome, s.clock.Now())
	}
	return nil
}

// check comes to the outcome of a step that needs nobody.
func (s *Service) check(ctx context.Context, a *Attempt, step Step) (StepStatus, error) {
	switch step {
	case KYCCheck:
		return s.checkKYC(ctx, a)
	case Screening:
		return s.checkScreening(ctx, a)
	}
	risk, outcome := judgeRisk(a.User, a.Plan.Risk)
	a.Risk = risk
	return outcome, nil
}

// runJob does the steps of an attempt that need nobody.
func (s *Service) runJob(ctx context.Context, job schedule.Job) (schedule.Func, error) {
	a, err := s.Get(ctx, job.Payload, job.Subject)
	if errors.Is(err, errUnknown) {
		return nothing, nil
	}
	if err != nil {
		return nil, err
	}
	if !s.runnable(a) {
		return nothing, nil
	}
	if err := s.run(ctx, a); err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *store.Tx, _ schedule.Job) error {
		err := s.update(ctx, tx, a)
		if errors.Is(err, errMoved) { // whoever was faster has scheduled what is left to do
			return s.forgetIfRedacted(ctx, tx, a)
		}
		return err
	}, nil
}

func nothing(context.Context, *store.Tx, schedule.Job) error { return nil }

// expireJob ends an attempt that nobody has completed.
func (s *Service) expireJob(ctx context.Context, tx *store.Tx, job schedule.Job) error {
	a, err := s.find(ctx, tx, job.Payload, job.Subject)
	if errors.Is(err, errUnknown) || err == nil && a.Status != Active {
		return nil
	}
	if err != nil {
		return err
	}
	a.complete(Expired, s.clock.Now())
	return s.update(ctx, tx, a)
}

// redactJob removes what is personal from an attempt.
func (s *Service) redactJob(ctx context.Context, tx *store.Tx, job schedule.Job) error {
	a, err := s.find(ctx, tx, job.Payload, job.Subject)
	if errors.Is(err, errUnknown) || err == nil && !a.RedactedAt.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	a.redact(s.clock.Now())
	return s.update(ctx, tx, a)
}
