package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

func exec(t *testing.T, db *store.DB, query string, args ...any) {
	t.Helper()
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, db *store.DB, except ...string) *store.Content {
	t.Helper()
	c, err := db.Content(t.Context(), except...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func nothing(*store.Tx) error { return nil }

// fill writes rows of every type, NULL included.
func fill(t *testing.T, db *store.DB) {
	t.Helper()
	for i := range 70 { // more than one statement inserts
		exec(t, db, "INSERT INTO job (id, kind, subject, payload, due_at, attempts) VALUES ($1, 'k', 's', 'ünïcode', $2, 0)", fmt.Sprintf("job %02d", i), int64(i)<<40)
	}
	exec(t, db, "INSERT INTO link_oauth (state_index, session_id, leads, return_index, sealed, opened_at) VALUES ('a', 's', TRUE, NULL, '', 1), ('b', 's', FALSE, 'r', '', -1)")
}

// TestContentGoesBack reads all, changes much, puts it back: on each database, and
// from one kind to the other.
func TestContentGoesBack(t *testing.T) {
	lite, pg := storetest.SQLite(t), storetest.Postgres(t)
	fill(t, lite)
	saved := content(t, lite)
	for name, db := range map[string]*store.DB{"sqlite": lite, "postgres": pg} {
		exec(t, db, "DELETE FROM job WHERE due_at = 0")
		exec(t, db, "INSERT INTO meta (name, number) VALUES ('stray', 1)")
		if err := db.Replace(t.Context(), saved, nothing); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := content(t, db); !reflect.DeepEqual(got, saved) {
			t.Errorf("%s: the content is another one:\n%v\n%v", name, got, saved)
		}
	}
}

// TestReplaceKeepsWhatIsExcepted, and fails as a whole.
func TestReplaceKeepsWhatIsExcepted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		blank, err := store.Blank()
		if err != nil {
			t.Fatal(err)
		}
		exec(t, db, "INSERT INTO meta (name, number) VALUES ('kept', 7)")
		fill(t, db)
		rest := &store.Content{Migrations: blank.Migrations}
		for _, table := range blank.Tables {
			if table.Name != "meta" {
				rest.Tables = append(rest.Tables, table)
			}
		}
		before := content(t, db)
		wanted := errors.New("no")
		if err := db.Replace(t.Context(), rest, func(*store.Tx) error { return wanted }, "meta"); err != wanted {
			t.Errorf("%v", err)
		}
		if !reflect.DeepEqual(content(t, db), before) {
			t.Error("a replacement that failed has changed something")
		}
		if err := db.Replace(t.Context(), rest, nothing, "meta"); err != nil {
			t.Fatal(err)
		}
		if n, _ := db.Number(t.Context(), "kept"); n != 7 || content(t, db).Rows() != blank.Rows()+1 {
			t.Errorf("kept is %d, %d rows", n, content(t, db).Rows())
		}
	})
}

// TestReplaceForgets: what was read before a replacement is not answered after it.
func TestReplaceForgets(t *testing.T) {
	db := storetest.SQLite(t)
	cache := store.NewCache[string, int](db, 10)
	_, _, early := cache.Get("a")
	_, _, ticket := cache.Get("b")
	cache.Put(ticket, "b", 1)
	called := false
	db.OnReplace(func() { called = true })
	if err := db.Replace(t.Context(), content(t, db), nothing); err != nil {
		t.Fatal(err)
	}
	cache.Put(early, "a", 1)
	_, a, _ := cache.Get("a")
	_, b, _ := cache.Get("b")
	if a || b || !called {
		t.Errorf("kept %v and %v, called %v", a, b, called)
	}
}

// TestUpgrade: a content of an older version is brought to the present tables, with
// what its migrations do to rows; one of a newer version is refused.
func TestUpgrade(t *testing.T) {
	db := storetest.SQLite(t)
	now := content(t, db)
	old := &store.Content{Migrations: slices.DeleteFunc(slices.Clone(now.Migrations), func(n int64) bool { return n != 1 && n != 50 })}
	old.Tables = []store.Table{
		{Name: "job", Columns: now.Table("job").Columns, Rows: [][]any{{"j", "k", "s", "p", int64(1), int64(0)}}},
		{Name: "meta", Columns: []string{"name", "number"}, Rows: [][]any{{"epoch", int64(3)}}},
		{Name: "vault_key", Columns: now.Table("vault_key").Columns},
	}
	up, err := old.Upgrade(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Replace(t.Context(), up, nothing); err != nil {
		t.Fatal(err)
	}
	if n, _ := db.Number(t.Context(), "epoch"); n != 3 || len(content(t, db).Table("job").Rows) != 1 {
		t.Error("the rows are not there")
	}
	if len(content(t, db).Table("rail_counter").Rows) == 0 {
		t.Error("a row that a migration brings along is missing")
	}
	var newer *store.NewerError
	if _, err := (&store.Content{Migrations: append(slices.Clone(now.Migrations), 9999)}).Upgrade(t.Context()); !errors.As(err, &newer) || newer.Migration != 9999 {
		t.Errorf("a newer content: %v", err)
	}
}

// TestContentThatDoesNotFit is refused before anything is changed.
func TestContentThatDoesNotFit(t *testing.T) {
	db := storetest.SQLite(t)
	for want, spoil := range map[string]func(*store.Content){
		"tables":              func(c *store.Content) { c.Tables = c.Tables[1:] },
		"table job":           func(c *store.Content) { c.Table("job").Columns = []string{"id"} },
		"row 1 of table job":  func(c *store.Content) { c.Table("job").Rows = [][]any{{"j", "k", "s", "p", "late", int64(0)}} },
		"row 1 of table meta": func(c *store.Content) { c.Table("meta").Rows = [][]any{{"a"}} },
	} {
		c := content(t, db)
		spoil(c)
		if err := db.Replace(context.Background(), c, nothing); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not speak of %s", err, want)
		}
	}
}
