package face

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// volume is what runs between two layers: h rows of w places with c channels each.
type volume struct {
	h, w, c int
	data    []float32
}

func newVolume(h, w, c int) *volume { return &volume{h, w, c, make([]float32, h*w*c)} }

// padding is what lies around a volume where a window hangs over: zeros.
type padding int

const (
	valid padding = iota // no window hangs over
	same                 // as much as gives ceil(size/stride) windows, the odd one at the end
	one                  // one all around
)

// windows are how many windows of a side fit into a size, and how many zeros are in
// front of it.
func (p padding) windows(size, side, stride int) (n, front int) {
	switch p {
	case same:
		n = (size + stride - 1) / stride
		return n, max((n-1)*stride+side-size, 0) / 2
	case one:
		return (size+2-side)/stride + 1, 1
	}
	return (size-side)/stride + 1, 0
}

// after is what follows the sums of a channel: times scale, plus shift, and then
// what is below zero times leak (1 leaves all as it is, 0 is a rectifier).
type after struct {
	scale, shift []float32 // scale nil: 1
	leak         float32
}

func (a after) of(v float32, channel int) float32 {
	if a.scale != nil {
		v *= a.scale[channel]
	}
	if v += a.shift[channel]; v < 0 {
		v *= a.leak
	}
	return v
}

// parallel does the parts from 0 to n, on as many processors as the program has, at
// most four: a comparison leaves some for the others.
func parallel(n int, part func(worker func() int)) {
	var next atomic.Int64
	take := func() int {
		if i := int(next.Add(1)) - 1; i < n {
			return i
		}
		return -1
	}
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), 4, n) - 1 {
		all.Go(func() { part(take) })
	}
	part(take)
	all.Wait()
}

// strip is how many places a worker takes at a time: their windows lie one behind the
// other, a quarter of a megabyte at the widest layer.
const strip = 32

// convolve computes a convolution with filters of the shape side, side, channels in,
// channels out.
func convolve(in *volume, filters *tensor, stride int, pad padding, then after) *volume {
	side, outs := filters.Shape[0], filters.Shape[3]
	oh, top := pad.windows(in.h, side, stride)
	ow, left := pad.windows(in.w, side, stride)
	out, length := newVolume(oh, ow, outs), side*side*in.c
	packed := pairs(filters, length, outs)
	parallel((oh*ow+strip-1)/strip, func(take func() int) {
		rows := make([]float32, strip*length)
		for p := take(); p >= 0; p = take() {
			from, to := p*strip, min((p+1)*strip, oh*ow)
			for i := from; i < to; i++ {
				in.window(rows[(i-from)*length:][:length], i/ow*stride-top, i%ow*stride-left, side)
			}
			clear(rows[(to-from)*length:])
			products(out.data[from*outs:to*outs], rows, packed, length, outs, then)
		}
	})
	return out
}

// window copies a square of the volume that begins at a place.
func (v *volume) window(dst []float32, y, x, side int) {
	wide := side * v.c
	for dy := range side {
		row := dst[dy*wide : (dy+1)*wide]
		switch {
		case y+dy < 0 || y+dy >= v.h:
			clear(row)
		case x >= 0 && x+side <= v.w:
			copy(row, v.data[((y+dy)*v.w+x)*v.c:])
		default:
			for dx := range side {
				cell := row[dx*v.c : (dx+1)*v.c]
				if x+dx < 0 || x+dx >= v.w {
					clear(cell)
					continue
				}
				copy(cell, v.data[((y+dy)*v.w+x+dx)*v.c:])
			}
		}
	}
}

// pairs are filters of length numbers each, two and two: the first number of both,
// the second of both. An odd one is alone with zeros.
func pairs(filters *tensor, length, outs int) []float32 {
	packed, row := make([]float32, (outs+1)/2*2*length), make([]float32, outs)
	for k := range length {
		filters.floats(row, k*outs)
		for o, w := range row {
			packed[o/2*2*length+2*k+o%2] = w
		}
	}
	return packed
}

