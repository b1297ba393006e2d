package photo

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// anatomy is what the parts of a file say before it is decoded.
type anatomy struct {
	exif        []byte    // a TIFF structure
	texts       []string  // names of programs, descriptions
	tables      [][64]int // JPEG quantisation tables, the first for luminance
	progressive bool
	components  int
	depth       int // PNG bits a channel
	interlaced  bool
	paletted    bool
}

// jpegAnatomy walks the segments of a JPEG, which ends at its end marker.
func jpegAnatomy(data []byte) (a anatomy, err error) {
	damaged := refuse(Damaged, "The JPEG picture is damaged or cut short.")
	multi := false
	for at := 2; ; {
		if at+4 > len(data) || data[at] != 0xff {
			return a, damaged
		}
		marker := data[at+1]
		if marker == 0xff { // filling
			at++
			continue
		}
		n := int(binary.BigEndian.Uint16(data[at+2:]))
		if n < 2 || at+2+n > len(data) {
			return a, damaged
		}
		body := data[at+4 : at+2+n]
		switch {
		case marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			a.exif = body[6:]
		case marker == 0xe2 && bytes.HasPrefix(body, []byte("MPF\x00")):
			multi = true
		case marker == 0xdb:
			a.quantisation(body)
		case marker == 0xc0 || marker == 0xc1 || marker == 0xc2:
			a.progressive = marker == 0xc2
			if len(body) > 5 {
				a.components = int(body[5])
			}
		}
		if marker == 0xfe || marker >= 0xe1 && marker <= 0xef {
			if marker != 0xe2 && hidden(body) {
				return a, refuse(SecondFile, "The picture's metadata carries another file.")
			}
			a.texts = append(a.texts, printable(body))
		}
		at += 2 + n
		if marker == 0xda {
			end, ok := scanEnd(data, at)
			if !ok {
				return a, damaged
			}
			return a, trailer(data[end:], multi)
		}
	}
}

// scanEnd finds the end marker behind the compressed data, over all scans.
func scanEnd(data []byte, at int) (int, bool) {
	for at+1 < len(data) {
		i := bytes.IndexByte(data[at:], 0xff)
		if i < 0 || at+i+1 >= len(data) {
			return 0, false
		}
		at += i
		switch m := data[at+1]; {
		case m == 0xd9:
			return at + 2, true
		case m == 0x00 || m >= 0xd0 && m <= 0xd7 || m == 0xff:
			at++
			if m != 0xff {
				at++
			}
		default: // a segment between scans
			if at+4 > len(data) {
				return 0, false
			}
			at += 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		}
	}
	return 0, false
}

// trailer refuses what follows a JPEG, save for what telephones put there.
func trailer(rest []byte, multi bool) error {
	for len(rest) > 0 && (rest[0] == 0 || rest[0] == '\r' || rest[0] == '\n' || rest[0] == ' ') {
		rest = rest[1:]
	}
	switch {
	case len(rest) == 0:
		return nil
	case multi && bytes.Contains(rest[:min(len(rest), 1<<14)], []byte("\xff\xd8\xff")): // its pictures begin at offsets
		return nil
	case bytes.HasPrefix(rest, []byte("\xff\xd8\xff")): // another picture
		return nil
	case bytes.Contains(rest[:min(len(rest), 8)], []byte("ftyp")): // a motion photo's film
		return nil
	case bytes.HasSuffix(rest, []byte("SEFT")), bytes.Contains(rest[:min(len(rest), 64)], []byte("MotionPhoto_Data")): // Samsung
		return nil
	}
	return refuse(SecondFile, "Another file is attached behind the picture.")
}

func (a *anatomy) quantisation(body []byte) {
	for len(body) >= 65 {
		var t [64]int
		wide := body[0]>>4 != 0
		if wide && len(body) < 129 {
			return
		}
		for i := range t {
			if wide {
				t[i] = int(binary.BigEndian.Uint16(body[1+2*i:]))
			} else {
				t[i] = int(body[1+i])
			}
		}
		a.tables = append(a.tables, t)
		if body = body[65:]; wide {
			body = body[64:]
		}
	}
}

// pngAnatomy walks the chunks of a PNG, which is over at its end chunk.
func pngAnatomy(data []byte) (a anatomy, err error) {
	damaged := refuse(Damaged, "The PNG picture is damaged or cut short.")
	for at := 8; ; {
		if at+12 > len(data) {
			return a, damaged
		}
		n := int(binary.BigEndian.Uint32(data[at:]))
		if n < 0 || n > len(data)-at-12 {
			return a, damaged
		}
		kind, body := string(data[at+4:at+8]), data[at+8:at+8+n]
		switch kind {
		case "IHDR":
			if n != 13 {
				return a, damaged
			}
			a.depth, a.paletted, a.interlaced = int(body[8]), body[9] == 3, body[12] != 0
		case "acTL":
			return a, refuse(Animated, "The picture is animated. Only still pictures are accepted.")
		case "eXIf":
			a.exif = body
		case "tEXt", "iTXt":
			if hidden(body) {
				return a, refuse(SecondFile, "The picture's metadata carries another file.")
			}
			a.texts = append(a.texts, printable(body))
		}
		at += 12 + n
		if kind == "IEND" {
			if len(bytes.TrimRight(data[at:], "\x00\r\n ")) > 0 {
				return a, refuse(SecondFile, "Another file is attached behind the picture.")
			}
			return a, nil
		}
	}
}

// printable is the text in a piece of metadata, the rest as spaces.
func printable(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return ' '
		}
		return r
	}, string(b[:min(len(b), 1<<14)]))
}
