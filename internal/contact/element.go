package contact

import (
	"embed"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/glencheck-dev/glencheck/web"
)

// The paths of the element's script and of its types.
const (
	ScriptPath     = "/contact.iife.js"
	TypesPath      = "/contact.d.ts"
	ReactTypesPath = "/contact.react.d.ts"
	VueTypesPath   = "/contact.vue.d.ts"
)

//go:embed contact.d.ts contact.react.d.ts contact.vue.d.ts
var elementTypes embed.FS

// Scripts are the paths that Element answers.
var Scripts = []string{ScriptPath, TypesPath, ReactTypesPath, VueTypesPath}

// Element serves the script of <contact-idv-session>, and its types. prod and stage
// are the addresses of the servers that its attribute env names.
func Element(prod, stage string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+ScriptPath, static("text/javascript; charset=utf-8", func() []byte { return web.Contact(prod, stage) }))
	for _, path := range Scripts[1:] {
		mux.Handle("GET "+path, static("text/plain; charset=utf-8", func() []byte {
			types, err := elementTypes.ReadFile(path[1:])
			if err != nil {
				panic(err) // it is part of the program
			}
			return types
		}))
	}
	return mux
}

// static answers a body whose address has no version: a browser asks each time
// whether it has changed. Pages of any origin load it, as a module too. It is made
// when the first of them does.
func static(contentType string, body func() []byte) http.Handler {
	type file struct {
		etag         string
		body, zipped []byte
	}
	made := sync.OnceValue(func() file {
		b := body()
		return file{`"` + web.Hash(b) + `"`, b, web.Gzip(b)}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := made()
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "public, no-cache")
		h.Set("Vary", "Accept-Encoding")
		h.Set("ETag", "W/"+f.etag)
		if strings.Contains(r.Header.Get("If-None-Match"), f.etag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Type", contentType)
		out := f.body
		if f.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip;q=0") {
			h.Set("Content-Encoding", "gzip")
			out = f.zipped
		}
		h.Set("Content-Length", strconv.Itoa(len(out)))
		w.Write(out)
	})
}
