package web

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// sample walks the colour cube, its corners and edges included.
func sample(visit func(rgb)) {
	const stride = 17 // 16 values of each channel: 4096 colours
	for r := 0; r <= 255; r += stride {
		for g := 0; g <= 255; g += stride {
			for b := 0; b <= 255; b += stride {
				visit(rgb{uint8(r), uint8(g), uint8(b)})
			}
		}
	}
}

// Whatever colour a team chooses, what Link shows keeps the contrasts of WCAG
// 2.2 AA: 4.5:1 for text (1.4.3), 3:1 for edges and states (1.4.11).
func TestEveryAccentIsReadable(t *testing.T) {
	sample(func(c rgb) {
		th := themeOf(c)
		for name, x := range map[string]struct {
			ground
			accents
		}{
			"light": {lightGround, th.light}, "dark": {darkGround, th.dark},
			"light, more contrast": {lightMoreGround, th.lightMore}, "dark, more contrast": {darkMoreGround, th.darkMore},
		} {
			check := func(what string, a, b rgb, least float64) {
				if got := contrast(a, b); got < least {
					t.Errorf("%s in %s: %s has %.2f:1, want %g:1", c, name, what, got, least)
				}
			}
			for _, under := range append(x.grounds, x.soft) {
				check("the accent on "+under.String(), x.accent, under, x.least)
			}
			for _, state := range []rgb{x.accent, x.hover, x.press} {
				check("a label on "+state.String(), x.on, state, x.least)
				check("a button of "+state.String(), state, x.surface, 3)
			}
			for _, ink := range x.inks {
				check("ink on "+x.soft.String(), ink, x.soft, x.least)
			}
			check("an edge on "+x.soft.String(), x.line, x.soft, 3)
		}
	})
}

// A colour that can be used as it is stays as it is, and one that cannot keeps
// its hue.
func TestAccentStaysItself(t *testing.T) {
	for color, want := range map[string]struct{ light, dark string }{
		"0b5a75": {"#0b5a75", ""}, // Glencheck's own
		"6cc5e0": {"", "#6cc5e0"},
		"c00000": {"#c00000", ""},
		"000000": {"#000000", ""},
		"ffffff": {"", "#ffffff"},
	} {
		th := themeOf(parseColor(color))
		if want.light != "" && th.light.accent.String() != want.light {
			t.Errorf("%s in light is %s", color, th.light.accent)
		}
		if want.dark != "" && th.dark.accent.String() != want.dark {
			t.Errorf("%s in dark is %s", color, th.dark.accent)
		}
	}
	yellow := themeOf(parseColor("ffcc00")).light.accent
	if yellow[2] > yellow[1] || yellow[1] > yellow[0] {
		t.Errorf("yellow became %s, another hue", yellow)
	}
}

// A button that reacts is seen to react.
func TestStatesDiffer(t *testing.T) {
	sample(func(c rgb) {
		th := themeOf(c)
		for _, a := range []accents{th.light, th.dark} {
			if a.hover == a.accent || a.press == a.accent || a.press == a.hover {
				t.Errorf("%s: rest %s, hover %s, press %s", c, a.accent, a.hover, a.press)
			}
		}
	})
}

// The grounds that the computation knows are those of the style sheet.
func TestGroundsAreThoseOfTheSheet(t *testing.T) {
	sheet, err := os.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, _ := strings.Cut(string(sheet), "@media (prefers-color-scheme: dark)")
	value := func(css, name string) rgb {
		m := regexp.MustCompile(`--` + name + `: #([0-9a-f]{6});`).FindStringSubmatch(css)
		if m == nil {
			t.Fatalf("no --%s", name)
		}
		return parseColor(m[1])
	}
	for _, x := range []struct {
		css string
		ground
	}{{light, lightGround}, {dark, darkGround}} {
		want := []rgb{value(x.css, "surface"), value(x.css, "bg"), value(x.css, "sunken")}
		if x.dark {
			want = append(want, value(x.css, "raised"))
		}
		inks := []rgb{value(x.css, "ink"), value(x.css, "ink-2"), value(x.css, "ink-3")}
		if x.surface != want[0] || !equal(x.grounds, want) || !equal(x.inks, inks) || x.line != value(x.css, "line-strong") {
			t.Errorf("theme.go and tokens.css differ: %v", x.ground)
		}
	}
}

func equal(a, b []rgb) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestThemeSheet(t *testing.T) {
	name, v, _ := strings.Cut(strings.TrimPrefix(ThemePath("#ff8800"), AssetPath), "?v=")
	f, current, ok := Theme(name, v)
	if !ok || !current || !strings.HasPrefix(f.Type, "text/css") || !strings.Contains(string(f.Body), "--accent:") || f.ETag() == "" {
		t.Fatalf("%s: %+v", name, f)
	}
	if again, _, _ := Theme(name, v); &again.Body[0] != &f.Body[0] {
		t.Error("the sheet is made anew for each request")
	}
	var cache themeCache
	for i := range 3 * maxThemes {
		cache.sheet("", fmt.Sprintf("%06x", i))
	}
	if len(cache.made) > maxThemes {
		t.Errorf("%d sheets are kept", len(cache.made))
	}
	if _, current, ok := Theme(name, "0"); !ok || current {
		t.Error("another version of the sheet counts as this one")
	}
	for _, bad := range []string{"theme-FF8800.css", "theme-ff880.css", "theme-ff88000.css", "theme-.css", "theme-zzzzzz.css", "link.css", ""} {
		if _, _, ok := Theme(bad, themeVersion); ok {
			t.Errorf("%q is a theme", bad)
		}
	}
}

func FuzzTheme(f *testing.F) {
	f.Add(byte(255), byte(136), byte(0))
	f.Fuzz(func(t *testing.T, r, g, b byte) {
		th := themeOf(rgb{r, g, b})
		if contrast(th.light.accent, lightGround.surface) < 4.5 || contrast(th.dark.accent, darkGround.surface) < 4.5 {
			t.Errorf("%v: %+v", rgb{r, g, b}, th)
		}
	})
}

// Who asks for more contrast gets level AAA for text, in both grounds.
func TestMoreContrast(t *testing.T) {
	sheet, err := os.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	_, more, ok := strings.Cut(string(sheet), "@media (prefers-contrast: more)")
	if !ok {
		t.Fatal("tokens.css has no values for prefers-contrast: more")
	}
	light, dark, _ := strings.Cut(more, "@media (prefers-color-scheme: dark)")
	for _, x := range []struct {
		css string
		ground
		soft rgb
	}{{light, lightMoreGround, parseColor("e3f0f4")}, {dark, darkMoreGround, parseColor("10303c")}} {
		for _, name := range []string{"ink-2", "ink-3", "accent", "line-strong", "ok", "warn", "bad"} {
			m := regexp.MustCompile(`--` + name + `: #([0-9a-f]{6});`).FindStringSubmatch(x.css)
			if m == nil {
				t.Fatalf("no --%s", name)
			}
			for _, under := range append(x.grounds, x.soft) {
				if got := contrast(parseColor(m[1]), under); got < 7 {
					t.Errorf("--%s %s on %s has %.2f:1, want 7:1", name, m[1], under, got)
				}
			}
		}
	}
}
