package selfie

import (
	"math"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie/film"
)

// Frame is a picture of a film.
type Frame struct {
	At   time.Duration // since the first
	Gray *raster.Gray
}

// Problem is why a film does not show a person who follows, as a key that a pane
// has words for.
type Problem string

// The problems.
const (
	TooFew     Problem = "too_few_frames"
	TooLong    Problem = "too_long"
	NoFace     Problem = "no_face"
	ManyFaces  Problem = "several_faces"
	NotDone    Problem = "moves_not_followed"
	Jumps      Problem = "frames_do_not_belong_together"
	StillImage Problem = "still_image"
)

// Result is what was seen in a film.
type Result struct {
	Problems []Problem // none for a person who followed
	Done     int       // moves that were followed
	Faces    []Face    // of the frames that have one
	Best     int       // the frame with the surest face in the middle, -1 for none
	Likeness float64   // of the two most different faces, 1 for the same picture
}

// The limits of a film.
const (
	leastFrames = 8
	mostFrames  = film.MaxFrames
	longest     = film.Longest
	mostMissing = 0.25  // share of the frames without a face
	farthest    = 0.3   // that a face moves between two frames, in parts of the picture
	quickest    = 1.45  // that a face grows or shrinks between two frames
	stillAbove  = 0.997 // see Likeness
)

// Watch looks at a film of a person who was asked for the moves.
func Watch(film []Frame, moves []Move) Result {
	r := Result{Best: -1, Likeness: 1}
	switch {
	case len(film) < leastFrames:
		r.Problems = append(r.Problems, TooFew)
		return r
	case len(film) > mostFrames || film[len(film)-1].At > longest:
		r.Problems = append(r.Problems, TooLong)
		return r
	}
	missing, several, jumps, best := 0, 0, 0, 0.0
	var first, before *Face
	var at time.Duration
	var face []float64
	for i, f := range film {
		found := Faces(f.Gray)
		if len(found) != 1 {
			if len(found) > 1 {
				several++
			}
			missing++
			continue
		}
		now := found[0]
		if before != nil && f.At-at < time.Second && apart(*before, now) {
			jumps++
		}
		patch := likeness(f.Gray, now)
		if first == nil {
			first, face = &now, patch
		} else {
			r.Likeness = math.Min(r.Likeness, product(face, patch))
		}
		if r.Done < len(moves) && moves[r.Done].Circle().holds(now) {
			r.Done++
		}
		if Middle.Circle().holds(now) && now.Score > best {
			r.Best, best = i, now.Score
		}
		r.Faces = append(r.Faces, now)
		before, at = &now, f.At
	}
	r.judge(film, moves, missing, several, jumps)
	return r
}

func (r *Result) judge(film []Frame, moves []Move, missing, several, jumps int) {
	add := func(bad bool, p Problem) {
		if bad {
			r.Problems = append(r.Problems, p)
		}
	}
	n := float64(len(film))
	add(float64(several) > 0.1*n, ManyFaces)
	add(float64(missing-several) > mostMissing*n, NoFace)
	add(r.Done < len(moves), NotDone)
	add(jumps > 0, Jumps)
	add(len(r.Faces) > 1 && r.Likeness > stillAbove, StillImage)
}

// apart reports whether a face cannot have come from one place to the other between
// two frames.
func apart(a, b Face) bool {
	size := b.Size / a.Size
	return math.Hypot(a.X-b.X, a.Y-b.Y) > farthest || size > quickest || size < 1/quickest
}

// patchSide is the side of a face as it is compared.
const patchSide = 32

// likeness is the face as a vector without brightness and contrast.
func likeness(g *raster.Gray, f Face) []float64 {
	shorter := float64(min(g.W, g.H))
	side := 0.8 * f.Size * shorter
	x0, y0 := f.X*float64(g.W)-side/2, f.Y*float64(g.H)-side/2
	flat := g.Straightened([4]raster.Point{{X: x0, Y: y0}, {X: x0 + side, Y: y0}, {X: x0 + side, Y: y0 + side}, {X: x0, Y: y0 + side}}, patchSide, patchSide)
	out, mean, length := make([]float64, len(flat.Pix)), 0.0, 0.0
	for _, v := range flat.Pix {
		mean += float64(v) / float64(len(flat.Pix))
	}
	for i, v := range flat.Pix {
		out[i] = float64(v) - mean
		length += out[i] * out[i]
	}
	if length = math.Sqrt(length); length > 0 {
		for i := range out {
			out[i] /= length
		}
	}
	return out
}

func product(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
