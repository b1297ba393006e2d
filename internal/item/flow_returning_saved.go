package item

import (
	"context"
	"errors"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// The match_reason of a saved bank (link-web.md section 2.1).
const (
	matchSaved = "SAVED_INSTITUTION"
	matchAuto  = "AUTO_SELECT_SAVED_INSTITUTION"
)

// saved goes on with a bank of the list, or with another one.
func (r *returning) saved(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	if v.Input.Action == actionNew {
		v.Emit(eventNewInstitution)
		return r.start(ctx, v)
	}
	logins, err := r.items.savedLogins(ctx, returningOf(v).Phone)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(logins, func(l savedLogin) bool { return l.InstitutionID == v.Input.Value })
	in, ok := r.items.catalogue.Get(v.Input.Value)
	if at < 0 || !ok {
		return "", plaid.InvalidField("value must be the institution_id of a saved institution that the pane lists")
	}
	if used, err := r.use(ctx, v, logins[at], matchSaved); used || err != nil {
		return toAccount, err
	}
	if r.linkable(in, v.Token) {
		r.match(v, in, matchSaved)
	}
	return r.choose(ctx, v, in) // what stands in the way, or a login
}

// linkable reports whether nothing is in the way of a login at a bank.
func (r *returning) linkable(in institution.Institution, t link.Token) bool {
	return r.offers(in, t) && in.Health != institution.Down && in.Health != institution.Unsupported
}

// match makes a saved bank the one of the session, and says so.
func (r *returning) match(v *link.Visit, in institution.Institution, reason string) {
	v.Choose(refOf(in))
	if reason == matchAuto {
		v.Emit(eventAutoSaved)
	}
	v.Emit(link.EventSelectInstitution, func(m *link.EventMetadata) { m.MatchReason = reason })
	connectOf(v).Selected = true
}

// use makes a saved login the one that the session goes on with. used is false
// where it is of no use: the bank wants the person to log in anew, cannot be
// linked now, or none of the saved accounts fits the token.
func (r *returning) use(ctx context.Context, v *link.Visit, l savedLogin, reason string) (used bool, err error) {
	in, ok := r.items.catalogue.Get(l.InstitutionID)
	if !ok || !r.linkable(in, v.Token) || typesNumbers(in, v.Token) { // numbers are typed after a login
		return false, nil
	}
	conn, err := r.items.connector(l.Connector)
	if err != nil {
		return false, err
	}
	st := returningOf(v)
	all, err := conn.Accounts(ctx, l.Grant)
	var failed *institution.Failure
	if errors.As(err, &failed) {
		v.Explain("%s (%s) no longer takes the saved login (%s): the person logs in anew", in.Name, in.ID, failed.Plaid().Code)
		st.Dead = append(st.Dead, l.ID)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	st.Accounts = slices.DeleteFunc(all, func(a institution.Account) bool { return !slices.Contains(l.Refs, a.Ref) })
	if usable, _ := st.usable(v.Token); len(usable) == 0 {
		v.Explain("none of the accounts saved at %s (%s) fits the link token: the person logs in and chooses others", in.Name, in.ID)
		st.Accounts = nil
		return false, nil
	}
	r.match(v, in, reason)
	st.Using = l.ID
	return true, nil
}

// checkSavedAccounts refuses a form in which nothing is chosen that is offered:
// once the step has begun it can only be told as trouble.
func checkSavedAccounts(v *link.Visit) {
	usable, _ := connectOf(v).usable(v.Token)
	values := v.Input.Fields["account"]
	var offered []string
	for i := range usable {
		offered = append(offered, accountValue(i))
	}
	strange := func(value string) bool { return !slices.Contains(offered, value) }
	if slices.ContainsFunc(values, strange) || v.Token.AccountSelect == link.SelectSingle && len(values) > 1 {
		v.Input.Fields = nil
	}
	checkAccounts(v)
}

// share has the bank give the Item a grant of its own.
func (r *returning) share(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := returningOf(v)
	if outcome, err := choose(ctx, v); err != nil {
		return outcome, err
	}
	logins, err := r.items.savedLogins(ctx, st.Phone)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(logins, func(l savedLogin) bool { return l.ID == st.Using })
	if at < 0 {
		return r.refused(v, &institution.Failure{Reason: institution.LoginRequired, Final: true}, nil)
	}
	grant, err := r.shared(ctx, logins[at].Connector, logins[at].Grant)
	var failed *institution.Failure
	if errors.As(err, &failed) {
		return r.refused(v, failed, nil)
	}
	if err != nil {
		return "", err
	}
	r.spare(v)
	st.Grant = grant
	return goOn, nil
}

// shared is a further grant for what one opens.
func (r *returning) shared(ctx context.Context, connector string, g institution.Grant) (institution.Grant, error) {
	conn, err := r.items.connector(connector)
	if err != nil {
		return "", err
	}
	sharer, ok := conn.(institution.Sharer)
	if !ok {
		return "", &institution.Failure{Reason: institution.NotSupported}
	}
	return sharer.Share(ctx, g)
}

// letIn is a step after which the bank may have let the person in: with a number
// they may save the login, for which the bank gives a second grant. It goes back
// with the session if they do not.
func (r *returning) letIn(s link.Step) func(context.Context, *link.Visit) (link.Outcome, error) {
	do := s.Do
	return func(ctx context.Context, v *link.Visit) (link.Outcome, error) {
		before := connectOf(v).Grant
		outcome, err := do(ctx, v)
		return r.after(ctx, v, before, s.Next[outcome], outcome, err)
	}
}

// backIn is the same for a person who comes back from the bank's own pages.
func (r *returning) backIn(s link.Step) func(context.Context, *link.Visit, map[string]string) (link.Outcome, error) {
	if s.Return == nil {
		return nil
	}
	return func(ctx context.Context, v *link.Visit, answers map[string]string) (link.Outcome, error) {
		before := connectOf(v).Grant
		outcome, err := s.Return(ctx, v, answers)
		return r.after(ctx, v, before, s.Next[outcome], outcome, err)
	}
}

// after looks at what a step has come to.
func (r *returning) after(ctx context.Context, v *link.Visit, before institution.Grant, to link.View, outcome link.Outcome, err error) (link.Outcome, error) {
	st := returningOf(v)
	if err != nil || !st.Verified || st.Grant == "" {
		return outcome, err
	}
	if st.Grant != before {
		st.Second = ""
		second, err := r.shared(ctx, r.connectorOf(v), st.Grant)
		if err != nil {
			v.Explain("the login at %s cannot be saved: the bank gives no second grant", v.Bank())
			return outcome, nil
		}
		st.Spare = append(st.Spare, spareGrant{r.connectorOf(v), second})
		st.Second = second
	}
	if to == link.Connected {
		st.Offer, err = r.savable(ctx, v)
	}
	return outcome, err
}

// savable reports whether the person is asked to save what they link: after a
// login of which not everything is saved yet.
func (r *returning) savable(ctx context.Context, v *link.Visit) (bool, error) {
	st := returningOf(v)
	if st.Second == "" {
		return false, nil
	}
	logins, err := r.items.savedLogins(ctx, st.Phone)
	if err != nil {
		return false, err
	}
	for _, l := range logins {
		if l.InstitutionID == v.Memory.Institution.ID && !slices.Contains(st.Dead, l.ID) {
			return slices.ContainsFunc(st.Picked, func(ref string) bool { return !slices.Contains(l.Refs, ref) }), nil
		}
	}
	return true, nil
}

// confirm ends the session, and saves the login if that was asked and the person
// did not say otherwise. Whoever closes the pane saves nothing.
func (r *returning) confirm(_ context.Context, v *link.Visit) (link.Outcome, error) {
	st := returningOf(v)
	st.Save = st.Offer && v.Input.Action == link.ActionSubmit
	return "finished", nil
}
