package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"slices"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the schema up to date. Several PostgreSQL nodes may start at
// once: an advisory lock lets one of them do it. With some migrations named only
// those are run.
func migrate(ctx context.Context, pool *sql.DB, dialect string, only []int64) error {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	opts := []goose.ProviderOption{goose.WithAllowOutofOrder(true)}
	if only != nil {
		for _, n := range migrationNumbers() {
			if !slices.Contains(only, n) {
				opts = append(opts, goose.WithExcludeVersions([]int64{n}))
			}
		}
	}
	if dialect == "postgres" {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return fmt.Errorf("store: %w", err)
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(goose.Dialect(dialect), pool, files, opts...)
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	return nil
}
