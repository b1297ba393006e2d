package photo

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

func jpg(t testing.TB, m image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// segment puts a segment behind the start of a JPEG.
func segment(data []byte, marker byte, body string) []byte {
	s := append([]byte{0xff, 0xd8, 0xff, marker}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...)
	return append(append(s, body...), data[2:]...)
}

// chunk puts a chunk behind the header of a PNG.
func chunk(data []byte, kind, body string) []byte {
	c := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	c = append(append(c, kind...), body...)
	c = binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
	return append(append(append([]byte{}, data[:33]...), c...), data[33:]...)
}

// exif is a TIFF structure with an orientation, a program and a camera.
func exif(order binary.AppendByteOrder, head string, orientation uint16, software string) string {
	b := order.AppendUint16([]byte(head), 3)
	entry := func(tag, kind uint16, n, v uint32) {
		b = order.AppendUint32(order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tag), kind), n), v)
	}
	b = b[:len(b)-2]
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 3)
	entry(tagMake, 2, 3, 0)
	copy(b[len(b)-4:], "Ab\x00")
	b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tagOrientation), 3), 1)
	b = order.AppendUint16(order.AppendUint16(b, orientation), 0)
	entry(tagSoftware, 2, uint32(len(software)+1), 50)
	b = order.AppendUint32(b, 0)
	return string(b) + software + "\x00"
}

var ground = context.Background()