// products multiplies windows with filters, four windows with two filters at a time:
// as many sums as the processor has registers for.
func products(out, rows, packed []float32, length, outs int, then after) {
	places := len(out) / outs
	for o := 0; o < outs; o += 2 {
		f := packed[o*length:][:2*length]
		for p := 0; p < places; p += 4 {
			a := rows[p*length:][:length]
			b := rows[(p+1)*length:][:length]
			c := rows[(p+2)*length:][:length]
			d := rows[(p+3)*length:][:length]
			var a0, a1, b0, b1, c0, c1, d0, d1 float32
			g := f
			for k := range a {
				f0, f1 := g[0], g[1]
				g = g[2:]
				a0 += a[k] * f0
				a1 += a[k] * f1
				b0 += b[k] * f0
				b1 += b[k] * f1
				c0 += c[k] * f0
				c1 += c[k] * f1
				d0 += d[k] * f0
				d1 += d[k] * f1
			}
			sums := [4][2]float32{{a0, a1}, {b0, b1}, {c0, c1}, {d0, d1}}
			for i := range min(4, places-p) {
				at := (p+i)*outs + o
				out[at] = then.of(sums[i][0], o)
				if o+1 < outs {
					out[at+1] = then.of(sums[i][1], o+1)
				}
			}
		}
	}
}

// separable computes a convolution channel by channel, three places wide, and then
// one of the channels at each place.
func separable(in *volume, depth, point *tensor, stride int, pad padding, then after) *volume {
	filter := depth.all()
	oh, top := pad.windows(in.h, 3, stride)
	ow, left := pad.windows(in.w, 3, stride)
	mid := newVolume(oh, ow, in.c)
	parallel(oh, func(take func() int) {
		for y := take(); y >= 0; y = take() {
			for x := range ow {
				in.depthwise(mid.data[(y*ow+x)*in.c:][:in.c], filter, y*stride-top, x*stride-left)
			}
		}
	})
	return convolve(mid, point, 1, valid, then)
}

func (v *volume) depthwise(dst, filter []float32, y, x int) {
	for dy := max(0, -y); dy < 3 && y+dy < v.h; dy++ {
		for dx := max(0, -x); dx < 3 && x+dx < v.w; dx++ {
			f := filter[(3*dy+dx)*v.c:][:len(dst)]
			src := v.data[((y+dy)*v.w+x+dx)*v.c:][:len(dst)]
			for i, s := range src {
				dst[i] += s * f[i]
			}
		}
	}
}

// largest takes the largest of each window.
func largest(in *volume, side, stride int, pad padding) *volume {
	return in.pool(side, stride, pad, func(dst, src []float32, first bool) {
		for i, s := range src {
			if first || s > dst[i] {
				dst[i] = s
			}
		}
	}, nil)
}

// mean takes the mean of each window, none of which may hang over.
func mean(in *volume, side, stride int) *volume {
	return in.pool(side, stride, valid, func(dst, src []float32, _ bool) {
		for i, s := range src {
			dst[i] += s
		}
	}, func(dst []float32) {
		for i := range dst {
			dst[i] /= float32(side * side)
		}
	})
}

func (v *volume) pool(side, stride int, pad padding, add func(dst, src []float32, first bool), end func(dst []float32)) *volume {
	oh, top := pad.windows(v.h, side, stride)
	ow, left := pad.windows(v.w, side, stride)
	out := newVolume(oh, ow, v.c)
	for y := range oh {
		for x := range ow {
			dst, first := out.data[(y*ow+x)*v.c:][:v.c], true
			for sy := max(y*stride-top, 0); sy < min(y*stride-top+side, v.h); sy++ {
				for sx := max(x*stride-left, 0); sx < min(x*stride-left+side, v.w); sx++ {
					add(dst, v.data[(sy*v.w+sx)*v.c:][:v.c], first)
					first = false
				}
			}
			if end != nil {
				end(dst)
			}
		}
	}
	return out
}

// rectify makes zeros of what is below zero.
func (v *volume) rectify() *volume {
	for i, x := range v.data {
		if x < 0 {
			v.data[i] = 0
		}
	}
	return v
}

// add adds the others, which are of the same shape or smaller: at their end come zeros.
func (v *volume) add(others ...*volume) *volume {
	for _, o := range others {
		for y := range o.h {
			for x := range o.w {
				dst := v.data[(y*v.w+x)*v.c:]
				for i, s := range o.data[(y*o.w+x)*o.c:][:o.c] {
					dst[i] += s
				}
			}
		}
	}
	return v
}

// connected multiplies a row of numbers with a matrix of their number times outs.
func connected(in []float32, weights *tensor) []float32 {
	outs := weights.Shape[1]
	out, row := make([]float32, outs), make([]float32, outs)
	for k, v := range in {
		weights.floats(row, k*outs)
		for i, w := range row {
			out[i] += v * w
		}
	}
	return out
}
