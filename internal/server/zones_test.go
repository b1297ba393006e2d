package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os/exec"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/identity/document"
	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

// unwilling is a program that fails.
type unwilling struct{}

func (unwilling) Scan(context.Context, []byte) ([]document.Line, error) {
	return nil, errors.New("no memory")
}

// TestZones: the program reads a zone, as lines without gaps, and its failure is no
// failure of the document.
func TestZones(t *testing.T) {
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	if text, err := (zones{unwilling{}, log}).ReadText(context.Background(), raster.New(10, 10, 0)); text != "" || err != nil {
		t.Errorf("a program that fails: %q, %v", text, err)
	}
	if _, err := exec.LookPath(TesseractInPath); err != nil || testing.Short() {
		t.Skip("the program is not installed, or slow")
	}
	program, err := scanner(TesseractInPath)
	if err != nil {
		t.Fatal(err)
	}
	text, err := zones{program, log}.ReadText(context.Background(), specimentest.Page(specimentest.Utopian.TD3(), 14))
	if err != nil || !strings.Contains(text, "L898902C36") {
		t.Errorf("%q, %v", text, err)
	}
}
