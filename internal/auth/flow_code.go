package auth

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// codeState is what the flow keeps between steps: the account, for the last pane,
// and how many codes may still be tried.
type codeState struct {
	Name   string `json:"name,omitempty"`
	Client string `json:"client,omitempty"` // whose name is on the statement
	Left   int64  `json:"left,omitempty"`
	Wrong  bool   `json:"wrong,omitempty"` // the last code was
}

func codeOf(v *link.Visit) *codeState { return v.State.(*codeState) }

// Receipt names the account on the last pane.
func (st *codeState) Receipt(*link.Visit) []link.Option { return []link.Option{{Label: st.Name}} }

// The outcomes of the code's step.
const (
	right   link.Outcome = "right"
	wrong   link.Outcome = "wrong"
	giveUp  link.Outcome = "give up"
	tooLate link.Outcome = "too late"
)

// CodeFlow is the flow of a link token for an Item whose person comes back with the
// code of a deposit (link-web.md section 4.6, verification session). It comes before
// the update flow in the list of flows.
func (a *Auth) CodeFlow() link.Flow {
	done := link.ConnectedStep()
	return link.Flow{
		Name:    "code",
		Start:   link.SameDayCode,
		Offered: func(t link.Token) bool { return t.EntersCode },
		State:   func() any { return new(codeState) },
		Open:    a.openCode,
		Finish:  a.finishCode,
		Steps: map[link.View]link.Step{
			link.SameDayCode: {
				Pane: codePane, Status: "requires_code", Check: checkCode, Do: a.enterCode,
				Loading: true, Direct: tooLate,
				Next: link.Next{right: link.Connected, wrong: link.SameDayCode, tooLate: link.Error},
			},
			link.Connected: done,
			link.Error:     link.ErrorStep(link.Next{giveUp: link.Leave}, ""),
		},
	}
}

// openCode looks at how the account stands. One that is verified needs nothing, and
// Link closes at once; one that is locked has to be connected anew.
func (a *Auth) openCode(ctx context.Context, v *link.Visit) (link.View, error) {
	d, err := a.depositBy(ctx, a.db, depositOfItem, v.Token.AccessTokenItemID)
	if errors.Is(err, store.ErrNoRows) {
		d, err = deposit{}, nil
	}
	if err != nil {
		return "", err
	}
	sn, err := a.items.ByID(ctx, v.Token.AccessTokenItemID)
	if errors.Is(err, plaid.ItemNotFound) {
		return "", &link.Refused{Answer: plaid.ItemNotFound, Why: "the Item of the link token was removed"}
	}
	if err != nil {
		return "", err
	}
	st := codeOf(v)
	st.Name, st.Client, st.Left = sn.Accounts[0].Name, d.sealed.Client, maxCodes-d.Attempts
	switch sn.Accounts[0].Verification {
	case item.ManuallyVerified:
		v.Explain("the account is verified already: Link closes at once and calls onSuccess")
		return link.Handoff, nil
	case item.VerificationFailed:
		a.stopCode(v, d.State)
		return link.Error, nil
	}
	return link.SameDayCode, nil
}

// enterCode tries the code that was typed.
func (a *Auth) enterCode(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := codeOf(v)
	d, ok, err := a.tryCode(ctx, v.Token.AccessTokenItemID, v.ID+" "+seqOf(v), typedCode(v), v.Token.ByText)
	if errors.Is(err, plaid.ItemNotFound) {
		v.Explain("the Item of the link token was removed")
		v.Fail(plaid.ItemNotFound)
		v.Stop(link.TroubleOf(plaid.ItemNotFound, link.Way{Outcome: giveUp, Label: "error.close"}))
		return tooLate, nil
	}
	if err != nil {
		return "", err
	}
	st.Left, st.Wrong = maxCodes-d.Attempts, !ok
	switch {
	case ok:
		return right, nil
	case d.State == waiting:
		v.Explain("the code is not that of the deposit: %d of %d tries are left. The deposit is on the statement of the account", st.Left, maxCodes)
		v.Fail(plaid.IncorrectDepositVerification)
		return wrong, nil
	}
	a.stopCode(v, d.State)
	return tooLate, nil
}

// stopCode says why there is no way on.
func (a *Auth) stopCode(v *link.Visit, state depositState) {
	closing := link.Way{Outcome: giveUp, Label: "error.close"}
	if state == returned {
		v.Explain("the bank sent the deposit back, which ends the verification: the account has to be connected anew")
		v.Stop(link.Trouble{Title: "deposit.returned.title", Lead: "deposit.returned.lead", Final: true, Ways: []link.Way{closing}})
		return
	}
	v.Explain("%d codes were wrong, which ends the verification for good: the account has to be connected anew", maxCodes)
	v.Fail(plaid.TooManyVerificationAttempts)
	t := link.TroubleOf(plaid.TooManyVerificationAttempts, closing)
	t.Final = true
	v.Stop(t)
}

// finishCode hands the Item on. It was verified with the code; the public token need
// not be exchanged.
func (a *Auth) finishCode(ctx context.Context, tx *store.Tx, v *link.Visit) (link.Success, error) {
	sn, err := a.items.ByID(ctx, v.Token.AccessTokenItemID)
	if err != nil {
		return link.Success{}, err
	}
	token, _, err := a.items.IssuePublicToken(ctx, tx, sn.ID)
	if err != nil {
		return link.Success{}, err
	}
	return link.Success{ItemID: sn.ID, PublicToken: token, Accounts: item.Refs(sn)}, nil
}
