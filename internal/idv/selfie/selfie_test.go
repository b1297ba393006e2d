package selfie

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

const w, h = 150, 200

// posed is a frame with a face where a Face would be, and the grain of a camera.
func posed(f Face, mouth float64, seed uint64) *raster.Gray {
	g := raster.New(w, h, 110)
	size := f.Size * w / 1.36 // the detector's circle is larger than the head is wide
	specimentest.Face(g, f.X*w, f.Y*h-0.04*size, size, mouth)
	return specimentest.Noisy(g, 4, seed)
}

// posing goes from circle to circle in steps.
func posing(moves []Move, mouth func(i int) float64) []Frame {
	var frames []Frame
	before := Face{X: 0.5, Y: 0.5, Size: 0.5}
	for _, m := range moves {
		c := m.Circle()
		for step := 1; step <= 3; step++ {
			p := float64(step) / 3
			f := Face{X: before.X + (c.X-before.X)*p, Y: 0.5, Size: before.Size + (c.Size-before.Size)*p}
			i := len(frames)
			frames = append(frames, Frame{At: time.Duration(i) * 300 * time.Millisecond, Gray: posed(f, mouth(i), uint64(i))})
		}
		before = Face{X: c.X, Y: c.Y, Size: c.Size}
	}
	return frames
}

func talking(i int) float64 { return 0.5 + 0.5*math.Sin(float64(i)) }

var asked = []Move{Middle, Left, Closer, Middle}

