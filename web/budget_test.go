package web_test

import (
	"testing"

	"github.com/glencheck-dev/glencheck/web"
)

// What a person waits for, in bytes over the wire. The embedded search is loaded by
// pages that have one, beside the runtime and with the same style sheet.
func TestBudgets(t *testing.T) {
	for what, b := range map[string]struct {
		limit int
		files []string
	}{
		"the drop-in script":                          {8_000, []string{"link-initialize.js"}},
		"the element of contacts":                     {6_000, []string{"contact.iife.js"}},
		"the camera of documents":                     {8_000, []string{"capture.js"}},
		"the camera of selfies":                       {5_000, []string{"selfie.js"}},
		"the Link runtime, embedded search and style": {40_000, []string{"link.js", "embedded.js", "link.css"}},
	} {
		total := 0
		for _, name := range b.files {
			f, ok := web.Asset(name)
			if !ok {
				t.Fatalf("there is no %s", name)
			}
			n := len(f.Gzip())
			if n == 0 || n >= len(f.Body) {
				t.Errorf("%s: %d bytes after gzip", name, n)
			}
			total += n
		}
		if total > b.limit {
			t.Errorf("%s: %d bytes after gzip, more than %d", what, total, b.limit)
		}
		t.Logf("%s: %d bytes after gzip, of %d", what, total, b.limit)
	}
}
