package institutiontest

import (
	"testing"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// share checks that a shared grant opens the same accounts and has a life of its
// own.
func share(t *testing.T, s Subject) {
	sharer, ok := s.Connector.(institution.Sharer)
	if !ok {
		t.Skip("the connector cannot share a grant")
	}
	first := s.grant(t)
	had := s.accounts(t, first)
	second, err := sharer.Share(t.Context(), first)
	if err != nil || second == first || second == "" {
		t.Fatalf("Share: %v, the same grant: %v", err, second == first)
	}
	s.sameAccounts(t, had, second)
	if err := s.Connector.Revoke(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	s.sameAccounts(t, had, second)
	_, err = sharer.Share(t.Context(), first)
	failure(t, "Share after Revoke", err, institution.AccessRevoked)
	_, err = sharer.Share(t.Context(), "no grant")
	failure(t, "Share of a strange grant", err, institution.AccessRevoked)
	third, err := sharer.Share(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	if e, ok := s.Connector.(institution.Expirer); ok {
		if err := e.ExpireGrant(t.Context(), second); err != nil {
			t.Fatal(err)
		}
		_, err = sharer.Share(t.Context(), second)
		failure(t, "Share after ExpireGrant", err, institution.LoginRequired)
	}
	s.sameAccounts(t, had, third)
}
