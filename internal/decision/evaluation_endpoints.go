package decision

import (
	"context"
	"net/http"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
)

func (s *Evaluations) routes() []alloy.Route {
	return []alloy.Route{
		alloy.Get("/v1/parameters", s.getParameters, alloy.Summary("Describes the inputs of a workflow")),
		alloy.Post("/v1/evaluations", s.post, alloy.Summary("Evaluates a case")),
		alloy.Get("/v1/evaluations/{token}", s.get, alloy.Summary("Shows an evaluation")),
		alloy.Patch("/v1/evaluations/{token}", s.patch, alloy.Summary("Adds to the input of an evaluation that is not decided")),
		alloy.Get("/v1/evaluations/{token}/record", s.getRecord, alloy.Summary("Exports all that an evaluation was decided on")),
		alloy.Get("/v1/evaluations/{token}/explanation", s.explain, alloy.Summary("Says how each rule of an evaluation came out and why")),
	}
}

// parametersAnswer is the answer of GET /v1/parameters.
type parametersAnswer struct {
	Required []parameter   `json:"required"`
	Optional []parameter   `json:"optional"`
	Or       [][]parameter `json:"or"`
}

func (s *Evaluations) getParameters(ctx context.Context, call alloy.Call) (a parametersAnswer, err error) {
	n, err := pinned(call)
	if err != nil {
		return a, err
	}
	token, err := s.chosenWorkflow(ctx, call)
	if err != nil {
		return a, err
	}
	_, v, _, err := s.version(ctx, call.Account, token, n)
	if err != nil {
		return a, err
	}
	a.Required, a.Optional, a.Or = parameters(v)
	return a, nil
}

// chosenWorkflow is the workflow that a call is for.
func (s *Evaluations) chosenWorkflow(_ context.Context, call alloy.Call) (string, error) {
	if call.Workflow == "" {
		return "", alloy.ErrHeader.With(alloy.Field{
			Message: `"` + alloy.HeaderWorkflow + `" is required with credentials for the whole account`,
			Path:    alloy.HeaderWorkflow, Type: "any.required", Context: alloy.Context{Key: alloy.HeaderWorkflow},
		})
	}
	return call.Workflow, nil
}

// pinned is the version that a call pins by header; 0 for the live one.
func pinned(call alloy.Call) (int64, error) {
	text := call.Header(alloy.HeaderVersion)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, alloy.ErrHeader.With(alloy.Field{
			Message: `"` + alloy.HeaderVersion + `" must be the number of a version`,
			Path:    alloy.HeaderVersion, Type: "any.invalid", Context: alloy.Context{Key: alloy.HeaderVersion},
		})
	}
	return n, nil
}

// headerIdempotency lets a client repeat a request without a second evaluation.
const headerIdempotency = "Idempotency-Key"

// maxKey bounds an Idempotency-Key, in bytes.
const maxKey = 255

func (s *Evaluations) post(ctx context.Context, call alloy.Call, in api.Raw) (*evaluationAnswer, error) {
	token, err := s.chosenWorkflow(ctx, call)
	if err != nil {
		return nil, err
	}
	r := Request{Workflow: token, Key: call.Header(headerIdempotency)}
	if r.Version, err = pinned(call); err != nil {
		return nil, err
	}
	if len(r.Key) > maxKey {
		return nil, alloy.ErrHeader.Saying("The " + headerIdempotency + " header must have at most " + strconv.Itoa(maxKey) + " bytes")
	}
	if err := unmarshal(in, &r.Input); err != nil {
		return nil, err
	}
	e, err := s.Run(ctx, call, r)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, e)
}

// named is the evaluation that a path names. Credentials for one workflow see no other's.
func (s *Evaluations) named(ctx context.Context, call alloy.Call) (*Evaluation, error) {
	e, err := s.Get(ctx, call.Account, call.Path("token"))
	if err == nil && call.Workflow != "" && call.Workflow != e.Workflow {
		return nil, alloy.ErrNotYours
	}
	return e, err
}

func (s *Evaluations) get(ctx context.Context, call alloy.Call) (*evaluationAnswer, error) {
	e, err := s.named(ctx, call)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, e)
}

func (s *Evaluations) patch(ctx context.Context, call alloy.Call, in api.Raw) (*evaluationAnswer, error) {
	var more map[string]any
	if err := unmarshal(in, &more); err != nil {
		return nil, err
	}
	if _, err := s.named(ctx, call); err != nil {
		return nil, err
	}
	e, err := s.Amend(ctx, call, call.Path("token"), more)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, e)
}

// recordAnswer is a record as it is exported; it always answers 200.
type recordAnswer struct{ *workflow.Record }

// StatusCode implements alloy.Status.
func (recordAnswer) StatusCode() int { return http.StatusOK }

func (s *Evaluations) getRecord(ctx context.Context, call alloy.Call) (recordAnswer, error) {
	e, err := s.named(ctx, call)
	if err != nil {
		return recordAnswer{}, err
	}
	r, err := s.Record(ctx, e)
	return recordAnswer{r}, err
}

// explanation says in sentences how an evaluation came to its outcome.
type explanation struct {
	Token   string               `json:"evaluation_token"`
	Outcome *string              `json:"outcome"`
	Status  workflow.Status      `json:"status"`
	Rules   []workflow.Explained `json:"rules"`
}

func (s *Evaluations) explain(ctx context.Context, call alloy.Call) (x explanation, err error) {
	e, err := s.named(ctx, call)
	if err != nil {
		return x, err
	}
	v, _, err := s.workflows.Version(ctx, e.Workflow, e.Version)
	if err != nil {
		return x, err
	}
	return explanation{e.Token, orNull(e.Result.Outcome), e.Result.Status, v.Explain(e.Case)}, nil
}
