package link

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// The kinds of the blind indexes under which a return is found: by what the bank
// sends back, and by the oauth_state_id that the app passes on.
const (
	stateIndex  = "link_oauth_state"
	returnIndex = "link_oauth_return"
)

// stateParameter is what the address of a return to the app has more than the
// redirect_uri.
const stateParameter = "oauth_state_id"

// oauthRow is a departure as it is stored.
type oauthRow struct {
	state, session string
	leads          bool // the whole page went
	kept           carried
	opened         int64 // when what they brought was taken in
	bound          bool  // only the browser that has set out may come back
	browser        string
}

// carried is the sealed part: where the whole page is led on to and, from the
// return on, under which id the app may ask for what the bank sent.
type carried struct {
	Back    string            `json:"back,omitempty"`
	ID      string            `json:"id,omitempty"`
	Answers map[string]string `json:"answers,omitempty"`
}

// oauthRowOf is what a sealed departure is bound to.
func oauthRowOf(state string) string { return "link_oauth/" + state }

const (
	oauthColumns  = `SELECT state_index, session_id, leads, sealed, opened_at, go_index IS NOT NULL, COALESCE(browser_index, '') FROM link_oauth`
	oauthByState  = oauthColumns + ` WHERE state_index = $1`
	oauthByGo     = oauthColumns + ` WHERE go_index = $1`
	oauthByReturn = oauthColumns + ` WHERE return_index = $1`
)

func (s *Sessions) oauthRow(ctx context.Context, query, index string) (oauthRow, error) {
	var row oauthRow
	var sealed string
	err := s.db.QueryRow(ctx, query, index).Scan(&row.state, &row.session, &row.leads, &sealed, &row.opened, &row.bound, &row.browser)
	if err != nil || sealed == "" {
		return row, err
	}
	return row, s.vault.OpenJSON(sealed, oauthRowOf(row.state), &row.kept)
}

// keepReturn keeps what the bank sent until the app opens Link again, and leads
// the person there. What came first counts: a page that is loaded anew leads to
// the same place. It does so for a session that has ended, too: the app hears of
// that when it opens Link.
func (s *Sessions) keepReturn(ctx context.Context, session *Session, row oauthRow, answers map[string]string) (Arrival, error) {
	k := carried{Back: row.kept.Back, ID: s.cfg.IDs.UUID(), Answers: answers}
	sealed, err := s.vault.SealJSON(k, oauthRowOf(row.state))
	if err != nil {
		return Arrival{}, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		return tx.ExecOne(ctx, `UPDATE link_oauth SET return_index = $1, sealed = $2 WHERE state_index = $3 AND return_index IS NULL`,
			s.vault.Index(returnIndex, k.ID), sealed, row.state)
	})
	if errors.Is(err, store.ErrNoRows) {
		row, err = s.oauthRow(ctx, oauthByState, row.state)
		k = row.kept
	}
	if err != nil {
		return Arrival{}, fmt.Errorf("link: keep a return: %w", err)
	}
	if k.ID == "" { // Link has been opened with it
		return Arrival{Token: session.Token, Over: true}, nil
	}
	return Arrival{Token: session.Token, Leads: k.Back + "?" + stateParameter + "=" + k.ID}, nil
}

