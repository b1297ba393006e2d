package decision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

const (
	applicationColumns = `token, account, journey, version, status, outcome, sandbox, awaits, external, group_id, rerun_of, root, sealed, events, created_at, updated_at, closed_at`
	insertApplication  = `INSERT INTO decision_application (` + applicationColumns + `)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`
	// lockApplication lets nobody else change the application until the transaction ends.
	lockApplication   = `UPDATE decision_application SET events = events WHERE token = $1 AND ($2 = '' OR account = $2) RETURNING ` + applicationColumns
	selectApplication = `SELECT ` + applicationColumns + ` FROM decision_application WHERE token = $1 AND ($2 = '' OR account = $2)`
	selectReruns      = `SELECT token FROM decision_application WHERE rerun_of = $1 ORDER BY created_at, token`
	selectJourneyName = `SELECT name FROM decision_journey WHERE token = $1`

	insertEntityApplication = `INSERT INTO decision_application_entity
(token, application, entity, place, branch, node, visit, status, outcome, evaluation, tries, lease, lease_until, sealed, created_at)
VALUES ($1, $2, $3, $4, $5, '', 0, $6, '', '', 0, '', 0, $7, $8)`
	selectEntityApplications = `SELECT token, entity, place, branch, node, visit, status, outcome, evaluation, tries, lease, lease_until, sealed, created_at
FROM decision_application_entity WHERE application = $1 ORDER BY place`
	selectApplicationOf       = `SELECT application FROM decision_application_entity WHERE token = $1`
	selectWaitingForDocuments = `SELECT token FROM decision_application_entity WHERE entity = $1 AND status = 'pending_documents' ORDER BY created_at, token`
	selectApplicationsOf      = `SELECT DISTINCT application FROM decision_application_entity WHERE entity = $1`
	forgetEntityApplications  = `UPDATE decision_application_entity SET sealed = '' WHERE entity = $1`
	forgetApplication         = `UPDATE decision_application SET sealed = '', external = '', group_id = '' WHERE token = $1`
)

func (s *Journeys) insert(ctx context.Context, tx *store.Tx, a *application) error {
	sealed, err := s.vault.SealJSON(a.said, "application:"+a.Token)
	if err != nil {
		return err
	}
	now := clock.Millis(a.CreatedAt)
	_, err = tx.Exec(ctx, insertApplication, a.Token, a.Account, a.Journey, a.Version, StatusRunning, "", a.Sandbox, a.Awaits, a.external, a.group,
		a.RerunOf, a.Root, sealed, 0, now, now, 0)
	if store.IsUnique(err) {
		return alloy.ErrConflict.Saying("The external group id is that of another application of the journey")
	}
	if err != nil {
		return fmt.Errorf("decision: application: %w", err)
	}
	return nil
}

func (s *Journeys) insertEntity(ctx context.Context, tx *store.Tx, a *application, ea *entityApplication) error {
	sealed, err := s.vault.SealJSON(ea.held, "application:"+ea.Token)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertEntityApplication, ea.Token, a.Token, ea.Entity, ea.Place, ea.Branch, ea.Status, sealed, clock.Millis(ea.CreatedAt))
	if err != nil {
		return fmt.Errorf("decision: application: %w", err)
	}
	return nil
}

// lock reads an application that nobody else can change until the transaction ends.
func (s *Journeys) lock(ctx context.Context, tx *store.Tx, account, token string) (*application, error) {
	return s.read(ctx, tx, lockApplication, account, token)
}

// lockByEntity is lock by the token of one of the application's entities, which comes
// with it.
func (s *Journeys) lockByEntity(ctx context.Context, tx *store.Tx, ea string) (*application, *entityApplication, error) {
	token := ""
	if err := tx.QueryRow(ctx, selectApplicationOf, ea).Scan(&token); err != nil {
		return nil, nil, err
	}
	a, err := s.lock(ctx, tx, "", token)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range a.entities {
		if e.Token == ea {
			return a, e, nil
		}
	}
	return nil, nil, store.ErrNoRows
}

