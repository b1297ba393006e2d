package auth

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/rail"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Automated is the auth_method of numbers that a deposit has shown to be right
// (link-web.md section 4.5).
const Automated = "AUTOMATED_MICRODEPOSITS"

// Sender pays the deposits: rail.Rails.
type Sender interface {
	Send(ctx context.Context, tx *store.Tx, o rail.Order) (rail.Payment, error)
	// State is how far a payment has come.
	State(ctx context.Context, tx *store.Tx, paymentID string) (rail.State, error)
}

// automated pays one cent to the account and sees whether it stays there.
var automated = way{
	method: Automated,
	why:    "it gives no account numbers to a login, so Link asks for those of one account and pays a cent there (Automated Micro-deposits)",
	open: func(a *Auth, t link.Token, in institution.Institution) string {
		switch {
		case !in.Methods.AutomatedMicroDeposits:
			return "Automated Micro-deposits are not offered there (auth_methods.automated_micro_deposits is false)"
		case in.OAuth:
			return "Automated Micro-deposits need a login in Link, and the bank has people log in on pages of its own"
		case !t.USOnly():
			return fmt.Sprintf(`Automated Micro-deposits need country_codes to be ["US"] and nothing else, and they are [%s]`, strings.Join(t.CountryCodes, ", "))
		case !t.Auth.AutomatedMicrodeposits:
			return "Automated Micro-deposits are switched off (auth.automated_microdeposits_enabled)"
		case a.rails == nil:
			return "Automated Micro-deposits have no rail to pay by (serve --rail-spool)"
		}
		return ""
	},
}

// When a deposit is looked for: a day after it was sent, then every hour, and not
// for longer than seven days.
const (
	firstLook   = 24 * time.Hour
	nextLook    = time.Hour
	expireAfter = 7 * 24 * time.Hour
)

// The kinds of jobs. Their subject is the Item.
const (
	lookJob   = "auth.look"
	expireJob = "auth.expire"
)

// deposited is what the jobs know of a deposit.
type deposited struct {
	Account string `json:"account"` // its account_id
	Payment string `json:"payment"`
}

// WithDeposits lets accounts be verified by deposits. Call it before Typed.
func (a *Auth) WithDeposits(rails Sender, jobs *schedule.Scheduler, env string) *Auth {
	a.rails, a.jobs, a.env = rails, jobs, env
	jobs.Register(lookJob, a.look)
	jobs.Register(expireJob, a.expire)
	return a
}

// promise takes the typed numbers for ones that a deposit will show to be right.
func (a *Auth) promise(v *link.Visit, p item.Prospect, routing, number string) link.Outcome {
	name := v.Token.User.LegalName
	if typed := v.Input.Field(nameField); typed != "" {
		name = typed
	}
	*p.Typing = item.Typing{Method: Automated, Routing: routing, Account: number, Name: name, Status: item.PendingAutomatic}
	return matched
}

// deposit pays a cent to the account of a new Item, in the transaction that makes
// the Item.
func (a *Auth) deposit(ctx context.Context, tx *store.Tx, v *link.Visit, sn *item.Snapshot) error {
	t, account := item.TypingOf(v), &sn.Accounts[0]
	payment, err := a.rails.Send(ctx, tx, rail.Order{
		Kind: rail.SameDayACH, ClientID: sn.ClientID, Subject: account.ID, Cents: 1,
		Payee:     rail.Payee{Routing: t.Routing, Account: t.Account, Savings: account.Subtype == "savings", Name: ascii(t.Name, 22, "ACCOUNT HOLDER")},
		Statement: ascii(v.Token.ClientName, 16, "ACCOUNT"),
	})
	if err != nil {
		return err
	}
	payload, err := json.Marshal(deposited{account.ID, payment.ID})
	if err != nil {
		return err
	}
	now := a.clock.Now()
	if err := a.jobs.Schedule(ctx, tx, now.Add(firstLook), lookJob, sn.ID, string(payload)); err != nil {
		return err
	}
	return a.jobs.Schedule(ctx, tx, now.Add(expireAfter), expireJob, sn.ID, string(payload))
}

// look verifies the account whose deposit has settled and was not returned. One
// that is still on its way is looked for again; one that came back never will be
// there, and the account expires.
func (a *Auth) look(ctx context.Context, tx *store.Tx, job schedule.Job) error {
	var d deposited
	if err := json.Unmarshal([]byte(job.Payload), &d); err != nil {
		return err
	}
	state, err := a.rails.State(ctx, tx, d.Payment)
	switch {
	case err != nil:
		return err
	case state == rail.Posted:
		_, err = a.settle(ctx, tx, job.Subject, d.Account, item.AutomaticallyVerified)
		return err
	case state == rail.Reversed || state == rail.Failed:
		return nil
	}
	return a.jobs.Schedule(ctx, tx, a.clock.Now().Add(nextLook), lookJob, job.Subject, job.Payload)
}

// expire ends the wait for a deposit.
func (a *Auth) expire(ctx context.Context, tx *store.Tx, job schedule.Job) error {
	var d deposited
	if err := json.Unmarshal([]byte(job.Payload), &d); err != nil {
		return err
	}
	_, err := a.settle(ctx, tx, job.Subject, d.Account, item.VerificationExpired)
	return err
}

// settle ends the wait for a deposit in one of two ways, with its webhook; false if
// nothing waited.
func (a *Auth) settle(ctx context.Context, tx *store.Tx, itemID, accountID string, to item.Verification) (bool, error) {
	moved, err := a.items.SetVerification(ctx, tx, itemID, accountID, item.PendingAutomatic, to)
	if err != nil || !moved {
		return false, err
	}
	if err := a.unschedule(ctx, tx, itemID); err != nil {
		return false, err
	}
	return true, a.notify(ctx, tx, itemID, accountID, noticeOf[to])
}

// unschedule ends the jobs of an Item.
func (a *Auth) unschedule(ctx context.Context, tx *store.Tx, itemID string) error {
	if a.jobs == nil {
		return nil
	}
	for _, kind := range []string{lookJob, expireJob} {
		if err := a.jobs.Cancel(ctx, tx, kind, itemID); err != nil {
			return err
		}
	}
	return nil
}

// ascii is what a payment file can carry of a text: printable ASCII, no longer than
// most; otherwise if nothing is left.
func ascii(s string, most int, otherwise string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s))
	if len(s) > most {
		s = strings.TrimSpace(s[:most])
	}
	if s == "" {
		return otherwise
	}
	return s
}
