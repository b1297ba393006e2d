// Package ocr reads the text of pictures with Tesseract, a program that is installed
// on the machine or not. Each picture is read by a process of its own, which has so
// much time and memory and no more; it gets the picture on its standard input and
// nothing else of ours.
package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/identity/document"
)

// Bounds of one picture.
const (
	maxTime   = 20 * time.Second
	maxMemory = 1 << 30 // address space, in bytes
	maxOutput = 4 << 20
	maxAtOnce = 2
)

// Tesseract runs the program. Its methods are safe for concurrent use.
type Tesseract struct {
	path   string
	places chan struct{}
}

var _ document.Scanner = (*Tesseract)(nil)

// Find looks for the program: a path, or a name in PATH.
func Find(name string) (*Tesseract, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, fmt.Errorf("ocr: %w", err)
	}
	return &Tesseract{path: path, places: make(chan struct{}, maxAtOnce)}, nil
}

// Scan reads a picture.
func (t *Tesseract) Scan(ctx context.Context, picture []byte) ([]document.Line, error) {
	select {
	case t.places <- struct{}{}:
		defer func() { <-t.places }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	cmd := bounded(ctx, t.path, "stdin", "stdout", "--psm", "6", "tsv")
	cmd.Stdin = bytes.NewReader(picture)
	out := &limited{most: maxOutput, enough: cancel}
	cmd.Stdout = out
	cmd.Env = []string{"OMP_THREAD_LIMIT=1"}
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("ocr: %w", err) // what the program says may have text of the picture in it
	}
	return lines(string(out.text)), nil
}

// limited is an output that is not taken beyond a size.
type limited struct {
	text   []byte
	most   int
	enough func() // ends the program
}

var errOutput = errors.New("ocr: more output than is read")

func (l *limited) Write(b []byte) (int, error) {
	if len(l.text)+len(b) > l.most {
		l.enough()
		return 0, errOutput
	}
	l.text = append(l.text, b...)
	return len(b), nil
}

// leastSure is how sure the program has to be of a word, in hundredths.
const leastSure = 30

// pageWidth is how wide a page is, in points.
const pageWidth = 612

// gap is how many heights of a word stand between two cells of a line.
const gap = 1.6

// lines makes lines of the program's table of words: level, page, block, paragraph,
// line, word, left, top, width, height, confidence, text.
func lines(tsv string) []document.Line {
	var out []document.Line
	last, until, scale := "", 0.0, 1.0
	for row := range strings.SplitSeq(tsv, "\n") {
		col := strings.Split(strings.TrimRight(row, "\r"), "\t")
		if len(col) == 12 && col[0] == "1" && number(col[8]) > 0 {
			scale = pageWidth / number(col[8]) // cells stand in points, as those of PDF files do
		}
		if len(col) != 12 || col[0] != "5" || strings.TrimSpace(col[11]) == "" {
			continue
		}
		left, width, height, sure := number(col[6]), number(col[8]), number(col[9]), number(col[10])
		if sure < leastSure {
			continue
		}
		if where := strings.Join(col[1:5], " "); where != last {
			out, last = append(out, document.Line{Page: 1}), where
		}
		l := &out[len(out)-1]
		n := len(l.Cells)
		if n == 0 || left-until > gap*height {
			l.Cells = append(l.Cells, document.Cell{Text: col[11], X: left * scale})
		} else {
			l.Cells[n-1].Text += " " + col[11]
		}
		until = left + width
	}
	return out
}

func number(s string) float64 {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return n
}
