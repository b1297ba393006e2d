package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// Persisted are documents that clients name by their SHA-256 instead of sending them
// (contacts-graphql.md section 11). It is safe for concurrent use; nil serves none.
type Persisted struct {
	listed bool // only these documents may be run

	mu    sync.RWMutex
	known map[string]string
	order []string // as they came; the oldest goes first
	size  int
}

// maxPersisted bounds what is remembered of documents that clients have sent, in bytes.
const maxPersisted = 4 << 20

// Automatic remembers documents that clients send with their hash. What it remembers is
// of this process: a client that names a document which another node knows is told that
// it is unknown, and sends it.
func Automatic() *Persisted { return &Persisted{known: map[string]string{}} }

// Listed lets the documents of a manifest be run, and no others. The manifest is that of
// the usual tools ("apollo-persisted-query-manifest"): operations with an id and a body.
func Listed(manifest []byte) (*Persisted, error) {
	var m struct {
		Operations []struct{ ID, Body string } `json:"operations"`
	}
	if err := json.Unmarshal(manifest, &m); err != nil {
		return nil, fmt.Errorf("the manifest is not JSON: %w", err)
	}
	p := &Persisted{listed: true, known: map[string]string{}}
	for _, o := range m.Operations {
		if o.Body == "" || len(o.Body) > MaxQuery {
			return nil, fmt.Errorf("an operation of the manifest has no body, or one of more than %d bytes", MaxQuery)
		}
		if _, bad := parse(o.Body); bad != nil {
			return nil, fmt.Errorf("an operation of the manifest cannot be parsed: %s", o.Body[:min(len(o.Body), 40)])
		}
		p.known[digest(o.Body)] = o.Body
		if o.ID != "" {
			p.known[o.ID] = o.Body
		}
	}
	if len(p.known) == 0 {
		return nil, errors.New(`the manifest has no operations: {"operations": [{"id": "…", "body": "…"}]}`)
	}
	return p, nil
}

func digest(query string) string {
	sum := sha256.Sum256([]byte(query))
	return hex.EncodeToString(sum[:])
}

// errUnknown and errUnsupported have the words that clients look for.
var (
	errUnknown     = Refuse(CodePersistedUnknown, "PersistedQueryNotFound")
	errUnsupported = Refuse(CodePersistedUnsupported, "PersistedQueryNotSupported")
	errUnlisted    = Refuse(CodeUnlisted, "this server runs the operations of its list alone, and this is none of them")
)

// document is the document that a request means.
func (p *Persisted) document(in *request) (string, *Error) {
	hash := strings.ToLower(in.Extensions.Persisted.Hash)
	switch {
	case p == nil && in.Query == "" && hash != "":
		return "", errUnsupported
	case p == nil:
		return in.Query, nil
	case in.Query == "":
		if query := p.get(hash); query != "" {
			return query, nil
		}
		return "", errUnknown
	case hash != "" && !p.listed && hash != digest(in.Query):
		return "", badRequest(http.StatusBadRequest, "the document is another one than its sha256Hash says")
	case p.listed && p.get(digest(in.Query)) == "":
		return "", errUnlisted
	}
	if hash != "" && !p.listed {
		p.remember(hash, in.Query)
	}
	return in.Query, nil
}

func (p *Persisted) get(hash string) string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.known[hash]
}

// remember keeps a document that can be parsed. The oldest ones make room.
func (p *Persisted) remember(hash, query string) {
	if _, bad := parse(query); bad != nil || len(query) > MaxQuery {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known[hash] != "" {
		return
	}
	p.known[hash] = query
	p.order = append(p.order, hash)
	for p.size += len(query); p.size > maxPersisted; p.order = p.order[1:] {
		p.size -= len(p.known[p.order[0]])
		delete(p.known, p.order[0])
	}
}
