package specimen

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/photo"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
)

var now = time.Date(2026, time.November, 22, 9, 0, 0, 0, time.UTC)

// readOf prints a document and looks at it as documentary_verification does.
func readOf(t testing.TB, o Order) (sides []document.Side) {
	t.Helper()
	files, err := Print(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		p, err := photo.NewDesk(photo.DefaultLimits).Open(context.Background(), f.JPEG)
		if err != nil {
			t.Fatal(err)
		}
		r, err := reader.Builtin{}.Read(context.Background(), p.Gray, now)
		if err != nil {
			t.Fatal(err)
		}
		sides = append(sides, document.Side{Quality: p.Quality(), Forensics: p.Forensics(), Reading: r})
	}
	return sides
}

func judged(o Order, sides []document.Side, rules document.Rules) document.Verdict {
	kind, _ := document.KindOf(o.Person.Country, o.Category)
	who := document.Person{GivenName: o.Person.GivenName, FamilyName: o.Person.FamilyName, DateOfBirth: o.Person.DateOfBirth, Country: o.Person.Country}
	return document.Judge(sides, kind, who, rules, nil, now)
}

func codes(v document.Verdict) string {
	var all []string
	for _, r := range v.Reasons {
		all = append(all, r.Code)
	}
	return strings.Join(all, " ")
}

// TestDocuments: a document of each kind is read, in a sandbox, and is a specimen
// everywhere else.
func TestDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures of pure functions")
	}
	strict := document.Rules{OwnCountry: true, NameMatches: true, BirthMatches: true, LeastAge: 18, Specimens: true}
	elsewhere := strict
	elsewhere.Specimens = false
	in := func(country string) Person {
		p := Leslie
		p.Country = country
		return p
	}
	for _, c := range []struct {
		who      Person
		category document.Category
		codes    string
	}{
		{Leslie, document.Passport, ""},
		{Leslie, document.DriversLicense, "side_unread"},
		{in("DE"), document.IDCard, "side_unread"},
		{Person{GivenName: "Leslie Ann", FamilyName: "Knöpe-Wyatt", DateOfBirth: "1976-02-29", Country: "CA"}, document.IDCard, "side_unread"},
	} {
		o := Order{Person: c.who, Category: c.category, Now: now}
		sides := readOf(t, o)
		if v := judged(o, sides, strict); v.Outcome != document.Success || codes(v) != c.codes || v.ImageQuality != "high" || !v.Extracted.Specimen || v.Extracted.Category != c.category {
			t.Errorf("%s of %s: %s %s [%s] %+v", c.category, c.who.Country, v.Outcome, v.ImageQuality, codes(v), v.Extracted)
		}
		if v := judged(o, sides, elsewhere); v.Outcome != document.Failed || !strings.Contains(codes(v), "specimen") {
			t.Errorf("%s of %s in production: %s [%s]", c.category, c.who.Country, v.Outcome, codes(v))
		}
	}
}

func TestRefusals(t *testing.T) {
	nobody := Leslie
	nobody.FamilyName = "諾普"
	unborn := Leslie
	unborn.DateOfBirth = "1975-02-30"
	for name, o := range map[string]Order{
		"no name in Latin letters": {Person: nobody, Category: document.Passport},
		"no birthday":              {Person: unborn, Category: document.Passport},
		"no such document":         {Person: Leslie, Category: document.Visa},
		"no such country":          {Person: Leslie, Issuer: "KP", Category: document.Passport},
		"no such fault":            {Person: Leslie, Category: document.Passport, Fault: "torn"},
		"no back":                  {Person: Leslie, Category: document.Passport, Fault: OtherBack},
		"a barcode has no digits":  {Person: Leslie, Category: document.DriversLicense, Fault: WrongDigit},
		"a card that nobody reads": {Person: Leslie, Issuer: "JP", Category: document.IDCard, Fault: WrongDigit},
		"nobody in particular":     {Category: document.Passport},
	} {
		o.Now = now
		_, err := Print(o)
		if s, ok := Refused(err); !ok || s == "" || strings.Contains(s, "諾普") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTheSameTwice: what is ordered twice comes out the same.
func TestTheSameTwice(t *testing.T) {
	o := Order{Person: Leslie, Category: document.Passport, Now: now}
	a, errA := Print(o)
	b, errB := Print(o)
	if errA != nil || errB != nil || !bytes.Equal(a[0].JPEG, b[0].JPEG) {
		t.Error("a specimen is another one the second time", errA, errB)
	}
}
