package auth

import (
	"context"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/rail"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/team"
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
			return "Same Day Micro-deposits have no rail to pay by (serve --rail-spool)"
		}
		return ""
	},
	status: item.PendingManual,
	next:   link.SameDayAuthorized,
	steps: func(a *Auth) map[link.View]link.Step {
		return map[link.View]link.Step{
			link.SameDayAuthorized: {
				Pane: onItsWayPane(a), Status: "requires_credentials", Loading: true, Guarded: true, Check: a.checkPhone, Do: a.promised,
				Next: link.Next{onward: link.Connected},
				Back: partAuthorize,
			},
		}
	},
	finish: (*Auth).sendCode,
}

// promised goes on from what is said about the deposit. It leaves with the Item.
func (a *Auth) promised(_ context.Context, v *link.Visit) (link.Outcome, error) {
	item.TypingOf(v).Phone = ""
	if typed := v.Input.Field(phoneField); typed != "" && a.texts(v) {
		item.TypingOf(v).Phone, _ = team.CheckPhone(typed, "US") // checked before
	}
	return onward, nil
}

// texts reports whether the person may ask for a message about the deposit.
func (a *Auth) texts(v *link.Visit) bool { return a.page != nil && v.Token.Auth.SMSVerification }

// checkPhone refuses what cannot be a telephone number of the United States; none is
// fine.
func (a *Auth) checkPhone(v *link.Visit) {
	typed := v.Input.Field(phoneField)
	if typed == "" || !a.texts(v) {
		return
	}
	if phone, err := team.CheckPhone(typed, "US"); err != nil || !strings.HasPrefix(phone, "+1") {
		v.Problem(phoneField, v.T("sameday.phone_wrong"))
	}
}

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
		ItemID: sn.ID, AccountID: account.ID, PaymentID: payment.ID, State: waiting,
		sealed: sealedDeposit{Code: code, Client: v.Token.ClientName, Phone: t.Phone},
	})
}

// statement is what the bank prints before ACCTVERIFY: the code and the first 11
// characters of the client's name (plaid-server-api.md section 7.5).
func statement(code, client string) string {
	return "#" + code + " " + printedName(client)
}

// printedName is what a statement has room for of a client's name.
func printedName(client string) string { return ascii(client, 11, "ACCOUNT") }

// payeeName is a name that a payment file can carry something of.
func payeeName(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return r > ' ' && r <= '~' }) {
		return name
	}
	return "ACCOUNT HOLDER"
}
