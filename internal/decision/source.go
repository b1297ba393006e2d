package decision

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
)

// asked is how a source was asked and what came.
type asked struct {
	Response workflow.Response
	subject  string // the blind index of what was asked, "" where nothing was
	address  string // of the response's bytes
	took     time.Duration
	at       time.Time
}

// query is what a source is asked about.
type query struct {
	account    string
	sandbox    bool   // in sandbox mode
	evaluation string // the token of the evaluation that asks
	input      map[string]any
	now        time.Time
}

// source is somebody who can be asked.
type source interface {
	// request is what will be asked, canonical, for finding an earlier answer to the
	// same; nil if the input lacks what it takes, with a code that says so.
	request(q *query) (request []byte, code string)
	// ask asks. It does not fail: a failure is a response.
	ask(ctx context.Context, q *query, request []byte) workflow.Response
}

// noData is a source that exists in the language and has no data behind it yet.
type noData struct{}

func (noData) request(*query) ([]byte, string) { return nil, codeNoData }

func (noData) ask(context.Context, *query, []byte) workflow.Response {
	return workflow.Response{Status: workflow.NotExecuted, ErrorCode: codeNoData}
}

// The codes of sources that were not or could not be asked.
const (
	codeNoData         = "SOURCE_HAS_NO_DATA"
	codeNoKeys         = "NO_PARTNER_KEYS"
	codeOtherMode      = "SANDBOX_MODE" // live data are not for a request in sandbox mode
	codeNoVerification = "NO_IDENTITY_VERIFICATION"
	codeNoToken        = "NO_PROCESSOR_TOKEN"
	codeTimeout        = "TIMEOUT"
	codeUnreachable    = "UNREACHABLE"
	codeUnreadable     = "UNREADABLE"
	codePersona        = "SANDBOX_PERSONA"
)

// sources are all that can be asked, by name.
type sources struct {
	evaluations *Evaluations
	byName      map[string]source
}

// gather asks several sources side by side. A source's own timeout bounds each.
func (s *sources) gather(ctx context.Context, v *workflow.Version, names []string, q *query, refresh bool) map[string]*asked {
	var mu sync.Mutex
	var wg sync.WaitGroup
	found := map[string]*asked{}
	for _, name := range names {
		at := slices.IndexFunc(v.Document.Sources, func(d workflow.Source) bool { return d.Name == name })
		spec := v.Document.Sources[at]
		one := func() {
			a := s.one(ctx, spec, q, refresh)
			mu.Lock()
			defer mu.Unlock()
			found[name] = a
		}
		if len(names) == 1 {
			one()
			continue
		}
		wg.Go(one)
	}
	wg.Wait()
	return found
}

// one asks a source, or finds what it said of late.
func (s *sources) one(ctx context.Context, spec workflow.Source, q *query, refresh bool) *asked {
	src := s.byName[spec.Name]
	if src == nil {
		src = noData{}
	}
	request, code := src.request(q)
	if code != "" {
		return &asked{Response: workflow.Response{Status: workflow.NotExecuted, ErrorCode: code}, at: q.now}
	}
	a := &asked{subject: s.evaluations.vault.Index("decision.source", q.account+"."+spec.Name+"."+string(request)), at: q.now}
	if spec.CacheSeconds > 0 && !refresh {
		body, found, err := s.evaluations.cached(ctx, a.subject, q.now.Add(-time.Duration(spec.CacheSeconds)*time.Second))
		if err == nil && found { // a cache that fails costs a call and nothing else
			a.Response = workflow.Response{Status: workflow.Cached, Body: body}
			return a
		}
	}
	took := clock.Stopwatch()
	a.Response = retried(ctx, spec, func(ctx context.Context) workflow.Response { return src.ask(ctx, q, request) })
	a.took = took()
	return a
}

// defaultTimeout is how long a source may take unless its workflow says.
const defaultTimeout = 5 * time.Second

// passing are the failures that another try may not meet.
var passing = []string{codeTimeout, codeUnreachable, "INTERNAL_SERVER_ERROR", "RATE_LIMIT", "INSTITUTION_NOT_RESPONDING"}

// retried asks until there is an answer or the tries are used up, with a pause that
// doubles.
func retried(ctx context.Context, spec workflow.Source, ask func(context.Context) workflow.Response) workflow.Response {
	timeout := time.Duration(spec.TimeoutMS) * time.Millisecond
	if timeout == 0 {
		timeout = defaultTimeout
	}
	for try := 0; ; try++ {
		within, cancel := context.WithTimeout(ctx, timeout)
		r := ask(within)
		cancel()
		if r.Status != workflow.Failed || try >= spec.Retries || !slices.Contains(passing, r.ErrorCode) {
			return r
		}
		if clock.Delay(ctx, 20*time.Millisecond<<try) != nil {
			return r
		}
	}
}

// text is an input that is a text; "" without one.
func (q *query) text(key string) string {
	s, _ := q.input[key].(string)
	return s
}

// name is the name of the person or the business of an input.
func (q *query) name() string {
	if b := q.text("business_name"); b != "" {
		return b
	}
	parts := slices.DeleteFunc([]string{q.text("name_first"), q.text("name_middle"), q.text("name_last")}, func(s string) bool { return s == "" })
	return strings.Join(parts, " ")
}

// canonicalRequest is a request with its members in order; those without a value are
// left out.
func canonicalRequest(members map[string]any) []byte {
	maps.DeleteFunc(members, func(_ string, v any) bool { return v == "" || v == nil })
	raw, err := json.Marshal(members)
	if err != nil {
		return nil // texts and maps of texts always have a JSON form
	}
	return raw
}