func (s *Journeys) read(ctx context.Context, tx *store.Tx, query, account, token string) (*application, error) {
	a, sealed := &application{}, ""
	var created, updated, closed int64
	err := tx.QueryRow(ctx, query, token, account).Scan(&a.Token, &a.Account, &a.Journey, &a.Version, &a.Status, &a.Outcome, &a.Sandbox, &a.Awaits,
		&a.external, &a.group, &a.RerunOf, &a.Root, &sealed, &a.events, &created, &updated, &closed)
	if errors.Is(err, store.ErrNoRows) {
		return nil, alloy.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("decision: application: %w", err)
	}
	a.CreatedAt, a.UpdatedAt = clock.FromMillis(created), clock.FromMillis(updated)
	if closed > 0 {
		a.ClosedAt = clock.FromMillis(closed)
	}
	if sealed != "" { // empty once it was purged
		if err := s.vault.OpenJSON(sealed, "application:"+a.Token, &a.said); err != nil {
			return nil, err
		}
	}
	if err := tx.QueryRow(ctx, selectJourneyName, a.Journey).Scan(&a.name); err != nil {
		return nil, fmt.Errorf("decision: application: %w", err)
	}
	if a.document, err = s.document(ctx, tx, a.Journey, a.Version); err != nil {
		return nil, err
	}
	a.entities, err = s.entitiesOf(ctx, tx, a.Token)
	return a, err
}

func (s *Journeys) entitiesOf(ctx context.Context, tx *store.Tx, application string) (list []*entityApplication, err error) {
	rows, err := tx.Query(ctx, selectEntityApplications, application)
	if err != nil {
		return nil, fmt.Errorf("decision: application: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		ea, sealed, created := &entityApplication{}, "", int64(0)
		err := rows.Scan(&ea.Token, &ea.Entity, &ea.Place, &ea.Branch, &ea.Node, &ea.Visit, &ea.Status, &ea.Outcome, &ea.Evaluation, &ea.Tries,
			&ea.Lease, &ea.LeaseUntil, &sealed, &created)
		if err != nil {
			return nil, fmt.Errorf("decision: application: %w", err)
		}
		ea.CreatedAt = clock.FromMillis(created)
		if sealed != "" {
			if err := s.vault.OpenJSON(sealed, "application:"+ea.Token, &ea.held); err != nil {
				return nil, err
			}
		}
		list = append(list, ea)
	}
	return list, rows.Err()
}

// eventRow is an event as it was written.
type eventRow struct {
	Number                    int64
	Token, Type               string
	Entity, EA                string
	Node, Evaluation, Outcome string
	Reasons                   []string
	EntityStatus, Status      string
	At                        int64
}

func (s *Journeys) events(ctx context.Context, tx *store.Tx, application string) (list []eventRow, err error) {
	rows, err := tx.Query(ctx, selectEvents, application)
	if err != nil {
		return nil, fmt.Errorf("decision: event: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e eventRow
		var reasons string
		if err := rows.Scan(&e.Number, &e.Token, &e.Type, &e.Entity, &e.EA, &e.Node, &e.Evaluation, &e.Outcome, &reasons, &e.EntityStatus, &e.Status, &e.At); err != nil {
			return nil, fmt.Errorf("decision: event: %w", err)
		}
		if err := json.Unmarshal([]byte(reasons), &e.Reasons); err != nil {
			return nil, fmt.Errorf("decision: event: %w", err)
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// forget is told of a purge: what was said of the entities goes, and the ways that
// are not over end.
func (s *Journeys) forget(ctx context.Context, tx *store.Tx, _ string, entities []string) error {
	for _, entity := range entities {
		applications, err := texts(ctx, tx, selectApplicationsOf, entity)
		if err != nil {
			return err
		}
		for _, token := range applications {
			a, err := s.lock(ctx, tx, "", token)
			if err != nil {
				return err
			}
			if !over(a.Status) {
				if err := s.expire(ctx, tx, a); err != nil {
					return err
				}
			}
			if _, err := tx.Exec(ctx, forgetApplication, token); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, forgetEntityApplications, entity); err != nil {
			return err
		}
	}
	return nil
}
