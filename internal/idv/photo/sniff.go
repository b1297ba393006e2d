package photo

import (
	"bytes"
	"strings"
)

// sniff tells the format of a file by its content.
func sniff(data []byte) (format string, err error) {
	switch {
	case len(data) == 0:
		return "", refuse(Empty, "The file is empty.")
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		format = "png"
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		format = "jpeg"
	}
	if format != "" {
		if bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) { // where readers of PDF look
			return "", refuse(SecondFile, "The file is a picture and a PDF document at once.")
		}
		return format, nil
	}
	if name := otherFormat(data); name != "" {
		return "", refuse(OtherFormat, "The file is %s. Only PNG and JPEG pictures are accepted.", name)
	}
	return "", refuse(OtherFormat, "The file is not a PNG or JPEG picture.")
}

// otherFormat names the formats that people send by mistake, or on purpose.
func otherFormat(data []byte) string {
	if len(data) >= 12 && string(data[4:8]) == "ftyp" {
		switch brand := string(data[8:12]); {
		case brand == "avif" || brand == "avis":
			return "an AVIF picture"
		case strings.HasPrefix(brand, "hei") || strings.HasPrefix(brand, "hev") || brand == "mif1" || brand == "msf1":
			return "a HEIC picture"
		}
		return "a film"
	}
	for _, f := range [][2]string{
		{"GIF8", "a GIF picture"}, {"BM", "a BMP picture"}, {"II*\x00", "a TIFF picture"}, {"MM\x00*", "a TIFF picture"},
		{"%PDF-", "a PDF document"}, {"PK\x03\x04", "a ZIP archive"}, {"\x1f\x8b", "a compressed archive"}, {"\x00\x00\x01\x00", "an icon"},
		{"\x1aE\xdf\xa3", "a film"}, {"\x7fELF", "a program"}, {"MZ", "a program"}, {"8BPS", "a Photoshop document"}, {"\xff\x0a", "a JPEG XL picture"}, {"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"},
	} {
		if bytes.HasPrefix(data, []byte(f[0])) {
			return f[1]
		}
	}
	if len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP" {
		return "a WebP picture"
	}
	head := strings.ToLower(string(data[:min(len(data), 1024)]))
	switch {
	case strings.Contains(head, "<svg"):
		return "an SVG drawing"
	case strings.Contains(head, "<html") || strings.Contains(head, "<!doctype") || strings.Contains(head, "<script"):
		return "a web page"
	case strings.Contains(head, "%pdf-"):
		return "a PDF document"
	}
	return ""
}

// foreign are the beginnings of files that have no business inside a picture's
// comments and metadata.
var foreign = []string{"%pdf-", "<script", "<html", "<svg", "<!doctype", "<?php", "pk\x03\x04"}

// hidden reports whether a piece of metadata carries another file.
func hidden(b []byte) bool {
	s := strings.ToLower(string(b[:min(len(b), 1<<16)]))
	for _, f := range foreign {
		if strings.Contains(s, f) {
			return true
		}
	}
	return false
}
