package specimen

import (
	"image"

	"golang.org/x/image/draw"
)

// Likeness is what Compare has seen in two pictures.
type Likeness struct {
	Known bool // both show faces of specimens
	Same  bool // of the same person
	Score int  // how much of one face is in the other, 0 to 100
}

// Compare says whether two pictures show the same drawn face. Each is cut out around
// one face, which is in its middle and about half as wide as the picture. It looks at
// the pictures alone: for each it finds the drawn face that looks most like it, and
// then how much worse the face of the one would look like the other. A picture that no
// drawn face looks like, that of a living person for example, is not known.
func Compare(a, b image.Image) Likeness {
	one, two := newLooking(a), newLooking(b)
	first, second := one.likest(), two.likest()
	if one.inside(first) < leastFit || two.inside(second) < leastFit {
		return Likeness{}
	}
	there, back := two.with(second, first.Face), one.with(first, second.Face)
	worse := max((second.fit-there.fit)/(1-second.fit), (first.fit-back.fit)/(1-first.fit))
	return Likeness{Known: true, Same: worse < mostWorse, Score: int(100 / (1 + max(worse, 0)))}
}

const (
	// leastFit is what a drawn face has to account for within a picture that is taken for
	// one of it. Those of specimens have 0.7 and more, photographs of people less than 0.
	leastFit = 0.62
	// mostWorse is how much larger the difference between a picture and a face may be
	// than between the picture and the face that is most like it, for both to be one. It
	// is 1 at most for pictures of one person, and 4 or more for those of two.
	mostWorse = 1.8
	// The points at which a face is looked at, across and down, and the side of the
	// picture in which they lie.
	across, down = 32, 42
	looked       = 104
)

// guess is a drawn face, where it lies in a picture, and how much that looks like it.
type guess struct {
	Face
	cx, cy, size float64 // in parts of the picture's side
	mouth        float64
	fit          float64
}

// looking is a picture that is looked at.
type looking struct {
	*image.RGBA
	mean     tint
	variance float64
}

func newLooking(m image.Image) *looking {
	l := &looking{RGBA: image.NewRGBA(image.Rect(0, 0, looked, looked))}
	draw.ApproxBiLinear.Scale(l.RGBA, l.Bounds(), m, m.Bounds(), draw.Src, nil)
	const n = looked * looked
	for i, v := range l.Pix {
		if i%4 < 3 {
			l.mean[i%4] += float64(v) / n
		}
	}
	for i, v := range l.Pix {
		if i%4 < 3 {
			d := float64(v) - l.mean[i%4]
			l.variance += d * d / n
		}
	}
	return l
}

// likest finds the drawn face that looks most like the picture. They are too many to
// draw each: it begins with the one that fits best of a few, and changes one feature or
// the place after the other for as long as that helps.
func (l *looking) likest() guess {
	best := guess{fit: -1}
	for cut := range choices[style] {
		for _, dark := range []uint8{0, 3} {
			g := guess{Face: Face{skin: 1, hair: dark, style: cut, width: 1, nose: 1, lips: 1}, cx: 0.5, cy: 0.49, size: 0.5 / detected, mouth: 0.5}
			if l.see(&g); g.fit > best.fit {
				best = g
			}
		}
	}
	for step := 0.03; step > 0.002; step /= 2 {
		best = l.featured(l.placed(best, step))
	}
	for range 3 {
		before := best.fit
		if best = l.featured(l.placed(best, 0.002)); best.fit == before {
			break
		}
	}
	return best
}

// with is the same place with another face, as well as that can be fitted in.
func (l *looking) with(g guess, f Face) guess {
	g.Face = f
	l.see(&g)
	for step := 0.016; step > 0.001; step /= 2 {
		g = l.placed(g, step)
	}
	return g
}

// placed moves the face about, and its mouth, while that makes it fit better.
func (l *looking) placed(g guess, step float64) guess {
	for range 12 {
		best := g
		for _, d := range [8][4]float64{{step}, {-step}, {0, step}, {0, -step}, {0, 0, step}, {0, 0, -step}, {0, 0, 0, 8 * step}, {0, 0, 0, -8 * step}} {
			to := g
			to.cx, to.cy, to.size, to.mouth = g.cx+d[0], g.cy+d[1], g.size+d[2], min(max(g.mouth+d[3], 0), 1)
			if l.see(&to); to.fit > best.fit {
				best = to
			}
		}
		if best.fit == g.fit {
			break
		}
		g = best
	}
	return g
}

// featured takes of each feature the one that fits best.
func (l *looking) featured(g guess) guess {
	for i, n := range choices {
		best := g
		for c := range n {
			to := g
			if to.Face[i] = c; c == g.Face[i] {
				continue
			}
			if l.see(&to); to.fit > best.fit {
				best = to
			}
		}
		g = best
	}
	return g
}

// see finds out how well the face fits: 1 less the share of what is in the picture that
// it does not account for.
func (l *looking) see(g *guess) {
	sum, n := 0.0, 0
	l.points(g, func(c tint, ok bool, seen []uint8) {
		if !ok {
			c = wall
		}
		for k, a := range c {
			d := a - float64(seen[k])
			sum += d * d
		}
		n++
	})
	g.fit = -1
	if n > across*down*3/4 && l.variance > 0 {
		g.fit = 1 - sum/float64(n)/l.variance
	}
}

// inside is how well the face fits where there is something of it, which is harder:
// what is around it explains nothing.
func (l *looking) inside(g guess) float64 {
	var sum, sums, squares tint
	n := 0.0
	l.points(&g, func(c tint, ok bool, seen []uint8) {
		if !ok {
			return
		}
		for k, a := range c {
			b := float64(seen[k])
			sum[k] += (a - b) * (a - b)
			sums[k] += b
			squares[k] += b * b
		}
		n++
	})
	left, all := 0.0, 0.0
	for k := range sum {
		left += sum[k]
		all += squares[k] - sums[k]*sums[k]/max(n, 1)
	}
	if all <= 0 {
		return -1
	}
	return 1 - left/all
}

// points goes over the points at which a face is looked at: what is there of it, and
// what is in the picture.
func (l *looking) points(g *guess, f func(c tint, ok bool, seen []uint8)) {
	for j := range down {
		v := -0.86 + 1.72*(float64(j)+0.5)/down
		y := (g.cy + v*g.size) * looked
		for i := range across {
			u := -0.66 + 1.32*(float64(i)+0.5)/across
			x := (g.cx + u*g.size) * looked
			if x < 0 || y < 0 || x >= looked || y >= looked {
				continue
			}
			c, ok := g.at(u, v, g.mouth)
			at := l.PixOffset(int(x), int(y))
			f(c, ok, l.Pix[at:at+3:at+3])
		}
	}
}
