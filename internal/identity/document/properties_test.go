package document_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"runtime"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/glencheck-dev/glencheck/internal/identity/document"
	"github.com/glencheck-dev/glencheck/internal/sandbank/statement"
)

// Whoever is on a statement is found on it, and so is the number: whole, and by
// its last four digits.
func TestFindsWhatIsPrinted(t *testing.T) {
	word := rapid.StringMatching(`[A-ZÀÉÖ][a-zéöüñ]{2,9}`)
	rapid.Check(t, func(t *rapid.T) {
		s := sample()
		s.Owners = rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) string { return word.Draw(t, "first") + " " + word.Draw(t, "last") }), 1, 2, strings.ToLower).Draw(t, "owners")
		s.Number = rapid.StringMatching(`[1-9][0-9]{5,15}`).Draw(t, "number")
		r, err := document.Read(context.Background(), s.PDF(), nil)
		if err != nil {
			t.Fatal(err)
		}
		f := document.Find(r.Lines)
		for _, o := range s.Owners {
			if !strings.Contains(strings.Join(f.Owners, "|"), o) {
				t.Fatalf("owners %q lack %q", f.Owners, o)
			}
		}
		if document.MatchAccount(f.Accounts, []string{s.Number}) != document.Same || document.MatchAccount(f.Accounts, []string{"••••" + s.Number[len(s.Number)-4:]}) != document.Same {
			t.Fatalf("accounts %q lack %q", f.Accounts, s.Number)
		}
		if document.MatchAccount(f.Accounts, []string{"9" + s.Number}) == document.Same {
			t.Fatalf("accounts %q fit another", f.Accounts)
		}
		for _, x := range r.Signals(f, printed) {
			if x.Risk {
				t.Fatalf("a genuine statement has %+v", x)
			}
		}
	})
}

func TestMatchAccount(t *testing.T) {
	for _, c := range []struct {
		found, file string
		want        document.Match
	}{
		{"1111222233330000", "1111222233330000", document.Same},
		{"0001234567", "1234567", document.Same},
		{"1111222233330000", "1111222233331111", document.Different},
		{"•0000", "1111222233330000", document.Same},
		{"•0000", "xxxx0000", document.Same},
		{"•1111", "xxxx0000", document.Different},
		{"•00", "xxxx0000", document.NoNumber},
		{"•10", "xxxx0000", document.Different},
		{"DE89370400440532013000", "0532013000", document.Same},
		{"DE89370400440532013000", "DE89 3704 0044 0532 0130 00", document.Same},
		{"DE89370400440532013000", "0532013001", document.Different},
	} {
		if got := document.MatchAccount([]string{c.found}, []string{c.file}); got != c.want {
			t.Errorf("%s and %s: %v, want %v", c.found, c.file, got, c.want)
		}
	}
	if document.MatchAccount(nil, []string{"1"}) != document.NoNumber || document.MatchAccount([]string{"1234"}, nil) != document.NoNumber {
		t.Error("nothing fits something")
	}
	if document.MatchAccount([]string{"11112222", "33334444"}, []string{"33334444"}) != document.Same {
		t.Error("one number that fits is enough")
	}
}

// picture is a PNG file of a size, with more chunks before its end.
func picture(t *testing.T, w, h int, more ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	end := raw[len(raw)-12:]
	out := append([]byte{}, raw[:len(raw)-12]...)
	for _, m := range more {
		out = append(out, m...)
	}
	return append(out, end...)
}

func chunk(kind, body string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, kind...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE([]byte(kind+body)))
}

