package document_test

import (
	"context"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/identity/document"
	"github.com/glencheck-dev/glencheck/internal/sandbank/statement"
)

// FuzzRead looks for a file that makes the reading panic, or that is neither read
// nor refused.
func FuzzRead(f *testing.F) {
	for _, s := range statement.Specimens() {
		if s.Name == "bomb" || s.Ends == "jpg" {
			continue // slow seeds find nothing
		}
		raw, _, err := statement.Make(s.Name, sample())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	for _, s := range []string{
		"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]>>endobj 3 0 obj<</Type/Page/Contents 4 0 R>>endobj 4 0 obj<</Length 9>>stream\nBI ID EI \nendstream endobj trailer<</Root 1 0 R>>%%EOF",
		"%PDF-1.5\n1 0 obj<</Type/XRef/Size 2000000000/W[1 2 1]/Index[0 2000000000]/Length 0>>stream\nendstream endobj startxref\n9\n%%EOF",
		"%PDF-1.4\nxref\n0 2000000000\n", "%PDF-1.7\n1 0 obj<</Length 1 0 R>>stream\n", "\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff", "\x89PNG\r\n\x1a\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := document.Read(context.Background(), raw, nil)
		if err != nil {
			if document.IsRefusal(err) == nil {
				t.Fatalf("neither read nor refused: %v", err)
			}
			return
		}
		found := document.Find(r.Lines)
		for _, s := range r.Signals(found, printed) {
			if s.Type == "" || s.Detail == "" {
				t.Fatalf("a signal that says nothing: %+v", s)
			}
		}
		if score := r.Score(r.Signals(found, printed)); score != nil && (*score < 0 || *score > 100) {
			t.Fatalf("score %d", *score)
		}
		r.Checks()
	})
}
