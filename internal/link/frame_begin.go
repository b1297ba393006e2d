package link

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/glencheck-dev/glencheck/web"
)

// A frame that is made to be open has its first pane in its document: the browser
// then has one thing to ask for before a person sees it. The runtime takes over what
// was begun, or gives it back where nobody wants it after all.

// begins reports whether a request for the frame's document is one to begin a session:
// link-initialize.js has put the frame there to be open, a browser is about to show it
// in a frame, and the page around is one that may.
func begins(r *http.Request, ancestors string) bool {
	q := r.URL.Query()
	switch {
	case r.Method != http.MethodGet || q.Get("begin") != "1" || q.Get("id") == "":
		return false
	case r.Header.Get("Sec-Fetch-Dest") != "iframe" || r.Header.Get("Sec-Purpose") != "":
		return false // nobody looks at it yet, or ever
	}
	return ancestors == "*" || slices.Contains(strings.Fields(ancestors), q.Get("origin"))
}

// begin opens the session of a frame and draws its page with the first pane. It
// answers nil where the frame is better off with the plain page, which opens by itself.
func (f *Frame) begin(r *http.Request, q url.Values, page []byte) []byte {
	if !f.begun.first(q.Get("id")) { // a page that moves a frame loads it anew
		return nil
	}
	req := OpenRequest{LinkToken: q.Get("token"), Language: web.Preferred(r.Header.Get("Accept-Language"))}
	turn, err := f.cfg.Sessions.Open(r.Context(), f.cfg.IDs.RequestID(), req)
	out, err := turn.reply(err)
	if err != nil {
		f.cfg.Log.Error("a session did not begin with its page", "error", err.Error())
		return nil
	}
	pane := ""
	if out.Pane != nil {
		pane, out.Pane.HTML = out.Pane.HTML, ""
	}
	said, err := json.Marshal(out)
	if err != nil {
		f.cfg.Log.Error("a session did not begin with its page", "error", err.Error())
		return nil
	}
	return web.Begun(page, pane, said)
}

// begun remembers the frames that have begun with their page, the latest of them.
type begun struct {
	mu   sync.Mutex
	seen map[string]bool
	ring [1024]string
	next int
}

// first reports whether a frame is seen for the first time.
func (b *begun) first(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(id) > 64 || b.seen[id] { // what is longer has not been made by our script
		return false
	}
	if b.seen == nil {
		b.seen = map[string]bool{}
	}
	delete(b.seen, b.ring[b.next])
	b.seen[id], b.ring[b.next] = true, id
	b.next = (b.next + 1) % len(b.ring)
	return true
}