func TestRefusals(t *testing.T) {
	whole := sample().PDF()
	broken := picture(t, 400, 400)
	broken[len(broken)-20] ^= 1
	huge := picture(t, 400, 400)
	binary.BigEndian.PutUint32(huge[16:], 100_000)
	binary.BigEndian.PutUint32(huge[20:], 100_000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	for name, c := range map[string]struct {
		raw  []byte
		want document.Reason
	}{
		"nothing":                      {nil, document.Empty},
		"spaces":                       {[]byte("  \n "), document.Empty},
		"text":                         {[]byte("Alberta Bobbeth Charleson, account 1111222233330000"), document.Unknown},
		"svg":                          {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), document.Unknown},
		"gif":                          {[]byte("GIF89a\x01\x00\x01\x00"), document.Unknown},
		"heic":                         {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), document.HEIC},
		"large":                        {append(append([]byte{}, whole...), make([]byte, document.MaxBytes)...), document.TooLarge},
		"bytes before":                 {append([]byte("GIF89a"), whole...), document.Program},
		"page behind":                  {append(append([]byte{}, whole...), "<html><script>alert(1)</script>"...), document.Program},
		"archive behind":               {append(picture(t, 400, 400), "PK\x03\x04 and so on"...), document.Program},
		"program behind":               {append(picture(t, 400, 400), "#!/bin/sh\n"...), document.Program},
		"animated":                     {picture(t, 400, 400, chunk("acTL", "\x00\x00\x00\x02\x00\x00\x00\x00")), document.Animated},
		"wrong checksum":               {broken, document.Damaged},
		"too many pixels":              {huge, document.Pixels},
		"too few pixels":               {picture(t, 100, 400), document.TooSmall},
		"cut":                          {picture(t, 400, 400)[:60], document.Damaged},
		"jpeg without end":             {[]byte("\xff\xd8\xff\xe0\x00\x04\x00\x00"), document.Damaged},
		"nested lists":                 {[]byte("%PDF-1.4\n1 0 obj\n" + strings.Repeat("[", 1<<20) + "\ntrailer<</Root 1 0 R>>%%EOF"), document.Excessive},
		"two thousand million objects": {[]byte("%PDF-1.5\n1 0 obj<</Type/XRef/Size 2000000000/W[0 0 0]/Index[0 2000000000]/Length 0>>stream\nendstream endobj\nstartxref\n9\n%%EOF"), document.Damaged},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := document.Read(context.Background(), c.raw, nil)
			if r := document.IsRefusal(err); r == nil || r.Reason != c.want {
				t.Errorf("refused with %v, want %s", err, c.want)
			}
		})
	}
}

// What a camera writes behind the end of its pictures is passed over.
func TestTakesPictures(t *testing.T) {
	photo, _, err := statement.Make("scan", sample())
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{
		"png":             picture(t, 400, 400, chunk("tEXt", "Software\x00scanner")),
		"jpeg":            photo,
		"jpeg and a film": append(append([]byte{}, photo...), "\x00\x00\x00\x18ftypmp42 film"...),
	} {
		r, err := document.Read(context.Background(), raw, nil)
		if err != nil || r.Text != document.Unread || r.Pages != 1 || r.Score(r.Signals(document.Findings{}, printed)) != nil {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// Four hostile files at once take no more memory than four times their bounds. The
// race detector, which runs with -short, takes memory of its own.
func TestMemoryIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("memory is measured without the race detector")
	}
	raw, _, err := statement.Make("bomb", sample())
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := document.Read(context.Background(), raw, nil); document.IsRefusal(err) == nil {
				t.Errorf("read: %v", err)
			}
		})
	}
	wg.Wait()
	runtime.ReadMemStats(&after)
	if total := after.TotalAlloc - before.TotalAlloc; total > 4*(200<<20) {
		t.Errorf("four bombs of %d bytes took %d MB", len(raw), total>>20)
	}
}

// A document that is read twice says the same.
func TestReadIsAFunction(t *testing.T) {
	for range 3 {
		a, err1 := reading(t, "edited")
		b, err2 := reading(t, "edited")
		if err1 != nil || err2 != nil || a.Hash != b.Hash || len(a.Lines) != len(b.Lines) {
			t.Fatal("two readings of one file differ")
		}
		for i, s := range a.Signals(document.Find(a.Lines), printed) {
			if s != b.Signals(document.Find(b.Lines), printed)[i] {
				t.Fatal("two readings of one file have other signals")
			}
		}
	}
}

// Every documented type of risk signal is either looked for or said not to be.
func TestChecks(t *testing.T) {
	const documented = `FONT MASKING OVERLAID_TEXT EDITED_TEXT TEXT_COMPRESSION ADDRESS_FORMAT_ANOMALY DATE_FORMAT_ANOMALY FONT_ANOMALY NAME_FORMAT_ANOMALY
		PDF_ALIGNMENT BRUSH_DETECTION METADATA_DATES_OUTSIDE_WINDOW METADATA_DATES_INSIDE_WINDOW METADATA_DATES_MISSING METADATA_DATES_MATCH ADOBE_FONTS ANNOTATION_DATES
		ANNOTATIONS EDITED_WHILE_SCANNED EXIF_DATA_MODIFIED HIGH_USER_ACCESS MALFORMED_DATE QPDF TEXT_LAYER_TEXT TOUCHUP_TEXT FLATTENED_PDF BLACKLISTS COPYCAT_IMAGE
		COPYCAT_TEXT REJECTED_CUSTOMER TEMPLATES SOFTWARE_BLACKLIST`
	for _, name := range []string{"genuine", "scan"} {
		r, err := reading(t, name)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range r.Checks() {
			got = append(got, string(c.Type))
			if c.Checked == (c.Why != "") {
				t.Errorf("%s: %+v", name, c)
			}
		}
		if strings.Join(got, " ") != sortedWords(documented) {
			t.Errorf("%s: checks %v", name, got)
		}
	}
}
