package server

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie/film"
	"github.com/glencheck-dev/glencheck/internal/idv/specimen"
)

// TestWhoComparesFaces: nobody in production unless somebody is named.
func TestWhoComparesFaces(t *testing.T) {
	for _, c := range []struct {
		env, faces string
		want       idv.Faces
	}{
		{Production, "", nil},
		{Production, "off", nil},
		{Production, "local", localFaces{}},
		{Production, "https://example.com/faces", remoteFaces{}},
		{Sandbox, "", drawnFaces{}},
		{Sandbox, "local", drawnFaces{}},
		{Sandbox, "off", nil},
		{Sandbox, "http://localhost:1/faces", remoteFaces{}},
	} {
		got := IDVConfig{Faces: c.faces}.faces(c.env)
		if reflect.TypeOf(got) != reflect.TypeOf(c.want) {
			t.Errorf("%s %q: %T, want %T", c.env, c.faces, got, c.want)
		}
		if err := (IDVConfig{Faces: c.faces}).check(c.env); err != nil {
			t.Errorf("%s %q: %v", c.env, c.faces, err)
		}
	}
	for _, wrong := range []string{"LOCAL", "nobody", "example.com/faces", "ftp://example.com"} {
		if err := (IDVConfig{Faces: wrong}).check(Production); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

// countedFaces are asked, and can never tell.
type countedFaces int

func (f *countedFaces) Compare(context.Context, image.Image, image.Image) (idv.FaceMatch, error) {
	*f++
	return idv.FaceMatch{Outcome: idv.CodeNoInput}, nil
}

// TestDrawnFaces: a sandbox knows the faces that it draws, and has others compared.
func TestDrawnFaces(t *testing.T) {
	if testing.Short() {
		t.Skip("two seconds, twenty under the race detector")
	}
	seen := func(f specimen.SelfieFault, frame int) image.Image {
		data, err := specimen.Film(specimen.Leslie, []selfie.Move{selfie.Middle, selfie.Left, selfie.Closer, selfie.Middle}, f)
		if err != nil {
			t.Fatal(err)
		}
		frames, err := film.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(bytes.NewReader(frames[frame].JPEG))
		if err != nil {
			t.Fatal(err)
		}
		found := selfie.Faces(raster.From(m))
		if len(found) != 1 {
			t.Fatalf("%d faces", len(found))
		}
		return selfie.Cut(m, found[0])
	}
	var others countedFaces
	f, hers := drawnFaces{&others}, seen(specimen.Lively, 4)
	for _, c := range []struct {
		name  string
		shown image.Image
		want  idv.Code
		asked countedFaces
	}{
		{"herself", seen(specimen.Lively, 5), idv.CodeMatch, 0},
		{"somebody else", seen(specimen.OtherPerson, 4), idv.CodeNoMatch, 0},
		{"nobody that was drawn", image.NewRGBA(image.Rect(0, 0, 90, 90)), idv.CodeNoInput, 1},
	} {
		m, err := f.Compare(t.Context(), hers, c.shown)
		if err != nil || m.Outcome != c.want || others != c.asked || (m.Likeness > 35) != (c.want == idv.CodeMatch) {
			t.Errorf("%s: %+v, %v, others asked %d times", c.name, m, err, others)
		}
	}
}

// TestLocalFaces: what has no face tells nothing.
func TestLocalFaces(t *testing.T) {
	empty := image.NewGray(image.Rect(0, 0, 20, 20))
	m, err := IDVConfig{Faces: facesLocal}.faces(Production).Compare(t.Context(), empty, empty)
	if err != nil || m != (idv.FaceMatch{Outcome: idv.CodeNoInput}) {
		t.Errorf("%+v, %v", m, err)
	}
}

// TestRemoteFaces has faces compared at an address, which gets both pictures; whatever
// it answers besides an outcome is an error.
func TestRemoteFaces(t *testing.T) {
	answer, status := "", http.StatusOK
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in map[string][]byte
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || len(in) != 2 {
			t.Errorf("%d members, %v", len(in), err)
		}
		for member, width := range map[string]int{"portrait": 40, "face": 50} {
			if m, err := jpeg.DecodeConfig(bytes.NewReader(in[member])); err != nil || m.Width != width {
				t.Errorf("%s is %d wide, want %d, %v", member, m.Width, width, err)
			}
		}
		w.WriteHeader(status)
		w.Write([]byte(answer))
	}))
	defer there.Close()
	ask := func() (idv.FaceMatch, error) {
		return IDVConfig{Faces: there.URL}.faces(Production).Compare(t.Context(), image.NewGray(image.Rect(0, 0, 40, 40)), image.NewGray(image.Rect(0, 0, 50, 50)))
	}
	for said, want := range map[string]idv.FaceMatch{
		`{"outcome":"match","likeness":87}`:               {Outcome: idv.CodeMatch, Likeness: 87},
		`{"outcome":"no_match","likeness":3}`:             {Outcome: idv.CodeNoMatch, Likeness: 3},
		`{"outcome":"no_input","likeness":0,"note":"??"}`: {Outcome: idv.CodeNoInput},
	} {
		answer = said
		if m, err := ask(); err != nil || m != want {
			t.Errorf("%s: %+v, %v", said, m, err)
		}
	}
	for _, c := range []struct {
		status int
		answer string
	}{
		{200, `{}`}, {200, ``}, {200, `{"outcome":"Match"}`}, {200, `{"outcome":"partial_match","likeness":60}`}, {200, `{"outcome":true}`},
		{200, `{"outcome":"match","likeness":101}`}, {200, `{"outcome":"match","likeness":-1}`}, {200, `{"outcome":"match","likeness":"high"}`},
		{500, `{"outcome":"match","likeness":99}`}, {302, `{"outcome":"match","likeness":99}`}, {200, strings.Repeat(" ", gatewayAnswer) + `{"outcome":"match"}`},
	} {
		status, answer = c.status, c.answer
		if m, err := ask(); err == nil || m != (idv.FaceMatch{}) {
			t.Errorf("%d %.60s: %+v, %v", c.status, c.answer, m, err)
		}
	}
	there.Close()
	if m, err := ask(); err == nil || m != (idv.FaceMatch{}) {
		t.Errorf("nobody is there: %+v, %v", m, err)
	}
}
