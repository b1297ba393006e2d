package specimen

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie/film"
)

func opened(t *testing.T, data []byte) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// portrait is the face on a person's licence.
func portrait(t *testing.T, p Person) image.Image {
	t.Helper()
	files, err := Print(Order{Person: p, Category: document.DriversLicense, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	m := opened(t, files[0].JPEG)
	face, ok := selfie.Portrait(m)
	if !ok {
		t.Fatalf("%s %s has no portrait", p.GivenName, p.FamilyName)
	}
	return selfie.Cut(m, face)
}

// live is the face in a person's film.
func live(t *testing.T, p Person, f SelfieFault) image.Image {
	t.Helper()
	data, err := Film(p, asked, f)
	if err != nil {
		t.Fatal(err)
	}
	frames, err := film.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	m := opened(t, frames[4].JPEG)
	found := selfie.Faces(raster.From(m))
	if len(found) != 1 {
		t.Fatalf("%d faces of %s %s", len(found), p.GivenName, p.FamilyName)
	}
	return selfie.Cut(m, found[0])
}

// TestCompare: a person is known on their document and in their film, and told from
// others; whoever is not drawn here is nobody that is known.
func TestCompare(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures of pure functions")
	}
	leslie, ann := Leslie, Leslie
	ann.GivenName = "Leslie Ann"
	hers := portrait(t, leslie)
	strange := raster.New(200, 200, 110)
	specimentest.Face(strange, 100, 98, 74, 0.5)
	for i, v := range strange.Pix { // hair that is lighter than skin, eyes that shine
		strange.Pix[i] = 255 - v
	}
	for name, c := range map[string]struct {
		a, b        image.Image
		known, same bool
	}{
		"one person":       {hers, live(t, leslie, Lively), true, true},
		"another one":      {portrait(t, ann), live(t, ann, Lively), true, true},
		"two people":       {hers, live(t, ann, Lively), true, false},
		"somebody else":    {hers, live(t, leslie, OtherPerson), true, false},
		"a stranger":       {hers, strange.Image(), false, false},
		"nobody, with her": {specimentest.Noisy(raster.New(120, 120, 110), 30, 1).Image(), hers, false, false},
		"nothing":          {hers, image.NewRGBA(image.Rect(0, 0, 1, 1)), false, false},
	} {
		l := Compare(c.a, c.b)
		if l.Known != c.known || l.Same != c.same || l.Same != (l.Score > 35) || l.Score < 0 || l.Score > 100 {
			t.Errorf("%s: %+v", name, l)
		}
	}
}
