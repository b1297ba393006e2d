package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

func put(ctx context.Context, name string, n int64) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO meta (name, number) VALUES ($1, $2)", name, n)
		return err
	}
}

func count(t *testing.T, db *store.DB, like string) int {
	t.Helper()
	var n int
	if err := db.QueryRow(context.Background(), "SELECT COUNT(*) FROM meta WHERE substr(name, 1, length($1)) = $2", like, like).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWritesThatFailLeaveNothingAndHurtNoOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		refused := errors.New("refused")
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				committed := false
				err := db.Write(ctx, func(tx *store.Tx) error {
					tx.AfterCommit(func() { committed = true })
					if err := put(ctx, fmt.Sprintf("w%d", i), int64(i))(tx); err != nil {
						return err
					}
					if i%3 == 0 {
						return refused
					}
					return nil
				})
				if bad := i%3 == 0; bad != errors.Is(err, refused) || committed == bad {
					t.Errorf("write %d: %v, committed %v", i, err, committed)
				}
			})
		}
		wg.Wait()
		if n := count(t, db, "w"); n != 133 {
			t.Errorf("%d rows, want 133", n)
		}
	})
}

func TestUniqueIsRecognised(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		if err := db.Write(ctx, put(ctx, "once", 1)); err != nil {
			t.Fatal(err)
		}
		if err := db.Write(ctx, put(ctx, "once", 2)); !store.IsUnique(err) {
			t.Errorf("second insert: %v", err)
		}
		if store.IsUnique(store.ErrNoRows) {
			t.Error("no rows is not a unique violation")
		}
	})
}

func TestAPanicReachesItsCallerOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			db.Write(ctx, func(tx *store.Tx) error {
				put(ctx, "lost", 1)(tx)
				panic("a bug in a room")
			})
		}()
		if err := db.Write(ctx, put(ctx, "kept", 1)); err != nil {
			t.Fatal(err)
		}
		if count(t, db, "lost") != 0 || count(t, db, "kept") != 1 {
			t.Error("the panicking transaction left something, or hurt the next one")
		}
	})
}

func TestAReadSeesOneState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		err := db.Read(ctx, func(tx *store.Tx) error {
			var before, after int
			if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM meta").Scan(&before); err != nil {
				return err
			}
			if err := db.Write(ctx, put(ctx, "beside", 1)); err != nil {
				return err
			}
			if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM meta").Scan(&after); err != nil {
				return err
			}
			if before != after {
				t.Errorf("saw %d rows, then %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestEpochCountsStarts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for want := uint64(1); want < 4; want++ {
			if n, err := db.NextEpoch(context.Background()); err != nil || n != want {
				t.Fatalf("epoch %d, %v", n, err)
			}
		}
	})
}

func TestAFullDatabaseRefusesCleanlyAndRecovers(t *testing.T) {
	ctx := context.Background()
	db := storetest.SQLite(t)
	limit := func(pages int) {
		t.Helper()
		if err := db.Write(ctx, func(tx *store.Tx) error {
			var n int
			return tx.QueryRow(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages)).Scan(&n)
		}); err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // SQLite raises it to the pages in use
	big := strings.Repeat("x", 1<<16)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := db.Write(ctx, put(ctx, fmt.Sprintf("full%d%s", i, big), 1)); err == nil {
				t.Error("a write on a full database was acknowledged")
			}
		})
	}
	wg.Wait()
	limit(1 << 20)
	if err := db.Write(ctx, put(ctx, "after", 1)); err != nil {
		t.Fatalf("no recovery: %v", err)
	}
	if count(t, db, "full") != 0 || count(t, db, "after") != 1 {
		t.Error("a refused write left something behind")
	}
}

func TestOneProcessHoldsAFile(t *testing.T) {
	ctx := context.Background()
	path := storetest.SQLiteFile(t)
	db, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if second, err := store.Open(ctx, path, store.Options{}); err == nil {
		second.Close()
		t.Error("the file was opened twice")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		t.Fatalf("closed, yet still held: %v", err)
	}
	again.Close()
}

func TestBadAddresses(t *testing.T) {
	for _, url := range []string{"", "mysql://localhost/x", filepath.Join(t.TempDir(), "no", "such", "dir", "x.db"), "postgres://u:hunter2@127.0.0.1:1/x"} {
		db, err := store.Open(context.Background(), url, store.Options{})
		if err == nil {
			db.Close()
			t.Errorf("%q was opened", url)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
}

func TestMemoryEndsWithTheDatabase(t *testing.T) {
	ctx := context.Background()
	for range 2 {
		db, err := store.Open(ctx, ":memory:", store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := db.NextEpoch(ctx); err != nil || n != 1 {
			t.Errorf("epoch %d, %v", n, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestCacheIsCoherent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		c := store.NewCache[string, int64](db, 1000)
		if err := db.Write(ctx, put(ctx, "n", 0)); err != nil {
			t.Fatal(err)
		}
		read := func() (int64, error) {
			if v, ok, _ := c.Get("n"); ok {
				return v, nil
			}
			_, _, ticket := c.Get("n")
			var v int64
			err := db.QueryRow(ctx, "SELECT number FROM meta WHERE name = 'n'").Scan(&v)
			c.Put(ticket, "n", v)
			return v, err
		}
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						if _, err := read(); err != nil {
							t.Error(err)
							return
						}
					}
				}
			})
		}
		for want := int64(1); want <= 200; want++ {
			if err := db.Write(ctx, func(tx *store.Tx) error {
				c.Drop(tx, "n")
				_, err := tx.Exec(ctx, "UPDATE meta SET number = $1 WHERE name = 'n'", want)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if got, err := read(); err != nil || got < want {
				t.Fatalf("read %d after writing %d, %v", got, want, err)
			}
		}
		close(stop)
		wg.Wait()
	})
}

func TestCacheIsBounded(t *testing.T) {
	c := store.NewCache[int, int](storetest.SQLite(t), 640)
	kept := 0
	for i := range 10000 {
		_, _, ticket := c.Get(i)
		c.Put(ticket, i, i)
	}
	for i := range 10000 {
		if _, ok, _ := c.Get(i); ok {
			kept++
		}
	}
	if kept == 0 || kept > 640 {
		t.Errorf("%d values kept", kept)
	}
}

// TestDatabasesInMemoryAreAlikeAndApart opens the first of a process, which
// migrates by itself, and those that begin with a copy of a migrated file.
func TestDatabasesInMemoryAreAlikeAndApart(t *testing.T) {
	ctx := t.Context()
	tables := func(db *store.DB) (all []string) {
		rows, err := db.Query(ctx, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var text string
			if err := rows.Scan(&text); err != nil {
				t.Fatal(err)
			}
			all = append(all, text)
		}
		return all
	}
	var first []string
	for n := range 3 {
		db, err := store.Open(ctx, ":memory:", store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if epoch, err := db.NextEpoch(ctx); err != nil || epoch != 1 {
			t.Errorf("database %d knows of another: epoch %d, %v", n, epoch, err)
		}
		if n == 0 {
			first = tables(db)
		} else if got := tables(db); len(got) == 0 || !slices.Equal(got, first) {
			t.Errorf("database %d has %d tables and indexes, the first %d", n, len(got), len(first))
		}
	}
}
