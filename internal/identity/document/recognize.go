package document

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image/jpeg"
	"image/png"

	"github.com/glencheck-dev/glencheck/internal/identity/document/pdf"
)

// Kind is what a file is.
type Kind string

// The kinds that are read.
const (
	PDF  Kind = "pdf"
	PNG  Kind = "png"
	JPEG Kind = "jpeg"
)

// Bounds of what is taken.
const (
	MaxBytes  = 10 << 20   // of a file
	MaxPages  = 60         // of a PDF file
	MaxPixels = 40_000_000 // of a picture
	minSide   = 200        // pixels: less is no document that anybody could read
)

// Reason is why a file is not taken, as a key.
type Reason string

// The reasons, each a sentence that a person can do something about.
const (
	Empty      Reason = "empty"
	TooLarge   Reason = "too_large" // in bytes
	HEIC       Reason = "heic"
	Unknown    Reason = "unknown" // none of the kinds
	Damaged    Reason = "damaged"
	Encrypted  Reason = "encrypted"
	TooMany    Reason = "pages"     // too many pages
	Excessive  Reason = "excessive" // more inside than a document has
	Program    Reason = "program"   // scripts, actions, files inside, or another file behind
	Pixels     Reason = "pixels"    // too many
	TooSmall   Reason = "too_small" // too few pixels
	Animated   Reason = "animated"
	Duplicated Reason = "duplicate" // told by whoever keeps the documents
)

// Refusal is a file that is not taken.
type Refusal struct {
	Reason Reason
	Detail string // for developers, nothing of the content
}

func (r *Refusal) Error() string { return "document refused: " + string(r.Reason) + ": " + r.Detail }

func refuse(r Reason, format string, args ...any) error {
	return &Refusal{r, fmt.Sprintf(format, args...)}
}

// Recognize says what a file is by its bytes, and refuses those that are not read.
func Recognize(src []byte) (Kind, error) {
	switch {
	case len(bytes.TrimSpace(src[:min(len(src), 64)])) == 0:
		return "", refuse(Empty, "no bytes, or nothing but spaces")
	case len(src) > MaxBytes:
		return "", refuse(TooLarge, "%d bytes, at most %d", len(src), MaxBytes)
	case pdf.Is(src):
		return PDF, nil
	case bytes.HasPrefix(src, pngMagic):
		return PNG, nil
	case bytes.HasPrefix(src, []byte{0xff, 0xd8, 0xff}):
		return JPEG, nil
	case isHEIC(src):
		return "", refuse(HEIC, "HEIC, HEIF and AVIF are not read: save it as JPEG or PNG")
	case bytes.Contains(src[:min(len(src), 1024)], []byte("%PDF-")):
		return "", refuse(Program, "other bytes before the beginning of the PDF file")
	}
	return "", refuse(Unknown, "neither PDF nor PNG nor JPEG")
}

var pngMagic = []byte("\x89PNG\r\n\x1a\n")

// isHEIC recognises the family of ISO base media files for pictures.
func isHEIC(src []byte) bool {
	if len(src) < 12 || string(src[4:8]) != "ftyp" {
		return false
	}
	for _, brand := range []string{"heic", "heix", "heif", "hevc", "hevx", "heim", "heis", "mif1", "msf1", "avif", "avis"} {
		if string(src[8:12]) == brand {
			return true
		}
	}
	return false
}

// size refuses pictures that are too large or too small.
func size(w, h int) error {
	switch {
	case w <= 0 || h <= 0:
		return refuse(Damaged, "a picture without pixels")
	case w > MaxPixels/h:
		return refuse(Pixels, "%d × %d pixels, at most %d", w, h, MaxPixels)
	case w < minSide || h < minSide:
		return refuse(TooSmall, "%d × %d pixels, at least %d each way", w, h, minSide)
	}
	return nil
}

// pngInfo is what the chunks of a PNG file say.
type pngInfo struct {
	software string
	modified bool // it says when it was changed last
}