func TestWhatIsTakenIn(t *testing.T) {
	d := NewDesk(DefaultLimits)
	gray := raster.New(400, 300, 200)
	gray.Pix[0] = 10
	colours := image.NewNRGBA(image.Rect(0, 0, 400, 300))
	palette := image.NewPaletted(image.Rect(0, 0, 400, 300), color.Palette{color.White, color.Black})
	deep := image.NewNRGBA64(image.Rect(0, 0, 400, 300))
	base := jpg(t, gray.Image(), 90)
	for name, data := range map[string][]byte{
		"grey JPEG": base, "colour JPEG": jpg(t, colours, 80), "grey PNG": pngOf(t, gray.Image()), "colour PNG": pngOf(t, colours),
		"palette PNG": pngOf(t, palette), "deep PNG": pngOf(t, deep), "JPEG with EXIF": segment(base, 0xe1, "Exif\x00\x00"+exif(binary.BigEndian, "MM\x00*", 1, "Camera 1.0")),
		"JPEG with a comment": segment(base, 0xfe, "made by hand"), "JPEG with a trailer of zeros": append(bytes.Clone(base), 0, 0, 0, 0),
		"motion photo": append(bytes.Clone(base), "\x00\x00\x00\x18ftypmp42"...), "two pictures": append(bytes.Clone(base), base...),
		"Samsung": append(bytes.Clone(base), "some data SEFT"...), "PNG with text": chunk(pngOf(t, gray.Image()), "tEXt", "Title\x00Passport"),
		"PNG with broken EXIF": chunk(pngOf(t, gray.Image()), "eXIf", "MM\x00*\xff\xff\xff\xff"),
	} {
		p, err := d.Open(ground, data)
		if err != nil || p.Width != 400 || p.Height != 300 || p.Gray.W != 400 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	d := NewDesk(DefaultLimits)
	gray := raster.New(400, 300, 200).Image()
	good, still := jpg(t, gray, 90), pngOf(t, gray)
	huge := bytes.Clone(still)
	binary.BigEndian.PutUint32(huge[16:], 60000)
	binary.BigEndian.PutUint32(huge[20:], 60000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	var moving bytes.Buffer
	_ = gif.Encode(&moving, gray, nil)
	for name, c := range map[string]struct {
		data []byte
		code string
		says string
	}{
		"nothing":                  {nil, Empty, "empty"},
		"fifty megabytes":          {make([]byte, 50<<20), TooLarge, "10 megabytes"},
		"a bomb of pixels":         {huge, TooManyPixels, "too many pixels"},
		"a thumbnail":              {jpg(t, raster.New(100, 80, 9).Image(), 90), TooSmall, "200"},
		"a strip":                  {jpg(t, raster.New(900, 40, 9).Image(), 90), TooSmall, ""},
		"GIF":                      {moving.Bytes(), OtherFormat, "a GIF picture"},
		"WebP":                     {[]byte("RIFF\x00\x00\x00\x00WEBPVP8 "), OtherFormat, "a WebP picture"},
		"HEIC":                     {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), OtherFormat, "a HEIC picture"},
		"HEIF":                     {[]byte("\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00"), OtherFormat, "a HEIC picture"},
		"AVIF":                     {[]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00"), OtherFormat, "an AVIF picture"},
		"a film":                   {[]byte("\x00\x00\x00\x18ftypisom\x00\x00\x00\x00"), OtherFormat, "a film"},
		"TIFF":                     {[]byte("II*\x00aaaaaaaa"), OtherFormat, "a TIFF picture"},
		"BMP":                      {[]byte("BMaaaaaaaaaa"), OtherFormat, "a BMP picture"},
		"PDF":                      {[]byte("%PDF-1.7 /JavaScript"), OtherFormat, "a PDF document"},
		"SVG":                      {[]byte("<?xml version='1.0'?><!-- x --><SVG onload='alert(1)'/>"), OtherFormat, "an SVG drawing"},
		"HTML":                     {[]byte("<!DOCTYPE html><script>"), OtherFormat, "a web page"},
		"ZIP":                      {[]byte("PK\x03\x04aaaa"), OtherFormat, "a ZIP archive"},
		"a program":                {[]byte("\x7fELFaaaa"), OtherFormat, "a program"},
		"text":                     {[]byte("hello"), OtherFormat, "not a PNG or JPEG"},
		"an animated PNG":          {chunk(still, "acTL", "\x00\x00\x00\x02\x00\x00\x00\x00"), Animated, "animated"},
		"a JPEG with a ZIP":        {append(bytes.Clone(good), "PK\x03\x04"...), SecondFile, "behind"},
		"a JPEG with a page":       {append(bytes.Clone(good), "<html><script>"...), SecondFile, "behind"},
		"a JPEG with a script":     {segment(good, 0xfe, "<ScRiPt>alert(1)</script>"), SecondFile, "metadata"},
		"a JPEG that is a PDF":     {segment(good, 0xe2, "%PDF-1.4"), SecondFile, "PDF"},
		"a PNG with a ZIP":         {append(bytes.Clone(still), "PK\x03\x04"...), SecondFile, "behind"},
		"a PNG with PHP":           {chunk(still, "tEXt", "Comment\x00<?php system($_GET[0]);"), SecondFile, "metadata"},
		"half a JPEG":              {good[:len(good)/2], Damaged, "damaged"},
		"a JPEG without its end":   {good[:len(good)-2], Damaged, "damaged"},
		"half a PNG":               {still[:len(still)/2], Damaged, "damaged"},
		"a PNG with a wrong chunk": {bytes.Replace(still, []byte("IDAT"), []byte("IDAX"), 1), Damaged, "damaged"},
		"only a beginning":         {[]byte("\xff\xd8\xff\xe0"), Damaged, "damaged"},
		"only a signature":         {[]byte("\x89PNG\r\n\x1a\n"), Damaged, "damaged"},
	} {
		_, err := d.Open(ground, c.data)
		var r *Refusal
		if !errors.As(err, &r) || r.Code != c.code || !strings.Contains(r.Message, c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// alike reports whether two pictures differ by no more than the rounding of colours.
func alike(a, b *raster.Gray) bool {
	if a.W != b.W || a.H != b.H {
		return false
	}
	for i, v := range a.Pix {
		if d := int(v) - int(b.Pix[i]); d < -2 || d > 2 {
			return false
		}
	}
	return true
}

// TestColour: a large picture is made smaller, and what Open refuses is refused.
func TestColour(t *testing.T) {
	d := NewDesk(DefaultLimits)
	m, err := d.Colour(ground, pngOf(t, image.NewPaletted(image.Rect(0, 0, 3200, 800), color.Palette{color.White, color.RGBA{200, 0, 0, 255}})))
	if err != nil || m.Bounds() != image.Rect(0, 0, 1600, 400) {
		t.Errorf("%v %v", m, err)
	}
	var refusal *Refusal
	for _, data := range [][]byte{nil, []byte("GIF89a"), jpg(t, image.NewGray(image.Rect(0, 0, 300, 300)), 50)[:300], make([]byte, DefaultLimits.Bytes+1)} {
		if _, err := d.Colour(ground, data); !errors.As(err, &refusal) {
			t.Errorf("%d bytes: %v", len(data), err)
		}
	}
}

// TestOrientation: the upper left corner of the upright picture is dark, however
// the camera was held.
func TestOrientation(t *testing.T) {
	d := NewDesk(DefaultLimits)
	want := raster.New(320, 240, 220)
	for y := range 80 {
		for x := range 120 {
			want.Pix[y*want.W+x] = 20
		}
	}
	// how a camera stores the upright picture, for each orientation
	stored := map[uint16]*raster.Gray{
		1: want, 2: mirrored(want), 3: want.Half(), 4: mirrored(want.Half()),
		5: mirrored(want.Quarter()), 6: want.Quarter().Half(), 7: mirrored(want.Quarter().Half()), 8: want.Quarter(),
	}
	for o, g := range stored {
		for _, order := range []struct {
			binary.AppendByteOrder
			head string
		}{{binary.BigEndian, "MM\x00*"}, {binary.LittleEndian, "II*\x00"}} {
			file := segment(jpg(t, g.Image(), 90), 0xe1, "Exif\x00\x00"+exif(order, order.head, o, "GIMP 2.10"))
			p, err := d.Open(ground, file)
			if err != nil {
				t.Fatal(err)
			}
			m, err := d.Colour(ground, file)
			if err != nil || !alike(raster.From(m), p.Gray) {
				t.Errorf("orientation %d: in colour it is another picture (%v)", o, err)
			}
			if p.Width != 320 || p.Height != 240 || p.Gray.At(30, 30) > 60 || p.Gray.At(300, 30) < 180 || p.Gray.At(30, 200) < 180 || p.Gray.At(150, 60) < 180 {
				t.Errorf("orientation %d: %dx%d, corners %d %d %d", o, p.Width, p.Height, p.Gray.At(30, 30), p.Gray.At(300, 30), p.Gray.At(30, 200))
			}
			if p.Orientation != int(o) || p.Software != "GIMP 2.10" || p.Camera != "Ab" {
				t.Errorf("%+v", p.Metadata)
			}
		}
	}
}

// TestADeskHasFewPlaces: who waits for a place can give up, and what would be
// refused does not wait.
func TestADeskHasFewPlaces(t *testing.T) {
	d := NewDesk(DefaultLimits)
	data := jpg(t, raster.New(400, 300, 200).Image(), 90)
	for range DefaultLimits.Places {
		d.places <- struct{}{}
	}
	ctx, cancel := context.WithCancel(ground)
	cancel()
	if _, err := d.Open(ctx, data); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	var r *Refusal
	if _, err := d.Open(ctx, []byte("GIF89a")); !errors.As(err, &r) {
		t.Errorf("%v", err)
	}
	<-d.places
	if _, err := d.Open(ground, data); err != nil || len(d.places) != DefaultLimits.Places-1 {
		t.Errorf("%v, %d places taken", err, len(d.places))
	}
}

func FuzzOpen(f *testing.F) {
	gray := raster.New(200, 120, 200).Image()
	small := NewDesk(Limits{Bytes: 1 << 16, Memory: 1 << 20, Least: 10, Places: 1})
	f.Add(jpg(f, gray, 50))
	f.Add(pngOf(f, gray))
	f.Add(segment(jpg(f, gray, 50), 0xe1, "Exif\x00\x00"+exif(binary.LittleEndian, "II*\x00", 6, "GIMP")))
	f.Add([]byte("\xff\xd8\xff\xda\x00\x02\xff\xd9"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := small.Open(ground, data)
		var r *Refusal
		if err != nil && (!errors.As(err, &r) || r.Code == "" || r.Message == "") {
			t.Fatalf("%v", err)
		}
		if err == nil {
			p.Quality()
			p.Forensics()
		}
	})
}
