package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// minSQLite is the first version without the WAL-reset bug that could damage a
// database with several connections.
const minSQLite = "3.51.3"

func openSQLite(ctx context.Context, path string, opt Options) (*DB, error) {
	var closes []func() error
	if path == ":memory:" {
		dir, err := memoryDir()
		if err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		closes = append(closes, func() error { return os.RemoveAll(dir) })
		path, opt.NoSync = filepath.Join(dir, "state.db"), true
		if opt.NoMigrate, err = fromTemplate(path, opt); err != nil {
			os.RemoveAll(dir)
			return nil, err
		}
	}
	held, err := hold(path)
	if err != nil {
		return nil, err
	}
	closes = append([]func() error{held.Close}, closes...)
	db, err := openSQLiteFile(ctx, path, opt)
	if err != nil {
		for _, c := range closes {
			c()
		}
		return nil, err
	}
	db.closes = closes
	return db, nil
}

func openSQLiteFile(ctx context.Context, path string, opt Options) (*DB, error) {
	sync := "FULL"
	if opt.NoSync {
		sync = "OFF"
	}
	pool, err := sql.Open("sqlite", dsn(path, sync))
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	pool.SetMaxOpenConns(runtime.GOMAXPROCS(0)*4 + 1) // readers and the writer
	pool.SetMaxIdleConns(runtime.GOMAXPROCS(0)*4 + 1)
	if err := checkVersion(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	if !opt.NoMigrate {
		if err := migrateSQLite(ctx, path, opt); err != nil {
			pool.Close()
			return nil, err
		}
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("store: %w", err)
	}
	return &DB{pool: pool, reads: newStatements(pool.PrepareContext), writer: newWriter(conn)}, nil
}

// migrateSQLite migrates without a wait for the disk after each of the migrations. A
// machine that loses its power meanwhile finds the first of them done and none by
// half (synchronous=NORMAL in WAL mode) and does the rest. The first write
// afterwards, under FULL, waits for the log with all of them in it.
func migrateSQLite(ctx context.Context, path string, opt Options) error {
	sync := "NORMAL"
	if opt.NoSync {
		sync = "OFF"
	}
	pool, err := sql.Open("sqlite", dsn(path, sync))
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return errors.Join(migrate(ctx, pool, "sqlite3", opt.only), pool.Close())
}

func dsn(path, sync string) string {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(" + sync + ")", "foreign_keys(1)", "cache_size(-16000)",
		// Under load the log is copied into the file every few hundred milliseconds, with
		// two waits for the disk; the default of 1,000 pages makes that every few dozen.
		"wal_autocheckpoint(4000)",
	}}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func checkVersion(ctx context.Context, pool *sql.DB) error {
	var v string
	if err := pool.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&v); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if versionLess(v, minSQLite) {
		return fmt.Errorf("store: SQLite %s can damage a database in WAL mode; %s or later is needed", v, minSQLite)
	}
	return nil
}

func versionLess(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		m, _ := strconv.Atoi(x[i])
		n, _ := strconv.Atoi(y[i])
		if m != n {
			return m < n
		}
	}
	return len(x) < len(y)
}

// memoryDir makes a directory for a database that ends with the process. A
// SQLite database in memory proper cannot have readers beside its writer, so
// this one is a file without waits for the disk, on a memory file system where
// there is one. What a killed process left behind is cleared first.
func memoryDir() (string, error) {
	base := os.TempDir()
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		base = "/dev/shm"
	}
	old, _ := filepath.Glob(filepath.Join(base, "glencheck-*-*"))
	for _, dir := range old {
		pid, err := strconv.Atoi(strings.Split(filepath.Base(dir), "-")[1])
		if err == nil && pid != os.Getpid() && !alive(pid) {
			os.RemoveAll(dir)
		}
	}
	dir, err := os.MkdirTemp(base, fmt.Sprintf("glencheck-%d-", os.Getpid()))
	if err != nil && base != os.TempDir() {
		return os.MkdirTemp("", fmt.Sprintf("glencheck-%d-", os.Getpid()))
	}
	return dir, err
}

// memories counts the databases in memory that this process has opened.
var memories atomic.Int64

// template is the file of an empty, migrated database. A test that starts many
// servers would otherwise spend most of its time on migrations.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := memoryDir()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	db, err := openSQLiteFile(context.Background(), path, Options{NoSync: true})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// fromTemplate lays a migrated file at path and reports whether it did. The first
// database of a process migrates by itself: a server that opens one only has no
// use for a template.
func fromTemplate(path string, opt Options) (bool, error) {
	if opt.NoMigrate || opt.only != nil || memories.Add(1) == 1 {
		return opt.NoMigrate, nil
	}
	file, err := template()
	if err != nil {
		return false, err
	}
	if err := os.WriteFile(path, file, 0o600); err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	return true, nil
}

func sqliteUnique(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}
