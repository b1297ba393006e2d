package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/identity/document/pdf"
)

// Reading is what a file is and says. It is personal.
type Reading struct {
	Kind   Kind
	Bytes  int
	Hash   string // SHA-256 of the file, in hexadecimal
	Pages  int
	Text   Source
	Lines  []Line
	traces traces
}

// Source is where the text came from.
type Source string

// The sources of text.
const (
	Unread  Source = ""        // there is no text, and nobody could read the picture
	Printed Source = "pdf"     // the text of the file itself
	Layer   Source = "layer"   // an invisible layer of text over a picture
	Scanned Source = "scanner" // a Scanner has read the picture
)

// Scanner reads the text of a picture, a PNG or JPEG. It is bounded in time and
// memory by itself. A picture that it cannot read has no lines.
type Scanner interface {
	Scan(ctx context.Context, picture []byte) ([]Line, error)
}

// mostScans bounds how many pages of pictures one document gives to the Scanner.
const mostScans = 3

// Read reads a file. The Scanner may be nil. An error is a *Refusal, or that of the
// context.
func Read(ctx context.Context, src []byte, scanner Scanner) (*Reading, error) {
	kind, err := Recognize(src)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(src)
	r := &Reading{Kind: kind, Bytes: len(src), Hash: hex.EncodeToString(sum[:]), Pages: 1}
	pictures := [][]byte{src}
	switch kind {
	case PDF:
		pictures, err = r.readPDF(src)
	case PNG:
		r.traces.png, err = checkPNG(src)
	case JPEG:
		r.traces.exif, err = checkJPEG(src)
	}
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if scanner == nil || r.Text != Unread {
		return r, nil
	}
	return r, r.scan(ctx, scanner, pictures)
}

// scan has the pictures read. One that the Scanner fails on stays unread.
func (r *Reading) scan(ctx context.Context, scanner Scanner, pictures [][]byte) error {
	for i, picture := range pictures[:min(len(pictures), mostScans)] {
		lines, err := scanner.Scan(ctx, picture)
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			continue
		}
		for _, l := range lines {
			l.Page = i + 1
			r.Lines = append(r.Lines, l)
		}
	}
	if len(r.Lines) > 0 {
		r.Text = Scanned
	}
	return nil
}

// readPDF takes text and traces from a PDF file, and the pictures of its pages
// where there is no text.
func (r *Reading) readPDF(src []byte) ([][]byte, error) {
	limits := pdf.DefaultLimits()
	limits.Pages = MaxPages
	f, err := pdf.Open(src, limits)
	if err != nil {
		return nil, refusalOf(err)
	}
	if f.Rebuilt && !f.Whole() {
		return nil, refuse(Damaged, "the end of the file is missing")
	}
	actives, err := f.Actives()
	if err != nil {
		return nil, refusalOf(err)
	}
	if len(actives) > 0 {
		return nil, refuse(Program, "the file has %v in it", actives)
	}
	if err := foreign(f.Tail()); err != nil {
		return nil, err
	}
	pages, err := f.Pages()
	if err != nil {
		return nil, refusalOf(err)
	}
	r.Pages = len(pages)
	if err := r.traces.of(f, pages); err != nil {
		return nil, refusalOf(err)
	}
	r.Lines = linesOf(pages, func(p *pdf.Page, run pdf.Run) bool { return run.Shown && !p.Hidden(run) })
	if len(r.Lines) > 0 {
		r.Text = Printed
	} else if r.Lines = linesOf(pages, func(_ *pdf.Page, run pdf.Run) bool { return !run.Shown }); len(r.Lines) > 0 {
		r.Text = Layer
	}
	var pictures [][]byte
	for _, p := range pages {
		if p.Scan != nil && checkScan(p.Scan) {
			pictures = append(pictures, p.Scan)
		}
	}
	return pictures, nil
}

// checkScan reports whether a picture inside a PDF file is one that a Scanner may
// be given.
func checkScan(src []byte) bool {
	_, err := checkJPEG(src)
	return err == nil
}

// IsRefusal answers the Refusal in an error, nil if there is none.
func IsRefusal(err error) *Refusal {
	var r *Refusal
	if errors.As(err, &r) {
		return r
	}
	return nil
}
