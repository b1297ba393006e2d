package idv

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// levers are the paths of the sandbox alone.
func (s *Service) levers() []api.Endpoint {
	list := []api.Endpoint{
		api.Post("/sandbox/identity_verification/explain", s.explain, api.Sandbox(), api.Summary("Why the steps of an Identity Verification stand as they do")),
		api.Post("/sandbox/identity_verification/sms/list", s.listTexts, api.Sandbox(), api.Summary("The text messages that an Identity Verification has sent")),
		api.Post("/sandbox/identity_verification/specimen/create", s.createSpecimen, api.Sandbox(), api.Summary("Print a test document, or make a test selfie, good or with a fault")),
		api.Post("/sandbox/identity_verification/template/set", s.setTemplate, api.Sandbox(), api.Summary("Make a template, or a new version of one")),
		api.Post("/sandbox/identity_verification/template/list", s.listTemplates, api.Sandbox(), api.Summary("List the templates in their newest versions")),
	}
	for _, c := range controls {
		list = append(list, api.Post("/sandbox/identity_verification/"+c.verb, s.control(c), api.Sandbox(), api.Summary(c.summary)))
	}
	return list
}

// control is a call that decides what becomes of a step, or of the whole attempt.
type control struct {
	verb, summary string
	// from are the statuses that a step must have, the first that it is looked for by;
	// none where the call is about the whole attempt.
	from []StepStatus
	to   StepStatus
	all  func(a *Attempt, now time.Time)
}

var controls = []control{
	{verb: "pass", summary: "Let a step pass", from: []StepStatus{StepActive, StepPendingReview}, to: StepSuccess},
	{verb: "fail", summary: "Let a step fail", from: []StepStatus{StepActive, StepPendingReview}, to: StepFailed},
	{verb: "review", summary: "Leave a step to a person", from: []StepStatus{StepActive}, to: StepPendingReview},
	{verb: "skip", summary: "Skip a step", from: []StepStatus{StepActive}, to: StepSkipped},
	{verb: "approve", summary: "Approve a step that has failed or is in review, as a person would", from: []StepStatus{StepPendingReview, StepFailed, StepRejected}, to: StepApproved},
	{verb: "reject", summary: "Reject a step that has failed or is in review, as a person would", from: []StepStatus{StepPendingReview, StepFailed}, to: StepRejected},
	{verb: "expire", summary: "Let an Identity Verification expire", all: func(a *Attempt, now time.Time) { a.complete(Expired, now) }},
	{verb: "cancel", summary: "Cancel an Identity Verification, as a person would", all: func(a *Attempt, now time.Time) { a.complete(Canceled, now) }},
	{verb: "redact", summary: "Remove what is personal from an Identity Verification, for good", all: (*Attempt).redact},
}

// ControlIn is the request of each control call.
type ControlIn struct {
	ID string `json:"identity_verification_id" required:"true" min:"1" must:"be filled."`
	// Step is the step that is meant; by default the one that the call can be about.
	Step Step `json:"step" enum:"accept_tos,verify_sms,kyc_check,documentary_verification,selfie_check,watchlist_screening,risk_check"`
}

func (s *Service) control(c control) func(context.Context, api.Call, ControlIn) (Object, error) {
	return func(ctx context.Context, call api.Call, in ControlIn) (Object, error) {
		a, err := s.change(ctx, call.Caller.ClientID, in.ID, func(a *Attempt) error {
			now := s.clock.Now()
			if c.all != nil {
				if in.Step != "" {
					return plaid.InvalidField("step must be left out: " + c.verb + " is about the whole identity verification")
				}
				if c.verb != "redact" && a.Status != Active {
					return plaid.InvalidField("identity_verification_id must be that of an active identity verification: it is " + string(a.Status))
				}
				c.all(a, now)
				return nil
			}
			if a.Status == Expired || a.Status == Canceled {
				return plaid.InvalidField("identity_verification_id must not be that of an identity verification that is " + string(a.Status))
			}
			step, err := c.step(a, in.Step)
			if err != nil {
				return err
			}
			a.come(step, c.to, "/sandbox/identity_verification/"+c.verb+" asked for it", now)
			return nil
		})
		if err != nil {
			return Object{}, err
		}
		return s.object(a), nil
	}
}

