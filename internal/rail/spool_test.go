package rail

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

func newSpool(t *testing.T) *Spool {
	t.Helper()
	s, err := NewSpool(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestManyNodesHandOverOneFile: an agent takes each file away the moment that it
// sees it, while several nodes hand over the same one.
func TestManyNodesHandOverOneFile(t *testing.T) {
	s := newSpool(t)
	var nodes sync.WaitGroup
	for range 8 {
		nodes.Go(func() {
			for range 20 {
				_ = s.Deliver(t.Context(), "f.ach", []byte("file")) // one may meet another's sweep, and comes again
				if err := os.Rename(s.path("out", "f.ach"), filepath.Join(s.dir, "taken")); err == nil {
					if err := os.Link(filepath.Join(s.dir, "taken"), filepath.Join(s.dir, "once")); err != nil {
						t.Error("the file was there twice")
					}
				}
			}
		})
	}
	nodes.Wait()
	if _, err := os.Stat(filepath.Join(s.dir, "once")); err != nil {
		t.Error(err)
	}
	if err := s.Deliver(t.Context(), "f.ach", []byte("file")); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(s.path("ready", "*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// TestANameOfAnotherFile: a database that is older than its spool gives out names
// again. Its file must not be taken for the one that was handed over.
func TestANameOfAnotherFile(t *testing.T) {
	s := newSpool(t)
	if err := s.Deliver(t.Context(), "f.ach", []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := s.Deliver(t.Context(), "f.ach", []byte("two")); err == nil || !strings.Contains(err.Error(), "older than the spool") {
		t.Error(err)
	}
	if err := s.Deliver(t.Context(), "../f.ach", []byte("two")); err == nil {
		t.Error("a path is a name")
	}
}

func TestNamesThatComeBackAgain(t *testing.T) {
	s := newSpool(t)
	put := func(content string) {
		if err := os.WriteFile(filepath.Join(s.inbox, "r.ach"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, content := range []string{"one", "two"} {
		put(content)
		if err := s.Acknowledge(t.Context(), "r.ach"); err != nil {
			t.Fatal(err)
		}
		put(content)
		if err := s.SetAside(t.Context(), "r.ach", "why "+content); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(s.Acknowledge(t.Context(), "r.ach"), s.SetAside(t.Context(), "r.ach", "gone")); err != nil {
		t.Error(err) // another node was faster
	}
	for name, want := range map[string]string{"r.ach": "one", "r.ach.2": "two"} {
		for _, path := range []string{s.read(name), s.aside(name)} {
			if got, err := os.ReadFile(path); string(got) != want {
				t.Errorf("%s is %q, %v", path, got, err)
			}
		}
	}
	st, err := s.State()
	if err != nil {
		t.Fatal(err)
	}
	for i := range st.Quarantined {
		st.Quarantined[i].At = monday
	}
	want := []Quarantined{{"r.ach", "why one", monday}, {"r.ach.2", "why two", monday}}
	if diff := cmp.Diff(want, st.Quarantined); diff != "" {
		t.Error(diff)
	}
}

func TestASpoolBelongsToOneDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		y, ids := newYard(t, db), clock.NewIDs(0, 1)
		mine, empty, foreign := newSpool(t), newSpool(t), newSpool(t)
		if err := foreign.Own(t.Context(), storetest.SQLite(t), ids); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := mine.Own(t.Context(), db, ids); err != nil {
				t.Fatal(err)
			}
		}
		if err := foreign.Own(t.Context(), db, ids); !errors.Is(err, ErrOtherSpool) {
			t.Errorf("another database's spool: %v", err)
		}
		y.send(RTP, "p")
		y.work()
		if err := empty.Own(t.Context(), db, ids); !errors.Is(err, ErrOtherSpool) {
			t.Errorf("an empty directory for a database that has paid: %v", err)
		}
		if err := mine.Own(t.Context(), db, ids); err != nil {
			t.Error(err)
		}
	})
}
