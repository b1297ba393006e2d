package photo

import (
	"math"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
)

// cut says how much of one side of the frame the document runs out of. Where the
// ground can be seen at some sides, it is the largest share of another side that is
// the document's own paper; where it cannot, since the document fills the frame, it
// is the share of a side along which there is print, times three: a whole document
// keeps its print away from its edge.
func cut(g *raster.Gray) float64 {
	return math.Max(paperAtFrame(g.Shrunk(200)), min(3*printAtFrame(g), 1))
}

// paperAtFrame parts the picture into paper and ground by its shades.
func paperAtFrame(g *raster.Gray) float64 {
	level, apart := otsu(g)
	if apart < 40 {
		return 0 // of one shade: the ground is not to be told
	}
	light := 0
	for y := g.H / 3; y < g.H*2/3; y++ {
		for x := g.W / 3; x < g.W*2/3; x++ {
			if int(g.Pix[y*g.W+x]) > level {
				light++
			}
		}
	}
	paper := 2*light > (g.H*2/3-g.H/3)*(g.W*2/3-g.W/3) // what the middle is
	share := func(n int, at func(i int) uint8) float64 {
		hits := 0
		for i := range n {
			if (int(at(i)) > level) == paper {
				hits++
			}
		}
		return float64(hits) / float64(n)
	}
	sides := [4]float64{
		share(g.W, func(i int) uint8 { return g.At(i, 0) }), share(g.W, func(i int) uint8 { return g.At(i, g.H-1) }),
		share(g.H, func(i int) uint8 { return g.At(0, i) }), share(g.H, func(i int) uint8 { return g.At(g.W-1, i) }),
	}
	least, most := 1.0, 0.0
	for _, s := range sides {
		least, most = min(least, s), max(most, s)
	}
	if least > 0.1 {
		return 0 // the document fills the frame
	}
	return most
}

// otsu is the shade that parts a picture best into dark and light, and how far the
// means of the two are apart.
func otsu(g *raster.Gray) (level int, apart float64) {
	var counts [256]int
	total := 0
	for _, v := range g.Pix {
		counts[v]++
		total += int(v)
	}
	n, sum, best := 0, 0, -1.0
	for v, c := range counts {
		n, sum = n+c, sum+v*c
		if n == 0 || n == len(g.Pix) {
			continue
		}
		low, high := float64(sum)/float64(n), float64(total-sum)/float64(len(g.Pix)-n)
		if between := float64(n) * float64(len(g.Pix)-n) * (high - low) * (high - low); between > best {
			best, level, apart = between, v, high-low
		}
	}
	return level, apart
}

// printAtFrame is the largest share of a side of the frame along which there is
// print: marks much darker than what is around them, neither single nor a surface.
func printAtFrame(g *raster.Gray) float64 {
	band := max(min(g.W, g.H)/60, 3)
	dark := g.Dark(max(g.W, g.H)/24|1, 30)
	worst := 0.0
	side := func(n int, at func(i, d int) bool) {
		hits, step := 0, 2*band
		for i := 0; i+step <= n; i += step {
			ink, changes := 0, 0
			for d := range band {
				before := at(i, d)
				for k := range step {
					now := at(i+k, d)
					if now {
						ink++
					}
					if now != before {
						changes++
					}
					before = now
				}
			}
			if area := step * band; ink > area/12 && ink < area*3/4 && changes >= band {
				hits++
			}
		}
		if steps := n / step; steps > 0 {
			worst = math.Max(worst, float64(hits)/float64(steps))
		}
	}
	side(g.W, func(i, d int) bool { return dark[d*g.W+i] })
	side(g.W, func(i, d int) bool { return dark[(g.H-1-d)*g.W+i] })
	side(g.H, func(i, d int) bool { return dark[i*g.W+d] })
	side(g.H, func(i, d int) bool { return dark[i*g.W+g.W-1-d] })
	return worst
}
