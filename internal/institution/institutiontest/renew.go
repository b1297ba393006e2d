package institutiontest

import (
	"testing"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// renew puts a new grant in the place of a live, an expired and a revoked one.
func renew(t *testing.T, s Subject) {
	old := s.grant(t)
	had := s.accounts(t, old)
	next := s.renewed(t, old)
	if next == old {
		t.Fatal("a renewal gives the old grant again")
	}
	s.sameAccounts(t, had, next)
	s.accounts(t, old) // until it is revoked
	if err := s.Connector.Revoke(t.Context(), old); err != nil {
		t.Fatalf("Revoke: %v", err)
	}
	s.sameAccounts(t, had, next)
	if e, ok := s.Connector.(institution.Expirer); ok {
		if err := e.ExpireGrant(t.Context(), next); err != nil {
			t.Fatalf("ExpireGrant: %v", err)
		}
		expired := next
		next = s.renewed(t, expired)
		s.sameAccounts(t, had, next)
		_, err := s.Connector.Accounts(t.Context(), expired)
		failure(t, "accounts of a grant that was renewed after it expired", err, institution.LoginRequired)
	}
	for what, gone := range map[string]institution.Grant{"a revoked grant": old, "no grant": "no such grant"} {
		in := s.request()
		in.Renew = gone
		_, err := s.Connector.Begin(t.Context(), in)
		if f := failure(t, "renewal of "+what, err); !f.Final {
			t.Fatalf("renewal of %s: a login is open", what)
		}
	}
	s.renewedByOther(t, next)
}

func (s Subject) beginRenewal(t *testing.T, old institution.Grant) institution.Challenge {
	t.Helper()
	in := s.request()
	in.Renew = old
	ch, err := s.Connector.Begin(t.Context(), in)
	if err != nil {
		t.Fatalf("Begin of a renewal: %v", err)
	}
	return ch
}

func (s Subject) renewed(t *testing.T, old institution.Grant) institution.Grant {
	t.Helper()
	ch := s.beginRenewal(t, old)
	for ch.Kind != institution.Done {
		ch = s.answer(t, ch)
	}
	return ch.Grant
}

func (s Subject) sameAccounts(t *testing.T, had []institution.Account, g institution.Grant) {
	t.Helper()
	has := s.accounts(t, g)
	if len(has) != len(had) {
		t.Fatalf("%d accounts through the second grant, %d through the first", len(has), len(had))
	}
	for i := range had {
		if has[i].Ref != had[i].Ref {
			t.Errorf("%s has another key through the second grant", had[i].Name)
		}
	}
}

// renewedByOther lets somebody else in, who must not come as far as a grant.
func (s Subject) renewedByOther(t *testing.T, old institution.Grant) {
	t.Helper()
	ch := s.beginRenewal(t, old)
	for range steps {
		next, err := s.Connector.Answer(t.Context(), ch.LoginID, s.Other(ch))
		if err != nil {
			f := failure(t, "renewal by somebody else", err, institution.OtherUser)
			if ch.Kind == institution.Credentials && f.Final {
				t.Error("another username ends the login at once")
			}
			return
		}
		if ch = next; ch.Kind == institution.Done {
			break
		}
	}
	t.Fatal("a grant was renewed by somebody else than who gave it")
}
