package statement

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
)

// file is a PDF file in the making.
type file struct {
	bytes.Buffer
	offsets []int // by number, from 1; 0 for one that is not there
	root    int
	info    int
}

// The numbers of the objects that every statement has.
const (
	objCatalog = iota + 1
	objPages
	objPage
	objContents
	objInfo
	objSans
	objBold
	objMore // the first that is free
)

func newFile() *file {
	f := &file{root: objCatalog, info: objInfo}
	f.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	return f
}

// object writes an object.
func (f *file) object(n int, body string) {
	for len(f.offsets) <= n {
		f.offsets = append(f.offsets, 0)
	}
	f.offsets[n] = f.Len()
	fmt.Fprintf(f, "%d 0 obj\n%s\nendobj\n", n, body)
}

// stream writes a packed stream with more in its dictionary.
func (f *file) stream(n int, more, data string) {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write([]byte(data))
	_ = z.Close()
	f.object(n, fmt.Sprintf("<< /Length %d /Filter /FlateDecode%s >>\nstream\n%s\nendstream", packed.Len(), more, packed.String()))
}

// close writes the cross references of what was added, and where those before are.
func (f *file) close(before int, more string) {
	at := f.Len()
	f.WriteString("xref\n")
	if before < 0 {
		f.WriteString("0 1\n0000000000 65535 f \n")
	}
	for n := 1; n < len(f.offsets); n++ {
		if f.offsets[n] > 0 {
			fmt.Fprintf(f, "%d 1\n%010d 00000 n \n", n, f.offsets[n])
		}
	}
	id := sha256.Sum256(f.Bytes())
	if !strings.Contains(more, "/ID") {
		more += fmt.Sprintf(" /ID [<%x> <%x>]", id[:16], id[:16])
	}
	fmt.Fprintf(f, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R%s", len(f.offsets), f.root, f.info, more)
	if before >= 0 {
		fmt.Fprintf(f, " /Prev %d", before)
	}
	fmt.Fprintf(f, " >>\nstartxref\n%d\n%%%%EOF\n", at)
}

// making is what a file says of its making.
type making struct {
	producer, creator string
	created, modified string
}

// ours is the making of the bank's own files.
func ours(t time.Time) making {
	return making{"Glencheck", "First Platypus Bank statements", pdfTime(t), pdfTime(t)}
}

func pdfTime(t time.Time) string { return t.UTC().Format("D:20060102150405Z") }

func (m making) dict() string {
	var b strings.Builder
	b.WriteString("<<")
	for _, p := range [][2]string{{"Producer", m.producer}, {"Creator", m.creator}, {"CreationDate", m.created}, {"ModDate", m.modified}} {
		if p[1] != "" {
			fmt.Fprintf(&b, " /%s %s", p[0], quote(winAnsi(p[1])))
		}
	}
	return b.String() + " >>"
}

func quote(s string) string {
	return "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`, "\r", `\r`).Replace(s) + ")"
}

// operators draw pieces.
func operators(pieces []piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.operators())
	}
	return b.String()
}

func (p piece) operators() string {
	x := p.x
	if p.right {
		x -= width(p.text, p.size)
	}
	return fmt.Sprintf("BT /%s %.2f Tf %.2f %.2f Td %s Tj ET\n", resource(p.font), p.size, x, p.y, quote(winAnsi(p.text)))
}

// resource is the name of a font on the page.
func resource(font string) string { return "F" + strings.NewReplacer("-", "", " ", "").Replace(font) }

// width is how wide figures are, near enough for a column that ends in one place.
func width(s string, size float64) float64 {
	w := 0.0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9' || r == '$':
			w += 0.556
		case r == '.' || r == ',' || r == ' ':
			w += 0.278
		case r == '+':
			w += 0.584
		case r == '-':
			w += 0.333
		default:
			w += 0.55
		}
	}
	return w * size
}

func fontObject(name string) string {
	return "<< /Type /Font /Subtype /Type1 /BaseFont /" + name + " /Encoding /WinAnsiEncoding >>"
}

// draft is a statement on its way to become a file: what a forger works on.
type draft struct {
	making  making
	pieces  []piece
	extra   string            // operators behind the pieces
	fonts   map[string]string // further fonts by name
	catalog string            // more of the catalogue
	page    string            // more of the page
	objects []string          // further objects, from objMore
	trailer string            // more of the trailer
}

func (s Statement) draft() *draft {
	return &draft{making: ours(s.Printed), pieces: s.pieces(), fonts: map[string]string{}}
}

// file writes the draft.
func (d *draft) file() *file {
	f := newFile()
	f.object(objCatalog, "<< /Type /Catalog /Pages 2 0 R"+d.catalog+" >>")
	f.object(objPages, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	f.object(objPage, d.pageObject(objContents))
	f.stream(objContents, "", operators(d.pieces)+d.extra)
	f.object(objInfo, d.making.dict())
	f.object(objSans, fontObject(sans))
	f.object(objBold, fontObject(bold))
	for i, o := range d.objects {
		f.object(objMore+i, o)
	}
	return f
}

func (d *draft) pageObject(contents int) string {
	fonts := fmt.Sprintf("/%s %d 0 R /%s %d 0 R", resource(sans), objSans, resource(bold), objBold)
	for _, name := range sorted(d.fonts) {
		fonts += " /" + resource(name) + " " + d.fonts[name]
	}
	return fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << %s >> >> /Contents %d 0 R%s >>", fonts, contents, d.page)
}

// bytes is the whole file.
func (d *draft) bytes() []byte {
	f := d.file()
	f.close(-1, d.trailer)
	return f.Bytes()
}

// PDF prints the statement.
func (s Statement) PDF() []byte { return s.draft().bytes() }
