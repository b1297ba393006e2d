package photo

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// maxColour is how many pixels the longer side of a picture in colour has at most.
const maxColour = 1600

// Colour opens a file that Open has taken, for those who look at a part of it as it is,
// such as the face on a document: upright, in colour, and not larger than that needs.
// It has the limits of Open, and the same errors.
func (d *Desk) Colour(ctx context.Context, data []byte) (image.Image, error) {
	format, _, parts, err := d.admit(data)
	if err != nil {
		return nil, err
	}
	if err := d.sit(ctx); err != nil {
		return nil, err
	}
	defer d.rise()
	decode := png.Decode
	if format == "jpeg" {
		decode = jpeg.Decode
	}
	m, err := decode(bytes.NewReader(data))
	if err != nil {
		return nil, refuse(Damaged, "The picture is damaged or cut short.")
	}
	return turned(smaller(m), readExif(parts.exif).Orientation), nil
}

// smaller copies a picture, with fewer pixels if it has many, on black.
func smaller(m image.Image) *image.RGBA {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	if longer := max(w, h); longer > maxColour {
		w, h = max(w*maxColour/longer, 1), max(h*maxColour/longer, 1)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := 3; i < len(out.Pix); i += 4 {
		out.Pix[i] = 0xff
	}
	draw.BiLinear.Scale(out, out.Rect, m, b, draw.Over, nil)
	return out
}

// turned applies the orientation of EXIF.
func turned(m *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation > 4 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := place(orientation, x, y, w, h)
			copy(out.Pix[out.PixOffset(tx, ty):][:4], m.Pix[m.PixOffset(x, y):][:4])
		}
	}
	return out
}

// place is where a pixel of a picture of w times h lies when it is upright.
func place(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	}
	return y, w - 1 - x
}
