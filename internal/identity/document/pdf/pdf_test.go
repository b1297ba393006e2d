package pdf

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// sheet is a file of one page with so many objects more, from 6 on. Its contents are
// object 4, and its fonts object 5.
func sheet(contents, fonts string, more ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	objects := append([]string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 612 792]/Resources<</Font 5 0 R/XObject<</Fm 6 0 R/Im 7 0 R>>>>>>",
		"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>", fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(contents), contents), "<<" + fonts + ">>",
	}, more...)
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

const helv = "/F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"

// page reads the one page of a file.
func page(t *testing.T, src []byte) *Page {
	t.Helper()
	f, err := Open(src, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	pages, err := f.Pages()
	if err != nil || len(pages) != 1 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	return pages[0]
}

func texts(p *Page) string {
	var list []string
	for _, r := range p.Runs {
		list = append(list, r.Text)
	}
	return strings.Join(list, "|")
}

func TestText(t *testing.T) {
	const toUnicode = "<</Length 160>>stream\n/CIDInit begincmap 1 begincodespacerange <0000><FFFF> endcodespacerange 2 beginbfchar <0041><0416> <0042><00660069> endbfchar 2 beginbfrange <0050><0052><0061> <0060><0061>[<0031><0032>] endbfrange\nendstream"
	for name, c := range map[string]struct{ contents, fonts, want string }{
		"a string":             {"BT /F1 12 Tf 72 700 Td (Account \\(holder\\)) Tj ET", helv, "Account (holder)"},
		"escapes":              {"BT /F1 12 Tf (M\\374ller \\\nx \\101) Tj <48 69> Tj ET", helv, "Müller x A|Hi"},
		"gaps":                 {"BT /F1 12 Tf [(1111)-250(2222) 20 (3)] TJ ET", helv, "1111 22223"},
		"next lines":           {"BT /F1 12 Tf 14 TL (a) Tj T* (b) Tj (c) ' 1 1 (d) \" ET", helv, "a|b|c|d"},
		"MacRoman":             {"BT /F1 12 Tf (M\\237ller) Tj ET", strings.Replace(helv, "WinAnsi", "MacRoman", 1), "Müller"},
		"names of glyphs":      {"BT /F1 12 Tf (\\001\\002\\003\\004 A) Tj ET", "/F1<</Subtype/Type1/BaseFont/X/Encoding<</Differences[1/Eacute/germandbls/uni0141/fi]>>>>", "ÉßŁfi A"},
		"two bytes":            {"BT /F1 12 Tf <00410042005000520061> Tj ET", "/F1<</Subtype/Type0/BaseFont/ABCDEF+Noto/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[<</DW 500/W[65[600 700]]>>]>>", "Жfiac2"},
		"two bytes, no way":    {"BT /F1 12 Tf <00410042> Tj ET", "/F1<</Subtype/Type0/BaseFont/Noto/Encoding/Identity-H>>", ""},
		"no font":              {"BT (x) Tj ET", helv, ""},
		"a form":               {"q 1 0 0 1 5 5 cm /Fm Do Q BT /F1 9 Tf (after) Tj ET", helv, "inside|after"},
		"an image inside":      {"BI /W 1 /H 1 ID \x00EI\x01 EI BT /F1 9 Tf (after) Tj ET", helv, "after"},
		"operators of nothing": {"Tj TJ ' \" Do Tf Td cm 1 2 3 re f BT ET Q Q (x) 5 Tj", helv, ""},
	} {
		t.Run(name, func(t *testing.T) {
			six := "<</Subtype/Form/Length 30>>stream\nBT /F1 9 Tf (inside) Tj ET /Fm Do\nendstream"
			if strings.Contains(c.fonts, "ToUnicode") {
				six = toUnicode
			}
			if got := texts(page(t, sheet(c.contents, c.fonts, six, "<<>>"))); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	p := page(t, sheet("BT /F1 10 Tf 2 0 0 2 100 600 Tm (0000) Tj ET q 0 1 -1 0 300 300 cm BT /F1 10 Tf (up) Tj ET Q BT /F1 1 Tf 0.5 0 0 0.5 10 10 Tm (tiny) Tj ET BT /F1 10 Tf 900 10 Td (off) Tj 3 Tr (not shown) Tj ET", helv))
	first := p.Runs[0]
	if first.X != 100 || first.Y != 600 || first.Size != 20 || first.Width < 44 || first.Width > 45 || first.Font != "Helvetica" {
		t.Errorf("first %+v", first)
	}
	if !p.Runs[1].Vertical || !p.Hidden(p.Runs[2]) || !p.Hidden(p.Runs[3]) || p.Runs[4].Shown || p.Hidden(first) {
		t.Errorf("runs %+v", p.Runs)
	}
}

func TestCovered(t *testing.T) {
	for contents, want := range map[string]bool{
		"BT /F1 10 Tf 100 100 Td (0000000000) Tj ET 1 g 90 95 100 20 re f":                      true,
		"1 g 90 95 100 20 re f BT /F1 10 Tf 100 100 Td (0000000000) Tj ET":                      false, // below it
		"BT /F1 10 Tf 100 100 Td (0000000000) Tj ET 90 95 100 20 re S":                          false, // its edge alone
		"BT /F1 10 Tf 100 100 Td (0000000000) Tj ET 90 95 100 20 re W n":                        false, // to cut by
		"BT /F1 10 Tf 100 100 Td (0000000000) Tj ET 90 95 20 20 re f":                           false, // a corner
		"BT /F1 10 Tf 100 100 Td (0000000000) Tj ET 90 300 100 20 re f":                         false, // elsewhere
		"BT /F1 10 Tf 100 100 Td (0000000000) Tj ET q 200 0 0 40 90 90 cm /Im Do Q":             true,  // a picture
		"BT /F1 10 Tf 100 100 Td (0000000000) Tj ET q 0.1 0 0 0.1 0 0 cm 900 950 1000 200 re f": true,
	} {
		if got := page(t, sheet(contents, helv, "<<>>", "<</Subtype/Image/Width 2/Height 2/Length 1>>stream\nx\nendstream")).Runs[0].Covered; got != want {
			t.Errorf("%s: %v", contents, got)
		}
	}
}

// packed is a file whose objects are in an object stream and whose cross references
// are a stream with the predictor of PNG, as newer programs write them.
func packed(contents string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	inside := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<<" + helv + ">>>>>>"}
	head, body := "", ""
	for i, o := range inside {
		head += fmt.Sprintf("%d %d ", i+1, len(body))
		body += o + " "
	}
	stream := func(n int, more, data string) int {
		at := b.Len()
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		w.Write([]byte(data))
		w.Close()
		fmt.Fprintf(&b, "%d 0 obj\n<</Filter/FlateDecode/Length %d%s>>\nstream\n%s\nendstream\nendobj\n", n, z.Len(), more, z.String())
		return at
	}
	four := stream(4, fmt.Sprintf("/Type/ObjStm/N 3/First %d", len(head)), head+body)
	five := stream(5, "", contents)
	six := b.Len()
	rows := [][]byte{{0, 0, 0, 0}, {2, 0, 4, 0}, {2, 0, 4, 1}, {2, 0, 4, 2}, {1, byte(four >> 8), byte(four), 0}, {1, byte(five >> 8), byte(five), 0}, {1, byte(six >> 8), byte(six), 0}}
	var table []byte
	before := []byte{0, 0, 0, 0}
	for _, r := range rows { // each the difference from the one above
		table = append(table, 2)
		for i := range r {
			table = append(table, r[i]-before[i])
		}
		before = r
	}
	stream(6, "/Type/XRef/Size 7/W[1 2 1]/Root 1 0 R/DecodeParms<</Predictor 12/Columns 4>>", string(table))
	fmt.Fprintf(&b, "startxref\n%d\n%%%%EOF\n", six)
	return b.Bytes()
}

func TestPacked(t *testing.T) {
	src := packed("BT /F1 12 Tf (in a stream) Tj ET")
	if got := texts(page(t, src)); got != "in a stream" {
		t.Errorf("%q", got)
	}
	// Without its cross references the file is put together again from its objects, and
	// those in streams are beyond reach.
	broken := bytes.Replace(src, []byte("startxref"), []byte("startXref"), 1)
	if _, err := Open(broken, DefaultLimits()); !errors.Is(err, ErrMalformed) {
		t.Errorf("broken: %v", err)
	}
	loose := bytes.Replace(sheet("BT /F1 12 Tf (found again) Tj ET", helv), []byte("startxref"), []byte("startXref"), 1)
	if f, err := Open(loose, DefaultLimits()); err != nil || !f.Rebuilt {
		t.Errorf("loose: %v", err)
	} else if pages, err := f.Pages(); err != nil || texts(pages[0]) != "found again" {
		t.Errorf("loose: %v", err)
	}
}

// Every limit ends the reading by itself.
func TestLimits(t *testing.T) {
	src := sheet("q q q BT /F1 12 Tf "+strings.Repeat("(aaaaaaaaaa) Tj ", 100)+"ET", helv)
	for name, lower := range map[string]func(*Limits){
		"objects": func(l *Limits) { l.Objects = 3 }, "work": func(l *Limits) { l.Work = 100 }, "operators": func(l *Limits) { l.Operators = 10 },
		"glyphs": func(l *Limits) { l.Glyphs = 99 }, "depth": func(l *Limits) { l.Depth = 1 },
	} {
		limits := DefaultLimits()
		lower(&limits)
		f, err := Open(src, limits)
		if err == nil {
			_, err = f.Pages()
		}
		if !errors.Is(err, ErrTooMuch) {
			t.Errorf("%s: %v", name, err)
		}
	}
	limits := DefaultLimits()
	limits.Inflated = 20
	if _, err := Open(packed("BT ET"), limits); !errors.Is(err, ErrTooMuch) && !errors.Is(err, ErrMalformed) {
		t.Errorf("inflated: %v", err)
	}
	limits = DefaultLimits()
	limits.Pages = 0
	f, err := Open(src, limits)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Pages(); !errors.Is(err, ErrPages) {
		t.Errorf("pages: %v", err)
	}
}

func TestFilters(t *testing.T) {
	f := &File{budget: &budget{DefaultLimits()}}
	for name, c := range map[string]struct {
		dict Dict
		raw  string
		want string
	}{
		"hex":        {Dict{"Filter": Name("ASCIIHexDecode")}, "48 65 6c6C 6f>", "Hello"},
		"85":         {Dict{"Filter": Name("A85")}, "<~87cURDZ~>", "Hello"},
		"run length": {Dict{"Filter": Array{Name("RunLengthDecode")}}, "\x01He\xffl\x00o\x80", "Hello"},
		"none":       {Dict{}, "Hello", "Hello"},
	} {
		got, err := f.Decode(&Stream{Dict: c.dict, raw: []byte(c.raw)})
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := f.Decode(&Stream{Dict: Dict{"Filter": Name("LZWDecode")}, raw: []byte("x")}); err == nil {
		t.Error("a filter that is not known")
	}
}

func TestText16(t *testing.T) {
	for in, want := range map[string]string{"\xfe\xff\x00A\x04\x16": "AЖ", "\xef\xbb\xbf\xc3\xa9": "é", "M\xfcller": "Müller", "": ""} {
		if got := Text(String(in)); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// FuzzContents looks for contents of a page that make the reading panic, or end
// otherwise than documented.
func FuzzContents(f *testing.F) {
	for _, s := range []string{
		"BT /F1 12 Tf 72 700 Td (Account) Tj ET", "q 1 0 0 1 5 5 cm /Fm Do Q /Im Do", "BI /W 1 ID x EI", "[(a)-250(b)] TJ /TouchUp_TextEdit BMC EMC", "<< /A [1 2 << >> ] >> BDC",
		"0 0 10 10 re f 1 0 0 rg 5 5 m 6 6 l B", "3 Tr (x) Tj 1e5 Tz (\\377) ' 1 2 (z) \"", "/F1 1e9 Tf 99999999999 0 0 1 0 0 Tm (x) Tj", "BI", "(", "<", "[[[[[[[", "% comment", "1 0 R 5 Tj",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, contents []byte) {
		file, err := Open(sheet(string(contents), helv, "<</Subtype/Form/Length 9>>stream\n/Fm Do q \nendstream", "<</Subtype/Image/Width 9/Height 9>>"), DefaultLimits())
		if err != nil {
			return
		}
		pages, err := file.Pages()
		if err != nil {
			if !IsTooMuch(err) && !errors.Is(err, ErrMalformed) {
				t.Fatal(err)
			}
			return
		}
		for _, p := range pages {
			for _, r := range p.Runs {
				p.Hidden(r)
			}
		}
		if _, err := file.Actives(); err != nil && !IsTooMuch(err) {
			t.Fatal(err)
		}
	})
}
