package link_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/web"
)

func TestLookOfAToken(t *testing.T) {
	for _, c := range []struct {
		custom, asked string
		want          web.Look
	}{
		{"", "", web.Look{}},
		{"system", "", web.Look{}},
		{"dark", "", web.Look{Mode: "dark"}},
		{"dark", "LIGHT", web.Look{Mode: "light"}},
		{"dark", "SYSTEM", web.Look{}},
		{"", "DARK", web.Look{Mode: "dark"}},
	} {
		tok := link.Token{AppearanceMode: c.asked, Custom: team.Settings{Appearance: team.Appearance{Mode: c.custom}}}
		if got := tok.Look(); got != c.want {
			t.Errorf("customization %q, appearance_mode %q: %+v, want %+v", c.custom, c.asked, got, c.want)
		}
	}
}

func TestPageWearsTheCustomization(t *testing.T) {
	const key = "0123456789abcdef0123456789abcdef"
	s, f := newFrame(t, func(c *link.FrameConfig) {
		c.Logo = func(_ context.Context, k string) ([]byte, error) {
			switch k {
			case key:
				return []byte("PNG"), nil
			case "broken":
				return nil, errors.New("no database")
			}
			return nil, store.ErrNoRows
		}
	})
	tok := s.tokens[theToken]
	tok.Custom.Appearance = team.Appearance{Accent: "#ff8800", Mode: "dark", Company: "Wonder & Co", Logo: key}
	tok.Custom.Texts = map[string]team.PaneText{"CONSENT": {Title: "Add <your> account", Lead: "It takes a minute.", Button: "Let’s go"}}
	s.tokens["dressed"] = tok

	w := get(f, "/link/v2/stable/link.html?token=dressed")
	sheet := web.ThemePath("#ff8800")
	for _, want := range []string{`<html lang="en" dir="ltr" data-theme="dark">`, `<link rel="stylesheet" href="` + sheet + `">`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if plain := get(f, "/link/v2/stable/link.html?token="+theToken).Body.String(); strings.Contains(plain, "theme") {
		t.Error("the page of another token wears it too")
	}
	css := get(f, sheet)
	if css.Code != 200 || !strings.HasPrefix(css.Header().Get("Content-Type"), "text/css") || !strings.Contains(css.Header().Get("Cache-Control"), "immutable") || !strings.Contains(css.Body.String(), "--on-accent") {
		t.Errorf("%d %v %s", css.Code, css.Header(), css.Body)
	}
	if again := get(f, sheet, "If-None-Match", css.Header().Get("ETag")); again.Code != 304 {
		t.Errorf("the sheet again: %d", again.Code)
	}

	_, r := ask(t, f, "open", `{"link_token":"dressed"}`)
	for _, want := range []string{
		`>Add &lt;your&gt; account</h1>`, `>It takes a minute.</p>`, `>Let’s go</button>`, "Wonder &amp; Co never sees it",
		`<img src="/link/logo/` + key + `.png" alt="" width="56" height="56">`,
	} {
		if r.Pane == nil || !strings.Contains(r.Pane.HTML, want) {
			t.Errorf("the consent pane lacks %s", want)
		}
	}
	for path, want := range map[string]int{key + ".png": 200, "unknown.png": 404, key: 404, "broken.png": 500} {
		if got := get(f, "/link/logo/"+path); got.Code != want {
			t.Errorf("%s: %d, want %d", path, got.Code, want)
		}
	}
	if got := get(f, "/link/logo/"+key+".png"); got.Header().Get("Content-Type") != "image/png" || !strings.Contains(got.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("the logo: %v", got.Header())
	}
}
