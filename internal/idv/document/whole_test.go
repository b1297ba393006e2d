package document

import (
	"bytes"
	"context"
	"image/jpeg"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/photo"
	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

// taken is a document on a table, as a file.
func taken(t testing.TB, g *raster.Gray, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, g.Image(), &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// looked takes a file in, measures it and reads it: what a step does with an upload.
func looked(t testing.TB, desk *photo.Desk, file []byte) Side {
	t.Helper()
	p, err := desk.Open(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := reader.Builtin{}.Read(context.Background(), p.Gray, now)
	if err != nil {
		t.Fatal(err)
	}
	return Side{Quality: p.Quality(), Forensics: p.Forensics(), Reading: r}
}

func onTable(g *raster.Gray) *raster.Gray {
	return specimentest.Noisy(specimentest.On(g, g.W+120, g.H+100, 70), 3, 1)
}

func licenceBack(t testing.TB) *raster.Gray {
	t.Helper()
	table, err := os.ReadFile("../reader/pdf417/codewords.txt")
	if err != nil {
		t.Fatal(err)
	}
	s := specimentest.LicenceSymbol
	s.Module = 2
	g := s.Draw(specimentest.AAMVA("636037", 10, "DL", specimentest.Hoosier), string(table))
	return onTable(specimentest.On(g, g.W+40, g.W*54/86, 225))
}

// TestFromTheFileToTheVerdict: files of specimens go the whole way, several at once.
func TestFromTheFileToTheVerdict(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures of pure functions")
	}
	anna := specimentest.Utopian
	anna.Issuer, anna.Nationality, anna.Expiry = "USA", "USA", "340415"
	page := onTable(specimentest.Page(anna.TD3(), 14))
	forged := onTable(specimentest.Page(strings.Split(strings.Replace(strings.Join(anna.TD3(), "\n"), "740812", "840812", 1), "\n"), 14))
	front := onTable(specimentest.Page([]string{strings.Repeat("<", 44)}, 14)) // a portrait and lines, no zone
	passport, _ := KindOf("US", Passport)
	license, _ := KindOf("US", DriversLicense)
	person := Person{GivenName: "Anna", FamilyName: "Eriksson", DateOfBirth: "1974-08-12", Country: "US"}
	leslie := Person{GivenName: "Leslie", FamilyName: "Knope", DateOfBirth: "1975-01-18", Country: "US"}
	strict := Rules{OwnCountry: true, NameMatches: true, BirthMatches: true, LeastAge: 18}
	desk := photo.NewDesk(photo.DefaultLimits)
	var all sync.WaitGroup
	for name, c := range map[string]struct {
		files   [][]byte
		kind    Kind
		person  Person
		outcome Outcome
		quality string
	}{
		"a passport":         {[][]byte{taken(t, page, 90)}, passport, person, Success, "high"},
		"a passport aslant":  {[][]byte{taken(t, specimentest.Turned(page, 6, 70), 90)}, passport, person, Success, "high"},
		"a licence":          {[][]byte{taken(t, front, 90), taken(t, licenceBack(t), 90)}, license, leslie, Success, "high"},
		"a forged passport":  {[][]byte{taken(t, forged, 90)}, passport, person, Failed, "high"},
		"a blurred passport": {[][]byte{taken(t, specimentest.Blurred(page, 5), 90)}, passport, person, Failed, "low"},
		"a passport cut off": {[][]byte{taken(t, specimentest.Cropped(page, 0, 0, page.W, page.H-110), 90)}, passport, person, Failed, "medium"},
		"a front alone":      {[][]byte{taken(t, front, 90), taken(t, front, 90)}, license, leslie, Review, "high"},
	} {
		all.Go(func() {
			var sides []Side
			for _, f := range c.files {
				sides = append(sides, looked(t, desk, f))
			}
			v := Judge(sides, c.kind, c.person, strict, nil, now)
			if v.Outcome != c.outcome || v.ImageQuality != c.quality {
				t.Errorf("%s: %s %s, want %s %s: %+v", name, v.Outcome, v.ImageQuality, c.outcome, c.quality, v.Reasons)
			}
			if v.Outcome == Success && (v.Authenticity != Partial || v.Comparison.Name != Same || v.Age < 18) {
				t.Errorf("%s: %+v", name, v)
			}
		})
	}
	all.Wait()
}
