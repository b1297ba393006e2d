package photo

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// Limits are what a Desk takes.
type Limits struct {
	Bytes  int // of a file
	Memory int // that decoding needs, estimated from the header
	Least  int // pixels of the longer side
	Places int // pictures decoded at once
}

// DefaultLimits take the pictures of every telephone: ten megabytes, some sixty
// megapixels of ordinary JPEG or twenty-four of PNG.
var DefaultLimits = Limits{Bytes: 10 << 20, Memory: 100 << 20, Least: 200, Places: 2}

// Desk takes in pictures, a few at a time.
type Desk struct {
	limits Limits
	places chan struct{}
}

// NewDesk returns a desk with these limits.
func NewDesk(l Limits) *Desk { return &Desk{limits: l, places: make(chan struct{}, l.Places)} }

// Photo is a picture that was taken in.
type Photo struct {
	Format        string // jpeg, png
	Width, Height int    // upright
	Metadata
	// Gray is the upright picture, shrunk to at most maxSide pixels.
	Gray *raster.Gray

	parts anatomy
	// corner is an unscaled square from the middle, as it lies in the file, which
	// traces of compression need; nil where the picture is too small.
	patch *raster.Gray
}

const (
	maxSide   = 3200
	patchSide = 512
)

// Open takes in a file. The error is a *Refusal, or that of ctx.
func (d *Desk) Open(ctx context.Context, data []byte) (*Photo, error) {
	format, config, parts, err := d.admit(data)
	if err != nil {
		return nil, err
	}
	if err := d.sit(ctx); err != nil {
		return nil, err
	}
	defer d.rise()
	return decoded(format, data, config, parts)
}

// admit says what a file is, and refuses one that must not be decoded.
func (d *Desk) admit(data []byte) (format string, c image.Config, a anatomy, err error) {
	if len(data) > d.limits.Bytes {
		return "", c, a, refuse(TooLarge, "The file is larger than %d megabytes.", d.limits.Bytes>>20)
	}
	if format, err = sniff(data); err == nil {
		c, a, err = d.inspect(format, data)
	}
	return format, c, a, err
}

// sit waits for a place, which rise gives back.
func (d *Desk) sit(ctx context.Context) error {
	select {
	case d.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *Desk) rise() { <-d.places }

// inspect refuses what must not be decoded.
func (d *Desk) inspect(format string, data []byte) (c image.Config, a anatomy, err error) {
	readConfig, readParts := png.DecodeConfig, pngAnatomy
	if format == "jpeg" {
		readConfig, readParts = jpeg.DecodeConfig, jpegAnatomy
	}
	if a, err = readParts(data); err != nil {
		return c, a, err
	}
	if c, err = readConfig(bytes.NewReader(data)); err != nil || c.Width < 1 || c.Height < 1 {
		return c, a, refuse(Damaged, "The picture is damaged or of a kind that cannot be decoded.")
	}
	longer, shorter := max(c.Width, c.Height), min(c.Width, c.Height)
	switch {
	case int64(c.Width)*int64(c.Height)*int64(a.bytesPerPixel(format)) > 2*int64(d.limits.Memory):
		return c, a, refuse(TooManyPixels, "The picture has too many pixels.")
	case longer < d.limits.Least || shorter < d.limits.Least/2:
		return c, a, refuse(TooSmall, "The picture has too few pixels: its longer side must have at least %d.", d.limits.Least)
	}
	return c, a, nil
}

// bytesPerPixel is twice what decoding needs for a pixel.
func (a *anatomy) bytesPerPixel(format string) int {
	n := 8
	switch {
	case format == "jpeg" && a.progressive: // all coefficients are kept
		n = 6 + 8*a.components
	case format == "jpeg" && a.components == 4:
		n = 8
	case format == "jpeg":
		n = 3 // of ordinary ones, whose colours are halved
	case a.depth == 16:
		n = 16
	case a.paletted:
		n = 2
	}
	if a.interlaced {
		n *= 2
	}
	return n
}

func decoded(format string, data []byte, c image.Config, parts anatomy) (*Photo, error) {
	decode := png.Decode
	if format == "jpeg" {
		decode = jpeg.Decode
	}
	m, err := decode(bytes.NewReader(data))
	if err != nil {
		return nil, refuse(Damaged, "The picture is damaged or cut short.")
	}
	p := &Photo{Format: format, Width: c.Width, Height: c.Height, Metadata: readExif(parts.exif), parts: parts}
	g := raster.From(m)
	p.patch = middle(g)
	p.Gray = upright(g.Shrunk(maxSide), p.Orientation)
	if p.Orientation > 4 {
		p.Width, p.Height = p.Height, p.Width
	}
	return p, nil
}

// middle copies the square in the middle, on the grid of eight pixels.
func middle(g *raster.Gray) *raster.Gray {
	if g.W < patchSide || g.H < patchSide {
		return nil
	}
	x0, y0 := (g.W-patchSide)/2&^7, (g.H-patchSide)/2&^7
	out := raster.New(patchSide, patchSide, 0)
	for y := range patchSide {
		copy(out.Pix[y*patchSide:(y+1)*patchSide], g.Pix[(y0+y)*g.W+x0:])
	}
	return out
}

// upright applies the orientation of EXIF.
func upright(g *raster.Gray, orientation int) *raster.Gray {
	switch orientation {
	case 2:
		return mirrored(g)
	case 3:
		return g.Half()
	case 4:
		return mirrored(g.Half())
	case 5:
		return mirrored(g.Quarter())
	case 6:
		return g.Quarter()
	case 7:
		return mirrored(g.Quarter().Half())
	case 8:
		return g.Quarter().Half()
	}
	return g
}

func mirrored(g *raster.Gray) *raster.Gray {
	out := raster.New(g.W, g.H, 0)
	for y := range g.H {
		for x := range g.W {
			out.Pix[y*g.W+x] = g.Pix[y*g.W+g.W-1-x]
		}
	}
	return out
}
