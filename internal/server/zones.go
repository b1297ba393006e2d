package server

import (
	"bytes"
	"context"
	"image/png"
	"log/slog"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/identity/document"
	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
)

// zones lets the program that reads pictures (--tesseract) read the machine-readable
// zones of identity documents that the built-in reader could not.
type zones struct {
	scanner document.Scanner
	log     *slog.Logger
}

var _ reader.TextReader = zones{}

// Name is how a reading is signed.
func (zones) Name() string { return "tesseract" }

// zoneSide is the longer side of the picture that the program is given, in pixels.
const zoneSide = 2000

// ReadText reads the text of a page. A program that fails has read nothing: the document
// then waits for a person, as it would without the program.
func (z zones) ReadText(ctx context.Context, page *raster.Gray) (string, error) {
	var picture bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&picture, page.Shrunk(zoneSide).Image()); err != nil {
		return "", err
	}
	lines, err := z.scanner.Scan(ctx, picture.Bytes())
	if err != nil {
		z.log.Warn("the program that reads pictures failed", "error", err.Error())
		return "", ctx.Err()
	}
	var text strings.Builder
	for _, l := range lines {
		for _, c := range l.Cells { // a gap in a zone is none
			text.WriteString(strings.ReplaceAll(c.Text, " ", ""))
		}
		text.WriteByte('\n')
	}
	return text.String(), nil
}
