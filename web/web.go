package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:generate go -C ../tools/bundle run . -web ../../web

//go:embed dist
var dist embed.FS

// PublicURLPlaceholder stands in link-initialize.js where the address of the
// server belongs; Initialize replaces it.
const PublicURLPlaceholder = "__GLENCHECK_PUBLIC_URL__"

// What stands in contact.iife.js where the addresses of its environments belong;
// Contact replaces it.
const (
	contactProd  = "__GLENCHECK_CONTACT_PROD__"
	contactStage = "__GLENCHECK_CONTACT_STAGE__"
)

// AssetPath is the path under which Asset files are served.
const AssetPath = "/link/assets/"

// File is one file of the bundle.
type File struct {
	Name string // "link.js"
	Type string // its Content-Type
	Hash string // of its content; part of the address, so that a browser may keep the file for ever
	Body []byte // do not change it
}

// ETag is the entity tag of the file.
func (f File) ETag() string { return `"` + f.Hash + `"` }

var files = sync.OnceValue(func() map[string]File {
	all := map[string]File{}
	entries, err := fs.ReadDir(dist, "dist")
	if err != nil {
		panic(err) // the bundle is part of the program
	}
	for _, e := range entries {
		body, err := dist.ReadFile(path.Join("dist", e.Name()))
		if err != nil {
			panic(err)
		}
		all[e.Name()] = File{Name: e.Name(), Type: contentType(e.Name()), Hash: Hash(body), Body: body}
	}
	return all
})

func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// Hash is the short content hash that addresses and entity tags carry.
func Hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:8])
}

// Asset answers one file of the bundle: link.js, embedded.js, link.css, demo.js, dashboard.js, app.css,
// bank.css, link-initialize.js (which is served through Initialize instead).
func Asset(name string) (File, bool) {
	f, ok := files()[name]
	return f, ok
}

// Assets lists the bundle, sorted by name.
func Assets() []File {
	var list []File
	for _, f := range files() {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// Path is the address of a file with its hash: /link/assets/link.js?v=0123456789abcdef.
// Whatever asks for it with that hash may keep the answer for ever.
func Path(name string) string {
	return AssetPath + name + "?v=" + files()[name].Hash
}

// Initialize answers link-initialize.js for a server that browsers reach at publicURL.
func Initialize(publicURL string) []byte {
	script := string(files()["link-initialize.js"].Body)
	return []byte(strings.ReplaceAll(script, PublicURLPlaceholder, strings.TrimRight(publicURL, "/")))
}

// Contact answers contact.iife.js for the servers that browsers reach at prod and at
// stage.
func Contact(prod, stage string) []byte {
	script := string(files()["contact.iife.js"].Body)
	return []byte(strings.NewReplacer(contactProd, strings.TrimRight(prod, "/"), contactStage, strings.TrimRight(stage, "/")).Replace(script))
}
