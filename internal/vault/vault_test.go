package vault

import (
	"context"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

func TestWhatIsSealedOpensAgainAndNowhereElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		v, err := Open(ctx, db, SandboxKEK(), clock.Real())
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := v.Seal([]byte("1111222233330000"), "row-1")
		if err != nil || strings.Contains(sealed, "1111") {
			t.Fatal(sealed, err)
		}
		again, err := Open(ctx, db, SandboxKEK(), clock.Real()) // as after a restart
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := again.Open(sealed, "row-1"); err != nil || string(plain) != "1111222233330000" {
			t.Errorf("%q, %v", plain, err)
		}
		changed := "A" + sealed[1:]
		if changed == sealed {
			changed = "B" + sealed[1:]
		}
		for what, try := range map[string][2]string{
			"another row": {sealed, "row-2"}, "a changed value": {changed, "row-1"},
			"a cut value": {sealed[:20], "row-1"}, "no base64": {"ÿ", "row-1"}, "nothing": {"", "row-1"},
		} {
			if _, err := again.Open(try[0], try[1]); err == nil {
				t.Errorf("%s was opened", what)
			}
		}
		if v.Index("access_token", "x") != again.Index("access_token", "x") || v.Index("access_token", "x") == v.Index("public_token", "x") {
			t.Error("an index depends on kind and value, and on nothing else")
		}
	})
}

func TestAnotherKEKIsRefused(t *testing.T) {
	ctx, db := context.Background(), storetest.SQLite(t)
	if _, err := Open(ctx, db, SandboxKEK(), clock.Real()); err != nil {
		t.Fatal(err)
	}
	other, err := NewKEK(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(ctx, db, other, clock.Real()); !errors.Is(err, ErrKEK) {
		t.Error(err)
	}
}

func TestLoadKEK(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string, mode os.FileMode) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
		return p
	}
	key := strings.Repeat("k", 32)
	for _, good := range []string{write("raw", key, 0o600), "file://" + write("text", base64.StdEncoding.EncodeToString([]byte(key))+"\n", 0o400)} {
		if _, err := LoadKEK(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{write("short", "k", 0o600), write("open", key, 0o644), filepath.Join(dir, "none"), "aws-kms://arn"} {
		if _, err := LoadKEK(bad); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
}
