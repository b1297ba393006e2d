package auth

import (
	"context"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/rail"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// SameDay is the auth_method of numbers that were typed without a login, and whose
// person has to read a code in the description of a deposit (link-web.md section
// 4.6).
const SameDay = "SAME_DAY_MICRODEPOSITS"

// sameDay pays one cent by Same Day ACH. The person comes back with the code later.
var sameDay = manual{
	method: SameDay,
	why:    "a cent is paid into the account by Same Day ACH, and the person comes back with the code from its description (Same Day Micro-deposits)",
	open: func(a *Auth, t link.Token) string {
		if reason := withoutLogin("Same Day Micro-deposits", t); reason != "" {
			return reason
		}
		switch {
		case !t.Auth.SameDayMicrodeposits:
			return "Same Day Micro-deposits are switched off (auth.same_day_microdeposits_enabled)"
		case a.rails == nil:
			return "Same Day Micro-deposits have no rail to pay by"
		}
		return ""
	},
	status: item.PendingManual,
	next:   link.SameDayAuthorized,
	steps: func(a *Auth) map[link.View]link.Step {
		return map[link.View]link.Step{
			link.SameDayAuthorized: {
				Pane: onItsWayPane(a), Status: "requires_credentials", Loading: true, Guarded: true, Do: a.promised,
				Next: link.Next{onward: link.Connected},
				Back: partAuthorize,
			},
		}
	},
	finish: (*Auth).sendCode,
}

// promised goes on from what is said about the deposit. It leaves with the Item.
func (a *Auth) promised(context.Context, *link.Visit) (link.Outcome, error) { return onward, nil }

// sandboxCode is the code of every deposit in the sandbox, as documented; elsewhere
// it is drawn.
const sandboxCode = "ABC"

// codeLetters are what a code is drawn from: no vowels, so that it is no word, and
// nothing that looks like a digit.
const codeLetters = "BCDFGHJKLMNPQRSTVWXZ"

// newCode is the code of a new deposit.
func (a *Auth) newCode() string {
	if a.env == "sandbox" {
		return sandboxCode
	}
	return a.ids.Letters(3, codeLetters)
}

// sendCode pays a cent to the account of a new Item, with a code in its
// description.
func (a *Auth) sendCode(ctx context.Context, tx *store.Tx, v *link.Visit, sn *item.Snapshot) error {
	t, account, code := item.TypingOf(v), &sn.Accounts[0], a.newCode()
	payment, err := a.rails.Send(ctx, tx, rail.Order{
		Kind: rail.SameDayACH, ClientID: sn.ClientID, Subject: account.ID, Cents: 1,
		Payee:     rail.Payee{Routing: t.Routing, Account: t.Account, Savings: t.Savings, Name: payeeName(t.Name)},
		Statement: statement(code, v.Token.ClientName),
	})
	if err != nil {
		return err
	}
	return a.insertDeposit(ctx, tx, deposit{
		ItemID: sn.ID, AccountID: account.ID, PaymentID: payment.ID, State: waiting, sealed: sealedDeposit{Code: code, Phone: t.Phone},
	})
}

// statement is what the bank prints before ACCTVERIFY: the code and the first 11
// characters of the client's name (plaid-server-api.md section 7.5).
func statement(code, client string) string {
	return "#" + code + " " + ascii(client, 11, "ACCOUNT")
}

// payeeName is a name that a payment file can carry something of.
func payeeName(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return r > ' ' && r <= '~' }) {
		return name
	}
	return "ACCOUNT HOLDER"
}
