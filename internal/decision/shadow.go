package decision

import (
	"context"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// shadow lets the shadow version, if there is one, decide the same case on the same
// answers. It has no effect and asks no source: where it would need one more, that is
// what is noted.
func (s *Evaluations) shadow(ctx context.Context, flow *Workflow, e *Evaluation) error {
	e.shadow = nil
	if flow.Shadow == 0 || flow.Shadow == e.Version || e.Case.Persona != "" || e.Result.Status == workflow.InputsMissing {
		return nil
	}
	v, _, err := s.workflows.Version(ctx, flow.Token, flow.Shadow)
	if err != nil {
		return err
	}
	e.shadow = &shadowed{flow.Shadow, workflow.Named(v.Decide(e.Case))}
	return nil
}

// shadowed is what the shadow version has said.
type shadowed struct {
	version int64
	would   string
}

// writeShadow keeps what the shadow version has said.
func (s *Evaluations) writeShadow(ctx context.Context, tx *store.Tx, e *Evaluation) error {
	if e.shadow == nil {
		return nil
	}
	_, err := tx.Exec(ctx, insertShadow, e.Token, e.Workflow, e.shadow.version, workflow.Named(e.Result), e.shadow.would, clock.Millis(e.UpdatedAt))
	return err
}

// Shadow is what the shadow version would have said so far.
func (s *Evaluations) Shadow(ctx context.Context, token string, version int64) (cells []workflow.Cell, err error) {
	rows, err := s.db.Query(ctx, selectShadow, token, version)
	if err != nil {
		return nil, fmt.Errorf("decision: shadow: %w", err)
	}
	defer rows.Close()
	cells = []workflow.Cell{}
	for rows.Next() {
		var c workflow.Cell
		if err := rows.Scan(&c.Was, &c.Would, &c.Count); err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	return cells, rows.Err()
}
