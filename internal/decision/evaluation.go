package decision

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// Evaluation is one case under one version of a workflow, with what it was decided
// on. It changes only until it is decided.
type Evaluation struct {
	Token    string // S-… in sandbox mode, L-… otherwise
	Account  string
	Workflow string // its token
	Version  int64
	Hash     string // of the version
	Entity   string // its token
	Journey  string // the application of a journey that it is a step of, "" outside of one
	Sandbox  bool
	Case     workflow.Case
	Result   *workflow.Result
	Raw      []byte // the result's canonical bytes

	CreatedAt time.Time
	UpdatedAt time.Time

	name     string // of the workflow
	asked    map[string]*asked
	shadow   *shadowed // nil without a shadow version
	sealed   string    // what is still to be opened
	revision int64
}

// Final reports whether the evaluation is decided: it never changes again.
func (e *Evaluation) Final() bool { return e.Result.Status == workflow.Decided }

// StatusCode is how the API answers with the evaluation: 200 where inputs are missing,
// 201 where it is decided, 206 where the data to decide it are missing.
func (e *Evaluation) StatusCode() int {
	switch e.Result.Status {
	case workflow.Decided:
		return http.StatusCreated
	case workflow.Partial:
		return http.StatusPartialContent
	}
	return http.StatusOK
}

// Evaluations are the evaluations of all accounts. Its methods are safe for
// concurrent use.
type Evaluations struct {
	db        *store.DB
	vault     *vault.Vault
	clock     *clock.Clock
	ids       *clock.IDs
	workflows *Workflows
	sources   sources

	// entity finds or makes whom an evaluation is about, in tx; nil for nobody.
	entity func(ctx context.Context, tx *store.Tx, call alloy.Call, input map[string]any) (token string, err error)
	// open refuses a change of an evaluation that a person has decided; nil if none can.
	open func(ctx context.Context, tx *store.Tx, e *Evaluation) error
	// done are told of each evaluation that was decided, or ended without the data to
	// decide it, in its transaction.
	done []func(ctx context.Context, tx *store.Tx, call alloy.Call, e *Evaluation) error
}

// newEvaluations returns the evaluations of a database, with sources behind the
// public API.
func newEvaluations(db *store.DB, v *vault.Vault, c *clock.Clock, ids *clock.IDs, w *Workflows, p Plaid) *Evaluations {
	s := &Evaluations{db: db, vault: v, clock: c, ids: ids, workflows: w}
	s.sources = sources{evaluations: s, byName: newPlaidSources(p)}
	s.sources.byName[workflow.History] = historySource{s}
	return s
}

// Request is what is to be evaluated.
type Request struct {
	Workflow string         // its token
	Version  int64          // 0 for the live one
	Input    map[string]any // numbers as json.Number
	Key      string         // the Idempotency-Key, "" without one
	Journey  string         // the application that it is a step of, "" outside of one
}

// Run evaluates a case and keeps what came of it. A request that repeats the key of
// an earlier one gets that one's evaluation.
func (s *Evaluations) Run(ctx context.Context, call alloy.Call, r Request) (*Evaluation, error) {
	id, digest, err := s.once(call, &r)
	if err != nil {
		return nil, err
	}
	if id != "" {
		if e, err := s.repeated(ctx, call.Account, id, digest); e != nil || err != nil {
			return e, err
		}
	}
	flow, v, n, err := s.version(ctx, call.Account, r.Workflow, r.Version)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	e := &Evaluation{
		Token: s.token(call.Sandbox), Account: call.Account, Workflow: flow.Token, Version: n, Hash: v.Hash, Sandbox: call.Sandbox, Journey: r.Journey,
		Case: workflow.Case{Input: r.Input, Now: now}, CreatedAt: now, UpdatedAt: now, asked: map[string]*asked{},
	}
	if err := s.decide(ctx, call, flow, v, e); err != nil {
		return nil, err
	}
	begun := *e
	err = write(ctx, s.db, func(tx *store.Tx) error {
		*e = begun // the transaction may run more than once
		if id != "" {
			if first, err := s.claim(ctx, tx, id, e.Token, digest); err != nil || !first {
				return errors.Join(err, errRepeated)
			}
		}
		return s.save(ctx, tx, call, v, e)
	})
	if errors.Is(err, errRepeated) {
		return s.repeated(ctx, call.Account, id, digest)
	}
	return e, err
}

// token makes the token of an evaluation.
func (s *Evaluations) token(sandbox bool) string {
	prefix := "L-"
	if sandbox {
		prefix = "S-"
	}
	return prefix + s.ids.Letters(20, tokenLetters)
}

// version is the version of a workflow that is to decide.
func (s *Evaluations) version(ctx context.Context, account, token string, n int64) (*Workflow, *workflow.Version, int64, error) {
	flow, err := s.workflows.Get(ctx, account, token)
	if err != nil {
		return nil, nil, 0, err
	}
	if n == 0 {
		n = flow.Live
	}
	if n == 0 {
		return nil, nil, 0, alloy.ErrConflict.Saying("The workflow has no live version")
	}
	v, info, err := s.workflows.Version(ctx, flow.Token, n)
	if err == nil && !info.RetiredAt.IsZero() {
		err = alloy.ErrConflict.Saying("The version of the workflow was retired")
	}
	return flow, v, n, err
}

