package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Content is all that a database holds, row by row and sealed as it is. It fits
// either engine: one that was read from SQLite can be put into PostgreSQL.
type Content struct {
	// Migrations are the numbers of the migrations that made the tables.
	Migrations []int64
	Tables     []Table
}

// Table is the content of one table. The values of a row are strings, int64s and
// bools, as the column has it, and nil.
type Table struct {
	Name    string   `json:"table"`
	Columns []string `json:"columns"`
	Rows    [][]any  `json:"rows"`
}

// Rows counts the rows of all tables.
func (c *Content) Rows() int {
	n := 0
	for _, t := range c.Tables {
		n += len(t.Rows)
	}
	return n
}

// Table finds a table by its name; nil if there is none.
func (c *Content) Table(name string) *Table {
	for i := range c.Tables {
		if c.Tables[i].Name == name {
			return &c.Tables[i]
		}
	}
	return nil
}

// column is a column of a table, with its declared type and its place in the
// primary key, from 1; 0 for none.
type column struct {
	name, kind string
	key        int
}

// shape is a table without its rows.
type shape struct {
	name    string
	columns []column
}

func (s shape) names() []string {
	names := make([]string, len(s.columns))
	for i, c := range s.columns {
		names[i] = c.name
	}
	return names
}

// blank is what a database holds right after its migrations, and what its tables
// look like. The migrations are the same for both engines, so a scratch database
// tells it for either.
var blank = sync.OnceValues(func() (b struct {
	shapes  []shape
	content *Content
}, err error) {
	ctx := context.Background()
	db, err := scratch(ctx, nil)
	if err != nil {
		return b, err
	}
	defer db.Close()
	if b.shapes, err = shapes(ctx, db); err != nil {
		return b, err
	}
	b.content, err = read(ctx, db, b.shapes, migrationNumbers())
	return b, err
})

// scratch makes a database in memory. With some migrations only those are run.
func scratch(ctx context.Context, only []int64) (*DB, error) {
	return openSQLite(ctx, ":memory:", Options{only: only})
}

// migrationNumbers are those that this program knows, in order.
var migrationNumbers = sync.OnceValue(func() []int64 {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		panic("store: " + err.Error()) // the pattern is ours
	}
	list := make([]int64, len(files))
	for i, f := range files {
		list[i] = migrationNumber(f)
	}
	slices.Sort(list)
	return list
})

// migrationNumber is the number that the name of a migration begins with.
func migrationNumber(file string) int64 {
	name := file[strings.LastIndexByte(file, '/')+1:]
	digits, _, _ := strings.Cut(name, "_")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		panic("store: " + file + " has no number") // checked whenever a program starts
	}
	return n
}

// bookkeeping are the tables of the migrations themselves.
const bookkeeping = "goose_db_version"

// shapes asks a SQLite database for its tables, sorted by name.
func shapes(ctx context.Context, db *DB) ([]shape, error) {
	rows, err := db.Query(ctx, `SELECT t.name, c.name, c.type, c.pk FROM sqlite_master t JOIN pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '`+bookkeeping+`' ORDER BY t.name, c.cid`)
	if err != nil {
		return nil, fmt.Errorf("store: tables: %w", err)
	}
	defer rows.Close()
	var list []shape
	for rows.Next() {
		var table string
		var c column
		if err := rows.Scan(&table, &c.name, &c.kind, &c.key); err != nil {
			return nil, fmt.Errorf("store: tables: %w", err)
		}
		if len(list) == 0 || list[len(list)-1].name != table {
			list = append(list, shape{name: table})
		}
		s := &list[len(list)-1]
		s.columns = append(s.columns, c)
	}
	return list, rows.Err()
}

// Content reads all that the database holds at one moment, except the tables named.
func (db *DB) Content(ctx context.Context, except ...string) (*Content, error) {
	b, err := blank()
	if err != nil {
		return nil, err
	}
	return read(ctx, db, without(b.shapes, except), migrationNumbers())
}

// Blank is what a database holds that nothing was ever written to.
func Blank() (*Content, error) {
	b, err := blank()
	return b.content, err
}

func without(list []shape, names []string) []shape {
	return slices.DeleteFunc(slices.Clone(list), func(s shape) bool { return slices.Contains(names, s.name) })
}

func read(ctx context.Context, db *DB, list []shape, migrations []int64) (*Content, error) {
	c := &Content{Migrations: migrations}
	err := db.Read(ctx, func(tx *Tx) error {
		c.Tables = c.Tables[:0]
		for _, s := range list {
			t, err := s.read(ctx, tx)
			if err != nil {
				return fmt.Errorf("store: %s: %w", s.name, err)
			}
			c.Tables = append(c.Tables, t)
		}
		return nil
	})
	return c, err
}

// read reads a table in the order of its primary key.
func (s shape) read(ctx context.Context, tx *Tx) (Table, error) {
	t := Table{Name: s.name, Columns: s.names(), Rows: [][]any{}}
	rows, err := tx.Query(ctx, "SELECT "+quoted(t.Columns)+" FROM "+quoted([]string{s.name})+s.order())
	if err != nil {
		return t, err
	}
	defer rows.Close()
	for rows.Next() {
		row, into := s.row()
		if err := rows.Scan(into...); err != nil {
			return t, err
		}
		values := make([]any, len(row))
		for i, v := range row {
			values[i] = v.value()
		}
		t.Rows = append(t.Rows, values)
	}
	return t, rows.Err()
}

func (s shape) order() string {
	keys := slices.DeleteFunc(slices.Clone(s.columns), func(c column) bool { return c.key == 0 })
	if len(keys) == 0 {
		return ""
	}
	slices.SortFunc(keys, func(a, b column) int { return cmp.Compare(a.key, b.key) })
	return " ORDER BY " + quoted(shape{columns: keys}.names())
}

// cell receives a value of one of the three types, or NULL.
type cell struct {
	kind string
	text sql.NullString
	num  sql.NullInt64
	flag sql.NullBool
}

func (s shape) row() (cells []*cell, into []any) {
	for _, c := range s.columns {
		v := &cell{kind: c.kind}
		cells = append(cells, v)
		switch c.kind {
		case "BIGINT":
			into = append(into, &v.num)
		case "BOOLEAN":
			into = append(into, &v.flag)
		default:
			into = append(into, &v.text)
		}
	}
	return cells, into
}

func (c *cell) value() any {
	switch {
	case c.num.Valid:
		return c.num.Int64
	case c.flag.Valid:
		return c.flag.Bool
	case c.text.Valid:
		return c.text.String
	}
	return nil
}

// quoted lists names as SQL takes any.
func quoted(names []string) string {
	return `"` + strings.Join(names, `", "`) + `"`
}
