package institutiontest

import (
	"maps"
	"net/url"
	"regexp"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// oauth checks a bank that signs people in on its own pages: whatever comes back
// from there has passed through a browser and may be anybody's.
func oauth(t *testing.T, s Subject) {
	ch, other := s.begin(t), s.begin(t)
	if ch.Kind != institution.OAuth {
		t.Skip("the bank has no pages of its own")
	}
	t.Run("Address", func(t *testing.T) { oauthAddress(t, s, ch, other) })
	t.Run("NoWayBack", func(t *testing.T) {
		_, err := s.Connector.Begin(t.Context(), institution.BeginRequest{InstitutionID: s.InstitutionID})
		failure(t, "a login that the bank cannot send back from", err, institution.OAuthNotAvailable)
	})
	t.Run("ForeignAnswers", func(t *testing.T) { foreignAnswers(t, s, other) })
	t.Run("Denied", func(t *testing.T) {
		ch := s.begin(t)
		if _, err := s.Connector.Answer(t.Context(), ch.LoginID, s.Denied(ch)); !failure(t, "a person who says no", err, institution.InsufficientCredentials).Final {
			t.Fatal("a login that was denied stays open")
		}
		_, err := s.Connector.Answer(t.Context(), ch.LoginID, s.Right(ch))
		failure(t, "answer to a login that was denied", err)
	})
}

var challengeShape = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// oauthAddress checks the page that the person is sent to. A request that was
// pushed beforehand (RFC 9126) has its parameters elsewhere.
func oauthAddress(t *testing.T, s Subject, ch, other institution.Challenge) {
	u, err := url.Parse(ch.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		t.Fatalf("%q is no address: %v", ch.URL, err)
	}
	if len(ch.State) < 22 || ch.State == other.State || ch.URL == other.URL || ch.LoginID == other.LoginID {
		t.Fatal("two logins share what tells them apart, or it can be guessed")
	}
	q := u.Query()
	if q.Get("request_uri") != "" {
		return
	}
	for name, want := range map[string]string{
		"response_type": "code", "redirect_uri": s.ReturnURL, "state": ch.State, "code_challenge_method": "S256",
	} {
		if q.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, q.Get(name), want)
		}
	}
	if q.Get("client_id") == "" || !challengeShape.MatchString(q.Get("code_challenge")) {
		t.Errorf("no client_id, or no S256 challenge in %s", ch.URL)
	}
}

// foreignAnswers brings to a login what belongs to another. None of it ends the
// login, which is open to its own answer afterwards.
func foreignAnswers(t *testing.T, s Subject, other institution.Challenge) {
	theirs := s.Right(other)
	with := func(answers map[string]string, name, value string) map[string]string {
		changed := maps.Clone(answers)
		changed[name] = value
		return changed
	}
	for what, forge := range map[string]func(ch institution.Challenge, own map[string]string) map[string]string{
		"another login's answer": func(institution.Challenge, map[string]string) map[string]string { return theirs },
		"another login's code": func(_ institution.Challenge, own map[string]string) map[string]string {
			return with(own, institution.CodeAnswer, theirs[institution.CodeAnswer])
		},
		"no state": func(_ institution.Challenge, own map[string]string) map[string]string {
			return with(own, institution.StateAnswer, "")
		},
		"another login's no": func(ch institution.Challenge, _ map[string]string) map[string]string {
			return with(s.Denied(ch), institution.StateAnswer, theirs[institution.StateAnswer])
		},
	} {
		ch := s.begin(t)
		own := s.Right(ch)
		again, err := s.Connector.Answer(t.Context(), ch.LoginID, forge(ch, own))
		if failure(t, what, err).Final || again.Kind != institution.OAuth || again.Grant != "" {
			t.Fatalf("%s: a stranger ends the login, or goes on with it: %+v", what, again)
		}
		if again.URL != ch.URL || again.State != ch.State {
			t.Fatalf("%s: the login has another address now", what)
		}
		done, err := s.Connector.Answer(t.Context(), ch.LoginID, own)
		if err != nil || done.Kind != institution.Done || done.Grant == "" {
			t.Fatalf("the login's own answer after %s: %v", what, err)
		}
		third := s.begin(t)
		_, err = s.Connector.Answer(t.Context(), third.LoginID, with(own, institution.StateAnswer, third.State))
		failure(t, "a code that was used", err)
	}
}
