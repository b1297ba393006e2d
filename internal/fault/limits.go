package fault

import (
	"strings"
	"sync"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// limit is a row of the documented limits (plaid-server-api.md section 3.6): calls
// in a minute for each Item and for each client, in the sandbox and in production;
// 0 is none. item and client are what is answered beyond them.
type limit struct {
	path         string
	sandbox      figures
	production   figures
	item, client *plaid.Error
	// family names the paths that share the sandbox's figure; "" for none.
	family string
}

type figures struct{ item, client int }

// limits is the table. For /institutions/get in production the documentation has
// 50 in its table and 25 in its text: the table counts.
var limits = []limit{
	{"/accounts/get", figures{100, 5000}, figures{15, 15000}, plaid.AccountsLimit, plaid.AccountsLimit, ""},
	{"/accounts/balance/get", figures{25, 100}, figures{5, 1200}, plaid.BalanceLimit, plaid.AccountsBalanceGetLimit, ""},
	{"/auth/get", figures{100, 500}, figures{15, 12000}, plaid.AuthLimit, plaid.AuthLimit, ""},
	{"/identity/get", figures{100, 1000}, figures{15, 2000}, plaid.IdentityLimit, plaid.IdentityLimit, ""},
	{"/institutions/get", figures{0, 10}, figures{0, 50}, nil, plaid.InstitutionsGetLimit, ""},
	{"/institutions/get_by_id", figures{0, 400}, figures{0, 400}, nil, plaid.InstitutionsGetByIDLimit, ""},
	{"/item/get", figures{40, 5000}, figures{15, 5000}, plaid.ItemGetLimit, plaid.ItemGetLimit, ""},
	{"/item/remove", figures{100, 500}, figures{30, 2000}, plaid.RateLimit, plaid.RateLimit, ""},
	{"/processor/token/create", figures{0, 500}, figures{0, 500}, nil, plaid.RateLimit, ""},
	{"/identity_verification/create", figures{0, 60}, figures{0, 120}, nil, plaid.RateLimit, verifications},
	{"/identity_verification/get", figures{0, 60}, figures{0, 420}, nil, plaid.RateLimit, verifications},
	{"/identity_verification/list", figures{0, 60}, figures{0, 300}, nil, plaid.RateLimit, verifications},
	{"/identity_verification/retry", figures{0, 60}, figures{0, 120}, nil, plaid.RateLimit, verifications},
}

// verifications is /identity_verification/*, which the documentation gives one figure
// in the sandbox.
const verifications = "/identity_verification/*"

// The names of the two columns.
const (
	sandboxLimits    = "plaid"
	productionLimits = "plaid-production"
)

func limitOf(path string) *limit {
	for i := range limits {
		if limits[i].path == path {
			return &limits[i]
		}
	}
	return nil
}

// clientError words a client's limit, in the form of the documented one:
// attempts to access "institutions get by id".
func (l *limit) clientError() *plaid.Error {
	words := strings.NewReplacer("/", " ", "_", " ").Replace(strings.TrimPrefix(l.path, "/"))
	return l.client.WithMessage(`rate limit exceeded for attempts to access "` + words + `". please try again later`)
}

// window is a minute that began with a call.
type window struct {
	began time.Time
	calls int
}

// minute is the span of every limit.
const minute = time.Minute

// windows counts calls.
type windows struct {
	clock *clock.Clock

	mu     sync.Mutex
	counts map[windowKey]window
}

type windowKey struct {
	column, path, kind, id string
}

// manyWindows is when those that have passed are swept.
const manyWindows = 4096

// count adds a call to its Item's and its client's minute, or says which is full.
func (w *windows) count(column string, r *request) error {
	l := limitOf(r.Path)
	if l == nil {
		return nil
	}
	most := l.sandbox
	if column == productionLimits {
		most = l.production
	}
	item := ""
	if most.item > 0 {
		item, _ = r.about()
	}
	ofItem := windowKey{column, l.path, "item", item}
	ofClient := windowKey{column, l.path, "client", r.Caller.ClientID}
	if column == sandboxLimits && l.family != "" {
		ofClient.path = l.family
	}

	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	a, b := w.at(ofItem, now), w.at(ofClient, now)
	if item != "" && a.calls >= most.item {
		return l.item
	}
	if b.calls >= most.client {
		return l.clientError()
	}
	if item != "" {
		w.keep(ofItem, a, now)
	}
	w.keep(ofClient, b, now)
	return nil
}

// at is the window that a call at now falls into. A clock that was moved back has
// left it too.
func (w *windows) at(k windowKey, now time.Time) window {
	c := w.counts[k]
	if age := now.Sub(c.began); age >= minute || age < 0 {
		return window{began: now}
	}
	return c
}

func (w *windows) keep(k windowKey, c window, now time.Time) {
	if w.counts == nil {
		w.counts = map[windowKey]window{}
	}
	if len(w.counts) >= manyWindows {
		for k, c := range w.counts {
			if now.Sub(c.began) >= minute {
				delete(w.counts, k)
			}
		}
	}
	c.calls++
	w.counts[k] = c
}

func (w *windows) clear() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts = nil
}
