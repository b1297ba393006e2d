package link_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// inBrowser goes in the frame to the pages of a bank, and answers the path from which
// the window sets out.
func (s *stand) inBrowser(f http.Handler) (*person, string) {
	s.Helper()
	p := s.person().do("submit", "").do("pick", "ins_1")
	w := post(f, "/link/session/step", fmt.Sprintf(`{"session":%q,"seq":%d,"action":"submit"}`, p.handle, p.Session.Seq))
	var out struct {
		OAuth struct{ URL string }
		Pane  struct{ HTML string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != 200 {
		s.Fatal(w.Code, w.Body, err)
	}
	path, ok := strings.CutPrefix(out.OAuth.URL, "https://link.example")
	if !ok || !strings.HasPrefix(path, link.GoPath) || strings.Contains(w.Body.String(), "bank.example") {
		s.Fatalf("the frame is told %s", w.Body)
	}
	p.do("look", "")
	return p, path
}

// cookies are what a browser sends back of an answer.
func cookies(w *httptest.ResponseRecorder) string {
	var list []string
	for _, c := range w.Result().Cookies() {
		list = append(list, c.Name+"="+c.Value)
	}
	return strings.Join(list, "; ")
}

const returned = link.ReturnPath + "?state=state-1&code=c"

// Whoever is sent the address of a departure, or of the bank behind it, shares nothing
// with the session that made it: only the browser that set out in Link comes back.
func TestOnlyTheBrowserThatSetOutComesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := abroadAt(t, db)
		f := link.NewFrame(link.FrameConfig{Sessions: s.Sessions, Tokens: s.tokens, IDs: clock.NewIDs(7, 2), Log: s.config.Log, PublicURL: "https://link.example"})
		p, path := s.inBrowser(f)
		for _, site := range []string{"none", "cross-site", "same-site"} {
			if w := get(f, path, "Sec-Fetch-Site", site); w.Header().Get("Location") != "" || len(w.Result().Cookies()) != 0 {
				t.Errorf("%s: %d %v", site, w.Code, w.Header())
			}
		}
		w := get(f, path, "Sec-Fetch-Site", "same-origin")
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "https://bank.example/?state=state-1" {
			t.Fatalf("%d %v", w.Code, w.Header())
		}
		c := w.Result().Cookies()[0]
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/link/oauth/" || c.MaxAge != 90*60 {
			t.Errorf("%+v", c)
		}
		own := cookies(w)
		if w := get(f, path, "Sec-Fetch-Site", "same-origin", "Cookie", own); cookies(w) != own {
			t.Errorf("who sets out twice has %s, and had %s", cookies(w), own)
		}

		for _, cookie := range []string{"", c.Name + "=", c.Name + "=" + strings.Repeat("0", 48)} {
			if w := get(f, returned, "Cookie", cookie); !strings.Contains(w.Body.String(), "This sign-in has ended") {
				t.Errorf("cookie %q: %s", cookie, w.Body)
			}
		}
		if p.do("look", "").sees(link.OAuth); s.bank.logins != 0 {
			t.Errorf("%d exchanges", s.bank.logins)
		}
		record, err := link.NewDriver(s.Sessions).Get(context.Background(), client, link.RecordRequest{Session: p.handle})
		if got := fmt.Sprint(record.Session.Remarks); err != nil || !strings.Contains(got, "in another browser") {
			t.Errorf("%v, remarks %s", err, got)
		}
		if w := get(f, returned, "Cookie", own); !strings.Contains(w.Body.String(), "Go back to Wonderwallet") {
			t.Errorf("%s", w.Body)
		}
		p.do("look", "").sees(link.Connected)
		if w := get(f, path, "Sec-Fetch-Site", "same-origin"); w.Header().Get("Location") != "" || !strings.Contains(w.Body.String(), "This sign-in has ended") {
			t.Errorf("a departure after the return: %d %s", w.Code, w.Body)
		}
	})
}

// On a developer's machine Link may stand under one of its names and the server under
// another; a browser may say nothing; the client plays the person without one.
func TestSettingOutElsewhere(t *testing.T) {
	s := abroadAt(t, storetest.SQLite(t))
	cfg := link.FrameConfig{Sessions: s.Sessions, Tokens: s.tokens, IDs: clock.NewIDs(7, 2), Log: s.config.Log, PublicURL: "http://localhost:8484"}
	f := link.NewFrame(cfg)
	cfg.Ancestors = func(context.Context, string) []string { return nil }
	production := link.NewFrame(cfg)
	_, path := s.inBrowser(f)
	for _, c := range []struct {
		of   http.Handler
		site string
		goes bool
	}{{f, "cross-site", true}, {f, "none", false}, {production, "cross-site", false}, {production, "same-origin", true}} {
		w := get(c.of, path, "Sec-Fetch-Site", c.site)
		if goes := w.Header().Get("Location") != ""; goes != c.goes {
			t.Errorf("%s: %d %v", c.site, w.Code, w.Header())
		}
	}
	if w := get(f, path); w.Header().Get("Location") == "" || w.Result().Cookies()[0].Secure {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := get(f, link.GoPath+"nobody"); w.Header().Get("Location") != "" || !strings.Contains(w.Body.String(), "This sign-in has ended") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	r := httptest.NewRequest(http.MethodHead, path, nil)
	w := httptest.NewRecorder()
	if f.ServeHTTP(w, r); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("HEAD: %d", w.Code)
	}
}
