package decision

import (
	"context"
	"database/sql"
	"fmt"
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

// each calls fn with the evaluations of a workflow since a time, in the order in
// which they were made, up to a number of them. Those that were purged are left out.
func (s *Evaluations) each(ctx context.Context, token string, since time.Time, limit int, fn func(*Evaluation) error) error {
	at, last := clock.Millis(since)-1, ""
	for limit > 0 {
		page, err := s.page(ctx, token, at, last, min(limit, replayPage))
		if err != nil || len(page) == 0 {
			return err
		}
		if err := s.fillSources(ctx, page); err != nil {
			return err
		}
		for _, e := range page {
			at, last = clock.Millis(e.CreatedAt), e.Token
			limit--
			if e.Result == nil { // purged
				continue
			}
			if err := fn(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// page reads a page of evaluations without their sources. One that was purged has no
// result.
func (s *Evaluations) page(ctx context.Context, token string, at int64, last string, n int) (list []*Evaluation, err error) {
	rows, err := s.db.Query(ctx, selectEvaluations, token, at, last, n)
	if err != nil {
		return nil, fmt.Errorf("decision: replay: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		e, err := s.scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// fillSources adds to a page of evaluations what their sources have said.
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
		var token, name, status, code, address string
		var sealed sql.NullString
		if err := rows.Scan(&token, &name, &status, &code, &address, &sealed); err != nil {
			return err
		}
		e := byToken[token]
		if e == nil || e.Result == nil {
			continue
		}
		r := workflow.Response{Status: workflow.Service(status), ErrorCode: code}
		if sealed.Valid {
			if r.Body, err = s.vault.Open(sealed.String, responseRow(address)); err != nil {
				return err
			}
		}
		e.Case.Responses[name] = r
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
	versions := map[int64]*workflow.Version{}
	err := s.each(ctx, token, since, limit, func(e *Evaluation) error {
		v := versions[e.Version]
		if v == nil {
			var err error
			if v, _, err = s.workflows.Version(ctx, token, e.Version); err != nil {
				return err
			}
			versions[e.Version] = v
		}
		r.Evaluations++
		if _, err := workflow.Replay(v, e.Case, e.Raw); err == nil {
			r.Same++
		} else if len(r.Different) < maxDifferent {
			r.Different = append(r.Different, e.Token)
		}
		return nil
	})
	return r, err
}

// Backtest decides the stored evaluations of a workflow under another version and
// compares the outcomes. Cases whose inputs were missing or that a persona decided
// are no evidence and are left out.
func (s *Evaluations) Backtest(ctx context.Context, token string, candidate *workflow.Version, since time.Time, limit int) (*workflow.Matrix, error) {
	comparison := workflow.Compare(candidate)
	err := s.each(ctx, token, since, limit, func(e *Evaluation) error {
		if e.Result.Status != workflow.InputsMissing && e.Case.Persona == "" {
			comparison.Add(workflow.Past{Case: e.Case, Result: e.Result, Label: e.Token})
		}
		return nil
	})
	return comparison.Matrix(), err
}
