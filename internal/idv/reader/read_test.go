package reader_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func table(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("pdf417/codewords.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// back is the back of a licence, smaller than a camera's picture to be quick.
func back(t testing.TB, elements ...string) *raster.Gray {
	text := specimentest.AAMVA("636037", 10, "DL", specimentest.With(specimentest.Hoosier, elements...))
	s := specimentest.LicenceSymbol
	s.Module = 3
	g := s.Draw(text, table(t))
	return specimentest.On(g, g.W+120, g.H+220, 225)
}

func forged(zone []string, from, to string) []string {
	return strings.Split(strings.Replace(strings.Join(zone, "\n"), from, to, 1), "\n")
}

// TestSpecimens: good, blurred, cropped, forged and expired specimens, and what is
// said of each.
func TestSpecimens(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures of pure functions")
	}
	valid := specimentest.Utopian
	valid.Expiry = "340415"
	page := func(zone []string) *raster.Gray { return specimentest.Noisy(specimentest.Page(zone, 13), 5, 1) }
	good := page(valid.TD3())
	for name, c := range map[string]struct {
		page   *raster.Gray
		want   string // of the zone or the licence
		unread string
	}{
		"a good passport":            {good, "L898902C3 1974-08-12 2034-04-15 sound", ""},
		"upside down":                {good.Half(), "L898902C3 1974-08-12 2034-04-15 sound", ""},
		"on its side":                {good.Quarter(), "L898902C3 1974-08-12 2034-04-15 sound", ""},
		"a good card":                {page(valid.TD1()), "L898902C3 1974-08-12 2034-04-15 sound", ""},
		"an expired passport":        {page(specimentest.Utopian.TD3()), "L898902C3 1974-08-12 2012-04-15 sound expired", ""},
		"another number":             {page(forged(valid.TD3(), "L8989", "L8988")), "L898802C3 1974-08-12 2034-04-15 wrong number composite", ""},
		"another birthday":           {page(forged(valid.TD3(), "740812", "840812")), "L898902C3 1984-08-12 2034-04-15 wrong birth composite", ""},
		"another expiry":             {page(forged(valid.TD3(), "340415", "390415")), "L898902C3 1974-08-12 2039-04-15 wrong expiry composite", ""},
		"a blurred passport":         {specimentest.Blurred(good, 5), "", ""},
		"a passport cut below":       {specimentest.Cropped(good, 0, 0, good.W, good.H-40), "", "mrz"},
		"a passport cut aside":       {specimentest.Cropped(good, 0, 0, good.W*3/4, good.H), "", "mrz"},
		"a passport cut in two":      {specimentest.Stained(good, good.W/3, good.H-90, good.W*2/3, good.H), "", ""},
		"an empty page":              {raster.New(600, 400, 230), "", ""},
		"a good licence":             {specimentest.Noisy(back(t), 5, 1), "1234-56-7890 1975-01-18 2030-01-18", ""},
		"a licence aslant":           {specimentest.Turned(back(t), 12, 90), "1234-56-7890 1975-01-18 2030-01-18", ""},
		"an expired licence":         {back(t, "DBA01182020"), "1234-56-7890 1975-01-18 2020-01-18 expired", ""},
		"a licence without birthday": {back(t, "DBB00000000"), "1234-56-7890  2030-01-18 lacks DBB", ""},
		"a licence cut aside":        {specimentest.Cropped(back(t), 0, 0, back(t).W/2, back(t).H), "", ""},
		"half a barcode":             {specimentest.Stained(back(t), 200, 0, back(t).W-200, back(t).H), "", "barcode"},
	} {
		r, err := reader.Builtin{}.Read(context.Background(), c.page, now)
		if err != nil || said(&r) != c.want || strings.Join(r.Unread, " ") != c.unread {
			t.Errorf("%s: %v %q unread %v, want %q unread %q", name, err, said(&r), r.Unread, c.want, c.unread)
		}
	}
}

func said(r *reader.Reading) string {
	var words []string
	expired := false
	switch {
	case r.MRZ != nil:
		words = []string{r.MRZ.Number, r.MRZ.Birth.String(), r.MRZ.Expiry.String(), "sound"}
		if !r.MRZ.Sound() {
			words = append(words[:3], append([]string{"wrong"}, r.MRZ.Failed()...)...)
		}
		expired = r.MRZ.Expiry.Before(now)
	case r.Licence != nil:
		words = []string{r.Licence.Number, r.Licence.Birth.String(), r.Licence.Expiry.String()}
		if len(r.Licence.Lacking) > 0 {
			words = append(words, "lacks", strings.Join(r.Licence.Lacking, " "))
		}
		expired = r.Licence.Expired(now)
	}
	if expired {
		words = append(words, "expired")
	}
	return strings.Join(words, " ")
}

// listed is a text reader that knows the text beforehand, as another program's
// result arrives.
type listed struct {
	text string
	err  error
}

func (l listed) ReadText(context.Context, *raster.Gray) (string, error) { return l.text, l.err }
func (l listed) Name() string                                           { return "listed" }

// TestAnotherProgramReadsWhatWeCannot: it is asked when there is no sound zone, and
// believed if its check digits fit.
func TestAnotherProgramReadsWhatWeCannot(t *testing.T) {
	zone := strings.Join(specimentest.Utopian.TD3(), "\n")
	empty, blurred := raster.New(300, 200, 230), specimentest.Blurred(specimentest.Page(specimentest.Utopian.TD3(), 10), 4)
	for _, c := range []struct {
		page *raster.Gray
		text string
		want string
	}{
		{empty, zone, "L898902C3 1974-08-12 2012-04-15 sound expired"}, {blurred, zone, "L898902C3 1974-08-12 2012-04-15 sound expired"},
		{empty, "nothing of that kind", ""}, {empty, "", ""},
	} {
		r, err := reader.Builtin{Text: listed{text: c.text}}.Read(context.Background(), c.page, now)
		if err != nil || said(&r) != c.want || (r.By == "listed") != (c.want != "") {
			t.Errorf("%q: %v %q by %s", c.text, err, said(&r), r.By)
		}
	}
	broken := errors.New("no such program")
	if _, err := (reader.Builtin{Text: listed{err: broken}}).Read(context.Background(), empty, now); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (reader.Builtin{}).Read(ctx, empty, now); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestClassesDecide: in the places of digits the best digit is taken, although a
// letter may fit better, and no repair is needed for it.
func TestClassesDecide(t *testing.T) {
	g := specimentest.Leaning(specimentest.Noisy(specimentest.Page(specimentest.Utopian.TD3(), 16), 14, 2), 0.2)
	r, err := reader.Builtin{}.Read(context.Background(), g, now)
	if err != nil || r.MRZ == nil || r.MRZ.Birth.String() != "1974-08-12" || slices.Contains(r.MRZ.Failed(), "birth") {
		t.Errorf("%v %+v", err, r.MRZ)
	}
}

// BenchmarkRead: pictures of six megapixels, the worst being the one that has
// nothing to read.
func BenchmarkRead(b *testing.B) {
	passport := specimentest.Noisy(specimentest.Page(specimentest.Utopian.TD3(), 56), 5, 1)
	licence := back(b)
	for name, g := range map[string]*raster.Gray{
		"passport": passport, "licence": specimentest.Noisy(specimentest.On(licence, 2800, 2000, 90), 5, 1),
		"turned": passport.Quarter(), "nothing": specimentest.Cropped(passport, 0, 0, passport.W, passport.H*2/3), "noise": specimentest.Noisy(raster.New(2800, 2000, 128), 50, 1),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := (reader.Builtin{}).Read(context.Background(), g, now); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
