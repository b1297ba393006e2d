package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// InstantMatch is the auth_method of numbers that a person typed and that agree
// with what the bank says of the account (seed 001, "Instant Match").
const InstantMatch = "INSTANT_MATCH"

// instantMatch compares typed numbers with the mask of the account.
var instantMatch = way{
	method: InstantMatch,
	why:    "it gives no account numbers to a login, so Link asks for those of one account and compares them with the bank's (Instant Match)",
	open: func(_ *Auth, t link.Token, in institution.Institution) string {
		switch {
		case !in.Methods.InstantMatch:
			return "Instant Match is not offered there (auth_methods.instant_match is false)"
		case in.OAuth:
			return "Instant Match needs a login in Link, and the bank has people log in on pages of its own"
		case !t.USOnly():
			return fmt.Sprintf(`Instant Match needs country_codes to be ["US"] and nothing else, and they are [%s]`, strings.Join(t.CountryCodes, ", "))
		case !t.Auth.InstantMatch:
			return "Instant Match is switched off (auth.instant_match_enabled)"
		}
		return ""
	},
}

// maxMismatches bounds the forms that a session compares with the bank.
const maxMismatches = 3

// The outcomes of the numbers' step.
const (
	matched    link.Outcome = "matched"
	mismatched link.Outcome = "mismatched" // the pane says what is wrong
)

// match compares what was typed with the account: its mask, the routing numbers of
// the bank, and all that the bank can say about it.
func (a *Auth) match(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	p, err := a.items.Prospect(v)
	if err != nil {
		return "", err
	}
	routing, number := digits(v.Input.Field(routingField)), digits(v.Input.Field(accountField))
	deposits := automated.open(a, v.Token, p.Institution) == "" && strings.HasSuffix(number, p.Account.Mask) && p.Account.Mask != ""
	if deposits && instantMatch.open(a, v.Token, p.Institution) != "" {
		return a.promise(v, p, routing, number), nil
	}
	field, key, err := compare(ctx, p, routing, number)
	var failed *institution.Failure
	switch {
	case errors.As(err, &failed) && failed.Reason == institution.NumbersNotAvailable && deposits:
		v.Explain("the bank has nothing to compare the numbers with: a deposit finds out whether they are right (Automated Micro-deposits)")
		return a.promise(v, p, routing, number), nil
	case errors.As(err, &failed) && failed.Reason == institution.NumbersNotAvailable:
		v.Explain("Instant Match has failed: the bank has nothing to compare the numbers with")
		return item.Halt(v, plaid.InstantMatchFailed), nil
	case errors.As(err, &failed):
		return a.items.HaltFor(v, failed), nil
	case err != nil:
		return "", err
	case field == "":
		*p.Typing = item.Typing{Method: InstantMatch, Routing: routing, Account: number}
		return matched, nil
	}
	p.Typing.Wrong++
	p.Typing.Refused = map[string]string{field: key}
	if p.Typing.Wrong < maxMismatches {
		return mismatched, nil
	}
	if deposits {
		v.Explain("numbers were typed %d times that the bank does not know, and they end as the account's mask: a deposit finds out whether they are right (Automated Micro-deposits)", maxMismatches)
		return a.promise(v, p, routing, number), nil
	}
	*p.Typing = item.Typing{}
	v.Explain("Instant Match has failed: numbers were typed %d times that are not those of the account", maxMismatches)
	return item.Halt(v, plaid.InstantMatchFailed), nil
}

// compare names the field that is wrong and the sentence that says so.
func compare(ctx context.Context, p item.Prospect, routing, number string) (field, key string, err error) {
	known := p.Institution.RoutingNumbers
	wrong := institution.Matched
	m, asks := p.Connector.(institution.Matcher)
	switch mask := p.Account.Mask; {
	case mask == "": // nothing to compare with
		return "", "", &institution.Failure{Reason: institution.NumbersNotAvailable}
	case !strings.HasSuffix(number, mask):
		return accountField, "numbers.account_mask", nil
	case asks:
		wrong, err = m.Match(ctx, p.Grant, p.Account.Ref, routing, number)
	case len(known) > 0 && !slices.Contains(known, routing):
		wrong = institution.WrongRouting
	}
	switch {
	case err != nil:
		return "", "", err
	case wrong == institution.WrongRouting:
		return routingField, "numbers.routing_bank", nil
	case wrong == institution.WrongAccount:
		return accountField, "numbers.account_wrong", nil
	}
	return "", "", nil
}
