package decision

import (
	"context"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

const (
	entityColumns = `token, account, kind, sandbox, parent, sealed, merged_into, archived, outcome, created_at, updated_at, revision`
	insertEntity  = `INSERT INTO decision_entity (` + entityColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	selectEntity  = `SELECT ` + entityColumns + ` FROM decision_entity WHERE account = $1 AND token = $2`
	selectNamed   = `SELECT entity FROM decision_external WHERE account = $1 AND id_index = $2`
	updateEntity  = `UPDATE decision_entity SET sealed = $2, archived = $3, updated_at = $4, revision = revision + 1
WHERE token = $1 AND revision = $5`
	setEntityOutcome = `UPDATE decision_entity SET outcome = $2, updated_at = $3 WHERE token = $1`
	mergeEntity      = `UPDATE decision_entity SET merged_into = $2, archived = TRUE, updated_at = $3, revision = revision + 1
WHERE token = $1 AND merged_into = ''`
	moveMerged   = `UPDATE decision_entity SET merged_into = $2 WHERE merged_into = $1`
	selectMerged = `SELECT token FROM decision_entity WHERE merged_into = $1 ORDER BY created_at, token`
	purgeEntity  = `UPDATE decision_entity SET sealed = '', archived = TRUE, updated_at = $2, revision = revision + 1 WHERE token = $1`

	insertExternal   = `INSERT INTO decision_external (account, id_index, entity, sealed, kind, main, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	demoteExternals  = `UPDATE decision_external SET main = FALSE WHERE entity = $1`
	moveExternals    = `UPDATE decision_external SET entity = $2, main = FALSE WHERE entity = $1`
	selectExternals  = `SELECT id_index, sealed, kind, main FROM decision_external WHERE entity = $1 ORDER BY main DESC, created_at, id_index`
	deleteExternals  = `DELETE FROM decision_external WHERE entity = $1`
	insertEntityKey  = `INSERT INTO decision_entity_key (entity, field, value, account, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (entity, field, value) DO NOTHING`
	deleteEntityKeys = `DELETE FROM decision_entity_key WHERE entity = $1`
	countEntityKeys  = `SELECT COUNT(DISTINCT entity) FROM decision_entity_key
WHERE account = $1 AND field = $2 AND value = $3 AND entity <> $4 AND created_at >= $5`
)

// insert writes an entity and what it is found by.
func (s *Entities) insert(ctx context.Context, tx *store.Tx, e *Entity) error {
	sealed, err := s.vault.SealJSON(e.Details, "entity:"+e.Token)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertEntity, e.Token, e.Account, e.Kind, e.Sandbox, e.Parent, sealed, e.MergedInto, e.Archived, e.Outcome,
		clock.Millis(e.CreatedAt), clock.Millis(e.UpdatedAt), e.revision)
	if err != nil {
		return fmt.Errorf("decision: entity: %w", err)
	}
	return s.findable(ctx, tx, e)
}

// update writes the details of an entity as they are now. Somebody else's change
// since it was read lets it fail; the transaction is to be run again then.
func (s *Entities) update(ctx context.Context, tx *store.Tx, e *Entity) error {
	sealed, err := s.vault.SealJSON(e.Details, "entity:"+e.Token)
	if err != nil {
		return err
	}
	e.UpdatedAt = s.clock.Now()
	if err := tx.ExecOne(ctx, updateEntity, e.Token, sealed, e.Archived, clock.Millis(e.UpdatedAt), e.revision); err != nil {
		return changedMeanwhile(err)
	}
	e.revision++
	return s.findable(ctx, tx, e)
}

// findable keeps the values by which an entity can be found again. Those that it had
// before stay: who has used them once is what velocity counts.
func (s *Entities) findable(ctx context.Context, tx *store.Tx, e *Entity) error {
	for field, values := range e.Details.searchable() {
		for _, v := range values {
			if _, err := tx.Exec(ctx, insertEntityKey, e.Token, field, s.keyIndex(e.Account, field, v), e.Account, clock.Millis(s.clock.Now())); err != nil {
				return fmt.Errorf("decision: entity: %w", err)
			}
		}
	}
	return nil
}

// get reads an entity by its token; that of one that was merged finds the one that
// it became part of.
func (s *Entities) get(ctx context.Context, tx *store.Tx, account, token string) (*Entity, error) {
	e, sealed := &Entity{}, ""
	var created, updated int64
	err := tx.QueryRow(ctx, selectEntity, account, token).Scan(&e.Token, &e.Account, &e.Kind, &e.Sandbox, &e.Parent, &sealed,
		&e.MergedInto, &e.Archived, &e.Outcome, &created, &updated, &e.revision)
	if err != nil {
		return nil, err
	}
	if e.MergedInto != "" {
		return s.get(ctx, tx, account, e.MergedInto)
	}
	e.CreatedAt, e.UpdatedAt = clock.FromMillis(created), clock.FromMillis(updated)
	if e.purged = sealed == ""; !e.purged {
		if err := s.vault.OpenJSON(sealed, "entity:"+e.Token, &e.Details); err != nil {
			return nil, err
		}
	}
	e.Externals, err = s.externals(ctx, tx, e.Token)
	return e, err
}

func (s *Entities) externals(ctx context.Context, tx *store.Tx, entity string) ([]External, error) {
	rows, err := tx.Query(ctx, selectExternals, entity)
	if err != nil {
		return nil, fmt.Errorf("decision: entity: %w", err)
	}
	defer rows.Close()
	var list []External
	for rows.Next() {
		var x External
		var index, sealed string
		if err := rows.Scan(&index, &sealed, &x.Kind, &x.Primary); err != nil {
			return nil, fmt.Errorf("decision: entity: %w", err)
		}
		id, err := s.vault.Open(sealed, "external:"+index)
		if err != nil {
			return nil, err
		}
		x.ID = string(id)
		list = append(list, x)
	}
	return list, rows.Err()
}

func (s *Entities) byExternal(ctx context.Context, tx *store.Tx, account, id string) (*Entity, error) {
	entity := ""
	if err := tx.QueryRow(ctx, selectNamed, account, s.externalIndex(account, id)).Scan(&entity); err != nil {
		return nil, err
	}
	return s.get(ctx, tx, account, entity)
}

// tokens are those of an entity and of all that were merged into it.
func (s *Entities) tokens(ctx context.Context, tx *store.Tx, e *Entity) ([]string, error) {
	rows, err := tx.Query(ctx, selectMerged, e.Token)
	if err != nil {
		return nil, fmt.Errorf("decision: entity: %w", err)
	}
	defer rows.Close()
	list := []string{e.Token}
	for rows.Next() {
		var t string
		if err := rows.Scan(&t); err != nil {
			return nil, fmt.Errorf("decision: entity: %w", err)
		}
		list = append(list, t)
	}
	return list, rows.Err()
}
