package sandbank

import (
	"context"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// renewal is what a login remembers of the grant that it is to take the place of.
type renewal struct {
	Username string `json:"username"`
	Line     string `json:"line"`
}

// by reports whether somebody may renew the grant; anybody may where there is
// none.
func (r *renewal) by(username string) bool { return r == nil || r.Username == username }

// renewalOf finds whose grant is to be renewed. The bank has forgotten a grant
// that was revoked, so that one cannot be.
func (b *Bank) renewalOf(ctx context.Context, in institution.Institution, g institution.Grant) (*renewal, error) {
	key := b.grantKey(g)
	var institutionID, status, sealed string
	err := b.db.QueryRow(ctx, selectGrant, key).Scan(&institutionID, &status, &sealed)
	if errors.Is(err, store.ErrNoRows) || err == nil && institutionID != in.ID {
		return nil, final(institution.AccessRevoked, "")
	}
	if err != nil {
		return nil, fmt.Errorf("sandbank: grant to renew: %w", err)
	}
	var v visit
	if err := b.vault.OpenJSON(sealed, key, &v); err != nil {
		return nil, fmt.Errorf("sandbank: grant to renew: %w", err)
	}
	r := &renewal{Username: v.Username, Line: v.Line}
	if r.Line == "" {
		r.Line = key
	}
	return r, nil
}

// hint is a username and a password that will do: those of the first person, or of
// whoever gave the grant that is to be renewed. What a custom user typed is not for
// a hint.
func (d *data) hint(r *renewal) map[string]string {
	p := d.People[0]
	if r != nil {
		var ok bool
		if p, ok = d.person(r.Username); !ok {
			return nil
		}
	}
	password := "anything"
	if len(p.Passwords) > 0 {
		password = p.Passwords[0]
	}
	return map[string]string{"username": p.Username, "password": password}
}
