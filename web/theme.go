package web

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"sync"
)

// ThemePath is the address of the style sheet of an accent colour (#rrggbb): a
// whole sheet made by the server, so that the frame's policy needs no inline
// style. It depends on the colour alone.
func ThemePath(accent string) string {
	return AssetPath + "theme-" + strings.TrimPrefix(accent, "#") + ".css?v=" + themeVersion
}

// themeVersion is part of the address: a browser may keep the sheet for ever,
// and another way to compute it is another sheet.
const themeVersion = "1"

var themeName = regexp.MustCompile(`^theme-([0-9a-f]{6})\.css$`)

// Theme is the style sheet of an asset name that ThemePath made; ok is false for
// any other name. current is false when v is not the version of the address.
func Theme(name, v string) (f File, current, ok bool) {
	m := themeName.FindStringSubmatch(name)
	if m == nil {
		return File{}, false, false
	}
	return themes.sheet(name, m[1]), v == themeVersion, true
}

// themes keeps the sheets that were asked for: each takes a search through colours.
var themes themeCache

// themeCache holds up to maxThemes sheets. Anybody may ask for any of the sixteen
// million colours, so it begins anew when it is full.
type themeCache struct {
	mu   sync.Mutex
	made map[string]File
}

const maxThemes = 256

// sheet is the style sheet of a colour.
func (c *themeCache) sheet(name, colour string) File {
	c.mu.Lock()
	file, ok := c.made[colour]
	c.mu.Unlock()
	if ok {
		return file
	}
	body := themeOf(parseColor(colour)).css()
	file = File{Name: name, Type: "text/css; charset=utf-8", Hash: Hash(body), Body: body}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made == nil || len(c.made) >= maxThemes {
		c.made = make(map[string]File, maxThemes)
	}
	c.made[colour] = file
	return file
}

// accents are the values that the style sheet derives from one colour for one
// ground. The least contrasts of WCAG 2.2 AA hold between them (theme_test.go).
type accents struct {
	accent, hover, press, soft, on rgb
}

// theme is what one colour becomes: in light and in dark, and for people who ask
// for more contrast.
type theme struct {
	light, dark, lightMore, darkMore accents
}

// ground is what the colours of tokens.css ask of an accent.
type ground struct {
	surface rgb
	grounds []rgb   // an accent is text on these
	inks    []rgb   // text on the soft ground
	line    rgb     // an edge on it
	dark    bool    // an accent that is not enough gets lighter
	least   float64 // contrast of text
}

var (
	lightGround = ground{
		surface: parseColor("ffffff"), grounds: colors("ffffff", "f4f6f7", "edf1f3"),
		inks: colors("0f1b21", "3f4f59", "586770"), line: parseColor("768690"), least: 4.5,
	}
	darkGround = ground{
		surface: parseColor("111a1f"), grounds: colors("111a1f", "0a1014", "0c1418", "18232a"),
		inks: colors("eaf0f3", "b3c1c9", "8fa0aa"), line: parseColor("70838e"), dark: true, least: 4.5,
	}
	lightMoreGround = lightGround.more()
	darkMoreGround  = darkGround.more()
)

// more is the ground of prefers-contrast: more, where text has the contrast of
// level AAA and every ink is the strongest.
func (g ground) more() ground {
	g.least, g.inks, g.line = 7, g.inks[:1], g.inks[0]
	return g
}

func themeOf(c rgb) theme {
	return theme{light: lightGround.dress(c), dark: darkGround.dress(c), lightMore: lightMoreGround.dress(c), darkMore: darkMoreGround.dress(c)}
}

// dress makes an accent of a colour: the colour itself where it can be read on
// every ground, otherwise the next of its hue that can.
func (g ground) dress(c rgb) accents {
	var a accents
	a.accent = g.readable(c)
	a.soft = g.soften(a.accent)
	a.on = parseColor("ffffff")
	if g.dark {
		a.on = c.at(0.15)
	}
	l := a.accent.lightness()
	a.hover, a.press = g.state(a, l, 0.055), g.state(a, l, 0.11)
	return a
}