// decide brings a case as far as it can come: it asks the sources that are needed,
// round by round, until none is. Nothing is written.
func (s *Evaluations) decide(ctx context.Context, call alloy.Call, flow *Workflow, v *workflow.Version, e *Evaluation) error {
	f := v.Format(e.Case.Input)
	if len(f.Invalid) > 0 {
		return invalidInput(f.Invalid[0])
	}
	persona, err := s.persona(ctx, call, e)
	if err != nil {
		return err
	}
	e.name, e.Case.Persona = flow.Name, persona.decides
	q := &query{account: e.Account, sandbox: e.Sandbox, evaluation: e.Token, input: f.Values, now: e.Case.Now}
	if e.Case.Responses == nil {
		e.Case.Responses = map[string]workflow.Response{}
	}
	for {
		if e.Result = v.Decide(e.Case); e.Result.Status != workflow.SourcesNeeded {
			break
		}
		for name, a := range s.ask(ctx, call, v, e, q, persona) {
			e.asked[name], e.Case.Responses[name] = a, a.Response
		}
		if err := ctx.Err(); err != nil {
			return err // the client went away: what failed for that reason is nobody's failure
		}
	}
	if e.Raw, err = e.Result.Bytes(); err != nil {
		return err
	}
	return s.shadow(ctx, flow, e)
}

// ask asks the sources that a case needs next. Persona Partial lets the first of all
// fail.
func (s *Evaluations) ask(ctx context.Context, call alloy.Call, v *workflow.Version, e *Evaluation, q *query, p persona) map[string]*asked {
	needs := e.Result.Needs
	if p.fails && len(e.asked) == 0 {
		return map[string]*asked{needs[0]: {Response: failed(codePersona), at: q.now}}
	}
	return s.sources.gather(ctx, v, needs, q, call.Is(alloy.HeaderRefreshCache))
}

// Amend adds to the input of an evaluation that is not decided and evaluates it
// again, under the version that it began with. Sources that have answered the same
// question are not asked again.
func (s *Evaluations) Amend(ctx context.Context, call alloy.Call, token string, more map[string]any) (*Evaluation, error) {
	e, err := s.Get(ctx, call.Account, token)
	if err != nil {
		return nil, err
	}
	if e.Final() {
		return nil, alloy.ErrConflict.Saying("The evaluation is decided and cannot change")
	}
	flow, v, _, err := s.version(ctx, call.Account, e.Workflow, e.Version)
	if err != nil {
		return nil, err
	}
	e.Case.Input = maps.Clone(e.Case.Input)
	for key, value := range more {
		if value != nil { // null leaves a member as it is
			e.Case.Input[key] = value
		}
	}
	call.Sandbox = e.Sandbox
	e.Case.Now = s.clock.Now()
	e.UpdatedAt = e.Case.Now
	s.reuse(v, e)
	if err := s.decide(ctx, call, flow, v, e); err != nil {
		return nil, err
	}
	begun := *e
	err = write(ctx, s.db, func(tx *store.Tx) error {
		*e = begun // the transaction may run more than once
		return s.save(ctx, tx, call, v, e)
	})
	return e, err
}

// reuse keeps the answers that still belong to the input.
func (s *Evaluations) reuse(v *workflow.Version, e *Evaluation) {
	q := &query{account: e.Account, sandbox: e.Sandbox, evaluation: e.Token, input: v.Format(e.Case.Input).Values, now: e.Case.Now}
	for _, name := range slices.Collect(maps.Keys(e.asked)) {
		a, src := e.asked[name], s.sources.byName[name]
		keep := a.Response.Status == workflow.Executed || a.Response.Status == workflow.Cached
		if keep && src != nil {
			request, code := src.request(q)
			keep = code == "" && s.vault.Index("decision.source", e.Account+"."+name+"."+string(request)) == a.subject
		}
		if !keep {
			delete(e.asked, name)
			delete(e.Case.Responses, name)
		}
	}
}

// invalidInput words an input that does not fit its schema.
func invalidInput(i workflow.Invalid) error {
	const must = "must "
	if len(i.Problem) > len(must) && i.Problem[:len(must)] == must {
		return alloy.Invalid(i.Key, i.Problem[len(must):])
	}
	return alloy.Invalid(i.Key, i.Problem)
}

// once reads the Idempotency-Key of a request: by what it is found again, and what
// it asks for.
func (s *Evaluations) once(call alloy.Call, r *Request) (id, digest string, err error) {
	if r.Key == "" {
		return "", "", nil
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return "", "", err
	}
	return s.vault.Index("decision.request", call.Account+"."+strconv.FormatBool(call.Sandbox)+"."+r.Key), s.vault.Index("decision.request.body", string(raw)), nil
}

// errRepeated is why a transaction gives up: another one has used the key.
var errRepeated = errors.New("decision: the request was made before")

// repeated is the evaluation that a key belongs to; nil if it is new.
func (s *Evaluations) repeated(ctx context.Context, account, id, digest string) (*Evaluation, error) {
	var token, was string
	err := s.db.QueryRow(ctx, selectRequest, id).Scan(&token, &was)
	switch {
	case errors.Is(err, store.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	case was != digest:
		return nil, alloy.ErrConflict.Saying("The Idempotency-Key was used for another request")
	}
	return s.Get(ctx, account, token)
}

// claim takes a key for an evaluation. The first to take it has it.
func (s *Evaluations) claim(ctx context.Context, tx *store.Tx, id, token, digest string) (first bool, err error) {
	err = tx.ExecOne(ctx, insertRequest, id, token, digest, clock.Millis(s.clock.Now()))
	if errors.Is(err, store.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
