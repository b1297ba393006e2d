package face

import (
	"image"
	"math"
)

// The colours that the networks take as the middle: the detector's, and that of the
// two others.
var (
	detectorMeans = [3]float32{117.001, 114.697, 97.404}
	faceMeans     = [3]float32{122.782, 117.001, 104.298}
)

// What a picture must have for a face in it to be described.
const (
	mostPixels  = 900  // at a side; a larger picture is shrunk
	leastFace   = 60   // pixels of the shorter side of a face
	mostOff     = 0.25 // of a face from the middle of the picture, in parts of its side
	leastDetail = 8    // see detail
)

// The sides at which a face is looked for: the first is quick, and enough for a face
// that is half as wide as its picture.
var searched = []int{224, 416}

// describe computes the descriptor of the face in the middle of a picture. There is
// none where no face is found there, or too little of it to tell it from others.
func describe(m image.Image) (*Descriptor, bool) {
	if b := m.Bounds(); min(b.Dx(), b.Dy()) < leastFace {
		return nil, false
	}
	p := open(m, mostPixels)
	for _, side := range searched {
		box, ok := middle(p, find(p, side))
		if !ok {
			continue
		}
		if min(box.W, box.H) < leastFace {
			return nil, false
		}
		cut := p.cut(aligned(points(p, box)), faceSide, faceMeans)
		if cut.detail() < leastDetail {
			return nil, false
		}
		return recognise(cut), true
	}
	return nil, false
}

// find finds the faces of a picture, in its pixels, the surest first. The picture is
// at the upper left of the square that is searched.
func find(p *picture, side int) []Box {
	whole := float64(max(p.w, p.h))
	faces := detect(p.cut(square{middle: Point{whole / 2, whole / 2}, side: whole}, side, detectorMeans))
	for i, b := range faces {
		faces[i] = Box{b.X * whole, b.Y * whole, b.W * whole, b.H * whole, b.Score}
	}
	return faces
}

// middle is the face nearest the middle of a picture.
func middle(p *picture, faces []Box) (best Box, ok bool) {
	least := mostOff * float64(max(p.w, p.h))
	for _, b := range faces {
		if off := math.Hypot(b.X+b.W/2-float64(p.w)/2, b.Y+b.H/2-float64(p.h)/2); off < least {
			best, least, ok = b, off, true
		}
	}
	return best, ok
}

// points finds the landmarks of a face.
func points(p *picture, b Box) *[68]Point {
	frame := square{middle: Point{b.X + b.W/2, b.Y + b.H/2}, side: max(b.W, b.H)}
	found := landmarks(p.cut(frame, landmarkSide, faceMeans))
	for i, at := range found {
		found[i] = frame.place(at.X, at.Y)
	}
	return &found
}

// aligned is the square of a face that the recogniser is shown: as far away, as high
// and as straight as every other, by the eyes and the mouth.
func aligned(points *[68]Point) square {
	left, right, mouth := centre(points[36:42]), centre(points[42:48]), centre(points[48:])
	far := (math.Hypot(mouth.X-left.X, mouth.Y-left.Y) + math.Hypot(mouth.X-right.X, mouth.Y-right.Y)) / 2
	s := square{middle: centre([]Point{left, right, mouth}), side: far / 0.45, turned: math.Atan2(right.Y-left.Y, right.X-left.X)}
	s.middle = s.place(0.5, 0.57) // the three are a little above the middle
	return s
}

func centre(points []Point) (c Point) {
	for _, p := range points {
		c.X, c.Y = c.X+p.X/float64(len(points)), c.Y+p.Y/float64(len(points))
	}
	return c
}

// detail is how much the brightness of a face changes from pixel to pixel: the mean
// square of its Laplacian. Where there is little, all faces are alike.
func (v *volume) detail() float64 {
	light := func(y, x int) float64 {
		p := v.data[3*(y*v.w+x):][:3]
		return 255 * (0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2]))
	}
	sum := 0.0
	for y := 1; y < v.h-1; y++ {
		for x := 1; x < v.w-1; x++ {
			d := 4*light(y, x) - light(y-1, x) - light(y+1, x) - light(y, x-1) - light(y, x+1)
			sum += d * d
		}
	}
	return sum / float64((v.h-2)*(v.w-2))
}
