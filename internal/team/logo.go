package team

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"image"
	"image/color"
	"image/png"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// A logo is shown at 56 CSS pixels. What is stored is drawn anew from the pixels
// of what was sent, so that nothing but pixels ever reaches a browser.
const (
	maxLogoBytes = 256 << 10
	minLogoSide  = 32
	maxLogoSide  = 1024 // the size that the vendor's dashboard asks for
	logoSide     = 192
)

var (
	errLogo     = plaid.InvalidField("appearance.logo must be a PNG image in base64")
	errLogoSize = plaid.InvalidField("appearance.logo must be a square PNG of 32 to 1024 pixels and at most 262144 bytes")
)

// drawLogo reads a PNG and draws it as Link shows it, at most logoSide wide.
func drawLogo(raw []byte) ([]byte, error) {
	if len(raw) > maxLogoBytes {
		return nil, errLogoSize
	}
	cfg, err := png.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, errLogo
	}
	if cfg.Width != cfg.Height || cfg.Width < minLogoSide || cfg.Width > maxLogoSide {
		return nil, errLogoSize
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, errLogo
	}
	var out bytes.Buffer
	if err := png.Encode(&out, shrink(img, min(cfg.Width, logoSide))); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// shrink draws a square image with the given side; each pixel is the mean of
// those it stands for.
func shrink(img image.Image, side int) image.Image {
	from := img.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			out.SetNRGBA(x, y, mean(img, image.Rect(
				from.Min.X+x*from.Dx()/side, from.Min.Y+y*from.Dy()/side,
				from.Min.X+(x+1)*from.Dx()/side, from.Min.Y+(y+1)*from.Dy()/side)))
		}
	}
	return out
}

func mean(img image.Image, over image.Rectangle) color.NRGBA {
	var r, g, b, a, n uint64
	for y := over.Min.Y; y < over.Max.Y; y++ {
		for x := over.Min.X; x < over.Max.X; x++ {
			pr, pg, pb, pa := img.At(x, y).RGBA() // premultiplied: a clear pixel has no colour to give
			r, g, b, a, n = r+uint64(pr), g+uint64(pg), b+uint64(pb), a+uint64(pa), n+1
		}
	}
	if a == 0 {
		return color.NRGBA{}
	}
	part := func(sum uint64) uint8 { return uint8(sum * 255 / a) }
	return color.NRGBA{R: part(r), G: part(g), B: part(b), A: uint8(a / n >> 8)}
}

// logoKey names a logo: the same pixels of the same client have one key.
func logoKey(clientID string, png []byte) string {
	sum := sha256.Sum256(append([]byte(clientID+"\x00"), png...))
	return hex.EncodeToString(sum[:16])
}

// Logo is the PNG of a key (Appearance.Logo), store.ErrNoRows if there is none.
func (t *Teams) Logo(ctx context.Context, key string) ([]byte, error) {
	text, err := readLogo(ctx, t.db, key)
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}
