package institution

import (
	"strconv"
	"strings"
)

// glyphs are the strokes of the letters on a mark: M moves, L draws a line, C a
// cubic curve. Capitals stand between y 0 and y 1; x starts at 0. No font file
// is involved.
var glyphs = map[byte]string{
	'A': "M0 1L.4 0L.8 1M.14 .66L.66 .66",
	'B': "M0 0L0 1L.34 1C.76 1 .76 .47 .34 .47L0 .47M0 0L.32 0C.68 0 .68 .47 .32 .47",
	'C': "M.74 .2C.6 -.08 0 -.12 0 .5C0 1.12 .6 1.08 .74 .8",
	'D': "M0 0L0 1L.26 1C.9 1 .9 0 .26 0L0 0",
	'E': "M.58 0L0 0L0 1L.58 1M0 .48L.5 .48",
	'F': "M.56 0L0 0L0 1M0 .49L.48 .49",
	'G': "M.74 .2C.6 -.08 0 -.12 0 .5C0 1.14 .76 1.1 .76 .7L.76 .54L.44 .54",
	'H': "M0 0L0 1M.7 0L.7 1M0 .48L.7 .48",
	'I': "M0 0L0 1",
	'J': "M.48 0L.48 .68C.48 1.1 0 1.1 0 .74",
	'K': "M0 0L0 1M.64 0L0 .6M.24 .38L.68 1",
	'L': "M0 0L0 1L.56 1",
	'M': "M0 1L0 0L.43 .68L.86 0L.86 1",
	'N': "M0 1L0 0L.7 1L.7 0",
	'O': "M.42 0C-.14 0 -.14 1 .42 1C.98 1 .98 0 .42 0",
	'P': "M0 1L0 0L.32 0C.74 0 .74 .56 .32 .56L0 .56",
	'Q': "M.42 0C-.14 0 -.14 1 .42 1C.98 1 .98 0 .42 0M.5 .74L.82 1.06",
	'R': "M0 1L0 0L.32 0C.72 0 .72 .53 .32 .53L0 .53M.34 .53L.68 1",
	'S': "M.6 .17C.48 -.06 .02 -.08 .02 .24C.02 .58 .64 .4 .64 .75C.64 1.08 .12 1.08 0 .82",
	'T': "M0 0L.76 0M.38 0L.38 1",
	'U': "M0 0L0 .62C0 1.13 .7 1.13 .7 .62L.7 0",
	'V': "M0 0L.4 1L.8 0",
	'W': "M0 0L.28 1L.56 .1L.84 1L1.12 0",
	'X': "M0 0L.7 1M.7 0L0 1",
	'Y': "M0 0L.38 .5L.76 0M.38 .5L.38 1",
	'Z': "M0 0L.64 0L0 1L.66 1",
	'0': "M.35 0C-.12 0 -.12 1 .35 1C.82 1 .82 0 .35 0",
	'1': "M0 .2L.24 0L.24 1",
	'2': "M0 .24C.06 -.1 .62 -.1 .62 .26C.62 .56 .14 .72 0 1L.64 1",
	'3': "M.02 .14C.2 -.08 .6 -.04 .6 .24C.6 .4 .46 .47 .26 .47C.5 .47 .64 .56 .64 .74C.64 1.08 .14 1.08 0 .84",
	'4': "M.5 1L.5 0L0 .7L.68 .7",
	'5': "M.56 0L.1 0L.06 .45C.24 .32 .62 .38 .62 .68C.62 1.08 .12 1.06 0 .86",
	'6': "M.52 .04C.16 .1 0 .4 0 .68C0 1.1 .64 1.1 .64 .68C.64 .3 .1 .3 .02 .62",
	'7': "M0 0L.62 0L.2 1",
	'8': "M.33 .46C.02 .46 .02 0 .33 0C.64 0 .64 .46 .33 .46C-.08 .46 -.08 1 .33 1C.74 1 .74 .46 .33 .46",
	'9': "M.12 .96C.48 .9 .64 .6 .64 .32C.64 -.1 0 -.1 0 .32C0 .7 .54 .7 .62 .38",
}

type point struct{ x, y float64 }

type segment struct{ a, b point }

// strokes reads the path of a letter into straight segments and its width.
func strokes(letter byte) (segments []segment, width float64) {
	var at point
	path := strings.NewReplacer("M", " M ", "L", " L ", "C", " C ").Replace(glyphs[letter])
	words := strings.Fields(path)
	to := func(p point) {
		segments = append(segments, segment{at, p})
		at, width = p, max(width, p.x)
	}
	for i := 0; i < len(words); {
		command := words[i]
		p := numbers(words[i+1:])
		i += 1 + 2*len(p)
		switch command {
		case "M":
			at = p[0]
		case "L":
			to(p[0])
		case "C":
			const steps = 16
			from := at
			for s := 1; s <= steps; s++ {
				to(cubic(from, p[0], p[1], p[2], float64(s)/steps))
			}
		}
	}
	return segments, width
}

// numbers reads points up to the next command.
func numbers(words []string) []point {
	var out []point
	for i := 0; i+1 < len(words); i += 2 {
		x, err := strconv.ParseFloat(words[i], 64)
		if err != nil {
			break
		}
		y, _ := strconv.ParseFloat(words[i+1], 64)
		out = append(out, point{x, y})
	}
	return out
}

func cubic(a, b, c, d point, t float64) point {
	u := 1 - t
	k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return point{
		k0*a.x + k1*b.x + k2*c.x + k3*d.x,
		k0*a.y + k1*b.y + k2*c.y + k3*d.y,
	}
}
