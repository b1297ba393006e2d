package link_test

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/link"
)

const beginPath = "/link/v2/stable/link.html?origin=https://app.example&begin=1&token=" + theToken + "&id="

// saidWith is what a page tells link.js of the session that has begun with it; "" for none.
func saidWith(body string) string {
	_, rest, ok := strings.Cut(body, `<template id="begun" data-reply="`)
	if !ok {
		return ""
	}
	said, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(said)
}

// A frame that is put there to be open has its first pane in its document.
func TestASessionBeginsWithItsPage(t *testing.T) {
	s, f := newFrame(t)
	w := get(f, beginPath+"a1", "Sec-Fetch-Dest", "iframe")
	body := w.Body.String()
	var out struct {
		Session string
		Events  []struct {
			Name string `json:"event_name"`
		}
		Pane struct {
			View string
			HTML string
		}
	}
	if err := json.Unmarshal([]byte(saidWith(body)), &out); err != nil {
		t.Fatal(err, body)
	}
	if out.Session == "" || len(out.Events) != 1 || out.Events[0].Name != "OPEN" || out.Pane.View != "CONSENT" || out.Pane.HTML != "" {
		t.Errorf("%+v", out)
	}
	if !strings.Contains(body, `<html data-place="drop" lang="en"`) || !strings.Contains(body, ` inert><`) || !strings.Contains(body, `data-view="CONSENT"`) {
		t.Error(body)
	}
	if w.Header().Get("Cache-Control") != "no-store" {
		t.Error(w.Header())
	}
	turn, err := s.Step(context.Background(), "req", link.StepRequest{Handle: out.Session, Seq: 1, Input: link.Input{Action: "submit"}})
	if err != nil || turn.Screen.View != link.SelectInstitution {
		t.Errorf("%+v %v", turn.Screen, err)
	}
	if w := get(f, beginPath+"a1", "Sec-Fetch-Dest", "iframe"); saidWith(w.Body.String()) != "" {
		t.Error("a frame that is loaded anew begins once more")
	}
	refused := get(f, strings.Replace(beginPath, theToken, "no-such-token", 1)+"a2", "Sec-Fetch-Dest", "iframe").Body.String()
	if said := saidWith(refused); !strings.Contains(said, "INVALID_LINK_TOKEN") || strings.Contains(refused, `class="pane"></div><template id="begun"`) {
		t.Error(said)
	}
	if n := s.count("link_session"); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

// Nothing begins a session but a frame that a browser is about to show, on a page that
// may show it.
func TestAPageDoesNotBeginASessionByItself(t *testing.T) {
	s, f := newFrame(t)
	elsewhere := link.NewFrame(link.FrameConfig{
		Sessions: s.Sessions, Tokens: s.tokens, IDs: s.config.IDs, Log: s.config.Log, PublicURL: "https://link.example",
		Ancestors: func(context.Context, string) []string { return []string{"https://shop.example"} },
	})
	for name, ask := range map[string]func() *httptest.ResponseRecorder{
		"a frame that is preloaded": func() *httptest.ResponseRecorder {
			return get(f, strings.Replace(beginPath, "begin=1", "begin=", 1)+"b1", "Sec-Fetch-Dest", "iframe")
		},
		"a tab":                  func() *httptest.ResponseRecorder { return get(f, beginPath+"b2", "Sec-Fetch-Dest", "document") },
		"a program":              func() *httptest.ResponseRecorder { return get(f, beginPath+"b3") },
		"no frame of the script": func() *httptest.ResponseRecorder { return get(f, beginPath, "Sec-Fetch-Dest", "iframe") },
		"an id that nobody makes": func() *httptest.ResponseRecorder {
			return get(f, beginPath+strings.Repeat("b", 65), "Sec-Fetch-Dest", "iframe")
		},
		"a page that is fetched early": func() *httptest.ResponseRecorder {
			return get(f, beginPath+"b4", "Sec-Fetch-Dest", "iframe", "Sec-Purpose", "prefetch")
		},
		"a page that may not show it": func() *httptest.ResponseRecorder { return get(elsewhere, beginPath+"b5", "Sec-Fetch-Dest", "iframe") },
		"HEAD": func() *httptest.ResponseRecorder {
			r, w := httptest.NewRequest(http.MethodHead, beginPath+"b6", nil), httptest.NewRecorder()
			r.Header.Set("Sec-Fetch-Dest", "iframe")
			f.ServeHTTP(w, r)
			return w
		},
	} {
		if w := ask(); w.Code != 200 || saidWith(w.Body.String()) != "" {
			t.Errorf("%s: %d %q", name, w.Code, saidWith(w.Body.String()))
		}
	}
	if n := s.count("link_session"); n != 0 {
		t.Errorf("%d sessions", n)
	}
	if w := get(elsewhere, strings.Replace(beginPath, "app.example", "shop.example", 1)+"b7", "Sec-Fetch-Dest", "iframe"); saidWith(w.Body.String()) == "" {
		t.Error("the client's own page begins none")
	}
}