// reopen goes on with the session of a person whose whole page went to their
// bank, under a new handle: the page that had the old one is gone (link-web.md
// section 4.2). What the bank sent is looked at now, so that OPEN comes before
// what it leads to.
func (s *Sessions) reopen(ctx context.Context, requestID string, in OpenRequest, token Token) (Turn, error) {
	refused := func(answer *plaid.Error, format string, args ...any) (Turn, error) {
		return Turn{}, (&Refused{Answer: answer, Why: fmt.Sprintf(format, args...)}).of(token.ID, token.ClientID)
	}
	id, why := stateID(in.ReceivedRedirectURI, s.backTo(in, token))
	if why != "" {
		return refused(errStateID, "%s", why)
	}
	row, err := s.oauthRow(ctx, oauthByReturn, s.vault.Index(returnIndex, id))
	if errors.Is(err, store.ErrNoRows) {
		return refused(plaid.OAuthStateIDNotFound, "nobody has come back from a bank with the oauth_state_id of the receivedRedirectUri")
	}
	if err != nil {
		return Turn{}, fmt.Errorf("link: reopen: %w", err)
	}
	session, err := s.byID(ctx, row.session)
	if err != nil {
		return Turn{}, fmt.Errorf("link: reopen: %w", err)
	}
	switch {
	case session.Token.ID != token.ID:
		return refused(plaid.IncorrectLinkToken, "the receivedRedirectUri is of a session of another link token: open Link with the token that it was opened with before the person went to the bank")
	case row.opened != 0:
		return refused(errProcessed, "Link has been opened with this receivedRedirectUri before, which works once: the page was loaded anew, or Link was opened twice. Open Link without it to begin anew")
	}
	v, over, err := s.visitTo(ctx, session, requestID, Input{})
	if err != nil {
		return Turn{}, err
	}
	if over || !v.awaits(row.state) {
		return refused(errProcessed, "the session has ended or gone on since the person went to the bank: open Link without receivedRedirectUri to begin anew")
	}
	handle := s.cfg.IDs.Hex(48)
	v.Emit(EventOpen)
	turn, err := s.receive(ctx, v, row.kept.Answers, func(tx *store.Tx) error {
		if err := s.arrived(ctx, tx, row.state); err != nil {
			return err
		}
		return tx.ExecOne(ctx, `UPDATE link_session SET handle_index = $1 WHERE id = $2`, s.vault.Index(handleIndex, handle), v.ID)
	})
	if errors.Is(err, store.ErrNoRows) || err == nil && len(v.told) == 0 { // somebody was faster
		return refused(errProcessed, "Link was opened twice at the same time with this receivedRedirectUri, which works once")
	}
	turn.Handle = handle
	return turn, err
}

// backTo is the address that a return to the app of a token begins with.
func (s *Sessions) backTo(in OpenRequest, token Token) string {
	if in.Hosted != "" && token.Hosted != nil {
		return token.Hosted.URL(s.cfg.PublicURL)
	}
	return token.RedirectURI
}

var (
	errStateID   = plaid.InvalidField("oauth uri does not contain a valid oauth_state_id query parameter")
	errProcessed = plaid.OAuthStateIDAlreadyProcessed.WithMessage("the oauth_state_id has already been processed")
)

var uuidShape = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// stateID finds the oauth_state_id of a receivedRedirectUri, which must be the
// redirect_uri of the token with nothing but that (link-web.md section 3.5), or
// says what is wrong with it. Apps pass what their page's location says, so the
// two are compared as addresses.
func stateID(received, redirectURI string) (id, why string) {
	if redirectURI == "" {
		return "", "Link was opened with a receivedRedirectUri, but the link token has no redirect_uri: leave it out (null) when Link is opened for the first time, and give /link/token/create a redirect_uri where in-app browsers matter"
	}
	if !strings.Contains(received, stateParameter+"=") {
		if strings.Contains(received, stateParameter+"%3D") || strings.HasPrefix(received, "http%3A") || strings.HasPrefix(received, "https%3A") {
			return "", "the receivedRedirectUri is URL-encoded: pass the address as it is, such as window.location.href"
		}
		return "", "the receivedRedirectUri has no oauth_state_id: it belongs only where a bank's visitor comes back to the redirect_uri; leave it out (null) when Link is opened for the first time"
	}
	got, err := url.Parse(received)
	want, wantErr := url.Parse(redirectURI)
	if err != nil || wantErr != nil {
		return "", "the receivedRedirectUri is no address"
	}
	query, err := url.ParseQuery(got.RawQuery)
	id = query.Get(stateParameter)
	switch {
	case !samePage(got, want):
		return "", "the receivedRedirectUri is not the redirect_uri of the link token with an oauth_state_id"
	case strings.Contains(received, "#"):
		return "", "the receivedRedirectUri has a fragment (#): pass the redirect_uri with the oauth_state_id alone"
	case err != nil || len(query) != 1 || len(query[stateParameter]) != 1:
		return "", "the receivedRedirectUri has more in its query than the oauth_state_id"
	case !uuidShape.MatchString(id):
		return "", "the oauth_state_id of the receivedRedirectUri is no UUID"
	}
	return id, ""
}

// samePage compares two addresses up to their query, as a browser would.
func samePage(a, b *url.URL) bool {
	path := func(u *url.URL) string {
		if p := u.EscapedPath(); p != "" {
			return p
		}
		return "/"
	}
	host := func(u *url.URL) string {
		h := strings.ToLower(u.Host)
		return strings.TrimSuffix(h, map[string]string{"http": ":80", "https": ":443"}[u.Scheme])
	}
	return a.Scheme == b.Scheme && host(a) == host(b) && a.User == nil && b.User == nil && path(a) == path(b)
}
