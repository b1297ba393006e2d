package decision

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

const (
	reviewColumns = `token, account, entity, evaluation, journey, application, node, workflow, workflow_name, sandbox,
state, assignee, claimed_by, claimed_until, four_eyes, proposed_by, proposed_outcome, outcome, reasons, decided_by,
opened_at, started_at, decided_at, due_at`
	insertReview = `INSERT INTO decision_review (` + reviewColumns + `)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', 0, $13, '', '', '', '[]', '', $14, 0, 0, $15)`
	selectReview    = `SELECT ` + reviewColumns + ` FROM decision_review WHERE token = $1 AND ($2 = '' OR account = $2)`
	selectReviewsOf = `SELECT ` + reviewColumns + ` FROM decision_review WHERE entity = $1 ORDER BY opened_at, token`
	selectQueue     = `SELECT ` + reviewColumns + ` FROM decision_review
WHERE account = $1 AND ($2 = '' OR state = $2) AND ($3 = '' OR assignee = $3) AND ($4 = '' OR workflow = $4) AND ($5 = '' OR entity = $5)
AND (CAST($6 AS BIGINT) = 0 OR due_at < $6) AND (opened_at > $7 OR opened_at = $7 AND token > $8)
ORDER BY opened_at, token LIMIT $9`

	// The lease is over where claimed_until has passed.
	claimReview = `UPDATE decision_review SET claimed_by = $2, claimed_until = $3, started_at = CASE WHEN started_at = 0 THEN $4 ELSE started_at END
WHERE token = $1 AND state IN ('open', 'second') AND (assignee = '' OR assignee = $2) AND proposed_by <> $2
AND (claimed_by = '' OR claimed_by = $2 OR claimed_until <= $4)`
	releaseReview = `UPDATE decision_review SET claimed_by = '', claimed_until = 0
WHERE token = $1 AND claimed_by = $2 AND state IN ('open', 'second')`
	assignReview = `UPDATE decision_review SET assignee = $2, claimed_by = '', claimed_until = 0
WHERE token = $1 AND state IN ('open', 'second') AND ($2 = '' OR proposed_by <> $2)`

	mayDecide = ` WHERE token = $1 AND state = $6 AND state IN ('open', 'second') AND (assignee = '' OR assignee = $2) AND proposed_by <> $2
AND (claimed_by = '' OR claimed_by = $2 OR claimed_until <= $5)`
	finishReview = `UPDATE decision_review SET state = 'decided', outcome = $3, reasons = $4, decided_by = $2, decided_at = $5,
started_at = CASE WHEN started_at = 0 THEN $5 ELSE started_at END, claimed_by = '', claimed_until = 0` + mayDecide
	proposeReview = `UPDATE decision_review SET state = 'second', proposed_by = $2, proposed_outcome = $3, reasons = $4,
started_at = CASE WHEN started_at = 0 THEN $5 ELSE started_at END, assignee = '', claimed_by = '', claimed_until = 0` + mayDecide
	reopenReview = `UPDATE decision_review SET state = 'open', proposed_by = '', proposed_outcome = '', reasons = '[]',
assignee = '', claimed_by = '', claimed_until = 0` + mayDecide + ` AND proposed_outcome <> $3 AND $4 <> ''`
	withdrawReviews = `UPDATE decision_review SET state = 'withdrawn', decided_at = $3, claimed_by = '', claimed_until = 0
WHERE state IN ('open', 'second') AND ($1 <> '' AND evaluation = $1 OR $2 <> '' AND application = $2)`
	countDecided = `SELECT COUNT(*) FROM decision_review WHERE evaluation = $1 AND state = 'decided'`
)

func (s *Reviews) insert(ctx context.Context, tx *store.Tx, r *Review) error {
	_, err := tx.Exec(ctx, insertReview, r.Token, r.Account, r.Entity, r.Evaluation, r.Journey, r.Application, r.Node, r.Workflow, r.WorkflowName,
		r.Sandbox, r.State, r.Assignee, r.FourEyes, clock.Millis(r.OpenedAt), clock.Millis(r.DueAt))
	if err != nil {
		return fmt.Errorf("decision: review: %w", err)
	}
	return nil
}

// byToken reads a review; account may be empty where it was checked before.
func (s *Reviews) byToken(ctx context.Context, tx *store.Tx, account, token string) (*Review, error) {
	r, err := scanReview(tx.QueryRow(ctx, selectReview, token, account).Scan)
	if errors.Is(err, store.ErrNoRows) {
		return nil, alloy.ErrNotFound
	}
	return r, err
}

// of lists the reviews of entities.
func (s *Reviews) of(ctx context.Context, tx *store.Tx, account string, entities []string) ([]*Review, error) {
	var all []*Review
	for _, entity := range entities {
		rows, err := tx.Query(ctx, selectReviewsOf, entity)
		if err != nil {
			return nil, fmt.Errorf("decision: review: %w", err)
		}
		list, err := scanReviews(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

func scanReviews(rows *sql.Rows) (list []*Review, err error) {
	defer rows.Close()
	for rows.Next() {
		r, err := scanReview(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

func scanReview(scan func(...any) error) (*Review, error) {
	r, reasons := &Review{}, ""
	var claimed, opened, started, decided, due int64
	err := scan(&r.Token, &r.Account, &r.Entity, &r.Evaluation, &r.Journey, &r.Application, &r.Node, &r.Workflow, &r.WorkflowName, &r.Sandbox,
		&r.State, &r.Assignee, &r.ClaimedBy, &claimed, &r.FourEyes, &r.ProposedBy, &r.ProposedOutcome, &r.Outcome, &reasons, &r.DecidedBy,
		&opened, &started, &decided, &due)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(reasons), &r.Reasons); err != nil {
		return nil, fmt.Errorf("decision: review: %w", err)
	}
	r.ClaimedUntil, r.OpenedAt, r.DueAt = clock.FromMillis(claimed), clock.FromMillis(opened), clock.FromMillis(due)
	if started > 0 {
		r.StartedAt = clock.FromMillis(started)
	}
	if decided > 0 {
		r.DecidedAt = clock.FromMillis(decided)
	}
	return r, nil
}
