package decision

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
)

// Record is all that an evaluation was decided on, with the document of its version:
// enough to come to the result again without us.
func (s *Evaluations) Record(ctx context.Context, e *Evaluation) (*workflow.Record, error) {
	v, _, err := s.workflows.Version(ctx, e.Workflow, e.Version)
	if err != nil {
		return nil, err
	}
	document, err := v.Document.Canonical()
	if err != nil {
		return nil, err
	}
	return &workflow.Record{Document: document, Version: e.Hash, Case: e.Case, Result: e.Raw}, nil
}

// replayPage is how many evaluations are read at once.
const replayPage = 500

// each works on the evaluations of a workflow since a time, in the order in which they
// were made, up to a number of them: work on several at once, and then then on what
// work has left of each, in order. Those that were purged are left out.
func (s *Evaluations) each(ctx context.Context, token string, since time.Time, limit int, work func(*Evaluation) error, then func(*Evaluation)) error {
	at, last := clock.Millis(since)-1, ""
	for limit > 0 {
		page, err := s.page(ctx, token, at, last, min(limit, replayPage))
		if err != nil || len(page) == 0 {
			return err
		}
		end := page[len(page)-1]
		at, last = clock.Millis(end.CreatedAt), end.Token
		limit -= len(page)
		page = slices.DeleteFunc(page, func(e *Evaluation) bool { return e.sealed == "" }) // purged
		if err := s.sideBySide(page, work); err != nil {
			return err
		}
		for _, e := range page {
			then(e)
		}
	}
	return nil
}

// sideBySide opens evaluations and works on them, as many at once as there are
// processors.
func (s *Evaluations) sideBySide(page []*Evaluation, work func(*Evaluation) error) error {
	var next atomic.Int64
	workers := min(runtime.GOMAXPROCS(0), len(page))
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() {
			for errs[i] == nil {
				n := int(next.Add(1)) - 1
				if n >= len(page) {
					return
				}
				if errs[i] = s.unsealAll(page[n]); errs[i] == nil {
					errs[i] = work(page[n])
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// unsealAll opens an evaluation and the answers of its sources.
func (s *Evaluations) unsealAll(e *Evaluation) error {
	for name, a := range e.asked {
		if sealed := a.Response.Body; len(sealed) > 0 {
			body, err := s.vault.Open(string(sealed), responseRow(a.address))
			if err != nil {
				return err
			}
			a.Response.Body = body
		}
		e.Case.Responses[name] = a.Response
	}
	return s.unseal(e)
}

// page reads a page of evaluations with their sources, all of it sealed.
func (s *Evaluations) page(ctx context.Context, token string, at int64, last string, n int) (list []*Evaluation, err error) {
	rows, err := s.db.Query(ctx, selectEvaluations, token, at, last, n)
	if err != nil {
		return nil, fmt.Errorf("decision: replay: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		e, err := scanSealed(rows)
		if err != nil {
			return nil, fmt.Errorf("decision: replay: %w", err)
		}
		list = append(list, e)
	}
	if err := rows.Err(); err != nil || len(list) == 0 {
		return nil, err
	}
	rows.Close()
	return list, s.fillSources(ctx, list)
}

// fillSources adds to a page what the sources have said, sealed.
func (s *Evaluations) fillSources(ctx context.Context, page []*Evaluation) error {
	first, last := page[0], page[len(page)-1]
	byToken := make(map[string]*Evaluation, len(page))
	for _, e := range page {
		byToken[e.Token] = e
	}
	rows, err := s.db.Query(ctx, pageSources, first.Workflow, clock.Millis(first.CreatedAt), first.Token, clock.Millis(last.CreatedAt), last.Token)
	if err != nil {
		return fmt.Errorf("decision: replay: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var token, name, status string
		var sealed sql.NullString
		a := &asked{}
		if err := rows.Scan(&token, &name, &status, &a.Response.ErrorCode, &a.address, &sealed); err != nil {
			return err
		}
		a.Response.Status, a.Response.Body = workflow.Service(status), []byte(sealed.String)
		if e := byToken[token]; e != nil {
			e.asked[name] = a
		}
	}
	return rows.Err()
}

// Replayed is what came of deciding all stored evaluations of a version again.
type Replayed struct {
	Evaluations int      `json:"evaluations"`
	Same        int      `json:"same"`
	Different   []string `json:"different"` // tokens, at most a hundred
}

// maxDifferent is how many differences are named.
const maxDifferent = 100

// Replay decides the stored evaluations of a workflow again, each under its own
// version, and compares the bytes: after a new build there must be no difference.
func (s *Evaluations) Replay(ctx context.Context, token string, since time.Time, limit int) (*Replayed, error) {
	r := &Replayed{Different: []string{}}
	versions := versionsOf{s: s.workflows, token: token, list: map[int64]*workflow.Version{}}
	work := func(e *Evaluation) error {
		v, err := versions.get(ctx, e.Version)
		if err != nil {
			return err
		}
		if _, err := workflow.Replay(v, e.Case, e.Raw); err != nil {
			e.Raw = nil
		}
		return nil
	}
	err := s.each(ctx, token, since, limit, work, func(e *Evaluation) {
		r.Evaluations++
		if e.Raw != nil {
			r.Same++
		} else if len(r.Different) < maxDifferent {
			r.Different = append(r.Different, e.Token)
		}
	})
	return r, err
}

// versionsOf are the versions of a workflow during one run: each is read once.
type versionsOf struct {
	s     *Workflows
	token string

	mu   sync.Mutex
	list map[int64]*workflow.Version
}

func (o *versionsOf) get(ctx context.Context, n int64) (*workflow.Version, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if v := o.list[n]; v != nil {
		return v, nil
	}
	v, _, err := o.s.Version(ctx, o.token, n)
	if err == nil {
		o.list[n] = v
	}
	return v, err
}

// Backtest decides the stored evaluations of a workflow under another version and
// compares the outcomes. Cases whose inputs were missing or that a persona decided
// are no evidence and are left out.
func (s *Evaluations) Backtest(ctx context.Context, token string, candidate *workflow.Version, since time.Time, limit int) (*workflow.Matrix, error) {
	comparison := workflow.Compare(candidate)
	type outcome struct{ was, now *workflow.Result }
	var mu sync.Mutex
	decided := map[*Evaluation]outcome{}
	work := func(e *Evaluation) error {
		was, err := workflow.ParseResult(e.Raw)
		if err != nil || was.Status == workflow.InputsMissing || e.Case.Persona != "" {
			return err
		}
		now := candidate.Decide(e.Case)
		mu.Lock()
		defer mu.Unlock()
		decided[e] = outcome{was, now}
		return nil
	}
	err := s.each(ctx, token, since, limit, work, func(e *Evaluation) {
		if o, ok := decided[e]; ok {
			comparison.Count(e.Token, o.was, o.now)
			delete(decided, e)
		}
	})
	return comparison.Matrix(), err
}
