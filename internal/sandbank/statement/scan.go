package statement

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// dpi is how finely the scanner looks.
const dpi = 150

// page draws the statement as a picture.
func (s Statement) page() (*image.Gray, error) {
	scale := float64(dpi) / 72
	img := image.NewGray(image.Rect(0, 0, int(612*scale), int(792*scale)))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.Gray{250}), image.Point{}, draw.Src)
	faces := map[string]font.Face{}
	for _, p := range s.pieces() {
		key := fmt.Sprintf("%s %.1f", p.font, p.size)
		face, ok := faces[key]
		if !ok {
			ttf := goregular.TTF
			if p.font == bold {
				ttf = gobold.TTF
			}
			parsed, err := opentype.Parse(ttf)
			if err != nil {
				return nil, err
			}
			if face, err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: p.size, DPI: dpi}); err != nil {
				return nil, err
			}
			faces[key] = face
		}
		d := font.Drawer{Dst: img, Src: image.NewUniform(color.Gray{30}), Face: face}
		x := fixed.I(int(p.x * scale))
		if p.right {
			x -= d.MeasureString(p.text)
		}
		d.Dot = fixed.Point26_6{X: x, Y: fixed.I(int((792 - p.y) * scale))}
		d.DrawString(p.text)
	}
	return img, nil
}

// scan is the picture as JPEG.
func scan(s Statement) ([]byte, error) {
	img, err := s.page()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, img, &jpeg.Options{Quality: 80})
	return out.Bytes(), err
}

// editedPhoto has an Exif block that names an editor.
func editedPhoto(s Statement) ([]byte, error) {
	raw, err := scan(s)
	if err != nil {
		return nil, err
	}
	const software = "Adobe Photoshop 25.0\x00"
	var exif bytes.Buffer
	exif.WriteString("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01")
	for _, n := range []any{uint16(0x0131), uint16(2), uint32(len(software)), uint32(26), uint32(0)} {
		_ = binary.Write(&exif, binary.BigEndian, n)
	}
	exif.WriteString(software)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(exif.Len()+2))...)
	return append(append(out, exif.Bytes()...), raw[2:]...), nil
}

// scanPDF is the picture inside a PDF file.
func scanPDF(s Statement) ([]byte, error) {
	raw, err := scan(s)
	if err != nil {
		return nil, err
	}
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	d := s.draft()
	d.objects = []string{fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream",
		cfg.Width, cfg.Height, len(raw), raw)}
	d.making.creator = "Scanner"
	f := d.file()
	f.object(objPage, fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /XObject << /Im %d 0 R >> >> /Contents %d 0 R >>", objMore, objContents))
	f.stream(objContents, "", "q 612 0 0 792 0 0 cm /Im Do Q\n")
	f.close(-1, "")
	return f.Bytes(), nil
}
