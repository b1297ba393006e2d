package decision

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// kept is what the sealed column of an evaluation holds. The responses are apart, as
// several evaluations may share one.
type kept struct {
	Input   map[string]any   `json:"input"`
	Now     time.Time        `json:"now"`
	Persona workflow.Persona `json:"persona,omitempty"`
	Result  json.RawMessage  `json:"result"`
}

func evaluationRow(token string) string { return "decision_evaluation:" + token }

func responseRow(address string) string { return "decision_response:" + address }

// save writes an evaluation with all that belongs to it.
func (s *Evaluations) save(ctx context.Context, tx *store.Tx, call alloy.Call, v *workflow.Version, e *Evaluation) error {
	if s.open != nil && e.revision > 0 {
		if err := s.open(ctx, tx, e); err != nil {
			return err
		}
	}
	if s.entity != nil && e.Entity == "" {
		var err error
		if e.Entity, err = s.entity(ctx, tx, call, e.Case.Input); err != nil {
			return err
		}
	}
	if err := s.write(ctx, tx, e); err != nil {
		return err
	}
	if err := s.writeSources(ctx, tx, e); err != nil {
		return err
	}
	if e.Result.Status == workflow.InputsMissing {
		return nil
	}
	q := &query{account: e.Account, sandbox: e.Sandbox, input: v.Format(e.Case.Input).Values, now: e.Case.Now}
	if err := s.remember(ctx, tx, e, q); err != nil {
		return err
	}
	if err := s.writeShadow(ctx, tx, e); err != nil {
		return err
	}
	for _, done := range s.done {
		if err := done(ctx, tx, call, e); err != nil {
			return err
		}
	}
	return nil
}

// write writes the row of an evaluation: a new one, or the next state of one that
// nobody has changed meanwhile.
func (s *Evaluations) write(ctx context.Context, tx *store.Tx, e *Evaluation) error {
	plain, err := marshal(kept{e.Case.Input, e.Case.Now, e.Case.Persona, e.Raw})
	if err != nil {
		return err
	}
	sealed, err := s.vault.Seal(plain, evaluationRow(e.Token))
	if err != nil {
		return err
	}
	r := e.Result
	if e.revision == 0 {
		_, err = tx.Exec(ctx, insertEvaluation, e.Token, e.Account, e.Workflow, e.Version, e.Hash, e.Entity, e.Journey, e.Sandbox,
			string(r.Status), string(r.Kind), r.Outcome, sealed, clock.Millis(e.CreatedAt), clock.Millis(e.UpdatedAt))
	} else {
		err = tx.ExecOne(ctx, updateEvaluation, e.Token, e.revision, e.Version, e.Hash, e.Entity,
			string(r.Status), string(r.Kind), r.Outcome, sealed, clock.Millis(e.UpdatedAt))
	}
	if errors.Is(err, store.ErrNoRows) {
		return alloy.ErrConflict.Saying("The evaluation has changed at the same time")
	}
	if err != nil {
		return fmt.Errorf("decision: evaluation: %w", err)
	}
	e.revision++
	return nil
}

func (s *Evaluations) writeSources(ctx context.Context, tx *store.Tx, e *Evaluation) error {
	if e.revision > 1 {
		if _, err := tx.Exec(ctx, deleteSources, e.Token); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.asked)) {
		a := e.asked[name]
		if body := a.Response.Body; len(body) > 0 {
			a.address = s.vault.Index("decision.response", e.Account+"."+string(body))
			sealed, err := s.vault.Seal(body, responseRow(a.address))
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, insertResponse, a.address, sealed, clock.Millis(a.at)); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, insertSource, e.Token, name, string(a.Response.Status), a.Response.ErrorCode, a.subject, a.address, a.took.Milliseconds(), clock.Millis(a.at)); err != nil {
			return err
		}
	}
	return nil
}

// Get is an evaluation of an account; ErrNotYours if there is none.
func (s *Evaluations) Get(ctx context.Context, account, token string) (*Evaluation, error) {
	e, err := s.scan(s.db.QueryRow(ctx, selectEvaluation, token, account))
	if errors.Is(err, store.ErrNoRows) {
		return nil, alloy.ErrNotYours
	}
	if err != nil {
		return nil, err
	}
	if e.Result == nil {
		return nil, errPurged
	}
	return e, s.readSources(ctx, e)
}

// errPurged is what is said of an evaluation whose data are gone.
var errPurged = alloy.ErrConflict.Saying("The data of the evaluation were purged")

// scan reads an evaluation without its sources; one that was purged has no result.
func (s *Evaluations) scan(row scanner) (*Evaluation, error) {
	e, err := scanSealed(row)
	if err == nil && e.sealed != "" {
		if err = s.unseal(e); err == nil {
			e.Result, err = workflow.ParseResult(e.Raw)
		}
	}
	if err != nil {
		return nil, err
	}
	return e, nil
}

// scanSealed reads a row and leaves what is sealed as it is.
func scanSealed(row scanner) (*Evaluation, error) {
	e := &Evaluation{asked: map[string]*asked{}}
	var created, updated int64
	if err := row.Scan(&e.Token, &e.Account, &e.Workflow, &e.Version, &e.Hash, &e.Entity, &e.Journey, &e.Sandbox, &e.sealed, &created, &updated, &e.revision); err != nil {
		return nil, err
	}
	e.CreatedAt, e.UpdatedAt = clock.FromMillis(created), clock.FromMillis(updated)
	e.Case.Responses = map[string]workflow.Response{}
	return e, nil
}

