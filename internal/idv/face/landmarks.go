package face

import "sync"

var landmarker = sync.OnceValue(func() network { return mustRead(landmarksManifest, landmarksWeights) })

// landmarkSide is the side of a face as the landmarks are looked for.
const landmarkSide = 112

// Point is a place in a picture, in pixels.
type Point struct{ X, Y float64 }

// landmarks are 68 places of a face (as in the iBUG scheme), as parts of the square
// that was looked at.
func landmarks(in *volume) [68]Point {
	n := landmarker()
	v := n.dense("dense0", in)
	v = n.dense("dense1", v)
	v = n.dense("dense2", v)
	v = mean(v, v.h, 2)
	out := connected(v.data, n.get("fc/weights", 128, 136))
	var points [68]Point
	bias := n.get("fc/bias", 136).all()
	for i := range points {
		points[i] = Point{float64(out[2*i] + bias[2*i]), float64(out[2*i+1] + bias[2*i+1])}
	}
	return points
}

// dense is three convolutions, each of which sees what all before it have made; the
// first halves the sides.
func (n network) dense(name string, in *volume) *volume {
	var first *volume
	if f := n[name+"/conv0/filters"]; f != nil {
		first = convolve(in, f, 2, same, after{nil, n.get(name+"/conv0/bias", f.Shape[3]).all(), 0})
	} else {
		first = n.separable(name+"/conv0", in, 2, same, 0)
	}
	second := n.separable(name+"/conv1", first, 1, same, 1)
	sum := newVolume(first.h, first.w, first.c).add(first, second)
	third := n.separable(name+"/conv2", newVolume(sum.h, sum.w, sum.c).add(sum).rectify(), 1, same, 1)
	return sum.add(third).rectify()
}

func (n network) separable(name string, in *volume, stride int, pad padding, leak float32) *volume {
	point := n[name+"/pointwise_filter"]
	outs := point.Shape[3]
	return separable(in, n.get(name+"/depthwise_filter", 3, 3, in.c, 1), point, stride, pad, after{nil, n.get(name+"/bias", outs).all(), leak})
}
