package sandbank

import (
	"encoding/xml"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link/linktest"
	"github.com/glencheck-dev/glencheck/internal/store"
)

var quiet = slog.New(slog.DiscardHandler)

// served is a bank with its pages on a server of their own.
type served struct {
	*Bank
	clock *clock.Clock
	t     testing.TB
	url   string
	back  string // a ReturnURL
}

func serveBank(t testing.TB, db *store.DB) served {
	t.Helper()
	bank, clk := newBank(t, db)
	var pages http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pages.ServeHTTP(w, r) }))
	t.Cleanup(srv.Close)
	pages = bank.WithPages(srv.URL+"/", quiet).Pages()
	return served{bank, clk, t, srv.URL, srv.URL + "/link/oauth?from=bank"}
}

// under is the bank as a test below that of its server sees it.
func (s served) under(t testing.TB) served {
	s.t = t
	return s
}

func (s served) begin(institutionID string) institution.Challenge {
	s.t.Helper()
	ch, err := s.Begin(s.t.Context(), institution.BeginRequest{InstitutionID: institutionID, ReturnURL: s.back})
	if err != nil {
		s.t.Fatal(err)
	}
	return ch
}

// screen is what a browser shows, or where it is sent.
type screen struct {
	status   int
	html     string
	elements []element
	location *url.URL
	header   http.Header
}

// element is a start tag. Form is the position of the form that it belongs to.
type element struct {
	name string
	attr map[string]string
	form int
}

// browser has neither cookies nor scripts and does not follow redirects.
var browser = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func (s served) open(address string) screen {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.show(req)
}

// post sends a form; the headers are pairs of names and values.
func (s served) post(path string, form url.Values, headers ...string) screen {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return s.show(req)
}

// show sends a request. Every page that comes back must be one that the bank may
// serve.
func (s served) show(req *http.Request) screen {
	s.t.Helper()
	resp, err := browser.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	out := screen{status: resp.StatusCode, html: string(body), header: resp.Header}
	if resp.Header.Get("Location") != "" {
		if out.location, err = resp.Location(); err != nil {
			s.t.Fatal(err)
		}
		return out
	}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		out.elements = elements(s.t, out.html)
		s.check(out)
	}
	return out
}

// elements reads the start tags of a page.
func elements(t testing.TB, page string) []element {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(page))
	dec.Strict, dec.Entity = false, xml.HTMLEntity
	var list []element
	form := -1
	for {
		token, err := dec.RawToken()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, page)
		}
		switch tag := token.(type) {
		case xml.StartElement:
			e := element{tag.Name.Local, map[string]string{}, form}
			for _, a := range tag.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			if e.name == "form" {
				form, e.form = len(list), len(list)
			}
			list = append(list, e)
		case xml.EndElement:
			if tag.Name.Local == "form" {
				form = -1
			}
		}
	}
}

const strip = "Test bank. Nobody’s money. Part of the Glencheck sandbox."

// check holds every page to what all pages of the bank promise.
func (s served) check(p screen) {
	s.t.Helper()
	bad := func(what string) { s.t.Errorf("%s:\n%s", what, p.html) }
	rest, ok := strings.CutPrefix(p.html, "<!doctype html>\n")
	for _, complaint := range linktest.Problems(rest) {
		bad(complaint)
	}
	_, body, _ := strings.Cut(p.html, "<body")
	if first := strings.Index(body, strip); !ok || first < 0 || strings.Index(body, "<form") < first && strings.Contains(body, "<form") || strings.Index(body, "<h1") < first {
		bad("the strip is not the first thing")
	}
	count := map[string]int{}
	labels := map[string]bool{}
	for _, e := range p.elements {
		count[e.name]++
		if e.name == "label" {
			labels[e.attr["for"]] = true
		}
	}
	for _, e := range p.elements {
		if e.name == "input" && e.attr["type"] != "hidden" && !labels[e.attr["id"]] {
			bad("an input without a label")
		}
		if e.name == "form" && e.attr["method"] != "post" || e.name == "a" && !strings.HasPrefix(e.attr["href"], "/") {
			bad("what the person chose would be seen in an address")
		}
	}
	if count["h1"] != 1 || count["main"] != 1 || count["title"] != 1 {
		bad("not one heading, one main part and one title")
	}
	policy := "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' " + s.url
	for name, want := range map[string]string{
		"Content-Security-Policy": policy, "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
		"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "Set-Cookie": "",
	} {
		if got := p.header.Get(name); got != want {
			s.t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// fields are the values of a form as a browser would send them.
func (p screen) fields(form int) url.Values {
	out := url.Values{}
	for _, e := range p.elements {
		_, checked := e.attr["checked"]
		if e.name == "input" && e.form == form && e.attr["name"] != "" && (e.attr["type"] != "checkbox" || checked) {
			out.Add(e.attr["name"], e.attr["value"])
		}
	}
	return out
}

func (p screen) find(id string) (element, bool) {
	i := slices.IndexFunc(p.elements, func(e element) bool { return e.attr["id"] == id })
	if i < 0 {
		return element{}, false
	}
	return p.elements[i], true
}

// press presses a button after changing fields of its form.
func (s served) press(p screen, button string, change url.Values, headers ...string) screen {
	s.t.Helper()
	b, ok := p.find(button)
	if !ok {
		s.t.Fatalf("no button %s in\n%s", button, p.html)
	}
	form := b.form
	if id := b.attr["form"]; id != "" {
		form = slices.IndexFunc(p.elements, func(e element) bool { return e.name == "form" && e.attr["id"] == id })
	}
	fields := p.fields(form)
	for name, values := range change {
		fields[name] = values
	}
	if b.attr["name"] != "" {
		fields.Set(b.attr["name"], b.attr["value"])
	}
	return s.post(p.elements[form].attr["action"], fields, headers...)
}

// signIn goes to the page with the accounts.
func (s served) signIn(ch institution.Challenge, username, password string) screen {
	s.t.Helper()
	p := s.press(s.open(ch.URL), "sign-in", url.Values{"username": {username}, "password": {password}})
	if p.status != http.StatusOK {
		s.t.Fatalf("%d %s", p.status, p.html)
	}
	return p
}

// answers are what a redirect takes to the program; it must lead to back.
func (s served) answers(p screen) map[string]string {
	s.t.Helper()
	if p.status != http.StatusSeeOther || p.location == nil || !strings.HasPrefix(p.location.String(), s.url+"/link/oauth?") {
		s.t.Fatalf("%d to %v, want a redirect to the program:\n%s", p.status, p.location, p.html)
	}
	out := map[string]string{}
	for name, values := range p.location.Query() {
		out[name] = values[0]
	}
	if out["from"] != "bank" || len(out) > 4 {
		s.t.Errorf("the program's own query became %v", out)
	}
	delete(out, "from")
	return out
}

// allow shares all accounts of user_good.
func (s served) allow(ch institution.Challenge) map[string]string {
	s.t.Helper()
	return s.answers(s.press(s.signIn(ch, "", ""), "allow", nil))
}

func (s served) deny(ch institution.Challenge) map[string]string {
	s.t.Helper()
	return s.answers(s.press(s.signIn(ch, "", ""), "deny", nil))
}
