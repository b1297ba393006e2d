package sandbank

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Play goes through the bank's pages as a person with a browser would: through
// the same checks, to the same authorization, and back to the same address.
func (b *Bank) Play(ctx context.Context, address string, in institution.Play) (string, error) {
	bank, req, err := b.addressed(address)
	if err != nil {
		return "", err
	}
	v, err := b.visitor(in.Username, in.Password)
	if err != nil {
		return "", plaid.InvalidField("the password of user_custom cannot be used: " + err.Error())
	}
	_, a, err := b.authorize(ctx, bank, req, v, b.clock.Now().Add(loginLife))
	if err != nil {
		return "", err
	}
	switch in.Decision {
	case decisionDeny:
		return b.deny(ctx, a)
	case decisionError:
		if !b.offersError(bank) {
			return "", plaid.InvalidField("decision error is offered by " + strings.Join(b.data.Habits.SimulatesErrors, ", ") + " only")
		}
		return b.fail(ctx, a)
	}
	refs, err := b.masked(a, in.Masks)
	if err != nil {
		return "", err
	}
	return b.grant(ctx, a, refs)
}

// addressed reads the address of a login page, which must be one of the bank's.
func (b *Bank) addressed(address string) (institution.Institution, request, error) {
	wrong := plaid.InvalidField("the person was not sent to a page of the simulated bank")
	rest, ours := strings.CutPrefix(address, b.pages.base+"/bank/")
	id, query, whole := strings.Cut(rest, "/authorize?")
	q, err := url.ParseQuery(query)
	if !ours || !whole || err != nil {
		return institution.Institution{}, request{}, wrong
	}
	bank, err := b.oauthBank(id)
	if err != nil {
		return bank, request{}, err
	}
	req, refused, ok := b.readRequest(q)
	if !ok || refused != nil {
		return bank, request{}, wrong
	}
	return bank, req, nil
}

// masked finds the accounts of a person by their masks; none stand for all.
func (b *Bank) masked(a authorization, masks []string) ([]string, error) {
	var refs, known []string
	for _, acc := range b.data.accounts(a.bank, a.decided.Visit) {
		known = append(known, acc.Mask)
		if len(masks) == 0 || slices.Contains(masks, acc.Mask) {
			refs = append(refs, acc.Ref)
		}
	}
	for _, m := range masks {
		if !slices.Contains(known, m) {
			return nil, plaid.InvalidField("accounts must be masks of accounts that the person has at the bank: " + strings.Join(known, ", "))
		}
	}
	return refs, nil
}
