package idv

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// bare is the room without what only its endpoints need, and an attempt in it.
func bare(t *testing.T, db *store.DB) (*Service, *Attempt) {
	t.Helper()
	ctx, log := context.Background(), slog.New(slog.NewTextHandler(io.Discard, nil))
	now, ids := clock.Manual(time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)), clock.NewIDs(0, 0)
	v, err := vault.Open(ctx, db, vault.SandboxKEK(), now)
	if err != nil {
		t.Fatal(err)
	}
	s := New(Config{
		DB: db, Vault: v, Clock: now, IDs: ids, Env: "sandbox", PublicURL: "http://localhost:8484/", Log: log,
		Scheduler: schedule.New(db, now, ids, log), Templates: SandboxTemplates(),
	})
	a, err := s.Create(ctx, newAttempt{subject: subject{clientID: "client", clientUserID: "user"}, templateID: SandboxTemplates()[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	return s, a
}

// asked takes an address apart as the server does.
func asked(t *testing.T, address string) (path string, q url.Values) {
	t.Helper()
	path, ok := strings.CutPrefix(address, "http://localhost:8484"+PicturePath)
	u, err := url.Parse(path)
	if err != nil || !ok {
		t.Fatal(address, err)
	}
	return u.Path, u.Query()
}

// TestPictures: what is kept is kept with its change alone, sealed, is served for a
// minute to whoever has the address, and goes with the redaction.
func TestPictures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		s, a := bare(t, db)
		file := bytes.Repeat([]byte("a picture of somebody"), 1000)
		var id string
		a, err := s.change(ctx, a.ClientID, a.ID, func(a *Attempt) (err error) {
			id, err = s.keep(a, "image/jpeg", file)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		stale := *a
		if _, err := s.change(ctx, a.ClientID, a.ID, func(*Attempt) error { return nil }); err != nil {
			t.Fatal(err)
		}
		lost, err := s.keep(&stale, "image/jpeg", file)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Write(ctx, func(tx *store.Tx) error { return s.update(ctx, tx, &stale) }); !errors.Is(err, errMoved) {
			t.Errorf("a change that came too late: %v", err)
		}
		if _, err := s.Picture(ctx, a.ID, lost); !errors.Is(err, errNoPicture) {
			t.Errorf("its picture: %v", err)
		}
		var sealed string
		if err := db.QueryRow(ctx, `SELECT sealed FROM idv_picture WHERE id = $1`, id).Scan(&sealed); err != nil || strings.Contains(sealed, "picture of") {
			t.Errorf("%v: it lies open", err)
		}

		var other string
		for range 2 { // kept, and dropped
			if _, err := s.change(ctx, a.ClientID, a.ID, func(a *Attempt) (err error) {
				if other != "" {
					a.drop(other)
					return nil
				}
				other, err = s.keep(a, "image/png", file)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Picture(ctx, a.ID, other); !errors.Is(err, errNoPicture) {
			t.Errorf("after it was dropped: %v", err)
		}

		path, q := asked(t, s.Address(a.ID, id, "", "documents/1/original_front.jpeg"))
		if path != a.ID+"/documents/1/original_front.jpeg" {
			t.Errorf("it is at %s", path)
		}
		if p, err := s.Served(ctx, path, q); err != nil || p.Media != "image/jpeg" || !bytes.Equal(p.Data, file) {
			t.Errorf("served: %v, %s, %d bytes", err, p.Media, len(p.Data))
		}
		for what, change := range map[string]func(url.Values) string{
			"another attempt": func(url.Values) string { return "idv_another/documents/1/original_front.jpeg" },
			"another name":    func(url.Values) string { return a.ID + "/documents/2/original_front.jpeg" },
			"another picture": func(q url.Values) string { q.Set("picture", "pic_1"); return path },
			"a later end":     func(q url.Values) string { q.Set("until", "99999999999999"); return path },
			"another view":    func(q url.Values) string { q.Set("view", "crop:0"); return path },
			"another key":     func(q url.Values) string { q.Set("key", strings.Repeat("0", 64)); return path },
			"no key":          func(q url.Values) string { q.Del("key"); return path },
			"nothing":         func(q url.Values) string { clear(q); return "" },
		} {
			_, changed := asked(t, s.Address(a.ID, id, "", "documents/1/original_front.jpeg"))
			at := change(changed)
			if _, err := s.Served(ctx, at, changed); !errors.Is(err, errAddress) {
				t.Errorf("%s: %v", what, err)
			}
		}
		s.clock.Advance(pictureTime - time.Millisecond)
		if _, err := s.Served(ctx, path, q); err != nil {
			t.Errorf("within the minute: %v", err)
		}
		s.clock.Advance(time.Millisecond)
		if _, err := s.Served(ctx, path, q); !errors.Is(err, errLate) {
			t.Errorf("after it: %v", err)
		}
		path, q = asked(t, s.Address(a.ID, id, "", "a.jpeg"))
		if _, err := s.Served(ctx, path, q); err != nil {
			t.Errorf("a new address: %v", err)
		}
		path2, q2 := asked(t, s.Address("idv_another", id, "", "a.jpeg"))
		if _, err := s.Served(ctx, path2, q2); !errors.Is(err, errNoPicture) {
			t.Errorf("a picture of another attempt: %v", err)
		}
		if _, err := s.change(ctx, a.ClientID, a.ID, func(a *Attempt) error {
			_, err := s.keep(a, "image/png", file)
			a.redact(s.clock.Now())
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Served(ctx, path, q); !errors.Is(err, errNoPicture) {
			t.Errorf("after the redaction: %v", err)
		}
		var n int
		if err := db.QueryRow(ctx, `SELECT COUNT(*) FROM idv_picture`).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d pictures are left, %v", n, err)
		}
	})
}