// unseal opens the input and the bytes of the result.
func (s *Evaluations) unseal(e *Evaluation) error {
	plain, err := s.vault.Open(e.sealed, evaluationRow(e.Token))
	if err != nil {
		return err
	}
	var k kept
	if err := unmarshal(plain, &k); err != nil {
		return err
	}
	e.sealed, e.Raw = "", k.Result
	e.Case.Input, e.Case.Now, e.Case.Persona = k.Input, k.Now.UTC(), k.Persona
	return nil
}

// marshal writes JSON without the escapes for HTML: a result is kept in its own bytes.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("decision: %w", err)
	}
	return b.Bytes(), nil
}

// unmarshal reads JSON and keeps the digits of numbers.
func unmarshal(raw []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("decision: %w", err)
	}
	return nil
}

// readSources adds to an evaluation what its sources have said.
func (s *Evaluations) readSources(ctx context.Context, e *Evaluation) error {
	rows, err := s.db.Query(ctx, selectSources, e.Token)
	if err != nil {
		return fmt.Errorf("decision: sources: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name, status string
		var took, at int64
		a := &asked{}
		if err := rows.Scan(&name, &status, &a.Response.ErrorCode, &a.subject, &a.address, &took, &at); err != nil {
			return err
		}
		a.Response.Status, a.took, a.at = workflow.Service(status), time.Duration(took)*time.Millisecond, clock.FromMillis(at)
		e.asked[name] = a
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	for name, a := range e.asked {
		if a.address != "" {
			if a.Response.Body, err = s.response(ctx, a.address); err != nil {
				return err
			}
		}
		e.Case.Responses[name] = a.Response
	}
	return nil
}

// response reads the bytes of an answer.
func (s *Evaluations) response(ctx context.Context, address string) ([]byte, error) {
	var sealed string
	if err := s.db.QueryRow(ctx, selectResponse, address).Scan(&sealed); err != nil {
		return nil, fmt.Errorf("decision: response: %w", err)
	}
	return s.vault.Open(sealed, responseRow(address))
}

// cached is what a source has said to the same question since a time.
func (s *Evaluations) cached(ctx context.Context, subject string, since time.Time) (body []byte, found bool, err error) {
	var address string
	err = s.db.QueryRow(ctx, selectCached, subject, clock.Millis(since)).Scan(&address)
	if errors.Is(err, store.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	body, err = s.response(ctx, address)
	return body, err == nil, err
}

// ofEntities lists the evaluations about entities.
func (s *Evaluations) ofEntities(ctx context.Context, account string, entities []string) (list []EntityEvaluation, err error) {
	names := map[string]string{}
	for _, entity := range entities {
		evaluations, err := s.about(ctx, account, entity)
		if err != nil {
			return nil, err
		}
		for _, e := range evaluations {
			if _, known := names[e.Workflow]; !known {
				flow, err := s.workflows.Get(ctx, account, e.Workflow)
				if err != nil {
					return nil, err
				}
				names[e.Workflow] = flow.Name
			}
			list = append(list, e.brief(names[e.Workflow]))
		}
	}
	return list, nil
}

func (s *Evaluations) about(ctx context.Context, account, entity string) (list []*Evaluation, err error) {
	rows, err := s.db.Query(ctx, entityEvaluations, entity, account)
	if err != nil {
		return nil, fmt.Errorf("decision: evaluations: %w", err)
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

// brief is an evaluation in the list of its entity.
func (e *Evaluation) brief(name string) EntityEvaluation {
	b := EntityEvaluation{
		Token: e.Token, Application: e.Workflow, Name: name, Version: strconv.FormatInt(e.Version, 10),
		Tags: []string{}, Timestamp: clock.Millis(e.CreatedAt), Sandbox: e.Sandbox,
	}
	if e.Result != nil {
		score := float64(e.Result.Score)
		b.Outcome, b.Score, b.Tags = orNull(e.Result.Outcome), &score, e.Result.Tags
	}
	return b
}

// Forget purges what the evaluations of entities were decided on. That they were,
// and how, remains.
func (s *Evaluations) Forget(ctx context.Context, tx *store.Tx, account string, entities []string) error {
	for _, entity := range entities {
		tokens, err := column(ctx, tx, `SELECT token FROM decision_evaluation WHERE entity = $1 AND account = $2`, entity, account)
		if err != nil {
			return err
		}
		for _, token := range tokens {
			if err := s.forgetOne(ctx, tx, token); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Evaluations) forgetOne(ctx context.Context, tx *store.Tx, token string) error {
	addresses, err := column(ctx, tx, `SELECT address FROM decision_source WHERE evaluation = $1 AND address <> ''`, token)
	if err != nil {
		return err
	}
	for _, query := range []string{deleteSources, deleteVelocity, deleteShadows, purgeEvaluations} {
		if _, err := tx.Exec(ctx, query, token); err != nil {
			return fmt.Errorf("decision: purge: %w", err)
		}
	}
	for _, a := range addresses {
		if _, err := tx.Exec(ctx, deleteLostResponses, a); err != nil {
			return fmt.Errorf("decision: purge: %w", err)
		}
	}
	return nil
}

// column reads one column of texts.
func column(ctx context.Context, tx *store.Tx, query string, args ...any) (list []string, err error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("decision: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}
