package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Upgrade brings a content that an older version of the program has read to the
// tables of this one, by running the migrations that it lacks. ErrNewer if it has
// migrations that this program does not know.
func (c *Content) Upgrade(ctx context.Context) (*Content, error) {
	ours := migrationNumbers()
	if slices.Equal(c.Migrations, ours) {
		return c, nil
	}
	for _, n := range c.Migrations {
		if !slices.Contains(ours, n) {
			return nil, &NewerError{Migration: n}
		}
	}
	db, err := scratch(ctx, c.Migrations)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	old, err := shapes(ctx, db)
	if err != nil {
		return nil, err
	}
	var except []string // what the content was read without
	for _, s := range old {
		if c.Table(s.name) == nil {
			except = append(except, s.name)
		}
	}
	old = without(old, except)
	if err := c.check(old); err != nil {
		return nil, err
	}
	if err := db.Write(ctx, func(tx *Tx) error { return replace(ctx, tx, old, c) }); err != nil {
		return nil, err
	}
	if err := migrate(ctx, db.pool, "sqlite3", nil); err != nil {
		return nil, err
	}
	b, err := blank()
	if err != nil {
		return nil, err
	}
	return read(ctx, db, without(b.shapes, except), ours)
}

// NewerError reports a content that needs a newer program.
type NewerError struct {
	Migration int64 // the first that this program does not know
}

func (e *NewerError) Error() string {
	return "store: the state was saved by a newer version of Glencheck (migration " + strconv.FormatInt(e.Migration, 10) + ")"
}

// ContentError reports a content that does not fit the tables.
type ContentError struct{ what string }

func (e *ContentError) Error() string { return "store: " + e.what }

// Replace puts a content in the place of all that the database holds, except the
// tables named, in one transaction: before it ends then may change more. Whatever
// is kept in memory of the old content is forgotten once it is durable. The content
// must be one of this program's tables (Upgrade).
//
// Transactions of others that are under way end before or after it. On PostgreSQL
// one of them may leave a row behind that belongs to the old content: whoever
// replaces everything should be alone.
func (db *DB) Replace(ctx context.Context, c *Content, then func(*Tx) error, except ...string) error {
	b, err := blank()
	if err != nil {
		return err
	}
	list := without(b.shapes, except)
	if err := c.check(list); err != nil {
		return err
	}
	return db.Write(ctx, func(tx *Tx) error {
		if err := replace(ctx, tx, list, c); err != nil {
			return err
		}
		tx.AfterCommit(db.forget)
		return then(tx)
	})
}

// check says where a content does not fit the tables: no value of a row is stored
// that the column could not have held.
func (c *Content) check(list []shape) error {
	if len(c.Tables) != len(list) {
		return &ContentError{fmt.Sprintf("it has %d tables, not %d", len(c.Tables), len(list))}
	}
	for _, s := range list {
		t := c.Table(s.name)
		if t == nil || !slices.Equal(t.Columns, s.names()) {
			return &ContentError{"table " + s.name + " is not as it should be"}
		}
		for i, row := range t.Rows {
			if !s.fits(row) {
				return &ContentError{fmt.Sprintf("row %d of table %s is not as it should be", i+1, s.name)}
			}
		}
	}
	return nil
}

func (s shape) fits(row []any) bool {
	if len(row) != len(s.columns) {
		return false
	}
	for i, c := range s.columns {
		ok := row[i] == nil
		switch v := row[i].(type) {
		case string:
			ok = c.kind == "TEXT" && !strings.Contains(v, "\x00")
		case int64:
			ok = c.kind == "BIGINT"
		case bool:
			ok = c.kind == "BOOLEAN"
		}
		if !ok {
			return false
		}
	}
	return true
}

// atOnce is how many rows one statement inserts.
const atOnce = 32

func replace(ctx context.Context, tx *Tx, list []shape, c *Content) error {
	for _, s := range list {
		if _, err := tx.Exec(ctx, "DELETE FROM "+quoted([]string{s.name})); err != nil {
			return fmt.Errorf("store: %s: %w", s.name, err)
		}
		rows := c.Table(s.name).Rows
		for len(rows) > 0 {
			n := 1
			if len(rows) >= atOnce {
				n = atOnce
			}
			if _, err := tx.Exec(ctx, s.insert(n), slices.Concat(rows[:n]...)...); err != nil {
				return fmt.Errorf("store: %s: %w", s.name, err)
			}
			rows = rows[n:]
		}
	}
	return nil
}

// insert is the statement for n rows.
func (s shape) insert(n int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + quoted([]string{s.name}) + " (" + quoted(s.names()) + ") VALUES ")
	arg := 0
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		for j := range s.columns {
			b.WriteString([]string{"(", ", "}[min(j, 1)])
			arg++
			b.WriteString("$" + strconv.Itoa(arg))
		}
		b.WriteString(")")
	}
	return b.String()
}

// OnReplace lets f be called whenever the whole content has been replaced, for
// rooms that keep something of it in memory other than in a Cache.
func (db *DB) OnReplace(f func()) {
	db.replaced.mu.Lock()
	defer db.replaced.mu.Unlock()
	db.replaced.call = append(db.replaced.call, f)
}

// Forget does what Replace does at its end, for a node that hears that another one
// has replaced the content.
func (db *DB) Forget() { db.forget() }

func (db *DB) forget() {
	db.replaced.mu.Lock()
	list := slices.Clone(db.replaced.call)
	db.replaced.mu.Unlock()
	for _, f := range list {
		f()
	}
}
