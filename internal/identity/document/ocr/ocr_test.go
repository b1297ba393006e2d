//go:build unix

package ocr_test

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/identity/document"
	"github.com/glencheck-dev/glencheck/internal/identity/document/ocr"
	"github.com/glencheck-dev/glencheck/internal/sandbank/statement"
)

// program is a stand-in for Tesseract: a script with its arguments at hand.
func program(t *testing.T, script string) *ocr.Tesseract {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tesseract")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	p, err := ocr.Find(path)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func row(cells ...string) string { return strings.Join(cells, `\t`) + `\n` }

func TestLines(t *testing.T) {
	table := row("level", "page_num", "block_num", "par_num", "line_num", "word_num", "left", "top", "width", "height", "conf", "text") +
		row("1", "1", "0", "0", "0", "0", "0", "0", "1224", "1584", "-1", "") +
		row("5", "1", "1", "1", "1", "1", "100", "10", "60", "20", "96.1", "Account") + row("5", "1", "1", "1", "1", "2", "168", "10", "60", "20", "95", "holder") +
		row("5", "1", "1", "1", "1", "3", "400", "10", "80", "20", "91", "Alberta") + row("5", "1", "1", "1", "1", "4", "488", "10", "90", "20", "90", "Charleson") +
		row("5", "1", "1", "1", "2", "1", "100", "40", "60", "20", "12", "smudge") + row("5", "1", "1", "1", "2", "2", "170", "40", "60", "20", "77", "Malakoff")
	lines, err := program(t, "cat >/dev/null; printf '"+table+"'").Scan(context.Background(), []byte("a picture"))
	if err != nil || len(lines) != 2 {
		t.Fatalf("%v, %v", lines, err)
	}
	if got := lines[0]; len(got.Cells) != 2 || got.Cells[0].Text != "Account holder" || got.Cells[1].Text != "Alberta Charleson" || got.Cells[1].X != 200 {
		t.Errorf("first line %+v", got)
	}
	if got := lines[1].Text(); got != "Malakoff" {
		t.Errorf("second line %q: what is unsure is left out", got)
	}
}

// The program gets bounds, the picture, and nothing else of ours.
func TestBounds(t *testing.T) {
	t.Setenv("GLENCHECK_SECRET", "not for a program")
	out := filepath.Join(t.TempDir(), "seen")
	if _, err := program(t, `{ ulimit -v; ulimit -t; echo "$@"; echo "secret=$GLENCHECK_SECRET"; cat; } >`+out).Scan(context.Background(), []byte("a picture")); err != nil {
		t.Fatal(err)
	}
	seen, err := os.ReadFile(out)
	if err != nil || string(seen) != "1048576\n20\nstdin stdout --psm 6 tsv\nsecret=\na picture" {
		t.Errorf("%q, %v", seen, err)
	}
}

func TestFailures(t *testing.T) {
	if _, err := ocr.Find(filepath.Join(t.TempDir(), "tesseract")); err == nil {
		t.Error("found what is not there")
	}
	for name, script := range map[string]string{
		"fails": "cat >/dev/null; echo 'the text of the picture' >&2; exit 1", "too much": "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done",
	} {
		lines, err := program(t, script).Scan(context.Background(), []byte("x"))
		if err == nil || lines != nil || strings.Contains(err.Error(), "picture") {
			t.Errorf("%s: %v, %v", name, lines, err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := program(t, "exec sleep 60").Scan(ctx, []byte("x")); err == nil {
		t.Error("waited for a program that does not end")
	}
}

// With the program itself, where it is installed, a scanned statement is read.
func TestTesseract(t *testing.T) {
	p, err := ocr.Find(cmp.Or(os.Getenv("GLENCHECK_TEST_TESSERACT"), "tesseract"))
	if err != nil {
		t.Skip(err)
	}
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	s := statement.Statement{
		Bank: "First Platypus Bank", Owners: []string{"Alberta Bobbeth Charleson"}, Address: []string{"2992 Cameron Road", "Malakoff, NY 14236"}, Product: "Checking",
		Number: "1111222233330000", Routing: "011401533", Opening: "$110.00", Closing: "$110.00", From: now.AddDate(0, 0, -30), Until: now, Printed: now,
	}
	for _, specimen := range []string{"scan", "scan_pdf"} {
		raw, _, err := statement.Make(specimen, s)
		if err != nil {
			t.Fatal(err)
		}
		r, err := document.Read(context.Background(), raw, p)
		if err != nil || r.Text != document.Scanned {
			t.Fatalf("%s: %v, %v", specimen, r, err)
		}
		f := document.Find(r.Lines)
		if len(f.Owners) == 0 || f.Owners[0] != s.Owners[0] || document.MatchAccount(f.Accounts, []string{s.Number}) != document.Same || f.Type != document.BankStatement {
			t.Errorf("%s: %+v", specimen, f)
		}
	}
}
