// Package tesseract reads machine-readable zones with the program Tesseract, for
// those that the built-in reader cannot read. It is optional: nothing here needs the
// program, and a server that has none says so at start.
//
// Its English letters know no fillers: it reads many of them as K, so that names
// that it read are not certain, whatever the check digits say.
//
// The picture goes to the program's standard input and its text comes back on the
// standard output; nothing is written to disk. The program has ten seconds.
package tesseract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"os/exec"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// Reader is a reader.TextReader.
type Reader struct{ path string }

// ErrMissing says that the program is not there.
var ErrMissing = errors.New("tesseract: the program tesseract is not installed")

const (
	longest  = 10 * time.Second
	mostText = 64 << 10
	zoneSize = 2000 // pixels of the longer side; more only takes longer
)

// Find looks for the program, by the path given or by its name in the places of
// programs.
func Find(path string) (*Reader, error) {
	if path == "" {
		path = "tesseract"
	}
	found, err := exec.LookPath(path)
	if err != nil {
		return nil, ErrMissing
	}
	return &Reader{path: found}, nil
}

// Name is what readings are signed with.
func (r *Reader) Name() string { return "tesseract" }

// ReadText reads a page as blocks of text in the characters of a zone.
func (r *Reader) ReadText(ctx context.Context, page *raster.Gray) (string, error) {
	var picture, text bytes.Buffer
	if err := png.Encode(&picture, page.Shrunk(zoneSize).Image()); err != nil {
		return "", fmt.Errorf("tesseract: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	run := exec.CommandContext(ctx, r.path, "stdin", "stdout", "--psm", "6", "-l", "eng",
		"-c", "tessedit_char_whitelist=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<", "-c", "load_system_dawg=0", "-c", "load_freq_dawg=0")
	run.Env = []string{"OMP_THREAD_LIMIT=1", "PATH=/usr/bin:/bin", "LC_ALL=C"}
	run.Stdin, run.Stdout, run.WaitDelay = &picture, &limited{to: &text, left: mostText}, time.Second
	if err := run.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("tesseract: %w", err)
	}
	return text.String(), nil
}

// limited forgets what is over its limit.
type limited struct {
	to   *bytes.Buffer
	left int
}

func (l *limited) Write(b []byte) (int, error) {
	keep := min(len(b), l.left)
	l.left -= keep
	l.to.Write(b[:keep])
	return len(b), nil
}
