package tesseract

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// program is a shell script in the place of Tesseract.
func program(t *testing.T, script string) *Reader {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tesseract")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	r, err := Find(path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWithoutTheProgram(t *testing.T) {
	if _, err := Find(filepath.Join(t.TempDir(), "tesseract")); !errors.Is(err, ErrMissing) {
		t.Errorf("%v", err)
	}
}

// TestThePictureGoesInAndTheTextComesOut: with what Tesseract 5 answers to a
// specimen, its two usual mistakes in it.
func TestThePictureGoesInAndTheTextComesOut(t *testing.T) {
	zone := `head -c 4 | od -c | grep -q P || exit 3
cat > /dev/null
printf 'PASSPORT\nP<UT0ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n\f'`
	blank := raster.New(400, 300, 230)
	r, err := reader.Builtin{Text: program(t, zone)}.Read(context.Background(), blank, now)
	if err != nil || r.MRZ == nil || !r.MRZ.Sound() || r.MRZ.Issuer != "UTO" || r.By != "tesseract" {
		t.Errorf("%v %+v", err, r)
	}
	if text, err := program(t, "cat > /dev/null; yes | head -c 1000000").ReadText(context.Background(), blank); err != nil || len(text) != mostText {
		t.Errorf("%d characters, %v", len(text), err)
	}
}

func TestAProgramThatFails(t *testing.T) {
	blank := raster.New(400, 300, 230)
	if _, err := program(t, "exit 1").ReadText(context.Background(), blank); err == nil {
		t.Error("a failure is no error")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := program(t, "sleep 100").ReadText(ctx, blank); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestTheProgramItself reads a specimen where it is installed.
func TestTheProgramItself(t *testing.T) {
	r, err := Find("")
	if err != nil || testing.Short() {
		t.Skip("without the program, or in a hurry")
	}
	text, err := r.ReadText(context.Background(), specimentest.Page(specimentest.Utopian.TD3(), 20))
	if err != nil {
		t.Fatal(err)
	}
	if m, err := reader.ParseMRZ(text, now); err != nil || m.Birth.String() != "1974-08-12" || !m.Sound() {
		t.Errorf("%v %+v of\n%s", err, m, text)
	}
}
