package photo

import (
	"encoding/binary"
	"strings"
)

// Metadata is what a camera or a program noted in the file. Nothing of where a
// picture was taken is read.
type Metadata struct {
	Orientation int    // 1 to 8, 1 where nothing is noted
	Camera      string // make and model
	Software    string
	Taken       string // YYYY:MM:DD HH:MM:SS, by the camera's clock
}

// The tags that are read.
const (
	tagMake        = 0x010f
	tagModel       = 0x0110
	tagOrientation = 0x0112
	tagSoftware    = 0x0131
	tagExif        = 0x8769
	tagTaken       = 0x9003
)

// readExif reads a TIFF structure. What is malformed is not there.
func readExif(b []byte) Metadata {
	m := Metadata{Orientation: 1}
	if len(b) < 8 {
		return m
	}
	var order binary.ByteOrder = binary.BigEndian
	switch string(b[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
	default:
		return m
	}
	m.directory(b, order, int(order.Uint32(b[4:])), true)
	m.Camera = strings.TrimSpace(m.Camera)
	return m
}

// directory reads one list of tags, and from the first also that of the exposure.
func (m *Metadata) directory(b []byte, order binary.ByteOrder, at int, first bool) {
	if at < 8 || at+2 > len(b) {
		return
	}
	n := min(int(order.Uint16(b[at:])), 200)
	for i := range n {
		e := at + 2 + 12*i
		if e+12 > len(b) {
			return
		}
		switch tag := order.Uint16(b[e:]); tag {
		case tagOrientation:
			if o := int(order.Uint16(b[e+8:])); o >= 1 && o <= 8 {
				m.Orientation = o
			}
		case tagMake:
			m.Camera = text(b, order, e) + " " + m.Camera
		case tagModel:
			m.Camera += " " + text(b, order, e)
		case tagSoftware:
			m.Software = text(b, order, e)
		case tagTaken:
			m.Taken = text(b, order, e)
		case tagExif:
			if first {
				m.directory(b, order, int(order.Uint32(b[e+8:])), false)
			}
		}
	}
}

// text reads a tag of characters, at most 64 of them.
func text(b []byte, order binary.ByteOrder, e int) string {
	if order.Uint16(b[e+2:]) != 2 {
		return ""
	}
	n, from := int(order.Uint32(b[e+4:])), e+8
	if n > 4 {
		from = int(order.Uint32(b[e+8:]))
	}
	if n < 1 || from < 0 || from >= len(b) {
		return ""
	}
	s := b[from:min(from+min(n, 64), len(b))]
	word, _, _ := strings.Cut(string(s), "\x00")
	return strings.TrimSpace(printable([]byte(word)))
}
