package link

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/web"
)

// HostedState is what has become of a Hosted Link page.
type HostedState int

// A page is open until a session of its token comes to a result or the token
// expires; an exit leaves it open, so that the person may come back.
const (
	HostedUnknown HostedState = iota
	HostedOpen
	HostedExpired
	HostedFinished
)

// HostedPage is a Hosted Link page as the server knows it. Token is empty for an
// unknown one.
type HostedPage struct {
	State HostedState
	Token Token
}

// HostedPage finds the page with this secret in its address.
func (s *Sessions) HostedPage(ctx context.Context, id string) (HostedPage, error) {
	if page, ok, err := s.shared(ctx, id); ok {
		return page, err
	}
	if s.cfg.Hosted == nil {
		return HostedPage{}, nil
	}
	token, err := s.cfg.Hosted(ctx, id)
	var unknown *plaid.Error
	if errors.As(err, &unknown) {
		return HostedPage{}, nil
	}
	if err != nil {
		return HostedPage{}, fmt.Errorf("link: hosted page: %w", err)
	}
	page := HostedPage{State: HostedOpen, Token: token}
	done, err := s.succeeded(ctx, token.ID)
	switch {
	case err != nil:
		return HostedPage{}, fmt.Errorf("link: hosted page: %w", err)
	case done:
		page.State = HostedFinished
	case !s.clock.Now().Before(token.ExpiresAt):
		page.State = HostedExpired
	}
	return page, nil
}

// tokenOf finds the link token that a session is opened with. The page of Hosted
// Link leads to one result, in the sandbox too.
func (s *Sessions) tokenOf(ctx context.Context, in OpenRequest) (Token, error) {
	if in.Hosted == "" {
		return s.cfg.Tokens.ByToken(ctx, in.LinkToken)
	}
	page, err := s.HostedPage(ctx, in.Hosted)
	switch {
	case err != nil:
		return Token{}, err
	case page.State == HostedUnknown:
		return Token{}, refusedToken("there is no such Hosted Link page")
	case page.State == HostedFinished:
		return Token{}, refusedToken("a session has already succeeded with the link token of this Hosted Link page, which ends the page; create another").of(page.Token.ID, page.Token.ClientID)
	}
	return page.Token, nil
}

// hostedNotice names the words of a page that Link cannot be opened on, and how
// it is answered.
var hostedNotice = map[HostedState]struct {
	words  string
	status int
}{
	HostedUnknown:  {"unknown", http.StatusNotFound},
	HostedExpired:  {"expired", http.StatusGone},
	HostedFinished: {"finished", http.StatusOK},
}

// hosted serves the page of a Hosted Link session: Link without a host page, or
// what to know where it cannot be opened. Nobody may put it into a frame.
func (f *Frame) hosted(w http.ResponseWriter, r *http.Request, secret string) {
	page, err := f.cfg.Sessions.HostedPage(r.Context(), secret)
	h := w.Header()
	if err != nil {
		f.cfg.Log.Error("hosted page failed", "error", err.Error())
		http.Error(w, "an unexpected error occurred", http.StatusInternalServerError)
		return
	}
	h.Set("Content-Security-Policy", policy+"'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Permissions-Policy", permissions(page.Token.Verification != nil))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	show := web.Hosted{Lang: page.Token.Language, Look: page.Token.Look(), App: page.Token.DisplayName(), Verifies: page.Token.Verification != nil}
	if page.State == HostedUnknown || page.Token.Verification != nil {
		show.Lang = web.Preferred(r.Header.Get("Accept-Language"))
	}
	if to := page.Token.Hosted; to != nil {
		show.Completion, show.MobileApp = to.CompletionURI, to.MobileApp
	}
	if notice, ok := hostedNotice[page.State]; ok {
		w.WriteHeader(notice.status)
		w.Write(web.HostedNotice(show, notice.words))
		return
	}
	w.Write(web.HostedPage(show))
}