// step finds the step that a control call is about.
func (c control) step(a *Attempt, named Step) (Step, error) {
	if named != "" {
		if slices.Contains(c.from, a.Steps[named]) {
			return named, nil
		}
		return "", plaid.InvalidField(fmt.Sprintf("step must be %s: %s is %s", orList(c.from), named, a.Steps[named]))
	}
	for _, status := range c.from {
		for _, step := range Steps {
			if a.Steps[step] == status {
				return step, nil
			}
		}
	}
	return "", plaid.InvalidField("identity_verification_id must be that of an identity verification with a step that is " + orList(c.from))
}

func orList(list []StepStatus) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = string(s)
	}
	return strings.Join(words, " or ")
}

// explained says how a step stands, and why.
type explained struct {
	Step   Step       `json:"step"`
	Status StepStatus `json:"status"`
	Why    *string    `json:"why"`
	// Reasons are all that was found out, of documents that were handed in.
	Reasons []reasonOut `json:"reasons,omitempty"`
}

type explainOut struct {
	Status Status      `json:"status"`
	Steps  []explained `json:"steps"`
}

func (s *Service) explain(ctx context.Context, call api.Call, in getIn) (explainOut, error) {
	a, err := s.Get(ctx, call.Caller.ClientID, in.ID)
	if err != nil {
		return explainOut{}, err
	}
	out := explainOut{Status: a.Status}
	for _, step := range Steps {
		out.Steps = append(out.Steps, explained{step, a.Steps[step], orNull(a.why(step)), a.reasons(step)})
	}
	return out, nil
}

// textOut is a message as the sandbox's phone shows it.
type textOut struct {
	To     string `json:"phone_number"`
	Text   string `json:"text"`
	Code   string `json:"code"`
	SentAt string `json:"sent_at"`
}

type textsOut struct {
	// PhoneURL is a page that shows the same; null while nothing was sent.
	PhoneURL *string   `json:"phone_url"`
	Messages []textOut `json:"messages"` // the newest first
}

// listTexts is the sandbox's phone.
func (s *Service) listTexts(ctx context.Context, call api.Call, in getIn) (textsOut, error) {
	out := textsOut{Messages: []textOut{}}
	a, err := s.Get(ctx, call.Caller.ClientID, in.ID)
	if err != nil {
		return out, err
	}
	if a.PhoneKey != "" {
		out.PhoneURL = orNull(s.phoneURL(a))
	}
	for _, m := range slices.Backward(a.Messages) {
		if m.Phone != "" {
			out.Messages = append(out.Messages, textOut{m.Phone, m.words(call.Caller.Name), m.Code, stamp(m.LastSent)})
		}
	}
	return out, nil
}

// templateIn is a template as it is written: the version is counted here.
type templateIn struct {
	ID          string          `json:"template_id" required:"true" max:"60"`
	Name        string          `json:"name" required:"true" min:"1" max:"200"`
	SMS         bool            `json:"verify_sms"`
	KYC         *KYCRules       `json:"kyc_check"`
	Documents   *DocumentRules  `json:"documentary_verification"`
	Selfie      *SelfieRules    `json:"selfie_check"`
	Screening   *ScreeningRules `json:"watchlist_screening"`
	Risk        *RiskRules      `json:"risk_check"`
	Countries   []string        `json:"countries" max:"250"`
	NoFinalPane bool            `json:"no_final_pane"`
	ExpireAfter int64           `json:"expire_after_seconds" min:"0"`
	RedactAfter int64           `json:"redact_after_seconds" min:"0"`
}

type templateOut struct {
	Template Template `json:"template"`
}

func (s *Service) setTemplate(ctx context.Context, call api.Call, in templateIn) (templateOut, error) {
	t, err := s.SetTemplate(ctx, call.Caller.ClientID, Template{
		ID: in.ID, Name: in.Name, SMS: in.SMS, KYC: in.KYC, Documents: in.Documents, Selfie: in.Selfie, Screening: in.Screening, Risk: in.Risk,
		Countries: in.Countries, NoFinalPane: in.NoFinalPane, ExpireAfter: in.ExpireAfter, RedactAfter: in.RedactAfter,
	})
	return templateOut{t}, err
}

type templatesOut struct {
	Templates []Template `json:"templates"`
}

func (s *Service) listTemplates(ctx context.Context, call api.Call, _ struct{}) (templatesOut, error) {
	list, err := s.Templates(ctx, call.Caller.ClientID)
	return templatesOut{append([]Template{}, list...)}, err
}
