package pdf417

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
)

// TestTheStandardsExample: ISO/IEC 15438 encodes "PDF417" as these codewords, with
// correction of level 1.
func TestTheStandardsExample(t *testing.T) {
	words := []int{5, 453, 178, 121, 239, 452, 327, 657, 619}
	if n, ok := correct(words, 4, nil); !ok || n != 0 {
		t.Fatalf("%d %v", n, ok)
	}
	if b, ok := unpacked(words[:5]); !ok || string(b) != "PDF417" {
		t.Errorf("%q %v", b, ok)
	}
	words[1], words[7] = 7, 0
	if n, ok := correct(words, 4, nil); !ok || n != 2 || words[1] != 453 || words[7] != 657 {
		t.Errorf("%d %v %v", n, ok, words)
	}
}

// TestErrorsUpToTheLimit: as many errors and erasures as the level allows are
// mended, e + 2t <= k; of more, nothing wrong comes out.
func TestErrorsUpToTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := rapid.IntRange(0, 5).Draw(t, "level")
		k := 2 << level
		data := rapid.SliceOfN(rapid.IntRange(0, 928), 1, 100).Draw(t, "data")
		sent := encoded(data, k)
		places := rapid.Permutation(indexes(len(sent))).Draw(t, "places")
		erased := rapid.IntRange(0, min(3*k/4, len(sent))).Draw(t, "erasures")
		wrong := rapid.IntRange(0, (k-erased)/2).Draw(t, "errors")
		wrong = min(wrong, len(sent)-erased)
		got := slices.Clone(sent)
		for _, at := range places[:erased+wrong] {
			got[at] = rapid.IntRange(0, 928).Draw(t, "word")
		}
		if _, ok := correct(got, k, places[:erased]); !ok || !slices.Equal(got, sent) {
			t.Fatalf("level %d, %d erased, %d wrong: %v\n%v\n%v", level, erased, wrong, ok, got, sent)
		}
	})
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// encoded appends k codewords by solving for them as erasures of all zeros.
func encoded(data []int, k int) []int {
	g := []int{1}
	for j := range k {
		g = times(g, []int{(field - powers[j+1]) % field, 1})
	}
	shifted := make([]int, k, k+len(data))
	for i := len(data) - 1; i >= 0; i-- {
		shifted = append(shifted, data[i])
	}
	_, rest := divide(shifted, g)
	out := slices.Clone(data)
	for i := k - 1; i >= 0; i-- {
		c := 0
		if i < len(rest) {
			c = rest[i]
		}
		out = append(out, (field-c)%field)
	}
	return out
}

func TestTooManyErrorsAreNotMended(t *testing.T) {
	sent := encoded(indexes(60), 16)
	for shift := range 40 {
		got := slices.Clone(sent)
		for i := range 14 {
			got[(shift+5*i)%len(got)] = (got[(shift+5*i)%len(got)] + 100 + 7*i) % field
		}
		if _, ok := correct(got, 16, nil); ok {
			t.Errorf("14 errors of 8 were mended")
		}
	}
}

// TestWhatIsPackedIsUnpacked: bytes of any kind, and text through all alphabets.
func TestWhatIsPackedIsUnpacked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := specimentest.Symbol{Columns: rapid.IntRange(2, 12).Draw(t, "columns"), Level: rapid.IntRange(0, 4).Draw(t, "level"), Text: rapid.Bool().Draw(t, "text")}
		data := rapid.OneOf(rapid.StringMatching(`[A-Za-z0-9 ,.\n\r&#/]{1,60}`), rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 60), func(b []byte) string { return string(b) })).Draw(t, "data")
		matrix := s.Matrix(data, codewordsTXT)
		var words []int
		for r, line := range matrix {
			for c := range s.Columns {
				v := 0
				for _, dark := range line[17*(c+2) : 17*(c+3)] {
					v <<= 1
					if dark {
						v |= 1
					}
				}
				p, far := table().nearest(runsOf(v))
				if far > 0.001 || p.cluster != r%3 {
					t.Fatalf("row %d: %x is %+v", r, v, p)
				}
				words = append(words, p.value)
			}
		}
		got, ok := solved(words, nil, shape{rows: len(matrix), columns: s.Columns, level: s.Level})
		if !ok || string(got.Bytes) != data {
			t.Fatalf("%v %q\n%+v", ok, data, got)
		}
	})
}

func runsOf(bits int) (runs [8]float64) {
	for i, w := range widths(bits) {
		runs[i] = float64(w)
	}
	return runs
}

// TestNumbersAndLatches: what licences rarely use and other symbols do.
func TestNumbersAndLatches(t *testing.T) {
	for _, c := range []struct {
		words []int
		want  string
		ok    bool
	}{
		{[]int{8, 902, 1, 624, 434, 632, 282, 200}, "000213298174000", true}, // the standard's number
		{[]int{3, 901, 65}, "A", true},
		{[]int{4, 901, 195, 169}, "\xc3\xa9", true},
		{[]int{5, 27*30 + 0, 913, 10, 29*30 + 29}, "a\n", true},
		{[]int{4, 927, 26, 0}, "AA", true},
		{[]int{2, 928}, "", true},
		{[]int{9, 1}, "", false},
		{[]int{0}, "", false},
		{[]int{2, 905}, "", false},
		{[]int{3, 902, 5}, "", false},
		{[]int{3, 913, 300}, "", false},
		{nil, "", false},
	} {
		got, ok := unpacked(c.words)
		if ok != c.ok || string(got) != c.want {
			t.Errorf("%v: %q %v", c.words, got, ok)
		}
	}
}

func FuzzUnpacked(f *testing.F) {
	f.Add([]byte{0, 5, 1, 197, 0, 178, 0, 121, 0, 239})
	f.Add([]byte{0, 3, 3, 133, 0, 65, 3, 134, 0, 1})
	f.Fuzz(func(t *testing.T, raw []byte) {
		var words []int
		for i := 0; i+1 < len(raw); i += 2 {
			words = append(words, (int(raw[i])<<8|int(raw[i+1]))%field)
		}
		if b, ok := unpacked(words); ok && len(b) > 3*len(words)+3 {
			t.Fatalf("%d bytes from %d codewords", len(b), len(words))
		}
		if len(words) > 4 {
			correct(words, 4, nil)
		}
	})
}

func FuzzDecode(f *testing.F) {
	small := specimentest.Symbol{Columns: 2, Level: 1, Module: 1, Height: 3}.Draw("PDF417", codewordsTXT)
	f.Add(small.Pix, uint8(small.W))
	f.Add([]byte{0, 255, 0, 255}, uint8(2))
	f.Fuzz(func(t *testing.T, pix []byte, width uint8) {
		w := int(width)
		if w == 0 || len(pix) < w || len(pix) > 1<<16 {
			return
		}
		h := len(pix) / w
		_, _ = Decode(&raster.Gray{W: w, H: h, Pix: pix[:w*h]})
	})
}
