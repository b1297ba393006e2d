package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// ErrNoRows is what Scan answers when a query found nothing.
var ErrNoRows = sql.ErrNoRows

// Options change how a database is opened. The zero value is right for serving.
type Options struct {
	// NoSync lets SQLite skip the wait for the disk. For tests: a crash of the
	// machine may lose or damage the file.
	NoSync bool
	// NoMigrate opens the database as it is.
	NoMigrate bool

	only []int64 // run these migrations and no others; nil for all
}

// DB is an open database. Its methods are safe for concurrent use.
type DB struct {
	pool   *sql.DB // reads; on PostgreSQL writes too
	reads  *statements
	writer *writer // nil on PostgreSQL
	closes []func() error

	replaced struct { // Replace
		mu   sync.Mutex
		call []func()
	}
}

// Open opens and migrates the database that url names: a file path for
// SQLite, ":memory:" for a SQLite database that ends with the process, or
// "postgres://…".
func Open(ctx context.Context, url string, opt Options) (*DB, error) {
	switch {
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		return openPostgres(ctx, url, opt)
	case strings.Contains(url, "://"):
		scheme, _, _ := strings.Cut(url, "://")
		return nil, fmt.Errorf("store: %s is not a database this program knows: give a file path, :memory: or postgres://", scheme)
	case url == "":
		return nil, errors.New("store: no database given")
	default:
		return openSQLite(ctx, url, opt)
	}
}

// SingleNode reports whether this process is the only one that writes, so that
// what it has read stays true until it writes itself.
func (db *DB) SingleNode() bool { return db.writer != nil }

// Close waits for the transactions under way and closes the database.
func (db *DB) Close() error {
	var errs []error
	if db.writer != nil {
		errs = append(errs, db.writer.close())
	}
	errs = append(errs, db.pool.Close())
	for _, c := range db.closes {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}

// Ping asks the database whether it still answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.QueryRow(ctx, "SELECT 1").Scan(&one)
}

// Query runs one read outside a transaction.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, err := db.reads.get(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// QueryRow runs one read of at most one row outside a transaction.
func (db *DB) QueryRow(ctx context.Context, query string, args ...any) Row {
	st, err := db.reads.get(ctx, query)
	if err != nil {
		return Row{err: err}
	}
	return Row{row: st.QueryRowContext(ctx, args...)}
}

// Row is the answer of QueryRow.
type Row struct {
	row *sql.Row
	err error
}

// Scan copies the columns of the row into dest; ErrNoRows if there is none.
func (r Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.row.Scan(dest...)
}

// Read runs fn on one consistent state of the database.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if db.writer == nil {
		opts.Isolation = sql.LevelRepeatableRead
	}
	t, err := db.pool.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	defer t.Rollback()
	return fn(&Tx{run: t})
}

// Write runs fn in one durable transaction: when Write returns nil, everything
// fn did is on the disk, and when it returns an error, nothing is. fn must not
// reach the network or start another Write. It may run more than once on
// PostgreSQL, when the server asks for it.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if db.writer != nil {
		return db.writer.do(ctx, fn)
	}
	return db.writePostgres(ctx, fn)
}

// Tx is a transaction under way.
type Tx struct {
	run   runner
	after []func()
}

// runner is what *sql.Tx and the writer's connection have in common.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Exec runs a statement.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return t.run.ExecContext(ctx, query, args...)
}

// ExecOne runs a statement that must change exactly one row, and answers
// ErrNoRows when it changed none.
func (t *Tx) ExecOne(ctx context.Context, query string, args ...any) error {
	res, err := t.run.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return ErrNoRows
	}
	return err
}

// Query runs a query. The rows must be closed before the transaction ends.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.run.QueryContext(ctx, query, args...)
}

// QueryRow runs a query of at most one row.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) Row {
	return Row{row: t.run.QueryRowContext(ctx, query, args...)}
}

// AfterCommit runs f once the transaction is durable and before Write returns;
// not at all if it fails.
func (t *Tx) AfterCommit(f func()) { t.after = append(t.after, f) }

func (t *Tx) committed() {
	for _, f := range t.after {
		f()
	}
}
