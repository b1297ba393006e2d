package sandbank

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// oauthLogin is the program's side of a login on the bank's own pages: what it
// keeps to recognise the answer and to prove that the code is its own.
type oauthLogin struct {
	ReturnURL string `json:"return_url"`
	State     string `json:"state"`
	Verifier  string `json:"verifier"`
}

func (o oauthLogin) request() request {
	return request{Client: clientID, Redirect: o.ReturnURL, State: o.State, Challenge: challengeOf(o.Verifier)}
}

// beginOAuth is the first state of a login at a bank with pages of its own.
func (b *Bank) beginOAuth(returnURL string) (state, error) {
	if returnURL == "" || b.pages.base == "" {
		return state{}, final(institution.OAuthNotAvailable, "")
	}
	if !b.pages.returnsTo(returnURL) {
		return state{}, fmt.Errorf("sandbank: begin: the return address is not one of this server")
	}
	return state{Step: institution.OAuth, OAuth: &oauthLogin{
		ReturnURL: returnURL,
		State:     b.ids.Hex(48),
		Verifier:  base64.RawURLEncoding.EncodeToString(b.ids.Bytes(32)),
	}}, nil
}

// The errors that a person comes back with (RFC 6749 section 4.1.2.1).
const (
	accessDenied = "access_denied"
	serverError  = "server_error"
)

// advanceOAuth judges what a person came back with from the bank's pages. It
// returns the grant, which is stored in the transaction that ends the login: the
// login and the code end together, so that there is one grant whoever else comes
// with either of them.
//
// Only what comes with the login's own state can end it at once; anything else
// may have been sent by a stranger and is counted as a wrong answer.
func (b *Bank) advanceOAuth(ctx context.Context, l *login, answers map[string]string) (issue, *institution.Failure, error) {
	s, o := &l.state, l.state.OAuth
	refuse := func(detail string) (issue, *institution.Failure, error) {
		return issue{}, s.slip(institution.Failure{Reason: institution.InsufficientCredentials, Detail: detail}), nil
	}
	if !same(answers[institution.StateAnswer], o.State) {
		return refuse("state is not the one of this login")
	}
	switch answers[institution.ErrorAnswer] {
	case "":
	case serverError:
		return issue{}, final(institution.InternalError, ""), nil
	default:
		return issue{}, final(institution.InsufficientCredentials, ""), nil
	}
	made, bank, err := b.redeem(ctx, exchange{
		code: answers[institution.CodeAnswer], client: clientID, redirect: o.ReturnURL, verifier: o.Verifier, renews: s.Renews,
	})
	if errors.Is(err, errOtherUser) {
		return issue{}, final(institution.OtherUser, ""), nil
	}
	if errors.Is(err, errInvalidGrant) || err == nil && bank.ID != l.bank.ID {
		return refuse("code is not valid")
	}
	if err != nil {
		return issue{}, nil, err
	}
	s.Step = institution.Done
	return made, nil, nil
}
