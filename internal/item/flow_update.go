package item

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// update is the flow of update mode (link-web.md section 4.10): it takes an Item
// that exists through the panes that it needs, and no others. Its login is that of
// the connect flow.
type update struct{ connect }

// updateState is what the flow keeps between steps.
type updateState struct {
	connectState
	Shared  []string `json:"shared,omitempty"`  // refs of the accounts that the Item has
	Consent []string `json:"consent,omitempty"` // products that the person is asked for
	Uses    []string `json:"uses,omitempty"`    // use cases that they are told besides
	// Stays says that consent is all that is wanted: the login is good and stays.
	Stays bool `json:"stays,omitempty"`
}

// reselects reports whether the person chooses the accounts anew: where the link
// token says so, and always at a bank that asks for them on its own pages, as most
// with OAuth do (LinkTokenCreateRequestUpdate.account_selection_enabled).
func (st *updateState) reselects(t link.Token) bool { return t.SelectAccounts || st.OAuth }

func updateOf(v *link.Visit) *updateState { return v.State.(*updateState) }

// UpdateFlow is the flow of a link token that is about an Item.
func (s *Items) UpdateFlow() link.Flow {
	u := &update{connect{items: s}}
	u.judge, u.renews = u.judgeAccounts, u.present
	begun := link.Next{toLogin: link.Credential, toOAuth: link.OAuth, settled: link.Connected, stopped: link.Error}
	f := link.Flow{
		Name:    "update",
		Start:   link.Credential,
		Offered: func(t link.Token) bool { return t.UpdateMode() && !t.EntersCode },
		State:   func() any { return new(updateState) },
		Open: func(ctx context.Context, v *link.Visit) (link.View, error) {
			outcome, err := u.open(ctx, v)
			if outcome == toConsent {
				return link.Consent, err
			}
			return begun[outcome], err
		},
		Finish:  u.finish,
		Abandon: u.abandon,
		Holds:   u.holds,
		Steps:   u.loginSteps(link.SelectAccount, ""),
	}
	done := link.ConnectedStep()
	done.Pane = updatedPane
	maps.Copy(f.Steps, map[link.View]link.Step{
		link.Consent: {Pane: updateConsentPane, Status: "requires_credentials", Do: u.accept, Next: begun},
		link.SelectAccount: {
			Pane: selectAccountPane, Status: "requires_account_selection", Check: checkAccounts, Loading: true, Do: choose,
			Next: link.Next{goOn: link.Connected},
		},
		link.Connected: done,
		link.Error:     u.errorStep(),
	})
	return f
}

// toConsent is the outcome of an opening that asks for consent first.
const toConsent link.Outcome = "consent"

// open finds the Item and what it needs. An Item that is gone refuses the session.
func (u *update) open(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	sn, err := u.items.ByID(ctx, v.Token.AccessTokenItemID)
	if errors.Is(err, plaid.ItemNotFound) {
		return "", &link.Refused{Answer: plaid.ItemNotFound, Why: "the Item of the link token was removed"}
	}
	if err != nil {
		return "", err
	}
	in, ok := u.items.catalogue.Get(sn.InstitutionID)
	if !ok || sn.Connector == "" {
		return "", &link.Refused{Answer: plaid.InstitutionNoLongerSupported, Why: "the Item of the link token has no institution that people log in at"}
	}
	v.Choose(refOf(in))
	st := updateOf(v)
	for i := range sn.Accounts {
		st.Shared = append(st.Shared, sn.Accounts[i].Ref)
	}
	st.Consent, st.Uses = u.items.asks(v, sn)
	wanted := len(st.Consent)+len(st.Uses) > 0
	st.Stays = wanted && !v.Token.SelectAccounts && sn.Problem(u.items.clock.Now()) == nil
	if wanted {
		return toConsent, nil
	}
	if len(v.Token.AdditionalConsented) > 0 {
		v.Explain("additional_consented_products is without effect: the person has agreed to them before, or the institution lacks them")
	}
	return u.logInAgain(ctx, v)
}

// present is the grant that the Item has now.
func (u *update) present(ctx context.Context, v *link.Visit) (institution.Grant, error) {
	return u.items.grantOf(ctx, v.Token.AccessTokenItemID)
}

// logInAgain asks the bank what it wants to know.
func (u *update) logInAgain(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	if failed, err := u.begin(ctx, v); failed != nil || err != nil {
		return u.refused(v, failed, err)
	}
	return toward(v), nil
}

// accept goes on from the consent pane. Where the login is good, nothing more is
// needed.
func (u *update) accept(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := updateOf(v)
	if !st.Stays {
		return u.logInAgain(ctx, v)
	}
	sn, err := u.items.ByID(ctx, v.Token.AccessTokenItemID)
	if err != nil {
		return u.refused(v, nil, err)
	}
	st.Accounts = nil
	for _, a := range sn.Accounts {
		st.Accounts = append(st.Accounts, institution.Account{Ref: a.Ref, Name: a.Name, Mask: a.Mask})
	}
	st.Picked = st.Shared
	return settled, nil
}

// judgeAccounts looks at what the new login shows: accounts to choose from, or the
// ones that the Item has.
func (u *update) judgeAccounts(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := updateOf(v)
	if _, err := u.items.ByID(ctx, v.Token.AccessTokenItemID); err != nil {
		return u.refused(v, nil, err) // removed meanwhile: told now, not at the end
	}
	usable, _ := st.usable(v.Token)
	st.Picked = nil
	for _, a := range usable {
		if slices.Contains(st.Shared, a.Ref) {
			st.Picked = append(st.Picked, a.Ref)
		}
	}
	switch {
	case st.reselects(v.Token) && len(usable) > 0:
		return granted, nil
	case st.reselects(v.Token):
		explainNoAccounts(v, st.Accounts, "")
	case len(st.Picked) > 0:
		return settled, nil
	default:
		v.Explain("the login shows none of the accounts that the Item has; update.account_selection_enabled lets the person choose others")
	}
	return halt(v, plaid.NoAccounts, link.Trouble{})
}

// errorStep is the ERROR view: to try again is to begin a login.
func (u *update) errorStep() link.Step {
	step := link.ErrorStep(link.Next{toLogin: link.Credential, toOAuth: link.OAuth, stopped: link.Error, link.Again: link.Credential, giveUp: link.Leave}, "")
	chosen := step.Do
	step.Do = func(ctx context.Context, v *link.Visit) (link.Outcome, error) {
		outcome, err := chosen(ctx, v)
		if err != nil || outcome != link.Again {
			return outcome, err
		}
		closeLogin(v)
		return u.logInAgain(ctx, v)
	}
	return step
}

// finish gives the Item what the person brought. The old grant is given back with
// the session (Abandon).
func (u *update) finish(ctx context.Context, tx *store.Tx, v *link.Visit) (link.Success, error) {
	st := updateOf(v)
	sn, old, err := u.items.renew(ctx, tx, renewal{
		ItemID: v.Token.AccessTokenItemID, Grant: st.Grant, Accounts: st.Accounts,
		Picked: st.Picked, Reselects: st.reselects(v.Token), Consented: st.Consent, UseCases: st.Uses,
	})
	if err != nil {
		return link.Success{}, err
	}
	token, _, err := u.items.IssuePublicToken(ctx, tx, sn.ID)
	if err != nil {
		return link.Success{}, err
	}
	st.Grant = "" // the Item has it now
	if old != "" {
		st.Spare = append(st.Spare, spareGrant{sn.Connector, old})
	}
	return link.Success{ItemID: sn.ID, PublicToken: token, Institution: v.Memory.Institution.Ref(), Accounts: Refs(sn)}, nil
}
