package document

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// exif is what a JPEG says of its making.
type exif struct {
	software          string
	original, changed string // when it was taken, and when the file was written
	photoshop         bool
}

// The tags that are read.
const (
	tagSoftware = 0x0131
	tagDateTime = 0x0132
	tagExif     = 0x8769
	tagOriginal = 0x9003
)

// read takes what is of use out of an APP1 segment.
func (e *exif) read(body []byte) {
	if xmp, ok := bytes.CutPrefix(body, []byte("http://ns.adobe.com/xap/1.0/\x00")); ok && e.software == "" {
		_, rest, found := bytes.Cut(xmp, []byte("CreatorTool"))
		if value := strings.TrimLeft(string(rest[:min(len(rest), 120)]), `=>"'`); found {
			end := strings.IndexAny(value, `<"'`)
			if end >= 0 {
				e.software = value[:end]
			}
		}
		return
	}
	body, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
	if !ok || len(body) < 8 {
		return
	}
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(body, []byte("MM")) {
		order = binary.BigEndian
	}
	e.directory(body, order, order.Uint32(body[4:]), true)
}

// directory reads one list of tags, and the one that it names.
func (e *exif) directory(body []byte, order binary.ByteOrder, at uint32, outer bool) {
	if uint64(at)+2 > uint64(len(body)) {
		return
	}
	n := int(order.Uint16(body[at:]))
	for i := range min(n, 200) {
		from := int(at) + 2 + 12*i
		if from+12 > len(body) {
			return
		}
		entry := body[from : from+12]
		value := order.Uint32(entry[8:])
		switch order.Uint16(entry) {
		case tagSoftware:
			e.software = ascii(body, entry, order)
		case tagDateTime:
			e.changed = ascii(body, entry, order)
		case tagOriginal:
			e.original = ascii(body, entry, order)
		case tagExif:
			if outer {
				e.directory(body, order, value, false)
			}
		}
	}
}

// ascii is the text of a tag.
func ascii(body, entry []byte, order binary.ByteOrder) string {
	n, at := uint64(order.Uint32(entry[4:])), uint64(order.Uint32(entry[8:]))
	if order.Uint16(entry[2:]) != 2 || n > 200 {
		return ""
	}
	raw := entry[8:12]
	if n > 4 {
		if at+n > uint64(len(body)) {
			return ""
		}
		raw = body[at : at+n]
	}
	return strings.TrimSpace(strings.Trim(string(raw[:min(int(n), len(raw))]), "\x00"))
}
