package schedule

import (
	"context"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Endpoints are /sandbox/clock/*: time as a lever. Plaid has nothing like it.
func (s *Scheduler) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/sandbox/clock/get", s.clockGet, api.Sandbox(), api.Summary("Read the sandbox's clock")),
		api.Post("/sandbox/clock/set", s.clockSet, api.Sandbox(), api.Summary("Move the sandbox's clock forward to a time")),
		api.Post("/sandbox/clock/advance", s.clockAdvance, api.Sandbox(), api.Summary("Move the sandbox's clock forward by a span")),
	}
}

// ClockAnswer is where the clock stands.
type ClockAnswer struct {
	Now string `json:"now"` // RFC 3339, UTC, milliseconds
	// Mode is "real" for a clock that runs and "manual" for one that stands still
	// until it is moved.
	Mode string `json:"mode"`
	// AheadSeconds is how far a real clock was moved before the machine's.
	AheadSeconds int64 `json:"ahead_seconds"`
	// JobsRun counts what fell due on the way, such as a micro-deposit that was
	// verified.
	JobsRun int `json:"jobs_run"`
}

// ClockSet is the request of /sandbox/clock/set.
type ClockSet struct {
	Now string `json:"now" required:"true" max:"40"`
}

// ClockAdvance is the request of /sandbox/clock/advance: the sum of its parts.
type ClockAdvance struct {
	Days    int64 `json:"days" min:"0" max:"3660"`
	Hours   int64 `json:"hours" min:"0" max:"87840"`
	Minutes int64 `json:"minutes" min:"0" max:"5270400"`
	Seconds int64 `json:"seconds" min:"0" max:"316224000"`
}

// farthest bounds one journey: ten years, so that no clock leaves the calendar by
// a slip of the keyboard.
const farthest = 3660 * 24 * time.Hour

const clockLayout = "2006-01-02T15:04:05.000Z07:00"

func (s *Scheduler) clockGet(_ context.Context, _ api.Call, _ struct{}) (ClockAnswer, error) {
	return s.clockAnswer(0), nil
}

func (s *Scheduler) clockSet(ctx context.Context, _ api.Call, in ClockSet) (ClockAnswer, error) {
	to, err := time.Parse(time.RFC3339Nano, in.Now)
	if err != nil {
		return ClockAnswer{}, plaid.InvalidField("now must be a time such as 2026-01-12T09:00:00Z (RFC 3339)")
	}
	d := to.Sub(s.clock.Now())
	if d < 0 {
		return ClockAnswer{}, plaid.InvalidField("now must not be before the present time: the clock goes forward only")
	}
	return s.travel(ctx, d, "now")
}

func (s *Scheduler) clockAdvance(ctx context.Context, _ api.Call, in ClockAdvance) (ClockAnswer, error) {
	d := time.Duration(in.Days)*24*time.Hour + time.Duration(in.Hours)*time.Hour +
		time.Duration(in.Minutes)*time.Minute + time.Duration(in.Seconds)*time.Second
	if d == 0 {
		return ClockAnswer{}, plaid.InvalidField("days, hours, minutes or seconds must be given")
	}
	return s.travel(ctx, d, "days, hours, minutes and seconds")
}

func (s *Scheduler) travel(ctx context.Context, d time.Duration, field string) (ClockAnswer, error) {
	if d > farthest {
		return ClockAnswer{}, plaid.InvalidField(field + " must be at most ten years ahead")
	}
	jobs, err := s.Travel(ctx, d)
	return s.clockAnswer(jobs), err
}

// At lets the clock reach the time that a call names (api.ClockHeader): a time such
// as 2026-01-12T09:00:00Z, or a span such as +24h or +90m.
func (s *Scheduler) At(ctx context.Context, when string) error {
	var d time.Duration
	if span, ok := strings.CutPrefix(when, "+"); ok {
		var err error
		if d, err = time.ParseDuration(span); err != nil || d < 0 {
			return errWhen
		}
	} else {
		to, err := time.Parse(time.RFC3339Nano, when)
		if err != nil {
			return errWhen
		}
		d = to.Sub(s.clock.Now())
	}
	switch {
	case d < 0:
		return plaid.InvalidHeaders.WithMessage("the Glencheck-Clock header must not be before the present time: the clock goes forward only")
	case d > farthest:
		return plaid.InvalidHeaders.WithMessage("the Glencheck-Clock header must be at most ten years ahead")
	case d == 0:
		return nil // several calls at one time
	}
	_, err := s.Travel(ctx, d)
	return err
}

var errWhen = plaid.InvalidHeaders.WithMessage("the Glencheck-Clock header must be a time such as 2026-01-12T09:00:00Z, or a span such as +24h")

func (s *Scheduler) clockAnswer(jobs int) ClockAnswer {
	a := ClockAnswer{Now: s.clock.Now().Format(clockLayout), Mode: "real", JobsRun: jobs}
	if s.clock.IsManual() {
		a.Mode = "manual"
	}
	a.AheadSeconds = int64(s.clock.Ahead() / time.Second)
	return a
}
