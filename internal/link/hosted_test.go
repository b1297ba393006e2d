package link_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const thePage = "page-1"

// newHosted is a stand whose token has a Hosted Link page.
func newHosted(t testing.TB, db *store.DB) (*stand, *link.Frame) {
	var s *stand
	s = newStand(t, db, func(c *link.Config) {
		c.Hosted = func(ctx context.Context, id string) (link.Token, error) {
			if id != thePage {
				return link.Token{}, plaid.InvalidLinkToken
			}
			return s.tokens[theToken], nil
		}
	})
	token := s.tokens[theToken]
	token.Language, token.Hosted = "de", &link.Hosted{ID: thePage, CompletionURI: "wonderwallet://done?a=1&b=2"}
	token.ExpiresAt = start.Add(30 * time.Minute)
	s.tokens[theToken] = token
	return s, link.NewFrame(link.FrameConfig{Sessions: s.Sessions, Tokens: s.tokens, IDs: s.config.IDs, Log: s.config.Log, PublicURL: "https://link.example"})
}

func (s *stand) openHosted(f *link.Frame) reply {
	s.Helper()
	code, r := ask(s.TB, f, "open", `{"hosted":"`+thePage+`"}`)
	if code != 200 {
		s.Fatalf("%d %+v", code, r)
	}
	return r
}

// page expects a status and words on the page.
func pageHas(t testing.TB, f *link.Frame, id string, status int, words ...string) *httptest.ResponseRecorder {
	t.Helper()
	w := get(f, link.HostedPath+id, "Accept-Language", "nb-NO, de;q=0.5")
	if w.Code != status {
		t.Errorf("%s: %d, want %d", id, w.Code, status)
	}
	for _, word := range words {
		if !strings.Contains(w.Body.String(), word) {
			t.Errorf("%s: the page lacks %s", id, word)
		}
	}
	for name, want := range map[string]string{"X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %s", csp)
	}
	for _, bad := range []string{" style=", " onclick=", "ZgotmplZ", theToken} {
		if strings.Contains(w.Body.String(), bad) {
			t.Errorf("%s: the page holds %q", id, bad)
		}
	}
	return w
}

// TestHostedPage follows a page through its life: open, left and open again,
// finished for good.
func TestHostedPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, f := newHosted(t, db)
		pageHas(t, f, "unknown", 404, `<html lang="no"`, "Denne lenken virker ikke")
		pageHas(t, f, thePage, 200, `<html lang="de"`, `data-place="tab"`, `data-completion="wonderwallet://done?a=1&amp;b=2"`, `<script src=`, "Zurück zu Wonderwallet")

		first := s.openHosted(f)
		if first.Session == "" || first.Pane.View != "CONSENT" {
			t.Fatalf("%+v", first)
		}
		post(f, "/link/session/exit", `{"session":"`+first.Session+`","force":true}`)
		pageHas(t, f, thePage, 200, `<script src=`) // an exit leaves it open

		second := s.openHosted(f)
		if second.Done != nil || second.Session == first.Session {
			t.Error("a session that was left goes on")
		}
		if second.Pane.View != "CONSENT" || len(second.Events) != 1 || second.Events[0].Name != "OPEN" {
			t.Errorf("%+v", second)
		}
	})
}

// TestHostedPageEnds: a result or the end of its time closes a page, in the
// sandbox too, and with it what could be opened from it.
func TestHostedPageEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, f := newHosted(t, db)
		s.person().at(link.Connected).do("submit", "")
		if w := pageHas(t, f, thePage, 200, `href="wonderwallet://done?a=1&amp;b=2"`, "Ihr Konto ist verbunden"); strings.Contains(w.Body.String(), "<script") {
			t.Error("a finished page loads Link")
		}
		if done := s.openHosted(f).Done; done == nil || done.Error == nil || done.Error.Code != "INVALID_LINK_TOKEN" {
			t.Errorf("a finished page opens Link: %+v", done)
		}
	})
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, f := newHosted(t, db)
		s.clock.Advance(30 * time.Minute)
		pageHas(t, f, thePage, 410, "Dieser Link ist abgelaufen", "Zurück zu Wonderwallet")
		if done := s.openHosted(f).Done; done == nil || done.Error == nil || done.Error.Code != "INVALID_LINK_TOKEN" {
			t.Errorf("an expired page opens Link: %+v", done)
		}
	})
}

// TestASessionGoesOnInAnotherTab: a step on a pane that does not exist is
// answered with the present one, and does nothing. The runtime resumes by it.
func TestASessionGoesOnInAnotherTab(t *testing.T) {
	s, f := newHosted(t, storetest.SQLite(t))
	p := s.person().at(link.Credential)
	before := story(p.all)
	if code, r := ask(t, f, "step", `{"session":"`+p.handle+`","seq":-1,"action":"resume"}`); code != 200 || r.Pane == nil || r.Pane.View != "CREDENTIAL" || len(r.Events) != 0 {
		t.Fatalf("%d %+v", code, r)
	}
	p.say("good")
	if !strings.HasPrefix(story(p.all), before) {
		t.Errorf("the first tab was disturbed: %s", story(p.all))
	}
	if code, _ := ask(t, f, "step", `{"session":"unknown","seq":-1,"action":"resume"}`); code != 400 {
		t.Errorf("an unknown session: %d", code)
	}
}

// TestTheDriverSaysWhereTheHostedPageLeads is for tests without a browser.
func TestTheDriverSaysWhereTheHostedPageLeads(t *testing.T) {
	s, _ := newHosted(t, storetest.SQLite(t))
	d := link.NewDriver(s.Sessions)
	opened, err := d.Open(t.Context(), api.Call{Caller: api.Caller{ClientID: "client-1"}}, link.DriverOpen{LinkToken: theToken})
	if err != nil || opened.CompletionRedirectURI != "" {
		t.Fatalf("%+v %v", opened, err)
	}
	left, err := d.Exit(t.Context(), api.Call{Caller: api.Caller{ClientID: "client-1"}}, link.DriverExit{Session: opened.Session})
	if err != nil || left.CompletionRedirectURI != "wonderwallet://done?a=1&b=2" {
		t.Errorf("%+v %v", left, err)
	}
}

// TestOnlyTheFrameIsFramed: a tab of its own and a webview are shown by nobody.
func TestOnlyTheFrameIsFramed(t *testing.T) {
	_, f := newFrame(t)
	for query, want := range map[string]string{
		"token=x&id=1&origin=https://app.example": "*",
		"token=x":                "'none'",
		"token=x&isWebview=true": "'none'",
		"token=x&id=1":           "'none'",
		"token=x&id=1&origin=https://app.example&isWebview=true": "'none'",
	} {
		if got := get(f, "/link/v2/stable/link.html?"+query).Header().Get("Content-Security-Policy"); !strings.HasSuffix(got, "frame-ancestors "+want) {
			t.Errorf("%s: %s", query, got)
		}
	}
}
