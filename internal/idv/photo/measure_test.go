package photo

import (
	"bytes"
	"image/jpeg"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

// table are a passport and the back of a licence, each on a dark table.
func table(t testing.TB) (passport, licence *raster.Gray) {
	page := specimentest.Page(specimentest.Utopian.TD3(), 14)
	passport = specimentest.Noisy(specimentest.On(page, page.W+140, page.H+120, 70), 3, 1)
	codewords, err := os.ReadFile("../reader/pdf417/codewords.txt")
	if err != nil {
		t.Fatal(err)
	}
	s := specimentest.LicenceSymbol
	s.Module = 3
	back := s.Draw(specimentest.AAMVA("636037", 10, "DL", specimentest.Hoosier), string(codewords))
	card := specimentest.On(back, back.W+60, 560, 225)
	return passport, specimentest.Noisy(specimentest.On(card, card.W+140, card.H+140, 70), 3, 1)
}

func opened(t testing.TB, g *raster.Gray, quality int) *Photo {
	t.Helper()
	p, err := NewDesk(DefaultLimits).Open(ground, jpg(t, g.Image(), quality))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func failed(all []Finding) string {
	var names []string
	for _, f := range all {
		if f.Failed {
			names = append(names, f.Name)
		}
		if f.Sentence == "" || f.Name == "" {
			names = append(names, "silent")
		}
	}
	return strings.Join(names, " ")
}

// TestQuality: each fault is told by its own measure, and a good picture by none.
func TestQuality(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures of pure functions")
	}
	passport, licence := table(t)
	w, h := passport.W, passport.H
	for name, c := range map[string]struct {
		g           *raster.Gray
		want, level string
	}{
		"good":                   {passport, "", "high"},
		"a licence":              {licence, "", "high"},
		"scanned to its edges":   {specimentest.Page(specimentest.Utopian.TD3(), 14), "", "high"},
		"turned":                 {specimentest.Turned(passport, 8, 70), "", "high"},
		"grainy":                 {specimentest.Noisy(passport, 14, 2), "", "high"},
		"in a shadow":            {specimentest.Lit(passport, 0.5, 1), "", "high"},
		"a little soft":          {specimentest.Blurred(passport, 1), "", "high"},
		"out of focus":           {specimentest.Blurred(passport, 3.8), "blur", "low"},
		"out of focus, grainy":   {specimentest.Noisy(specimentest.Blurred(passport, 3.8), 8, 3), "blur", "low"},
		"a lamp":                 {specimentest.Glaring(passport, w/2, h/2, 160), "glare", "medium"},
		"cut at the right":       {specimentest.Cropped(passport, 0, 0, w*4/5, h), "edges", "medium"},
		"cut at the foot":        {specimentest.Cropped(passport, 0, 0, w, h-76), "edges", "medium"},
		"a scan cut in the zone": {specimentest.Cropped(specimentest.Page(specimentest.Utopian.TD3(), 14), 0, 0, 690, 455), "edges", "medium"},
		"too dark":               {specimentest.Faded(passport, 2, 30), "contrast", "low"},
		"too pale":               {specimentest.Faded(passport, 225, 250), "contrast", "low"},
		"from far away":          {specimentest.Page(specimentest.Utopian.TD3(), 8), "dimensions", "low"},
	} {
		q := opened(t, c.g, 90).Quality()
		if got := failed(q.Findings()); got != c.want || q.Level() != c.level {
			t.Errorf("%s: %q %s, want %q %s: %+v", name, got, q.Level(), c.want, c.level, q)
		}
	}
}

// TestForensics: edited, recompressed and photographed pictures are told from
// those that were only taken badly.
func TestForensics(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures of pure functions")
	}
	passport, licence := table(t)
	again := func(quality int) *raster.Gray {
		m, err := jpeg.Decode(bytes.NewReader(jpg(t, passport.Image(), quality)))
		if err != nil {
			t.Fatal(err)
		}
		return raster.From(m)
	}
	for name, c := range map[string]struct {
		g       *raster.Gray
		quality int
		want    string
	}{
		"good":                 {passport, 90, ""},
		"saved small":          {passport, 70, ""},
		"saved well":           {passport, 97, ""},
		"a licence":            {licence, 90, ""},
		"a licence turned":     {specimentest.Turned(licence, 6, 70), 90, ""},
		"turned":               {specimentest.Turned(passport, 5, 70), 90, ""},
		"blurred":              {specimentest.Blurred(passport, 4), 90, ""},
		"grainy":               {specimentest.Noisy(passport, 14, 2), 90, ""},
		"saved at 60, then 90": {again(60), 90, "recompression"},
		"saved at 75, then 95": {again(75), 95, "recompression"},
		"saved at 90, then 70": {again(90), 70, ""}, // the second time hides the first
		"from a screen":        {screen(passport, 3, 0.1), 90, "screen"},
		"from another screen":  {specimentest.Noisy(screen(passport, 5.3, 0.3), 4, 1), 90, "screen"},
	} {
		f := opened(t, c.g, c.quality).Forensics()
		if got := failed(f.Findings()); got != c.want {
			t.Errorf("%s: %q, want %q: %+v", name, got, c.want, f)
		}
	}
}

