package auth_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// BenchmarkAuthGet measures one call for an Item that is in memory, without the
// network.
func BenchmarkAuthGet(b *testing.B) {
	h := New(b, storetest.SQLite(b))
	serve(h)
	access := h.Item(Platypus, "auth")
	h.OK(path, Body{"access_token": access})
	body := `{"access_token":"` + access + `"}`
	b.ReportAllocs()
	for b.Loop() {
		r, _ := http.NewRequest("POST", path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("PLAID-CLIENT-ID", Client)
		r.Header.Set("PLAID-SECRET", "secret of "+Client)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}
