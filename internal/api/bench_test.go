package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// BenchmarkEcho measures what the adapter adds to a request.
func BenchmarkEcho(b *testing.B) {
	s := testServer(b, io.Discard)
	body := `{` + auth + `,"access_token":"access-sandbox-de3ce8ef-33f8-452c-a685-8671031fc0f6","count":1}`
	b.ReportAllocs()
	for b.Loop() {
		r, _ := http.NewRequest("POST", "/echo", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}
