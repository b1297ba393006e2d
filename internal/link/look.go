package link

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/web"
)

// Look is how the page of the token's sessions looks. What the request says of
// light and dark goes before the customization.
func (t Token) Look() web.Look {
	look := web.Look{Accent: t.Custom.Appearance.Accent, Mode: t.Custom.Appearance.Mode}
	if t.AppearanceMode != "" {
		look.Mode = strings.ToLower(t.AppearanceMode)
	}
	if look.Mode == team.ModeSystem {
		look.Mode = ""
	}
	return look
}

// reword puts the customization's own words on a screen. They never take the
// place of a button that is not there.
func (v *Visit) reword(s *Screen) {
	view := string(v.View)
	if v.View == Connected && v.Token.UpdateMode() {
		view = "RECONNECTED"
	}
	own := v.Token.Custom.Texts[view]
	if own.Title != "" {
		s.Title = own.Title
	}
	if own.Lead != "" {
		s.Lead = own.Lead
	}
	if own.Button != "" && s.Primary != "" {
		s.Primary = own.Button
	}
}

// logoPath is where browsers find a logo; its key names its pixels.
const logoPath = "/link/logo/"

// logoURL is the address of the client's logo, "" for none.
func (v *Visit) logoURL() string {
	if key := v.Token.Custom.Appearance.Logo; key != "" {
		return logoPath + key + ".png"
	}
	return ""
}

// LogoSource finds the PNG of a logo by its key, store.ErrNoRows if there is none.
type LogoSource func(ctx context.Context, key string) ([]byte, error)

func (f *Frame) logo(w http.ResponseWriter, r *http.Request) {
	key, ok := strings.CutSuffix(r.PathValue("name"), ".png")
	if !ok || f.cfg.Logo == nil {
		http.NotFound(w, r)
		return
	}
	body, err := f.cfg.Logo(r.Context(), key)
	if errors.Is(err, store.ErrNoRows) {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		f.cfg.Log.Error("logo not read", "error", err.Error())
		http.Error(w, "the logo could not be read", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", forever)
	w.Header().Set("Content-Security-Policy", "default-src 'none'")
	serve(w, r, "image/png", `"`+key+`"`, body, nil)
}
