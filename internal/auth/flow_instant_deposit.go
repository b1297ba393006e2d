package auth

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/rail"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// InstantDeposit is the auth_method of numbers that were typed without a login, and
// whose person read a code in the description of an instant deposit (link-web.md
// section 4.4; seed 001, "Instant Micro-deposits").
const InstantDeposit = "INSTANT_MICRODEPOSITS"

// instantDeposits pay a cent by RTP or FedNow. The person types its code in the same
// session.
var instantDeposits = manual{
	method: InstantDeposit,
	why:    "a cent is paid into the account within seconds, by RTP or FedNow, and the person types the code from its description in this session (Instant Micro-deposits)",
	open: func(a *Auth, t link.Token) string {
		if reason := withoutLogin("Instant Micro-deposits", t); reason != "" {
			return reason
		}
		switch {
		case !t.Auth.InstantMicrodeposits:
			return "Instant Micro-deposits are switched off (auth.instant_microdeposits_enabled)"
		case a.rails == nil || a.reach == nil:
			return "Instant Micro-deposits have no rail to pay by"
		}
		return ""
	},
	upgrades: true,
	takes: func(a *Auth, _ link.Token, routing string) string {
		if a.reach.InstantRail(routing) == "" {
			return "neither RTP nor FedNow reaches the routing number"
		}
		return ""
	},
	status: item.ManuallyVerified,
	next:   link.InstantAuthorized,
	steps:  (*Auth).instantSteps,
	finish: func(a *Auth, ctx context.Context, tx *store.Tx, v *link.Visit, _ *item.Snapshot) error {
		_, err := tx.Exec(ctx, deleteInstant, v.ID)
		if err != nil {
			return err
		}
		return a.jobs.Cancel(ctx, tx, forgetInstantJob, v.ID)
	},
}

// The outcomes of the steps around an instant deposit.
const (
	onItsWay    link.Outcome = "on its way"
	refusedForm link.Outcome = "refused form" // the bank does not take it: all numbers on one pane
	refused     link.Outcome = "refused"      // the same, where the account number has a pane of its own
	wrongCode   link.Outcome = "wrong code"
	slower      link.Outcome = "slower"      // Same Day instead
	slowerKind  link.Outcome = "slower kind" // the same, and the kind of account is not known
)

// actionMissing says that the deposit cannot be seen.
const actionMissing = "missing"

// instantSteps are what follows the authorization.
func (a *Auth) instantSteps() map[link.View]link.Step {
	next := link.Next{
		onward: link.InstantCode, refused: partAccount, refusedForm: numbersForm,
		slower: partAuthorize, slowerKind: partKind, item.Stopped: link.Error,
	}
	backToNumbers := func(v *link.Visit) link.View {
		if item.TypingOf(v).Form {
			return numbersForm
		}
		return ""
	}
	return map[link.View]link.Step{
		link.InstantAuthorized: {
			Pane: instantSentPane, Status: "requires_credentials", Guarded: true, Do: a.arrive, Next: next,
			Back: partAccount, BackTo: backToNumbers,
		},
		link.InstantCode: {
			Pane: instantCodePane(a), Status: "requires_code", Guarded: true, Actions: []string{link.ActionSubmit, actionMissing},
			Check: checkInstantCode, Do: a.takeInstantCode, Loading: true, Has: a.mayMiss,
			Next: link.Next{
				onward: link.Connected, wrongCode: link.InstantCode, refused: partAccount, refusedForm: numbersForm,
				slower: partAuthorize, slowerKind: partKind, item.Stopped: link.Error,
			},
			Back: link.InstantAuthorized,
		},
	}
}

// sendInstant pays the cent and looks whether the bank takes it.
func (a *Auth) sendInstant(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	t := item.TypingOf(v)
	d, err := a.payInstant(ctx, v)
	var told *plaid.Error
	switch {
	case errors.Is(err, errInstantSpent):
		v.Explain("the session has paid a cent to %d accounts, none of which was verified", maxInstant)
		v.Fail(plaid.ItemNotSupported)
		return item.HaltSaying(v, link.Trouble{
			Code: plaid.ItemNotSupported.Code, Title: "numbers.unverified.title", Lead: "numbers.unverified.lead", Final: true,
		}), nil
	case errors.As(err, &told):
		v.Explain("the rail does not take the deposit: %s", told.Message)
		return a.refusal(v), nil
	case err != nil:
		return "", err
	}
	t.AccountID, t.Left = d.AccountID, 0
	// What hinders the rail is in its log. Whether the deposit has left shows below.
	_ = a.rails.Work(ctx)
	return a.standing(ctx, v, d, onItsWay)
}

