package reader

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/ocrb"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/pdf417"
)

// Reading is what was read of one side of a document.
type Reading struct {
	MRZ     *MRZ     // nil unless there is a zone that can be read
	Licence *Licence // nil unless there is a barcode of a licence that can be read

	// Unread are the machine-readable parts that are there and could not be read:
	// "mrz", "barcode".
	Unread []string
	// Score is how well the characters of the zone fit their glyphs, 0 to 1.
	Score float64
	// Corrected is how many codewords of the barcode were wrong or missing.
	Corrected int
	// By names the reader, for the record: "builtin", "tesseract".
	By string
}

// ByBuiltin is what Builtin signs with.
const ByBuiltin = "builtin"

// Anything reports whether some machine-readable part was read.
func (r *Reading) Anything() bool { return r.MRZ != nil || r.Licence != nil }

// Reader reads the machine-readable parts of one side of a document. An error is a
// failure of the reader; a side without such parts, or with parts that cannot be
// read, is a Reading that says so.
type Reader interface {
	Read(ctx context.Context, page *raster.Gray, now time.Time) (Reading, error)
}

// TextReader is optical recognition of any text by another program, for zones that
// the built-in reader cannot read.
type TextReader interface {
	ReadText(ctx context.Context, page *raster.Gray) (string, error)
	Name() string
}

// Builtin reads zones and barcodes without any other program; Text, if there is
// one, is asked about zones that it cannot read.
type Builtin struct{ Text TextReader }

// The longest sides, in pixels, at which parts are looked for.
const (
	zoneSize    = 2400
	barcodeSize = 3200
)

// Read looks for a barcode and for a zone, whichever way up the side is.
func (b Builtin) Read(ctx context.Context, page *raster.Gray, now time.Time) (Reading, error) {
	r := Reading{By: ByBuiltin}
	symbol, err := pdf417.Decode(page.Shrunk(barcodeSize))
	switch {
	case err == nil:
		if r.Licence, err = ParseAAMVA(symbol.Text); err == nil {
			r.Corrected = symbol.Corrected
			return r, ctx.Err()
		}
	case errors.Is(err, pdf417.ErrUnreadable):
		r.Unread = append(r.Unread, "barcode")
	}
	if err := ctx.Err(); err != nil {
		return r, err
	}
	seen := false
	r.MRZ, r.Score, seen = zoneOf(page.Shrunk(zoneSize), now)
	if r.MRZ == nil || !r.MRZ.Sound() {
		if err := b.ask(ctx, page, now, &r); err != nil {
			return r, err
		}
	}
	if r.MRZ == nil && seen {
		r.Unread = append(r.Unread, "mrz")
	}
	return r, ctx.Err()
}

// ask lets the other program read the zone. What it reads counts if its check
// digits fit, or if nothing else was read.
func (b Builtin) ask(ctx context.Context, page *raster.Gray, now time.Time, r *Reading) error {
	if b.Text == nil {
		return nil
	}
	text, err := b.Text.ReadText(ctx, page)
	if err != nil {
		return err
	}
	if m, err := ParseMRZ(text, now); err == nil && (m.Sound() || r.MRZ == nil) {
		r.MRZ, r.By = m, b.Text.Name()
	}
	return nil
}

// zoneOf reads the zone of a page that may be turned. Seen says that there are
// lines like those of a zone. The most probable turns come first.
func zoneOf(page *raster.Gray, now time.Time) (best *MRZ, score float64, seen bool) {
	for turn := range 4 {
		switch turn {
		case 1:
			page = page.Half()
		case 2:
			page = page.Quarter()
		case 3:
			page = page.Half()
		}
		m, s, lines := upright(page, now)
		seen = seen || lines
		if m != nil && (best == nil || m.Sound()) {
			best, score = m, s
		}
		if best != nil && best.Sound() {
			break
		}
	}
	return best, score, seen
}

// goodLine is the score from which a line is taken for one of a zone although it
// could not be read with others.
const goodLine = 0.75

func upright(page *raster.Gray, now time.Time) (best *MRZ, score float64, seen bool) {
	lines := ocrb.Lines(page)
	for _, l := range lines {
		seen = seen || l.Score() > goodLine
	}
	for _, zone := range groups(lines) {
		m, err := ParseMRZ(composed(zone), now)
		if err != nil {
			continue
		}
		s := 1.0
		for _, l := range zone {
			s = min(s, l.Score())
		}
		if best == nil || m.Sound() && !best.Sound() || m.Sound() == best.Sound() && s > score {
			best, score = m, s
		}
	}
	return best, score, seen
}

// groups are the lines that can be one zone: two or three of one width and size,
// one below the other.
func groups(lines []ocrb.Line) [][]ocrb.Line {
	var out [][]ocrb.Line
	for i, first := range lines {
		want := 2
		if len(first.Text) == td1.width {
			want = 3
		}
		zone := []ocrb.Line{first}
		for _, next := range lines[i+1:] {
			if len(zone) < want && follows(zone[len(zone)-1], next) {
				zone = append(zone, next)
			}
		}
		if len(zone) == want {
			out = append(out, zone)
		}
	}
	return out
}

func follows(a, b ocrb.Line) bool {
	gap := (b.Top+b.Bottom)/2 - (a.Top+a.Bottom)/2
	size := b.Height / a.Height
	return len(a.Text) == len(b.Text) && 0.8 < size && size < 1.25 && gap > 1.1*a.Height && gap < 4.5*a.Height &&
		a.Left < b.Left+3*a.Height && b.Left < a.Left+3*a.Height
}

// composed takes from every line the best character of the class that its place
// holds.
func composed(zone []ocrb.Line) string {
	text := make([]string, len(zone))
	for i, l := range zone {
		text[i] = l.Text
	}
	layout, ok := layoutOf(text)
	if !ok {
		return strings.Join(text, "\n")
	}
	out := make([][]byte, len(zone))
	for i := range out {
		out[i] = []byte(text[i])
	}
	for _, e := range layout.elements {
		l := zone[e.at.line]
		from := map[class]string{letters: l.Letters, digits: l.Digits, mixed: l.Text}[e.class]
		copy(out[e.at.line][e.at.from:e.at.to], from[e.at.from:e.at.to])
		if e.check {
			out[e.at.line][e.at.to] = l.Digits[e.at.to]
		}
	}
	if layout.composite != nil {
		out[layout.last.line][layout.last.from] = zone[layout.last.line].Digits[layout.last.from]
	}
	for i, l := range out {
		text[i] = string(l)
	}
	return strings.Join(text, "\n")
}