// checkPNG goes through the chunks, up to the end of the file. The picture itself
// stays packed.
func checkPNG(src []byte) (pngInfo, error) {
	var info pngInfo
	cfg, err := png.DecodeConfig(bytes.NewReader(src))
	if err != nil {
		return info, refuse(Damaged, "PNG header")
	}
	if err := size(cfg.Width, cfg.Height); err != nil {
		return info, err
	}
	pixels := false
	for at := len(pngMagic); ; {
		if len(src)-at < 12 {
			return info, refuse(Damaged, "PNG ends within a chunk")
		}
		n, kind := binary.BigEndian.Uint32(src[at:]), string(src[at+4:at+8])
		if uint64(n) > uint64(len(src)-at-12) {
			return info, refuse(Damaged, "PNG chunk longer than the file")
		}
		body := src[at+8 : at+8+int(n)]
		if crc32.ChecksumIEEE(src[at+4:at+8+int(n)]) != binary.BigEndian.Uint32(src[at+8+int(n):]) {
			return info, refuse(Damaged, "PNG checksum")
		}
		at += 12 + int(n)
		switch kind {
		case "acTL":
			return info, refuse(Animated, "an animated PNG")
		case "IDAT":
			pixels = true
		case "tIME":
			info.modified = true
		case "tEXt":
			if key, value, ok := bytes.Cut(body, []byte{0}); ok && string(key) == "Software" {
				info.software = string(value[:min(len(value), 200)])
			}
		case "IEND":
			if !pixels {
				return info, refuse(Damaged, "PNG without pixels")
			}
			return info, foreign(src[at:])
		}
	}
}

// foreign refuses another file behind the end of a picture or a document. Cameras
// put pictures and film behind the end of a JPEG; those are passed over.
func foreign(tail []byte) error {
	tail = bytes.TrimLeft(tail, "\x00 \r\n\t")
	if len(tail) == 0 {
		return nil
	}
	low := bytes.ToLower(tail[:min(len(tail), 4096)])
	for _, sign := range []string{"pk\x03\x04", "%pdf-", "<html", "<!doctype", "<script", "<?php", "mz", "\x7felf", "#!", "rar!", "7z\xbc\xaf", "\x1f\x8b"} {
		if bytes.HasPrefix(low, []byte(sign)) {
			return refuse(Program, "another file behind the end")
		}
	}
	last := tail[max(0, len(tail)-66_000):] // where the directory of an archive is
	if bytes.Contains(last, []byte("PK\x05\x06")) || bytes.Contains(low, []byte("<script")) {
		return refuse(Program, "an archive or a page behind the end")
	}
	return nil
}

// checkJPEG goes through the segments, and reads what the camera or a program says.
func checkJPEG(src []byte) (exif, error) {
	var info exif
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(src))
	if err != nil {
		return info, refuse(Damaged, "JPEG header")
	}
	if err := size(cfg.Width, cfg.Height); err != nil {
		return info, err
	}
	for at := 2; at+4 <= len(src); {
		if src[at] != 0xff {
			return info, refuse(Damaged, "JPEG segment")
		}
		kind := src[at+1]
		if kind == 0xff {
			at++
			continue
		}
		n := int(binary.BigEndian.Uint16(src[at+2:]))
		if n < 2 || at+2+n > len(src) {
			return info, refuse(Damaged, "JPEG segment longer than the file")
		}
		body := src[at+4 : at+2+n]
		at += 2 + n
		switch kind {
		case 0xe1:
			info.read(body)
		case 0xed:
			info.photoshop = info.photoshop || bytes.HasPrefix(body, []byte("Photoshop 3.0"))
		case 0xda:
			i := bytes.Index(src[at:], []byte{0xff, 0xd9})
			if i < 0 {
				return info, refuse(Damaged, "JPEG without an end")
			}
			return info, foreign(src[at+i+2:])
		}
	}
	return info, refuse(Damaged, "JPEG without a picture")
}

// refusalOf turns the end of reading a PDF file into a Refusal.
func refusalOf(err error) error {
	switch {
	case errors.Is(err, pdf.ErrEncrypted):
		return refuse(Encrypted, "the file is encrypted")
	case errors.Is(err, pdf.ErrPages):
		return refuse(TooMany, "more than %d pages", MaxPages)
	case errors.Is(err, pdf.ErrTooMuch):
		return refuse(Excessive, "more inside than is read")
	}
	return refuse(Damaged, "%v", err)
}
