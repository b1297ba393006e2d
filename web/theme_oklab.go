package web

import "math"

// oklab are the coordinates of a colour in a space where equal steps of l look
// equally far apart, so that a hue stays the same while it gets darker.
type oklab struct{ l, a, b float64 }

func (c rgb) oklab() oklab {
	r, g, b := linear(c[0]), linear(c[1]), linear(c[2])
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	return oklab{
		0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

// lightness is 0 for black and 1 for white.
func (c rgb) lightness() float64 { return c.oklab().l }

// at is the colour of the same hue with another lightness. Where sRGB has none
// as strong, it is as strong as sRGB can show.
func (c rgb) at(l float64) rgb {
	l = min(max(l, 0), 1)
	o := c.oklab()
	weak, strong := 0.0, 1.0
	if _, ok := (oklab{l, o.a, o.b}).rgb(); ok {
		weak = 1
	} else {
		for range 16 {
			mid := (weak + strong) / 2
			if _, ok := (oklab{l, o.a * mid, o.b * mid}).rgb(); ok {
				weak = mid
			} else {
				strong = mid
			}
		}
	}
	x, _ := oklab{l, o.a * weak, o.b * weak}.rgb()
	return x
}

// rgb is the nearest colour of sRGB, and whether it is that colour.
func (o oklab) rgb() (c rgb, ok bool) {
	cube := func(x float64) float64 { return x * x * x }
	l := cube(o.l + 0.3963377774*o.a + 0.2158037573*o.b)
	m := cube(o.l - 0.1055613458*o.a - 0.0638541728*o.b)
	s := cube(o.l - 0.0894841775*o.a - 1.2914855480*o.b)
	ok = true
	for i, x := range [3]float64{
		4.0767416621*l - 3.3077115913*m + 0.2309699292*s,
		-1.2684380046*l + 2.6097574011*m - 0.3413193965*s,
		-0.0041960863*l - 0.7034186147*m + 1.7076147010*s,
	} {
		ok = ok && x > -0.0005 && x < 1.0005
		x = min(max(x, 0), 1)
		if x <= 0.0031308 {
			x *= 12.92
		} else {
			x = 1.055*math.Pow(x, 1/2.4) - 0.055
		}
		c[i] = uint8(math.Round(x * 255))
	}
	return c, ok
}
