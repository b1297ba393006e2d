package sandbank

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// errOtherUser refuses a code that somebody else gave than the person whose grant
// is to be renewed.
var errOtherUser = errors.New("sandbank: another person than the one whose grant is renewed")

// errInvalidGrant refuses a code that is unknown, used, too old, or not the
// asking program's. Which of these is nobody's business.
var errInvalidGrant = errors.New("sandbank: the authorization code is not valid")

// exchange is a program that comes for its grant (RFC 6749 section 4.1.3).
type exchange struct {
	code, client, redirect, verifier string
	renews                           *renewal
}

// redeem judges an exchange; the HTTP endpoint and Answer both come here. To
// store the grant it returns is to spend the code, which fails with
// store.ErrNoRows where another exchange was faster.
//
// A second exchange does not revoke the first one's grant: without the verifier
// it never comes this far, and whoever has the verifier is the program itself.
func (b *Bank) redeem(ctx context.Context, x exchange) (issue, institution.Institution, error) {
	index := b.codeIndex(x.code)
	a, err := b.loadAuthorization(ctx, selectAuthorizationByCode, index)
	if errors.Is(err, errNoAuthorization) {
		err = errInvalidGrant
	}
	if err != nil {
		return issue{}, a.bank, err
	}
	r := a.decided.Request
	if a.status != granted || r.Client != x.client || r.Redirect != x.redirect || !same(r.Challenge, challengeOf(x.verifier)) {
		return issue{}, a.bank, errInvalidGrant
	}
	if !x.renews.by(a.decided.Visit.Username) {
		return issue{}, a.bank, errOtherUser
	}
	made, err := b.newGrant(a.bank, a.decided.Visit, x.renews)
	return issue{made.grant, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.ExecOne(ctx, spendCode, spent, index, granted, clock.Millis(b.clock.Now())); err != nil {
			return err
		}
		return made.store(ctx, tx)
	}}, a.bank, err
}
