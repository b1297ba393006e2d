package film

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"reflect"
	"slices"
	"testing"
	"time"
)

func picture(t testing.TB, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, w, h)), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// of is a film with a picture each hundred milliseconds.
func of(pictures ...[]byte) []Frame {
	var frames []Frame
	for i, p := range pictures {
		frames = append(frames, Frame{At: time.Duration(i) * 100 * time.Millisecond, JPEG: p})
	}
	return frames
}

func TestFilms(t *testing.T) {
	small := picture(t, 160, 200)
	three := of(small, small, small)
	got, err := Decode(Encode(three))
	if err != nil || !reflect.DeepEqual(got, three) {
		t.Fatalf("%v, %d frames", err, len(got))
	}
	if got, err = Decode(Encode(of(slices.Repeat([][]byte{small}, MaxFrames)...))); err != nil || len(got) != MaxFrames {
		t.Fatalf("%v, %d frames", err, len(got))
	}
	if Is(small) || Is([]byte("\x89PNG\r\n\x1a\n")) || !Is(Encode(three)) || Is(nil) {
		t.Error("a film is not told from a picture")
	}
}

func TestRefusals(t *testing.T) {
	small := picture(t, 160, 200)
	three := Encode(of(small, small, small))
	late, twice := of(small, small), of(small, small)
	late[1].At, twice[1].At = Longest+time.Millisecond, 0
	for name, c := range map[string]struct {
		data []byte
		code string
	}{
		"nothing":             {nil, Empty},
		"some bytes":          {[]byte{0, 0, 0}, Damaged},
		"a picture":           {small, Damaged},
		"a web page":          {[]byte("<html><body>"), Damaged},
		"cut short":           {three[:len(three)-1], Damaged},
		"cut within a header": {three[:len(three)-len(small)-3], Damaged},
		"something behind":    {append(slices.Clone(three), 0), Damaged},
		"no JPEG":             {Encode(of([]byte("GIF89a"))), Damaged},
		"an empty picture":    {Encode(of(nil)), Damaged},
		"a length of lies":    {[]byte{0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xd8}, TooLarge},
		"megabytes":           {make([]byte, MaxBytes+1), TooLarge},
		"many pictures":       {Encode(of(slices.Repeat([][]byte{small}, MaxFrames+1)...)), TooManyFrames},
		"minutes":             {Encode(late), TooLong},
		"at once":             {Encode(twice), OutOfOrder},
		"a large picture":     {Encode(of(picture(t, MaxSide+1, 200))), TooManyPixels},
		"a small picture":     {Encode(of(picture(t, 400, MinSide-1))), TooSmall},
		"two cameras":         {Encode(of(small, picture(t, 200, 160))), Changing},
	} {
		_, err := Decode(c.data)
		if r := (*Refusal)(nil); !errors.As(err, &r) || r.Code != c.code || r.Message == "" {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Encode(of(picture(f, 160, 160))))
	f.Add([]byte{0, 0, 0, 1, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		frames, err := Decode(data)
		if err == nil && !bytes.Equal(Encode(frames), data) {
			t.Error("what was taken apart does not go together again")
		}
	})
}
