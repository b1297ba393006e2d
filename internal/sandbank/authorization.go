package sandbank

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// The states of an authorization.
const (
	undecided = "open"
	granted   = "granted" // a code is out
	denied    = "denied"
	spent     = "spent" // the code was exchanged
)

// authorization is a person who has signed in on the bank's own pages and
// decides what a program may see. Its handle is in the form of the page and
// nowhere else: whoever has it is that person, so that no cookie is needed and
// no other site can press a button here.
type authorization struct {
	id      string // blind index of the handle
	bank    institution.Institution
	status  string
	expires time.Time
	decided decision
}

// decision is the sealed part of an authorization.
type decision struct {
	Request request `json:"request"`
	Visit   visit   `json:"visit"` // with the accounts that the person picked
	// Back is where the person was sent after the decision, so that a second
	// press of the button leads to the same place.
	Back string `json:"back,omitempty"`
}

// errNoAuthorization reports a handle that is unknown or too old.
var errNoAuthorization = errors.New("sandbank: no such authorization")

func (b *Bank) authorizationID(handle string) string {
	return b.vault.Index("sandbank_authorization", handle)
}

func (b *Bank) codeIndex(code string) string { return b.vault.Index("sandbank_code", code) }

// authorize remembers that a person has signed in, and returns the handle.
func (b *Bank) authorize(ctx context.Context, bank institution.Institution, r request, v visit, until time.Time) (handle string, a authorization, err error) {
	handle = b.ids.Hex(48)
	a = authorization{id: b.authorizationID(handle), bank: bank, status: undecided, expires: until, decided: decision{Request: r, Visit: v}}
	sealed, err := b.vault.SealJSON(a.decided, a.id)
	if err != nil {
		return "", a, err
	}
	now := clock.Millis(b.clock.Now())
	err = b.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, sweepAuthorizations, now, sweep); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, insertAuthorization, a.id, bank.ID, undecided, now, clock.Millis(until), sealed)
		return err
	})
	if err != nil {
		return "", a, fmt.Errorf("sandbank: authorize: %w", err)
	}
	return handle, a, nil
}

// authorization finds what a handle stands for at an institution.
func (b *Bank) authorization(ctx context.Context, institutionID, handle string) (authorization, error) {
	return b.loadAuthorization(ctx, selectAuthorization, b.authorizationID(handle), institutionID)
}

func (b *Bank) loadAuthorization(ctx context.Context, query string, args ...any) (authorization, error) {
	var a authorization
	var institutionID, sealed string
	var expires int64
	err := b.db.QueryRow(ctx, query, args...).Scan(&a.id, &institutionID, &a.status, &expires, &sealed)
	a.expires = clock.FromMillis(expires)
	if errors.Is(err, store.ErrNoRows) || err == nil && !b.clock.Now().Before(a.expires) {
		return a, errNoAuthorization
	}
	if err != nil {
		return a, fmt.Errorf("sandbank: authorization: %w", err)
	}
	if a.bank, err = b.reach(institutionID); err != nil {
		return a, err
	}
	if a.status == spent {
		return a, nil // nothing is left of it
	}
	if err := b.vault.OpenJSON(sealed, a.id, &a.decided); err != nil {
		return a, fmt.Errorf("sandbank: authorization: %w", err)
	}
	return a, a.decided.Visit.parse()
}

// grant lets the program see the accounts named by refs, deny lets it see none,
// and fail plays a bank in trouble. Each returns where the person goes. The first
// decision counts: later ones lead to the same place.
func (b *Bank) grant(ctx context.Context, a authorization, refs []string) (string, error) {
	code := b.ids.Hex(48)
	a.decided.Visit.Accounts = refs
	a.decided.Back = a.decided.Request.back("code", code)
	a.status, a.expires = granted, b.clock.Now().Add(codeLife)
	return b.decide(ctx, a, b.codeIndex(code))
}

func (b *Bank) deny(ctx context.Context, a authorization) (string, error) {
	return b.refuse(ctx, a, accessDenied)
}

func (b *Bank) fail(ctx context.Context, a authorization) (string, error) {
	return b.refuse(ctx, a, serverError)
}

func (b *Bank) refuse(ctx context.Context, a authorization, reason string) (string, error) {
	a.decided.Visit = visit{}
	a.decided.Back = a.decided.Request.back("error", reason)
	a.status = denied
	return b.decide(ctx, a, nil)
}

// decide stores a decision; code is nil or a blind index.
func (b *Bank) decide(ctx context.Context, a authorization, code any) (string, error) {
	sealed, err := b.vault.SealJSON(a.decided, a.id)
	if err != nil {
		return "", err
	}
	err = b.db.Write(ctx, func(tx *store.Tx) error {
		return tx.ExecOne(ctx, decideAuthorization, a.status, code, clock.Millis(a.expires), sealed, a.id, undecided)
	})
	if !errors.Is(err, store.ErrNoRows) {
		if err != nil {
			err = fmt.Errorf("sandbank: decide: %w", err)
		}
		return a.decided.Back, err
	}
	a, err = b.loadAuthorization(ctx, selectAuthorizationByID, a.id)
	return a.decided.Back, err // "" where the code has been spent
}