// patience is how long a deposit may be on its way before Link gives up on it. The
// documented time is five seconds.
const patience = time.Minute

// standing is what has become of a deposit; outcome if it has arrived or still may.
func (a *Auth) standing(ctx context.Context, v *link.Visit, d instantDeposit, outcome link.Outcome) (link.Outcome, error) {
	var state rail.State
	var code string
	err := a.db.Write(ctx, func(tx *store.Tx) (err error) {
		state, code, err = a.rails.Verdict(ctx, tx, d.PaymentID)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case state == rail.Failed && slices.Contains(accountReasons, code):
		v.Explain("the bank has rejected the deposit: %s, which is about the account", code)
		return a.refusal(v), nil
	case state == rail.Failed || state == rail.Reversed:
		v.Explain("the bank has rejected the deposit: %s", code)
		return a.slowDown(v), nil
	case state != rail.Posted && a.clock.Now().Sub(d.SentAt) >= patience:
		v.Explain("the bank has not answered the deposit within %s", patience)
		return a.slowDown(v), nil
	}
	return outcome, nil
}

// accountReasons are the reasons of a rejection that another account number mends:
// wrong, closed and blocked accounts.
var accountReasons = []string{"AC01", "AC03", "AC04", "AC06", "AC07"}

// refusal leads back to the numbers.
func (a *Auth) refusal(v *link.Visit) link.Outcome {
	t := item.TypingOf(v)
	t.Refused = map[string]string{accountField: "instant.refused"}
	if t.Form {
		return refusedForm
	}
	return refused
}

// slowDown goes on with Same Day Micro-deposits, where the link token has them.
func (a *Auth) slowDown(v *link.Visit) link.Outcome {
	t := item.TypingOf(v)
	if reason := sameDay.open(a, v.Token); reason != "" {
		v.Explain("there is no other way to verify the account: %s", reason)
		v.Fail(plaid.InstitutionNotResponding)
		return item.HaltSaying(v, link.Trouble{
			Code: plaid.InstitutionNotResponding.Code, Title: "error.INSTITUTION_NOT_RESPONDING.title", Lead: "instant.silent.lead",
		})
	}
	v.Explain("Link goes on with Same Day Micro-deposits: %s", sameDay.why)
	t.Method, t.Status = sameDay.method, sameDay.status
	t.Refused = map[string]string{noticeField: "instant.slower"}
	if t.Form {
		return slowerKind
	}
	return slower
}

// arrive goes on to the code once the person has read where it is.
func (a *Auth) arrive(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	d, err := a.instantOf(ctx, v)
	if err != nil {
		return "", err
	}
	_ = a.rails.Work(ctx)
	return a.standing(ctx, v, d, onward)
}

// mayMiss offers the way for who cannot see the deposit only where there is one.
func (a *Auth) mayMiss(v *link.Visit, action string) bool {
	return action != actionMissing || sameDay.open(a, v.Token) == ""
}

// checkInstantCode is checkCode, unless the person says that there is no code.
func checkInstantCode(v *link.Visit) {
	if v.Input.Action != actionMissing {
		checkCode(v)
	}
}

// takeInstantCode compares the code with that of the deposit.
func (a *Auth) takeInstantCode(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	t := item.TypingOf(v)
	if v.Input.Action == actionMissing {
		v.Explain("the person does not see the instant deposit")
		return a.slowDown(v), nil
	}
	right, left, err := a.tryInstant(ctx, v, strings.ToUpper(typedCode(v)))
	switch {
	case err != nil:
		return "", err
	case right:
		return onward, nil
	case left > 0:
		t.Left = left
		v.Fail(plaid.IncorrectDepositVerification)
		return wrongCode, nil
	}
	v.Fail(plaid.IncorrectDepositVerification)
	v.Explain("%d wrong codes were typed: the deposit verifies nothing any more", maxCodes)
	return item.HaltSaying(v, link.Trouble{
		Code: plaid.IncorrectDepositVerification.Code, Final: true,
		Title: "error.TOO_MANY_VERIFICATION_ATTEMPTS.title", Lead: "error.TOO_MANY_VERIFICATION_ATTEMPTS.lead",
	}), nil
}

// openAtBank reports whether people have a bank's accounts verified by an instant
// deposit, without a login.
func (a *Auth) openAtBank(t link.Token, in institution.Institution) (open bool, why string) {
	if !in.Methods.InstantMicroDeposits {
		return false, "Instant Micro-deposits are not offered there (auth_methods.instant_micro_deposits is false)"
	}
	if reason := instantDeposits.open(a, t); reason != "" {
		return false, reason
	}
	return true, "it gives no account numbers to a login: " + instantDeposits.why
}
