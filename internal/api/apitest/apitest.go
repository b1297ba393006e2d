// Package apitest keeps the exchanges of tests, so that one check can judge them
// all: with GLENCHECK_EXCHANGES naming a directory, every request that a test
// makes of an endpoint is written there with its answer, and module clienttest
// holds them against the official OpenAPI document afterwards (make test does
// both). Without it nothing is kept.
package apitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
)

// Dir is the environment variable that names the directory.
const Dir = "GLENCHECK_EXCHANGES"

// Exchange is one request with its answer, a line of JSON in the directory.
type Exchange struct {
	Method  string      `json:"method"`
	Path    string      `json:"path"`
	Request []byte      `json:"request"`
	Status  int         `json:"status"`
	Header  http.Header `json:"header"` // of the answer
	Answer  []byte      `json:"answer"`
}

// Keep returns h, made to keep what passes if the environment asks for it.
func Keep(h http.Handler) http.Handler {
	dir := os.Getenv(Dir)
	if dir == "" {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			panic("apitest: " + err.Error())
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		keep(dir, Exchange{r.Method, r.URL.Path, sent, rec.Code, rec.Header(), rec.Body.Bytes()})
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(rec.Code)
		w.Write(rec.Body.Bytes())
	})
}

var (
	mu   sync.Mutex
	file *os.File // of this process
)

// keep appends a line. A test whose exchanges cannot be kept must not pass.
func keep(dir string, e Exchange) {
	line, err := json.Marshal(e)
	if err != nil {
		panic("apitest: " + err.Error())
	}
	mu.Lock()
	defer mu.Unlock()
	if file == nil {
		name := fmt.Sprintf("%s-%d.jsonl", filepath.Base(os.Args[0]), os.Getpid())
		if file, err = os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
			panic("apitest: " + err.Error())
		}
	}
	if _, err := file.Write(append(line, '\n')); err != nil {
		panic("apitest: " + err.Error())
	}
}
