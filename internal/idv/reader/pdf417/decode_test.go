package pdf417

import (
	"errors"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

func TestClean(t *testing.T) {
	text := specimentest.AAMVA("636037", 10, "DL", specimentest.Hoosier)
	for _, s := range []specimentest.Symbol{
		specimentest.LicenceSymbol,
		{Columns: 13, Level: 5, Module: 2, Height: 3},
		{Columns: 13, Level: 5, Module: 4, Height: 3, Text: true},
		{Columns: 5, Level: 3, Module: 3, Height: 4},
		{Columns: 20, Level: 0, Module: 3, Height: 4},
		{Columns: 30, Level: 7, Module: 2, Height: 5, Text: true},
	} {
		got, err := Decode(s.Draw(text, codewordsTXT))
		if err != nil || got.Text != text || got.Corrected != 0 || got.Columns != s.Columns || got.Level != s.Level {
			t.Errorf("%+v: %v %+v", s, err, got)
		}
	}
}

func TestWhatACameraAdds(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures of pure functions")
	}
	text := specimentest.AAMVA("636037", 10, "DL", specimentest.Hoosier)
	small := specimentest.LicenceSymbol
	small.Module = 3
	clean := small.Draw(text, codewordsTXT)
	card := specimentest.On(clean, clean.W+200, clean.H+200, 230)
	for name, g := range map[string]*raster.Gray{
		"on a card":        card,
		"upside down":      card.Half(),
		"upright":          card.Quarter(),
		"upright other":    card.Quarter().Half(),
		"turned 3":         specimentest.Turned(card, 3, 200),
		"turned -7":        specimentest.Turned(card, -7, 200),
		"turned 15":        specimentest.Turned(card, 15, 90),
		"turned 100":       specimentest.Turned(card, 100, 90),
		"noise":            specimentest.Noisy(card, 20, 1),
		"blur 1":           specimentest.Blurred(card, 1),
		"blur 1.4 noise":   specimentest.Noisy(specimentest.Blurred(card, 1.4), 6, 2),
		"shadow":           specimentest.Lit(card, 0.3, 1),
		"faded":            specimentest.Faded(card, 90, 170),
		"leaning":          specimentest.Leaning(card, 0.12),
		"glare":            specimentest.Glaring(card, card.W/2, card.H/2, 45),
		"stain":            specimentest.Stained(card, 330, 130, 420, 220),
		"everything a bit": specimentest.Noisy(specimentest.Lit(specimentest.Blurred(specimentest.Turned(specimentest.Leaning(card, 0.05), 4, 120), 1), 0.6, 1), 8, 3),
	} {
		got, err := Decode(g)
		if err != nil || got.Text != text {
			t.Errorf("%s: %v %+v", name, err, got)
		} else {
			t.Logf("%s: corrected %d, erased %d of %d", name, got.Corrected, got.Erased, got.Rows*got.Columns)
		}
	}
	stripes := raster.New(1200, 900, 255)
	for i := range stripes.Pix { // start patterns from edge to edge
		if x := i % stripes.W % 34 / 2; x < 8 || x == 9 || x == 11 || x == 13 {
			stripes.Pix[i] = 0
		}
	}
	for name, c := range map[string]struct {
		g    *raster.Gray
		want error
	}{
		"a fence":     {stripes, ErrNotFound},
		"nothing":     {raster.New(600, 400, 255), ErrNotFound},
		"a dot":       {raster.New(1, 1, 0), ErrNotFound},
		"cut right":   {specimentest.Cropped(card, 0, 0, card.W/2, card.H), ErrNotFound},
		"too blurred": {specimentest.Blurred(card, 5), ErrNotFound},
		"half gone":   {specimentest.Stained(card, 220, 0, card.W-220, card.H), ErrUnreadable},
	} {
		if got, err := Decode(c.g); !errors.Is(err, c.want) {
			t.Errorf("%s: %v %+v", name, err, got)
		}
	}
}
