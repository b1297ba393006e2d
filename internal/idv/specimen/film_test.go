package specimen

import (
	"bytes"
	"context"
	"image/jpeg"
	"slices"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie/film"
)

var asked = []selfie.Move{selfie.Middle, selfie.Left, selfie.Closer, selfie.Middle}

// TestFilms: each film is seen for what it is.
func TestFilms(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures of pure functions")
	}
	for f, want := range map[SelfieFault][]selfie.Problem{
		Lively: nil, OtherPerson: nil,
		Still:      {selfie.NotDone, selfie.StillImage},
		WrongOrder: {selfie.NotDone},
		TwoFaces:   {selfie.ManyFaces, selfie.NotDone},
		Nobody:     {selfie.NoFace, selfie.NotDone},
	} {
		data, err := Film(Leslie, asked, f)
		if err != nil {
			t.Fatal(err)
		}
		frames, err := film.Decode(data)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		var shots []selfie.Frame
		for _, shot := range frames {
			m, err := jpeg.Decode(bytes.NewReader(shot.JPEG))
			if err != nil {
				t.Fatal(err)
			}
			shots = append(shots, selfie.Frame{At: shot.At, Gray: raster.From(m)})
		}
		r := selfie.Watch(shots, asked)
		if !slices.Equal(r.Problems, want) {
			t.Errorf("%s: %v, want %v", f, r.Problems, want)
		}
	}
}

func TestFilmRefusals(t *testing.T) {
	if _, err := Film(Leslie, asked, "asleep"); err == nil {
		t.Error("a fault that there is none of")
	}
	if _, err := Film(Person{}, asked, Lively); err == nil {
		t.Error("a film of nobody")
	}
	if SelfieFault("asleep").Known() || !Lively.Known() || !OtherPerson.Known() {
		t.Error("the faults that are known")
	}
}

// TestVideo: a camera sees a document that can be read, and never the same picture
// twice in a row.
func TestVideo(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures of pure functions")
	}
	data, err := Video(Order{Person: Leslie, Category: document.Passport, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	shots := bytes.SplitAfter(data, []byte{0xff, 0xd9})
	if len(shots) != videoFrames+1 || len(shots[videoFrames]) != 0 || bytes.Equal(shots[0], shots[1]) || len(data) > 8<<20 {
		t.Fatalf("%d pictures in %d bytes", len(shots), len(data))
	}
	m, err := jpeg.Decode(bytes.NewReader(shots[3]))
	if err != nil || m.Bounds().Dx() != 1920 || m.Bounds().Dy() != 1080 {
		t.Fatal(err, m.Bounds())
	}
	if r, err := (reader.Builtin{}).Read(context.Background(), raster.From(m), now); err != nil || r.MRZ == nil || !r.MRZ.Sound() {
		t.Errorf("%v %+v", err, r)
	}
	if _, err := Video(Order{Person: Leslie, Category: document.Passport, Side: Back, Now: now}); err == nil {
		t.Error("a passport has a back")
	}
}
