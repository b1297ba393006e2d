// Command film renders what the camera of a test sees: documents on a table, 1920 by
// 1080 pixels, held well and badly.
//
//	go run ./e2e/film -dir DIR [NAME...]
//
// NAME.mjpeg is for Chromium's fake camera, which plays it for ever, NAME.pgm is the
// middle of the picture in grey as the device judges it (web/link/capture-quality.ts),
// and scenes.json says what package photo, which judges on the server, makes of the
// picture that the device would have sent.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/image/math/f64"

	xdraw "golang.org/x/image/draw"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/photo"
	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/specimen"
)

// What the camera sees, what of it the pane shows, and what the device judges it by.
const (
	width, height = 1920, 1080
	seen          = 1066 // of 1080, in a viewport of 400 by 405
	judged        = 800
)

// scene is one way to hold a document.
type scene struct {
	Name     string
	category document.Category
	fault    specimen.Fault
	size     float64 // of the specimen's 840 pixels
	turn     float64 // in radians
	x, y     float64 // away from the middle
	table    uint8   // 0 for the specimen's own
	Quality  map[string]bool
	Level    string
}

var scenes = []scene{
	{Name: "passport", category: document.Passport, size: 1},
	{Name: "turned", category: document.Passport, size: 0.95, turn: 0.05},
	{Name: "licence", category: document.DriversLicense, size: 1},
	{Name: "light-table", category: document.Passport, size: 0.95, table: 150},
	{Name: "blurred", category: document.Passport, fault: specimen.Blurred, size: 1},
	{Name: "glare", category: document.Passport, fault: specimen.Glare, size: 1},
	{Name: "dark", category: document.Passport, fault: specimen.Dark, size: 1},
	{Name: "far", category: document.Passport, size: 0.5},
	{Name: "near", category: document.Passport, size: 1.22},
	{Name: "aside", category: document.Passport, size: 0.9, x: 330},
	{Name: "away", size: 1},
}

func main() {
	dir := flag.String("dir", "", "where to write to")
	flag.Parse()
	if err := render(*dir, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "film:", err)
		os.Exit(1)
	}
}

// render writes the scenes of these names, or all of them.
func render(dir string, names []string) error {
	var list []scene
	for _, s := range scenes {
		if len(names) > 0 && !slices.Contains(names, s.Name) {
			continue
		}
		if err := s.render(dir); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		list = append(list, s)
	}
	body, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "scenes.json"), body, 0o644)
}

func (s *scene) render(dir string) error {
	frame, err := s.frame()
	if err != nil {
		return err
	}
	film, err := encoded(limited(frame), 92)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, s.Name+".mjpeg"), film, 0o644); err != nil {
		return err
	}
	shown := frame.SubImage(image.Rect((width-seen)/2, 0, (width+seen)/2, height)).(*image.RGBA)
	sent, err := encoded(shown, 92)
	if err != nil {
		return err
	}
	p, err := photo.NewDesk(photo.DefaultLimits).Open(context.Background(), sent)
	if err != nil {
		return err
	}
	q := p.Quality()
	s.Level, s.Quality = q.Level(), map[string]bool{}
	for _, f := range q.Findings() {
		s.Quality[f.Name] = !f.Failed
	}
	small := image.NewRGBA(image.Rect(0, 0, judged*seen/height, judged))
	xdraw.BiLinear.Scale(small, small.Bounds(), shown, shown.Bounds(), xdraw.Src, nil)
	g := raster.From(small)
	pgm := fmt.Appendf(nil, "P5\n%d %d\n255\n", g.W, g.H)
	return os.WriteFile(filepath.Join(dir, s.Name+".pgm"), append(pgm, g.Pix...), 0o644)
}

// frame is the picture of the camera: the specimen's, turned and moved, on a table that
// goes on around it.
func (s *scene) frame() (*image.RGBA, error) {
	frame := image.NewRGBA(image.Rect(0, 0, width, height))
	if s.category == "" {
		draw.Draw(frame, frame.Bounds(), image.NewUniform(color.RGBA{0x39, 0x34, 0x2f, 255}), image.Point{}, draw.Src)
		return frame, nil
	}
	files, err := specimen.Print(specimen.Order{
		Person: specimen.Leslie, Category: s.category, Fault: s.fault, Now: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		return nil, err
	}
	picture, err := jpeg.Decode(bytes.NewReader(files[0].JPEG))
	if err != nil {
		return nil, err
	}
	box := picture.Bounds()
	draw.Draw(frame, frame.Bounds(), image.NewUniform(picture.At(2, 2)), image.Point{}, draw.Src)
	a, b := s.size, s.size*s.turn // of a small angle
	at := f64.Aff3{
		a, -b, width/2 + s.x - a*float64(box.Dx())/2 + b*float64(box.Dy())/2,
		b, a, height/2 + s.y - b*float64(box.Dx())/2 - a*float64(box.Dy())/2,
	}
	xdraw.CatmullRom.Transform(frame, at, picture, box, xdraw.Src, nil)
	if s.table > 0 {
		lighten(frame, s.table)
	}
	return frame, nil
}

// lighten makes what is darker than a shade that shade, which is the table and the ink.
func lighten(m *image.RGBA, least uint8) {
	for i := range m.Pix {
		m.Pix[i] = max(m.Pix[i], least)
	}
}

// limited has black at 16 and white at 235, as Chromium takes the frames of a film.
func limited(m *image.RGBA) *image.RGBA {
	out := image.NewRGBA(m.Bounds())
	for i, v := range m.Pix {
		out.Pix[i] = uint8(16 + int(v)*219/255)
	}
	return out
}

func encoded(m image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}
