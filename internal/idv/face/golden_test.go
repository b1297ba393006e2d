package face

import (
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

var picturesTo = flag.String("pictures", "", "directory that the golden pictures are written to, as testdata/README.md says")

// drawn is a picture of nobody's face in colours, as large as a network wants it.
func drawn(side int, size float64) *image.RGBA {
	g := raster.New(side, side, 200)
	specimentest.Face(g, float64(side)/2, float64(side)*0.47, size, 0.2)
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	for i, v := range g.Pix {
		x, y := i%side, i/side
		m.SetRGBA(x, y, color.RGBA{v, uint8(int(v) * (300 - 60*y/side) / 340), uint8(int(v) * (200 + 60*x/side) / 320), 255})
	}
	return m
}

// pictures are what the networks were shown: the face alone for the recogniser and
// the landmarks, as it is cut out; the face in a picture for all of them together.
func pictures() map[string]*image.RGBA {
	return map[string]*image.RGBA{"recogniser": drawn(faceSide, 110), "landmarks": drawn(landmarkSide, 80), "whole": drawn(224, 100)}
}

// golden are the numbers of the original program for the pictures.
type golden struct {
	Recogniser []float32 // the descriptor
	Landmarks  []float64 // x, y, …, as parts of the side
	Whole      struct {
		Score      float64
		Box        [4]float64 // x, y, width, height
		Landmarks  []float64  // in pixels
		Descriptor []float32
	}
}

func wanted(t *testing.T) (g golden) {
	t.Helper()
	if *picturesTo != "" {
		for name, m := range pictures() {
			ppm := fmt.Appendf(nil, "P6 %d %d 255\n", m.Rect.Dx(), m.Rect.Dy())
			for i := 0; i < len(m.Pix); i += 4 {
				ppm = append(ppm, m.Pix[i:i+3]...)
			}
			if err := os.WriteFile(filepath.Join(*picturesTo, name+".ppm"), ppm, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	data, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	if len(g.Recogniser) != 128 || len(g.Landmarks) != 136 || len(g.Whole.Landmarks) != 136 || len(g.Whole.Descriptor) != 128 {
		t.Fatal("the golden numbers are not whole")
	}
	return g
}

// whole is a picture as a network is shown it, without anything cut out.
func whole(m image.Image, means [3]float32) *volume {
	p := open(m, mostPixels)
	return p.cut(square{middle: Point{float64(p.w) / 2, float64(p.h) / 2}, side: float64(p.w)}, p.w, means)
}

// TestNetworks holds the three networks to the numbers of the original program, whose
// sums are added in another order.
func TestNetworks(t *testing.T) {
	want, shown := wanted(t), pictures()
	for i, p := range landmarks(whole(shown["landmarks"], faceMeans)) {
		if math.Hypot(p.X-want.Landmarks[2*i], p.Y-want.Landmarks[2*i+1]) > 1e-5 {
			t.Errorf("landmark %d: %v, not %v", i, p, want.Landmarks[2*i:2*i+2])
		}
	}
	if testing.Short() {
		return // a quarter of a second each for the others, five under the race detector
	}
	d := recognise(whole(shown["recogniser"], faceMeans))
	if far := d.Distance((*Descriptor)(want.Recogniser)); far > 1e-5 {
		t.Errorf("the descriptor is %g from the original's", far)
	}
	found := find(open(shown["whole"], mostPixels), 224)
	if len(found) != 1 {
		t.Fatalf("faces: %v", found)
	}
	b, w := found[0], want.Whole
	for i, v := range [4]float64{b.X, b.Y, b.W, b.H} {
		if math.Abs(v-w.Box[i]) > 1e-3 {
			t.Errorf("the face: %v, not %v", b, w.Box)
		}
	}
	if math.Abs(b.Score-w.Score) > 1e-5 {
		t.Errorf("the score: %v, not %v", b.Score, w.Score)
	}
}

// TestWhole holds the way from the picture to the descriptor to that of the original,
// which cuts out whole pixels and turns nothing: the two are near, not the same.
func TestWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("a second, ten under the race detector")
	}
	want, m := wanted(t).Whole, pictures()["whole"]
	p := open(m, mostPixels)
	box, ok := middle(p, find(p, searched[0]))
	if !ok {
		t.Fatal("no face")
	}
	far := 0.0
	for i, at := range points(p, box) {
		far = max(far, math.Hypot(at.X-want.Landmarks[2*i], at.Y-want.Landmarks[2*i+1]))
	}
	d, ok := describe(m)
	if !ok || far > 3 || d.Distance((*Descriptor)(want.Descriptor)) > 0.15 {
		t.Errorf("%v: landmarks %g pixels off, the descriptor %g", ok, far, d.Distance((*Descriptor)(want.Descriptor)))
	}
}
