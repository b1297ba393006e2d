package specimen

import (
	"image"
	"math"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie/film"
)

// SelfieFault is what is wrong with the film of a selfie.
type SelfieFault string

// The faults of selfies.
const (
	Lively      SelfieFault = ""
	Still       SelfieFault = "still"        // one picture that is held before the camera
	WrongOrder  SelfieFault = "wrong_order"  // the moves, the two in the middle exchanged
	TwoFaces    SelfieFault = "two_faces"    // somebody else is in the picture too
	Nobody      SelfieFault = "nobody"       // an empty room
	OtherPerson SelfieFault = "other_person" // follows, and is not who is on the document
)

// SelfieFaults are all of them.
var SelfieFaults = []SelfieFault{Still, WrongOrder, TwoFaces, Nobody, OtherPerson}

// Known reports whether there is such a fault.
func (f SelfieFault) Known() bool { return f == Lively || slices.Contains(SelfieFaults, f) }

// The pictures of a film.
const (
	filmW, filmH = 240, 320
	perMove      = 5                      // pictures on the way to a circle, and there
	betweenShots = 240 * time.Millisecond // time from one to the next
)

// Film is a selfie of the person, who follows the moves or, with a fault, does not.
func Film(p Person, moves []selfie.Move, f SelfieFault) ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, refuse("%v.", err)
	}
	if !f.Known() {
		return nil, refuse("There is no fault %q.", f)
	}
	who := FaceOf(p)
	if f == OtherPerson {
		who = who.other()
	}
	if moves = slices.Clone(moves); f == WrongOrder && len(moves) > 2 {
		moves[1], moves[2] = moves[2], moves[1]
	}
	var frames []film.Frame
	for i, pose := range poses(moves) {
		mouth := 0.5 + 0.5*math.Sin(float64(i)*1.3)
		if f == Still {
			pose, mouth = middle, 0
		}
		shot := newShot()
		switch f {
		case Nobody:
			shot.paint(nil, pose, mouth)
		case TwoFaces:
			pose.Size *= 0.6
			beside := pose
			pose.X, beside.X = pose.X-0.24, pose.X+0.26
			shot.paint(&who, pose, mouth)
			o := who.other()
			shot.beside(&o, beside)
		default:
			shot.paint(&who, pose, mouth)
		}
		if f != Still {
			shot.grain(2.5, p.seed()+uint64(i))
		}
		data, err := shot.encoded(85)
		if err != nil {
			return nil, err
		}
		frames = append(frames, film.Frame{At: time.Duration(i) * betweenShots, JPEG: data})
	}
	return film.Encode(frames), nil
}

// middle is where a person begins, as the detector sees it.
var middle = selfie.Circle{X: 0.5, Y: 0.5, Size: 0.5}

// poses are the places of the face, on the way from move to move and there.
func poses(moves []selfie.Move) []selfie.Circle {
	var out []selfie.Circle
	before := middle
	for _, m := range moves {
		to := m.Circle()
		for step := 1; step <= perMove; step++ {
			part := math.Min(float64(step)/(perMove-1), 1)
			out = append(out, selfie.Circle{X: before.X + (to.X-before.X)*part, Y: 0.5, Size: before.Size + (to.Size-before.Size)*part})
		}
		before = to
	}
	return out
}

// shot is a picture of a film.
type shot struct{ sheet }

func newShot() shot {
	return shot{sheet{image.NewRGBA(image.Rect(0, 0, filmW, filmH)), 1}}
}

// detected is how much wider the circle of the detector is than a face from ear to ear.
const detected = 1.36

// paint draws a room with a person in it; nil for nobody.
func (s shot) paint(who *Face, at selfie.Circle, mouth float64) {
	size, cx, cy := at.Size*filmW/detected, at.X*filmW, at.Y*filmH
	who.paint(s.RGBA, s.Bounds(), cx, cy-0.04*size, size, mouth, 1, room)
}

// beside draws somebody else over what is there.
func (s shot) beside(who *Face, at selfie.Circle) {
	size, cx, cy := at.Size*filmW/detected, at.X*filmW, at.Y*filmH
	box := image.Rect(int(cx-1.15*size), 0, filmW, filmH)
	who.paint(s.RGBA, box, cx, cy-0.04*size, size, 0, 1, room)
}

// room is what is behind a person who takes a selfie.
func room(x, y int) tint {
	k := 0.92 + 0.1*math.Sin(float64(x)/70) - 0.0004*float64(y)
	if x > 176 && x < 226 && y > 20 && y < 110 { // a window
		return tint{206, 214, 220}
	}
	return wall.times(k)
}