// step is how far the search for a lightness goes at a time.
const step = 0.004

// readable moves a colour away from the grounds until it is text on each of
// them, the soft one included.
func (g ground) readable(c rgb) rgb {
	ok := func(x rgb) bool {
		for _, under := range g.grounds {
			if contrast(x, under) < g.least {
				return false
			}
		}
		return contrast(x, g.soften(x)) >= g.least
	}
	if ok(c) {
		return c
	}
	l := c.lightness()
	for {
		if g.dark {
			l += step
		} else {
			l -= step
		}
		if x := c.at(l); ok(x) || l <= 0 || l >= 1 {
			return x
		}
	}
}

// soften mixes the ground of a chosen row: as much of the accent as leaves every
// ink readable on it, and the accent too.
func (g ground) soften(c rgb) rgb {
	for share := 0.14; share > 0; share -= 0.01 {
		soft := mix(g.surface, c, share)
		fine := contrast(g.line, soft) >= 3 && contrast(c, soft) >= g.least
		for _, ink := range g.inks {
			fine = fine && contrast(ink, soft) >= g.least
		}
		if fine {
			return soft
		}
	}
	return g.surface
}

// state is the accent under a pointer or a finger: further from the ground, or
// where there is no further, nearer, as long as its label is readable.
func (g ground) state(a accents, l, by float64) rgb {
	if !g.dark {
		by = -by
	}
	if l+by < 0.05 || l+by > 0.97 {
		by = -by
	}
	x := a.accent.at(l + by)
	if contrast(x, a.on) < g.least || contrast(x, g.surface) < 3 {
		return a.accent
	}
	return x
}

func (t theme) css() []byte {
	var b strings.Builder
	b.WriteString("@layer tokens{")
	t.light.write(&b, ":root")
	b.WriteString("@media (prefers-color-scheme:dark){")
	t.dark.write(&b, `:root:not([data-theme="light"])`)
	b.WriteString("}")
	t.dark.write(&b, `:root[data-theme="dark"]`)
	b.WriteString("@media (prefers-contrast:more){")
	t.lightMore.write(&b, ":root")
	b.WriteString("@media (prefers-color-scheme:dark){")
	t.darkMore.write(&b, `:root:not([data-theme="light"])`)
	b.WriteString("}")
	t.darkMore.write(&b, `:root[data-theme="dark"]`)
	b.WriteString("}}\n")
	return []byte(b.String())
}

func (a accents) write(b *strings.Builder, selector string) {
	fmt.Fprintf(b, "%s{--accent:%s;--accent-hover:%s;--accent-press:%s;--accent-soft:%s;--on-accent:%s}",
		selector, a.accent, a.hover, a.press, a.soft, a.on)
}

// rgb is a colour of sRGB as CSS writes it.
type rgb [3]uint8

// String is #rrggbb.
func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// parseColor reads rrggbb; what it is given has been checked.
func parseColor(hex string) (c rgb) {
	_, err := fmt.Sscanf(hex, "%02x%02x%02x", &c[0], &c[1], &c[2])
	if err != nil {
		panic("web: " + hex + " is no colour")
	}
	return c
}

func colors(hex ...string) []rgb {
	list := make([]rgb, len(hex))
	for i, h := range hex {
		list[i] = parseColor(h)
	}
	return list
}

// linear is a channel as light.
func linear(v uint8) float64 { return light[v] }

var light = func() (table [256]float64) {
	for v := range table {
		x := float64(v) / 255
		table[v] = x / 12.92
		if x > 0.04045 {
			table[v] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return table
}()

// luminance is the relative luminance of WCAG 2.2.
func (c rgb) luminance() float64 {
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}

// contrast is the contrast ratio of WCAG 2.2.
func contrast(a, b rgb) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// mix is share of b in a.
func mix(a, b rgb, share float64) (c rgb) {
	for i := range c {
		c[i] = uint8(math.Round(float64(a[i])*(1-share) + float64(b[i])*share))
	}
	return c
}
