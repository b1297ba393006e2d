package institutiontest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// every calls each method that a grant opens.
func every(ctx context.Context, c institution.Connector, g institution.Grant) map[string]error {
	errs := map[string]error{}
	_, errs["Accounts"] = c.Accounts(ctx, g)
	if n, ok := c.(institution.Numberer); ok {
		_, errs["Numbers"] = n.Numbers(ctx, g, nil)
	}
	if st, ok := c.(institution.Statement); ok {
		_, errs["Credits"] = st.Credits(ctx, g, "", time.Time{})
	}
	if o, ok := c.(institution.Owners); ok {
		_, errs["Owners"] = o.Owners(ctx, g, nil)
	}
	return errs
}

func revoke(t *testing.T, s Subject) {
	g, other := s.grant(t), s.grant(t)
	s.accounts(t, g)
	for range 2 {
		if err := s.Connector.Revoke(t.Context(), g); err != nil {
			t.Fatalf("Revoke: %v", err)
		}
	}
	for method, err := range every(t.Context(), s.Connector, g) {
		failure(t, method+" after Revoke", err, institution.AccessRevoked)
	}
	s.accounts(t, other)
}

func expire(t *testing.T, s Subject) {
	e, ok := s.Connector.(institution.Expirer)
	if !ok {
		t.Skip("the connector cannot expire a grant")
	}
	g, other := s.grant(t), s.grant(t)
	s.accounts(t, g)
	if err := e.ExpireGrant(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	for method, err := range every(t.Context(), s.Connector, g) {
		failure(t, method+" after ExpireGrant", err, institution.LoginRequired)
	}
	s.accounts(t, other)
	if err := s.Connector.Revoke(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	if err := e.ExpireGrant(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	_, err := s.Connector.Accounts(t.Context(), g)
	failure(t, "Accounts after Revoke", err, institution.AccessRevoked)
}

func strangeGrants(t *testing.T, s Subject) {
	g := s.grant(t)
	for _, strange := range []institution.Grant{"", "no such grant", g + "0", institution.Grant(strings.ToUpper(string(g)) + " ")} {
		for method, err := range every(t.Context(), s.Connector, strange) {
			failure(t, method+" with a strange grant", err)
		}
		if err := s.Connector.Revoke(t.Context(), strange); err != nil {
			t.Errorf("Revoke of a strange grant: %v", err)
		}
	}
	s.accounts(t, g)
}