func TestFaces(t *testing.T) {
	for _, want := range []Face{{X: 0.5, Y: 0.5, Size: 0.5}, {X: 0.4, Y: 0.4, Size: 0.3}, {X: 0.6, Y: 0.55, Size: 0.7}} {
		found := Faces(posed(want, 0, 1))
		if len(found) != 1 || math.Abs(found[0].X-want.X) > 0.05 || math.Abs(found[0].Y-want.Y) > 0.05 || math.Abs(found[0].Size/want.Size-1) > 0.2 {
			t.Errorf("%+v: %+v", want, found)
		}
	}
	two := raster.New(250, 150, 110)
	specimentest.Face(two, 70, 70, 56, 0)
	specimentest.Face(two, 180, 70, 56, 0)
	if found := Faces(two); len(found) != 2 {
		t.Errorf("%d faces of two", len(found))
	}
	for name, g := range map[string]*raster.Gray{
		"nobody": raster.New(300, 300, 120), "noise": specimentest.Noisy(raster.New(300, 300, 120), 50, 1), "a point": raster.New(1, 1, 0),
		"upside down": posed(Face{X: 0.5, Y: 0.5, Size: 0.5}, 0, 1).Half(),
	} {
		if found := Faces(g); len(found) > 0 {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

// TestCut: the face is in the middle of what was cut out and half as wide, at an edge
// of the picture and in a large one too.
func TestCut(t *testing.T) {
	for _, at := range []Face{{X: 0.5, Y: 0.5, Size: 0.5}, {X: 0.3, Y: 0.4, Size: 0.4}, {X: 0.75, Y: 0.7, Size: 0.4}} {
		found, ok := Portrait(posed(at, 0, 1).Image())
		if !ok {
			t.Fatalf("%+v: no face", at)
		}
		cut := Cut(posed(at, 0, 1).Image(), found)
		again := Faces(raster.From(cut))
		if len(again) == 0 || math.Abs(again[0].X-0.5) > 0.05 || math.Abs(again[0].Y-0.5) > 0.05 || math.Abs(again[0].Size-0.5) > 0.1 {
			t.Errorf("%+v: %+v", at, again)
		}
	}
	large := raster.New(2400, 1600, 110)
	specimentest.Face(large, 500, 700, 400, 0)
	specimentest.Face(large, 1900, 1200, 130, 0)
	found, ok := Portrait(large.Image())
	if cut := Cut(large.Image(), found); !ok || math.Abs(found.X-500.0/2400) > 0.03 || cut.Bounds().Dx() != mostCut {
		t.Errorf("%v %+v", ok, found)
	}
	if b := Cut(raster.New(9, 9, 0).Image(), Face{X: 9, Y: 9}).Bounds(); b.Dx() != 1 {
		t.Errorf("a face of no size: %v", b)
	}
	if _, ok := Portrait(raster.New(300, 200, 110).Image()); ok {
		t.Error("a face where there is none")
	}
}

func TestFilms(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures of pure functions")
	}
	still := func(int) float64 { return 0 }
	good := posing(asked, talking)
	other := posing([]Move{Middle, Right, Closer, Middle}, talking)
	spliced := slices.Concat(good[:6], other[5:])
	empty := slices.Clone(good)
	for i := range 5 {
		empty[2*i+1].Gray = raster.New(w, h, 110)
	}
	crowded := slices.Clone(good)
	for i := range 3 {
		g := raster.New(250, 150, 110)
		specimentest.Face(g, 70, 70, 56, 0)
		specimentest.Face(g, 180, 70, 56, 0)
		crowded[i+4].Gray = g
	}
	fed := posing(asked, still)
	for i := range fed { // without grain, as a picture that is fed in
		g := raster.New(w, h, 110)
		specimentest.Face(g, w/2, h/2-2, 55, 0)
		fed[i].Gray = g
	}
	late := slices.Clone(good)
	late[len(late)-1].At = 2 * time.Minute
	for name, c := range map[string]struct {
		film     []Frame
		problems []Problem
		done     int
	}{
		"follows":           {good, nil, 4},
		"follows another":   {other, []Problem{NotDone}, 1},
		"does nothing":      {posing([]Move{Middle, Middle, Middle, Middle}, talking), []Problem{NotDone}, 1},
		"a picture fed in":  {fed, []Problem{NotDone, StillImage}, 1},
		"two films":         {spliced, []Problem{Jumps}, 4},
		"often away":        {empty, []Problem{NoFace}, 4},
		"somebody else too": {crowded, []Problem{ManyFaces, NotDone}, 1},
		"too short":         {good[:5], []Problem{TooFew}, 0},
		"nothing":           {nil, []Problem{TooFew}, 0},
		"too slow":          {late, []Problem{TooLong}, 0},
	} {
		r := Watch(c.film, asked)
		if !slices.Equal(r.Problems, c.problems) || r.Done != c.done {
			t.Errorf("%s: %v %d %.4f, want %v %d", name, r.Problems, r.Done, r.Likeness, c.problems, c.done)
		}
		if len(c.problems) == 0 && (r.Best < 0 || len(r.Faces) != len(c.film)) {
			t.Errorf("%s: best %d of %d faces", name, r.Best, len(r.Faces))
		}
	}
}

func TestChallenges(t *testing.T) {
	seen := map[string]bool{}
	for i := range 3 {
		for j := range 2 {
			picks := []int{i, j}
			moves := NewChallenge(func(n int) int {
				p := picks[0]
				picks = picks[1:]
				if p >= n {
					t.Fatalf("%d of %d", p, n)
				}
				return p
			})
			if len(moves) != 4 || moves[0] != Middle || moves[3] != Middle || moves[1] == moves[2] || moves[1] == Middle || moves[2] == Middle {
				t.Errorf("%v", moves)
			}
			seen[string(moves[1]+moves[2])] = true
		}
	}
	if len(seen) != 6 {
		t.Errorf("%d of 6 orders", len(seen))
	}
	for _, m := range []Move{Middle, Closer, Left, Right} {
		for _, o := range []Move{Middle, Closer, Left, Right} {
			c := o.Circle()
			if m.Circle().holds(Face{X: c.X, Y: c.Y, Size: c.Size}) != (m == o) {
				t.Errorf("%s and %s", m, o)
			}
		}
	}
}

func FuzzFaces(f *testing.F) {
	f.Add([]byte{0, 255, 128}, uint8(1))
	f.Fuzz(func(_ *testing.T, pix []byte, width uint8) {
		if w := int(width); w > 0 && len(pix) >= w && len(pix) < 1<<15 {
			Faces(&raster.Gray{W: w, H: len(pix) / w, Pix: pix[:len(pix)/w*w]})
		}
	})
}