// screen lays the beat of a screen's pixels with a camera's over a picture.
func screen(g *raster.Gray, period, angle float64) *raster.Gray {
	out := raster.New(g.W, g.H, 0)
	sin, cos := math.Sincos(angle)
	for y := range g.H {
		for x := range g.W {
			u, v := float64(x)*cos+float64(y)*sin, float64(y)*cos-float64(x)*sin
			k := 0.8 + 0.12*math.Sin(2*math.Pi*u/period) + 0.08*math.Sin(2*math.Pi*v/period)
			out.Pix[y*g.W+x] = uint8(float64(g.Pix[y*g.W+x]) * k)
		}
	}
	return out
}

// TestSignatures: programs are named from our list; what a file says besides is
// repeated nowhere.
func TestSignatures(t *testing.T) {
	base := jpg(t, raster.New(400, 300, 200).Image(), 90)
	still := pngOf(t, raster.New(400, 300, 200).Image())
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"none":         {base, ""},
		"XMP":          {segment(base, 0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta><xmp:CreatorTool>Adobe Photoshop 26.1 (Leslie's Mac)</xmp:CreatorTool>"), "Adobe Photoshop"},
		"IRB":          {segment(base, 0xed, "Photoshop 3.0\x008BIM"), "Adobe Photoshop"},
		"a comment":    {segment(base, 0xfe, "Created with GIMP"), "GIMP"},
		"C2PA":         {segment(base, 0xeb, "JP jumb c2pa trainedAlgorithmicMedia"), "a generator of pictures"},
		"PNG":          {chunk(still, "tEXt", "Software\x00Pixelmator Pro"), "Pixelmator"},
		"a screenshot": {chunk(still, "iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00<exif:UserComment>Screenshot"), "a program that takes screenshots"},
		"a camera":     {segment(base, 0xfe, "Pixel 9 HDR+"), ""},
	} {
		p, err := NewDesk(DefaultLimits).Open(ground, c.data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		f := p.Forensics().Editor
		if p.editor() != c.want || f.Failed != (c.want != "") || strings.Contains(f.Sentence, "Leslie") {
			t.Errorf("%s: %q %+v", name, p.editor(), f)
		}
	}
}

func TestCompression(t *testing.T) {
	g := raster.New(300, 240, 100)
	for _, quality := range []int{40, 60, 75, 85, 90, 95} {
		if got := opened(t, g, quality).Compression(); got < quality-2 || got > quality+2 {
			t.Errorf("%d was taken for %d", quality, got)
		}
	}
}

// BenchmarkAPicture: twelve megapixels, as a telephone takes them.
func BenchmarkAPicture(b *testing.B) {
	page := specimentest.Page(specimentest.Utopian.TD3(), 60)
	data := jpg(b, specimentest.On(page, 4000, 3000, 70).Image(), 92)
	d := NewDesk(DefaultLimits)
	for b.Loop() {
		p, err := d.Open(ground, data)
		if err != nil {
			b.Fatal(err)
		}
		p.Quality()
		p.Forensics()
	}
}

// TestOutline: a document on its ground is found, also aslant; one that fills the
// picture, or none, is not.
func TestOutline(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures of pure functions")
	}
	passport, licence := table(t)
	w, h := float64(passport.W), float64(passport.H)
	want := Box{70 / w, 60 / h, 1 - 70/w, 1 - 60/h}
	got, ok := opened(t, passport, 90).Outline()
	for _, d := range []float64{got.Left - want.Left, got.Top - want.Top, got.Right - want.Right, got.Bottom - want.Bottom} {
		ok = ok && math.Abs(d) < 0.02
	}
	if !ok {
		t.Errorf("a passport: %+v, want %+v", got, want)
	}
	for name, g := range map[string]*raster.Gray{"a licence": licence, "aslant": specimentest.Turned(passport, 6, 70)} {
		if b, ok := opened(t, g, 90).Outline(); !ok || b.Right-b.Left < 0.7 || b.Bottom-b.Top < 0.6 {
			t.Errorf("%s: %+v %v", name, b, ok)
		}
	}
	for name, g := range map[string]*raster.Gray{
		"cut off": specimentest.Cropped(passport, 0, 0, passport.W, passport.H-110), "alone": specimentest.Page(specimentest.Utopian.TD3(), 14),
		"a ground": specimentest.Noisy(raster.New(900, 640, 120), 3, 1),
	} {
		if b, ok := opened(t, g, 90).Outline(); ok {
			t.Errorf("%s: %+v", name, b)
		}
	}
}
