package document

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/identity/document/pdf"
)

// traces are the facts about a file that signals are made of.
type traces struct {
	png  pngInfo
	exif exif

	info      pdf.Info
	revisions int
	rebuilt   bool
	unread    int // letters that have no way back to text
	letters   int
	marks     []mark
	stamps    []stamp // annotations
	layer     bool    // an invisible layer of text
	pictures  bool    // nothing but pictures on some page
}

// mark is something on a page that a signal tells.
type mark struct {
	kind   Type
	page   int
	detail string
}

// stamp is something laid over a page.
type stamp struct {
	page     int
	modified string
}

// mostMarks bounds how often one kind of signal is told.
const mostMarks = 5

func (t *traces) mark(kind Type, page int, format string, args ...any) {
	n := 0
	for _, m := range t.marks {
		if m.kind == kind {
			n++
		}
	}
	if n < mostMarks {
		t.marks = append(t.marks, mark{kind, page, fmt.Sprintf(format, args...)})
	}
}

// of looks at a PDF file.
func (t *traces) of(f *pdf.File, pages []*pdf.Page) error {
	var err error
	if t.info, err = f.Info(); err != nil {
		return err
	}
	t.revisions, t.rebuilt = f.Revisions(), f.Rebuilt
	for _, p := range pages {
		t.page(p)
	}
	return t.edits(f, pages)
}

func (t *traces) page(p *pdf.Page) {
	shown := 0
	for _, r := range p.Runs {
		t.unread += r.Unread
		t.letters += len([]rune(r.Text)) + r.Unread
		if strings.Contains(r.Font, "AdobeSansMM") || strings.Contains(r.Font, "AdobeSerifMM") {
			t.mark(AdobeFonts, p.Number, "text is in the font that Acrobat puts in place of one that it lacks")
		}
		switch {
		case !r.Shown:
			t.layer = true
		case r.Covered:
			t.mark(Masking, p.Number, "text of %d letters lies below something that was painted over it", len([]rune(r.Text)))
		case p.Hidden(r):
			t.mark(TextLayer, p.Number, "text of %d letters stands where nobody can see it", len([]rune(r.Text)))
		default:
			shown++
		}
	}
	if p.TouchUp {
		t.mark(TouchUp, p.Number, "the page has text between the marks that Acrobat leaves where it has edited")
	}
	if shown == 0 && p.Images > 0 {
		t.pictures = true
		t.mark(Flattened, p.Number, "the page is a picture")
	}
	for _, a := range p.Annotations {
		t.stamps = append(t.stamps, stamp{p.Number, a.Modified})
		t.mark(Annotations, p.Number, "an annotation of kind %s lies over the page", a.Kind)
	}
	for _, w := range rowsOf(p, func(r pdf.Run) bool { return r.Shown && !p.Hidden(r) }) {
		t.row(w)
	}
}

// row looks for pieces of a line that do not belong to it.
func (t *traces) row(w row) {
	for i := 1; i < len(w.runs); i++ {
		a, b := w.runs[i-1], w.runs[i]
		gap := b.X - a.X - a.Width
		page := w.page.Number
		switch over := -gap; {
		case over > 0.5*math.Min(a.Width, b.Width) && over > 0.3*b.Size:
			if strings.TrimSpace(a.Text) != strings.TrimSpace(b.Text) { // the same twice is a way to make it bold
				t.mark(Overlaid, page, "two pieces of text stand in one place")
			}
			continue
		case gap > apart*b.Size:
			continue // another cell
		}
		inWord := gap < between*b.Size
		ratio := b.Size / math.Max(a.Size, 0.01)
		raised := ratio < 0.8 || ratio > 1.25 // a footnote's number
		switch {
		case family(a.Font) != family(b.Font) && !symbols(a.Font) && !symbols(b.Font):
			t.mark(FontAnomaly, page, "%s stands within a line in %s", b.Font, a.Font)
		case inWord && !raised && math.Abs(ratio-1) > 0.04:
			t.mark(FontAnomaly, page, "letters of %.1f points stand within a word in %.1f points", b.Size, a.Size)
		}
		if dy := math.Abs(a.Y - b.Y); !raised && dy > 0.3 && dy < 0.4*b.Size {
			t.mark(Alignment, page, "a piece of a line stands %.1f points above or below the rest", dy)
		}
	}
}

// family is a font without its weight and slope.
func family(font string) string {
	font = strings.ToLower(font)
	font, _, _ = strings.Cut(font, ",")
	for _, word := range []string{"bold", "italic", "oblique", "regular", "roman", "medium", "light", "semi", "demi", "black", "book", "condensed", "narrow", "psmt", "mt", "ps"} {
		font = strings.ReplaceAll(font, word, "")
	}
	return strings.Trim(font, "-_ ")
}

func symbols(font string) bool {
	font = strings.ToLower(font)
	return slices.ContainsFunc([]string{"symbol", "dingbat", "icon", "wingding", "awesome", "barcode", "micr", "ocr"}, func(s string) bool { return strings.Contains(font, s) })
}

// edits compares what the pages show with what they showed when the file was made.
func (t *traces) edits(f *pdf.File, pages []*pdf.Page) error {
	changed := f.Changed(pages)
	if len(changed) == 0 {
		return nil
	}
	before, err := f.Original().Pages()
	if pdf.IsTooMuch(err) {
		return err
	}
	for _, n := range changed {
		if err != nil || n > len(before) {
			t.mark(Edited, n, "the page was added or changed after the file was made")
			continue
		}
		if visible(pages[n-1]) != visible(before[n-1]) {
			t.mark(Edited, n, "the text of the page is not what it was when the file was made")
		}
	}
	return nil
}

func visible(p *pdf.Page) string {
	var b strings.Builder
	for _, w := range rowsOf(p, func(r pdf.Run) bool { return r.Shown && !p.Hidden(r) }) {
		b.WriteString(w.line().Text())
		b.WriteByte('\n')
	}
	return b.String()
}
