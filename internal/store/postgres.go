package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
)

// SQLSTATE codes that matter here.
const (
	pgUnique        = "23505"
	pgSerialization = "40001"
	pgDeadlock      = "40P01"
)

func openPostgres(ctx context.Context, url string, opt Options) (*DB, error) {
	pool, err := sql.Open("pgx", url)
	if err != nil {
		return nil, errors.New("store: the PostgreSQL address cannot be read") // the driver's text repeats the password
	}
	pool.SetMaxOpenConns(32)
	pool.SetMaxIdleConns(16)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("store: PostgreSQL does not answer: %w", err)
	}
	if !opt.NoMigrate {
		if err := migrate(ctx, pool, "postgres", opt.only); err != nil {
			pool.Close()
			return nil, err
		}
	}
	return &DB{pool: pool, reads: newStatements(pool.PrepareContext)}, nil
}

// writeTries is how often a transaction runs again when PostgreSQL has chosen
// it to make way for another.
const writeTries = 5

func (db *DB) writePostgres(ctx context.Context, fn func(*Tx) error) error {
	var err error
	for range writeTries {
		if err = db.writeOnce(ctx, fn); !mustRetry(err) {
			return err
		}
	}
	return err
}

func (db *DB) writeOnce(ctx context.Context, fn func(*Tx) error) error {
	t, err := db.pool.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	defer t.Rollback()
	tx := &Tx{run: t}
	if err := fn(tx); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("store: commit: %w", err)
	}
	tx.committed()
	return nil
}

func mustRetry(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == pgSerialization || e.Code == pgDeadlock)
}

// IsUnique reports whether err says that a row with the same unique key exists.
func IsUnique(err error) bool {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code == pgUnique
	}
	return sqliteUnique(err)
}
