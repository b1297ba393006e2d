package item

import (
	"context"
	"maps"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// returning is the connect flow of a person who may have saved a login before
// (link-web.md section 4.15): they confirm a telephone number, and share what is
// saved with it instead of logging in, or save what they link now.
type returning struct {
	*connect
	start func(context.Context, *link.Visit) (link.Outcome, error) // of a guest
	make  func(context.Context, *store.Tx, *link.Visit) (link.Success, error)
}

// The views and events of a returning user.
const (
	submitPhone            link.View = "SUBMIT_PHONE"
	verifyPhone            link.View = "VERIFY_PHONE"
	selectSavedInstitution link.View = "SELECT_SAVED_INSTITUTION"
	selectSavedAccount     link.View = "SELECT_SAVED_ACCOUNT"

	eventSubmitPhone     link.EventName = "SUBMIT_PHONE"
	eventAutoSubmitPhone link.EventName = "AUTO_SUBMIT_PHONE"
	eventSkipPhone       link.EventName = "SKIP_SUBMIT_PHONE"
	eventSubmitOTP       link.EventName = "SUBMIT_OTP"
	eventVerifyPhone     link.EventName = "VERIFY_PHONE"
	eventAutoSaved       link.EventName = "AUTO_SELECT_SAVED_INSTITUTION"
	eventNewInstitution  link.EventName = "CONNECT_NEW_INSTITUTION"
)

// Its outcomes and actions.
const (
	toPhone   link.Outcome = "phone"   // the person is asked for their number
	toCode    link.Outcome = "code"    // and for the code that went there
	toSaved   link.Outcome = "saved"   // there are saved banks
	toAccount link.Outcome = "account" // a saved bank has been chosen

	actionSkip   = "skip"    // go on without a number
	actionNew    = "new"     // another bank than the saved ones
	actionUnsave = "unsaved" // finish and save nothing
)

// returningState is what the flow keeps beyond the connect flow's.
type returningState struct {
	connectState
	Phone     string `json:"phone,omitempty"` // E.164
	Verified  bool   `json:"verified,omitempty"`
	Guest     bool   `json:"guest,omitempty"`      // is not asked for a code again
	BadPhone  bool   `json:"bad_phone,omitempty"`  // the last number was no number
	BadCodes  int    `json:"bad_codes,omitempty"`  // codes that were wrong
	LastWrong bool   `json:"last_wrong,omitempty"` // the last of them was
	// Banks are the saved ones, for their pane.
	Banks []savedBank `json:"banks,omitempty"`
	// Second is a further grant of the login that was just made, for the profile.
	// It is one of Spare until it is saved.
	Second institution.Grant `json:"second,omitempty"`
	Using  string            `json:"using,omitempty"` // the saved login that was chosen
	Dead   []string          `json:"dead,omitempty"`  // saved logins that their banks no longer take
	Offer  bool              `json:"offer,omitempty"` // the last pane asks whether to save
	Save   bool              `json:"save,omitempty"`  // and the person wants it
}

// savedBank is a bank of the profile, as its pane shows it.
type savedBank struct {
	Mark     link.Institution `json:"mark"`
	Accounts int              `json:"accounts"`
}

func returningOf(v *link.Visit) *returningState { return v.State.(*returningState) }

// ReturningFlow is the flow of a link token that asks for a telephone number. It
// comes before ConnectFlow in the list of flows.
func (s *Items) ReturningFlow() link.Flow {
	f := s.ConnectFlow()
	c := &connect{items: s, judge: anyUsable}
	r := &returning{connect: c, start: f.Steps[link.Consent].Do, make: f.Finish}
	offered := f.Offered
	f.Name, f.Offered = "returning", func(t link.Token) bool { return s.asksPhone(t) && offered(t) }
	f.State = func() any { return new(returningState) }
	f.Finish = r.finish
	begin := f.Steps[link.Consent].Next
	chosen := maps.Clone(f.Steps[link.SelectInstitution].Next)
	maps.Copy(chosen, begin)
	maps.Copy(f.Steps, r.steps(begin, chosen))
	r.change(f.Steps)
	r.withOwnerCheck(f.Steps) // of saved accounts
	return f
}

// asksPhone reports whether a session of the token asks for a number: where the
// team's customization says so or the client knows the number, in the countries
// whose numbers the pane takes. Only the sandbox does: elsewhere there is nothing
// yet that could send a code.
func (s *Items) asksPhone(t link.Token) bool {
	there := slices.ContainsFunc(t.CountryCodes, func(country string) bool { return callingCodes[country] != "" })
	return s.env == sandbox && there && (t.Custom.ReturningUser || t.User.PhoneNumber != "")
}

// steps are those that the connect flow does not have. begin are the ways from
// the consent pane of a guest, chosen those from a list of banks.
func (r *returning) steps(begin, chosen link.Next) map[link.View]link.Step {
	with := func(next link.Next, more link.Next) link.Next {
		next = maps.Clone(next)
		maps.Copy(next, more)
		return next
	}
	return map[link.View]link.Step{
		submitPhone: {
			Pane: phonePane, Status: "requires_credentials", Actions: []string{link.ActionSubmit, actionSkip},
			Check: checkPhone, Do: r.phone, Undo: func(v *link.Visit) { returningOf(v).BadPhone = false },
			Next: with(begin, link.Next{toCode: verifyPhone, wrong: submitPhone}),
			Back: link.Consent,
		},
		verifyPhone: {
			Pane: codePane, Status: "requires_credentials", Check: checkCode, Submit: eventSubmitOTP, Do: r.code,
			Undo:   func(v *link.Visit) { returningOf(v).LastWrong = false },
			Next:   with(begin, link.Next{wrong: verifyPhone, toSaved: selectSavedInstitution, toAccount: selectSavedAccount}),
			Asides: map[string]link.Aside{actionResend: resendCode},
			Back:   submitPhone,
		},
		selectSavedInstitution: {
			Pane: savedPane, Status: "institution_not_found", Actions: []string{link.ActionPick, actionNew},
			Enter: r.turnAway, Do: r.saved,
			Next: with(chosen, link.Next{toAccount: selectSavedAccount}),
			Back: submitPhone,
		},
		selectSavedAccount: {
			Pane: savedAccountPane, Status: "requires_account_selection", Check: checkSavedAccounts, Loading: true, Once: true, Do: r.share,
			Next: link.Next{goOn: link.Connected, stopped: link.Error, link.Interrupted: selectSavedInstitution},
			Back: selectSavedInstitution,
		},
	}
}

// change makes the steps of the connect flow take part.
func (r *returning) change(steps map[link.View]link.Step) {
	consent := steps[link.Consent]
	consent.Do = r.accept
	consent.Next = maps.Clone(consent.Next)
	maps.Copy(consent.Next, link.Next{toPhone: submitPhone, toCode: verifyPhone, toSaved: selectSavedInstitution})
	steps[link.Consent] = consent

	list := steps[link.SelectInstitution]
	list.Enter = r.turnAway
	steps[link.SelectInstitution] = list

	last := steps[link.Connected]
	last.Pane, last.Actions, last.Do = savablePane, []string{link.ActionSubmit, actionUnsave}, r.confirm
	steps[link.Connected] = last

	if m := r.manual(); m != nil { // whoever types numbers has no login to save
		start := steps[m.Start]
		start.Enter = func(v *link.Visit) {
			st := returningOf(v)
			st.Second, st.Using, st.Offer, st.Save = "", "", false, false
		}
		steps[m.Start] = start
	}
	for view, s := range steps {
		if view != selectSavedAccount && (s.Next[granted] != "" || view == link.SelectAccount) {
			s.Do, s.Return = r.letIn(s), r.backIn(s)
			steps[view] = s
		}
	}
}

// turnAway clears what belongs to a bank that was chosen before.
func (r *returning) turnAway(v *link.Visit) {
	r.forget(v)
	st := returningOf(v)
	st.Second, st.Using, st.Offer, st.Save = "", "", false, false
}

// accept goes on from the consent pane.
func (r *returning) accept(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := returningOf(v)
	switch {
	case st.Guest, v.Memory.Institution != nil: // of an embedded search: the choice is made
		return r.start(ctx, v)
	case st.Verified:
		return r.known(ctx, v, false)
	case v.Token.User.PhoneNumber == "":
		return toPhone, nil
	}
	// "automatically sent an OTP code without a UI prompt … if the user has
	// previously consented" (AUTO_SUBMIT_PHONE): whoever has saved something has.
	logins, err := r.items.profile(ctx, v.Token.User.PhoneNumber)
	if err != nil || len(logins) == 0 {
		return toPhone, err
	}
	st.Phone = v.Token.User.PhoneNumber
	v.Emit(eventAutoSubmitPhone)
	return toCode, nil
}

// known goes on with a number that was confirmed: to what is saved with it, if
// anything is. With auto, a profile of one account is chosen at once.
func (r *returning) known(ctx context.Context, v *link.Visit, auto bool) (link.Outcome, error) {
	logins, err := r.items.savedLogins(ctx, returningOf(v).Phone)
	if err != nil {
		return "", err
	}
	st := returningOf(v)
	st.Banks = nil
	for _, l := range logins {
		if in, ok := r.items.catalogue.Get(l.InstitutionID); ok {
			st.Banks = append(st.Banks, savedBank{*refOf(in), len(l.Refs)})
		}
	}
	if len(st.Banks) == 0 {
		return r.start(ctx, v)
	}
	if auto && len(logins) == 1 && len(logins[0].Refs) == 1 {
		if used, err := r.use(ctx, v, logins[0], matchAuto); used || err != nil {
			return toAccount, err
		}
	}
	return toSaved, nil
}

// finish makes the Item, and saves the login where the person wants that.
func (r *returning) finish(ctx context.Context, tx *store.Tx, v *link.Visit) (link.Success, error) {
	st := returningOf(v)
	made, err := r.make(ctx, tx, v)
	if err != nil {
		return made, err
	}
	if st.Using != "" {
		return made, r.items.usedLogin(ctx, tx, st.Using)
	}
	if !st.Save {
		return made, nil
	}
	l := savedLogin{InstitutionID: v.Memory.Institution.ID, Connector: r.connectorOf(v), keptLogin: keptLogin{Grant: st.Second, Refs: st.Picked}}
	st.Spare = slices.DeleteFunc(st.Spare, func(g spareGrant) bool { return g.Grant == st.Second })
	st.Second = ""
	return made, r.items.saveLogin(ctx, tx, st.Phone, l)
}
