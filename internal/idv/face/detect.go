package face

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"sync"
)

var detector = sync.OnceValue(func() network { return mustRead(detectorManifest, detectorWeights) })

// Box is where a face is in a picture, in pixels.
type Box struct {
	X, Y, W, H float64
	Score      float64 // 0 to 1
}

const (
	leastSure = 0.5 // the score from which a detection is a face
	overlap   = 0.4 // of two detections, from which they are one face
)

// anchors are the shapes that faces are told by, in cells of the grid.
var anchors = [5]Point{{1.603231, 2.094468}, {6.041143, 7.080126}, {2.882459, 3.518061}, {4.266906, 5.178857}, {9.041765, 10.66308}}

// detect finds faces in a square picture, as parts of its side, the surest first.
func detect(in *volume) []Box {
	n := detector()
	f := n.get("conv0/filters", 3, 3, 3, 16)
	v := convolve(in, f, 1, valid, after{nil, n.get("conv0/bias", 16).all(), 0.1})
	for i := 1; i <= 5; i++ {
		v = largest(v, 2, 2, same)
		v = n.separable("conv"+strconv.Itoa(i), v, 1, one, 0.1)
	}
	v = largest(v, 2, 1, same)
	v = convolve(v, n.get("conv8/filters", 1, 1, 512, 25), 1, valid, after{nil, n.get("conv8/bias", 25).all(), 1})
	var found []Box
	cells := float64(v.w)
	for i := range v.h * v.w * len(anchors) {
		place, anchor := i/len(anchors), anchors[i%len(anchors)]
		p := v.data[5*i : 5*i+5]
		b := Box{W: math.Exp(float64(p[2])) * anchor.X / cells, H: math.Exp(float64(p[3])) * anchor.Y / cells, Score: sigmoid(p[4])}
		b.X = (float64(place%v.w)+sigmoid(p[0]))/cells - b.W/2
		b.Y = (float64(place/v.w)+sigmoid(p[1]))/cells - b.H/2
		if b.Score > leastSure {
			found = append(found, b)
		}
	}
	slices.SortStableFunc(found, func(a, b Box) int { return cmp.Compare(b.Score, a.Score) })
	var faces []Box
	for _, b := range found {
		if !slices.ContainsFunc(faces, func(f Box) bool { return f.shared(b) > overlap }) {
			faces = append(faces, b)
		}
	}
	return faces
}

func sigmoid(v float32) float64 { return 1 / (1 + math.Exp(-float64(v))) }

// shared is the part of two boxes that lies in both.
func (b Box) shared(o Box) float64 {
	w := min(b.X+b.W, o.X+o.W) - max(b.X, o.X)
	h := min(b.Y+b.H, o.Y+o.H) - max(b.Y, o.Y)
	if w <= 0 || h <= 0 {
		return 0
	}
	return w * h / (b.W*b.H + o.W*o.H - w*h)
}
