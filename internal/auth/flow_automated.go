package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/rail"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
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
	// Payment reads a payment of a client.
	Payment(ctx context.Context, clientID, paymentID string) (rail.Payment, error)
	// Verdict is the same, with the code of a rejection or return.
	Verdict(ctx context.Context, tx *store.Tx, paymentID string) (rail.State, string, error)
	// Work sends what waits, and reads what has come back.
	Work(ctx context.Context) error
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
	Account   string `json:"account"` // its account_id
	Payment   string `json:"payment"`
	Statement string `json:"statement"` // what the statement of the account begins with
}

// WithDeposits lets accounts be verified by deposits. Call it before Typed.
func (a *Auth) WithDeposits(rails Sender, jobs *schedule.Scheduler, ids *clock.IDs, env string) *Auth {
	a.rails, a.jobs, a.ids, a.env = rails, jobs, ids, env
	jobs.RegisterAsk(lookJob, a.look)
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
	statement := ascii(v.Token.ClientName, 16, "ACCOUNT")
	payment, err := a.rails.Send(ctx, tx, rail.Order{
		Kind: rail.SameDayACH, ClientID: sn.ClientID, Subject: account.ID, Cents: 1, Statement: statement,
		Payee: rail.Payee{Routing: t.Routing, Account: t.Account, Savings: account.Subtype == "savings", Name: ascii(t.Name, 22, "ACCOUNT HOLDER")},
	})
	if err != nil {
		return err
	}
	now := a.clock.Now()
	payload, err := json.Marshal(deposited{account.ID, payment.ID, statement})
	if err != nil {
		return err
	}
	if err := a.jobs.Schedule(ctx, tx, now.Add(firstLook), lookJob, sn.ID, string(payload)); err != nil {
		return err
	}
	return a.jobs.Schedule(ctx, tx, now.Add(expireAfter), expireJob, sn.ID, string(payload))
}

// look reads the statement of an account, as a person would, and verifies it if the
// deposit is there and was not returned. One that is still on its way is looked for
// again; one that came back never will be there, and the account expires.
func (a *Auth) look(ctx context.Context, job schedule.Job) (schedule.Func, error) {
	var d deposited
	if err := json.Unmarshal([]byte(job.Payload), &d); err != nil {
		return nil, err
	}
	seen, err := a.arrived(ctx, job.Subject, d)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *store.Tx, job schedule.Job) error {
		switch state, err := a.rails.State(ctx, tx, d.Payment); {
		case err != nil:
			return err
		case state == rail.Reversed || state == rail.Failed:
			return nil
		case seen == onStatement, seen == noStatement && state == rail.Posted:
			_, err = a.settle(ctx, tx, job.Subject, d.Account, item.AutomaticallyVerified)
			return err
		}
		return a.jobs.Schedule(ctx, tx, a.clock.Now().Add(nextLook), lookJob, job.Subject, job.Payload)
	}, nil
}

// sight is what the statement of an account says about a deposit.
type sight int

const (
	notYet      sight = iota // it is not there, or the bank cannot be asked now
	onStatement              // it is posted
	noStatement              // the bank shows none: what the rail knows has to do
)

// arrived looks for a deposit on the statement of its account. An Item whose login
// has failed keeps the error, and is asked about again later.
func (a *Auth) arrived(ctx context.Context, itemID string, d deposited) (sight, error) {
	sn, err := a.items.ByID(ctx, itemID)
	if errors.Is(err, plaid.ItemNotFound) {
		return notYet, nil
	}
	if err != nil || sn.Problem(a.clock.Now()) != nil {
		return notYet, err
	}
	at := slices.IndexFunc(sn.Accounts, func(acc item.Account) bool { return acc.ID == d.Account })
	if at < 0 {
		return notYet, nil
	}
	bank, err := a.items.Bank(ctx, sn)
	if err != nil {
		return notYet, err
	}
	statement, ok := bank.Connector.(institution.Statement)
	if !ok {
		return noStatement, nil
	}
	payment, err := a.rails.Payment(ctx, sn.ClientID, d.Payment)
	if err != nil {
		return notYet, err
	}
	credits, err := statement.Credits(ctx, bank.Grant, sn.Accounts[at].Ref, payment.CreatedAt)
	if err != nil {
		var known *plaid.Error
		if err = a.items.BankError(ctx, sn, err); errors.As(err, &known) || errors.Is(err, item.ErrRenewed) {
			return notYet, nil
		}
		return notYet, err
	}
	there := func(c institution.Credit) bool {
		return c.Posted && c.Cents == int64(payment.Cents) && c.Currency == "USD" && c.Description == d.Statement+" "+nacha.Description &&
			(c.Reference == "" || c.Reference == payment.Trace)
	}
	if slices.ContainsFunc(credits, there) {
		return onStatement, nil
	}
	return notYet, nil
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
