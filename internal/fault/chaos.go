package fault

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// weather is mild chaos, in the spirit of pebble (github.com/letsencrypt/pebble),
// which refuses some good nonces so that no client forgets to try again: what the
// API never promised not to do, now and then.
type weather struct {
	calls atomic.Uint64

	mu      sync.Mutex
	refused map[string]bool // client and path whose last call was refused
}

const (
	// refusals is how many calls of a hundred are refused. The call after it, of
	// the same client to the same path, never is: one that tries again gets through.
	refusals = 5
	// strange is the member that answers have besides the documented ones.
	strange = "glencheck_chaos"
)

// refusal is what they are refused with: errors that a client should answer by
// trying again.
var refusal = []*plaid.Error{plaid.InternalServerError, plaid.RateLimit}

// draw is a number from 0 up to 1.
func (w *weather) draw(seed uint64) float64 { return chance(seed, w.calls.Add(1)<<12) }

// refuse decides whether a call is refused before anything is done.
func (w *weather) refuse(seed uint64, asked api.Asked) error {
	at := w.calls.Add(1)
	key := asked.Caller.ClientID + "\x00" + asked.Path
	w.mu.Lock()
	defer w.mu.Unlock()
	again := w.refused[key]
	delete(w.refused, key)
	drawn := chance(seed, at<<12)
	if again || drawn >= refusals/100.0 {
		return nil
	}
	if w.refused == nil {
		w.refused = map[string]bool{}
	}
	w.refused[key] = true
	return refusal[at%uint64(len(refusal))]
}

func (w *weather) clear() {
	w.calls.Store(0)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = nil
}

// unordered are the lists whose order is not promised.
var unordered = []string{
	"accounts", "ach", "eft", "international", "bacs", "products", "available_products", "billed_products", "consented_products",
}

// rewrite brings lists out of order, and adds a member that no client knows: new
// fields are no breaking change (Plaid's page /docs/api/versioning/).
func (w *weather) rewrite(seed uint64, body []byte) []byte {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber() // amounts stay as they are written
	var answer map[string]any
	if dec.Decode(&answer) != nil {
		return body
	}
	at := w.calls.Add(1) << 12
	shuffle(answer, func() float64 { at++; return chance(seed, at) })
	answer[strange] = map[string]any{"since": "tomorrow"}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if enc.Encode(answer) != nil {
		return body
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// shuffle brings the unordered lists inside a value out of order.
func shuffle(v any, draw func() float64) {
	switch v := v.(type) {
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names) // draws repeat themselves in the same order
		for _, name := range names {
			if list, ok := v[name].([]any); ok && slices.Contains(unordered, name) {
				for i := len(list) - 1; i > 0; i-- {
					j := int(draw() * float64(i+1))
					list[i], list[j] = list[j], list[i]
				}
			}
			shuffle(v[name], draw)
		}
	case []any:
		for _, e := range v {
			shuffle(e, draw)
		}
	}
}
