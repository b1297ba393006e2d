package photo

import (
	"cmp"
	"math"
	"math/cmplx"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// regularity is how far two fine waves, one across the other and alike in length,
// stand out of their surroundings in the spectrum of a picture: a screen's pixels,
// or their beat with those of the camera. The edges of a document are streaks in
// the spectrum and do not stand out of themselves; a row of fillers has waves, but
// in one direction.
func regularity(g *raster.Gray) float64 {
	n := 256
	for n*2 <= min(g.W, g.H) && n < patchSide {
		n *= 2
	}
	spectrum := transform(g, n)
	waves := peaks(spectrum, n)
	best := 0.0
	for i, a := range waves {
		for _, b := range waves[i+1:] {
			across := math.Abs(math.Atan2(a.y, a.x) - math.Atan2(b.y, b.x))
			long := math.Hypot(a.x, a.y) / math.Hypot(b.x, b.y)
			if across > math.Pi/3 && across < 2*math.Pi/3 && long > 0.8 && long < 1.25 {
				best = math.Max(best, min(a.height, b.height))
			}
		}
	}
	return best
}

// wave is a peak of a spectrum, with how many times it is higher than what lies
// around it.
type wave struct{ x, y, height float64 }

// mostWaves bounds how many are compared.
const mostWaves = 40

func peaks(spectrum []complex128, n int) []wave {
	at := func(x, y int) float64 { return cmplx.Abs(spectrum[(y+n)%n*n+(x+n)%n]) }
	rings := make([][]float64, n)
	for y := range n {
		for x := range n / 2 {
			if r, ok := radius(x, y, n); ok {
				rings[r] = append(rings[r], at(x, y))
			}
		}
	}
	usual := make([]float64, n)
	for r, values := range rings {
		if len(values) > 0 {
			slices.Sort(values)
			usual[r] = values[len(values)/2]
		}
	}
	var found []wave
	for y := range n {
		for x := range n / 2 {
			r, ok := radius(x, y, n)
			v := at(x, y)
			if !ok || v < 6*usual[r]+float64(n)/8 {
				continue
			}
			if h := v / around(at, x, y, v); h > 1 {
				found = append(found, wave{float64(x), float64((y+n/2)%n - n/2), h})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b wave) int { return cmp.Compare(b.height, a.height) })
	return found[:min(len(found), mostWaves)]
}

// around is the highest value in a ring of four to seven places around a peak;
// infinite if the place is no peak.
func around(at func(x, y int) float64, x, y int, v float64) float64 {
	highest := 1e-9
	for dy := -7; dy <= 7; dy++ {
		for dx := -7; dx <= 7; dx++ {
			w := at(x+dx, y+dy)
			switch d := max(dx, -dx, dy, -dy); {
			case d < 4 && w > v:
				return math.Inf(1)
			case d >= 4:
				highest = math.Max(highest, w)
			}
		}
	}
	return highest
}

// radius is the frequency of a place of the spectrum. Waves longer than ten pixels
// are print, those along the axes are lines of text and the edges of compression.
func radius(x, y, n int) (int, bool) {
	if y > n/2 {
		y -= n
	}
	if x <= 3 || y >= -3 && y <= 3 {
		return 0, false
	}
	r := int(math.Hypot(float64(x), float64(y)))
	return r, r > n/10 && r < n/2
}

// transform is the spectrum of the middle of a picture, faded out to its edges.
func transform(g *raster.Gray, n int) []complex128 {
	window := make([]float64, n)
	for i := range window {
		window[i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(n))
	}
	out := make([]complex128, n*n)
	x0, y0 := (g.W-n)/2, (g.H-n)/2
	mean := 0.0
	for y := range n {
		for x := range n {
			mean += float64(g.At(x0+x, y0+y))
		}
	}
	mean /= float64(n * n)
	for y := range n {
		for x := range n {
			out[y*n+x] = complex((float64(g.At(x0+x, y0+y))-mean)*window[x]*window[y], 0)
		}
		fourier(out[y*n : (y+1)*n])
	}
	column := make([]complex128, n)
	for x := range n {
		for y := range n {
			column[y] = out[y*n+x]
		}
		fourier(column)
		for y := range n {
			out[y*n+x] = column[y]
		}
	}
	return out
}

// fourier is the fast transform of a power of two of values, in place.
func fourier(a []complex128) {
	n := len(a)
	for i, j := 1, 0; i < n; i++ {
		bit := n >> 1
		for ; j&bit != 0; bit >>= 1 {
			j ^= bit
		}
		if j ^= bit; i < j {
			a[i], a[j] = a[j], a[i]
		}
	}
	for size := 2; size <= n; size *= 2 {
		root := cmplx.Rect(1, -2*math.Pi/float64(size))
		for from := 0; from < n; from += size {
			w := complex(1, 0)
			for k := range size / 2 {
				u, v := a[from+k], a[from+k+size/2]*w
				a[from+k], a[from+k+size/2] = u+v, u-v
				w *= root
			}
		}
	}
}
