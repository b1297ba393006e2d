package item

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Where the connect flow leads to an account without a login, and back (link-web.md
// sections 4.6 and 4.8): Auth Type Select, the ways in from its other panes, and
// the bank that a routing number belongs to.

// actionManual asks for the panes where numbers are typed instead of a login.
const actionManual = "manual"

// The values of SELECT_AUTH_TYPE's selection.
const (
	flowInstant = "flow_type_instant"
	flowManual  = "flow_type_manual"
)

// The values of reroute_to_credentials.
const (
	rerouteOff    = "OFF"
	rerouteForced = "FORCED"
)

// manual is the way without a login, nil where there is none.
func (c *connect) manual() *Manual {
	if c.items.typed == nil {
		return nil
	}
	return c.items.typed.Manual
}

// offersManual reports whether a link token lets people type numbers instead of
// logging in.
func (c *connect) offersManual(t link.Token) bool {
	m := c.manual()
	if m == nil || t.UpdateMode() {
		return false
	}
	open, _ := m.Open(t)
	return open
}

// typesAlone reports whether the person types numbers and does not log in.
func (st *connectState) typesAlone() bool { return st.Typing != nil && st.Typing.Manual }

// asksType reports whether the person is asked which way they want: where the link
// token says so and no bank is chosen yet.
func (c *connect) asksType(v *link.Visit) bool {
	return v.Token.Auth.TypeSelect && v.Memory.Institution == nil && v.Token.InstitutionID == "" && c.offersManual(v.Token)
}

// explainType says why Auth Type Select is not there though the link token asks for
// it.
func (c *connect) explainType(v *link.Visit) {
	switch open, why := c.manual().opens(v.Token); {
	case !v.Token.Auth.TypeSelect:
	case !open:
		v.Explain("auth.auth_type_select_enabled is without effect: %s", why)
	default:
		v.Explain("auth.auth_type_select_enabled is without effect: the institution has been chosen already")
	}
}

// opens is Open, also of no way at all.
func (m *Manual) opens(t link.Token) (open bool, why string) {
	if m == nil {
		return false, "numbers cannot be typed here"
	}
	return m.Open(t)
}

// withManual merges what leads to the panes of Manual into the steps of the connect
// flow. The steps of Manual themselves are among those of Typed.
func (c *connect) withManual(steps map[link.View]link.Step) {
	m := c.manual()
	if m == nil {
		return
	}
	begun := link.Next{goOn: link.SelectInstitution, toLogin: link.Credential, toOAuth: link.OAuth, stopped: link.Error, toManual: m.Start, toForm: m.Form}
	steps[link.SelectAuthType] = link.Step{
		Pane: authTypePane, Status: "requires_credentials", Actions: []string{link.ActionPick}, Enter: c.forget, Do: c.chooseType,
		Next: begun, Back: link.Consent,
	}
	unlessForced := func(v *link.Visit, action string) bool {
		return action != actionManual || v.Token.Auth.RerouteToCredentials != rerouteForced
	}
	steps[link.NumbersBank] = link.Step{
		Pane: numbersBankPane(c), Status: "requires_credentials", Actions: []string{link.ActionPick, actionManual}, Do: c.rerouted, Has: unlessForced, Guarded: true,
		Next: link.Next{toLogin: link.Credential, toOAuth: link.OAuth, stopped: link.Error, toManual: m.Onward},
		Back: m.Start,
	}
	consent := steps[link.Consent]
	consent.Next = widened(consent.Next, link.Next{toType: link.SelectAuthType, toManual: m.Start, toForm: m.Form})
	steps[link.Consent] = consent
	list := steps[link.SelectInstitution]
	list.Actions, list.Next = append(slices.Clone(list.Actions), actionManual), widened(list.Next, link.Next{toManual: m.Start, toForm: m.Form})
	list.Has = func(v *link.Visit, action string) bool { return action != actionManual || c.offersManual(v.Token) }
	list.BackTo = func(v *link.Visit) link.View {
		if c.asksType(v) {
			return link.SelectAuthType
		}
		return ""
	}
	steps[link.SelectInstitution] = list
	trouble := steps[link.Error]
	chosen := trouble.Do
	trouble.Enter, trouble.Next = c.offerNumbers, widened(trouble.Next, link.Next{toManual: m.Start, toForm: m.Form})
	trouble.Do = func(ctx context.Context, v *link.Visit) (link.Outcome, error) {
		outcome, err := chosen(ctx, v)
		if err == nil && outcome == toManual {
			return c.manually(v, link.SelectInstitution)
		}
		return outcome, err
	}
	steps[link.Error] = trouble
}

// widened is the way on from a step with more outcomes.
func widened(next, more link.Next) link.Next {
	next = maps.Clone(next)
	maps.Copy(next, more)
	return next
}

// offerNumbers puts the way without a login on an ERROR pane that has room for it.
func (c *connect) offerNumbers(v *link.Visit) {
	t := v.Memory.Trouble
	if t == nil || t.Site != "" || len(t.Ways) == 0 || t.Ways[0] == closeLink || !c.offersManual(v.Token) {
		return
	}
	t.Ways = []link.Way{t.Ways[0], withNumbers}
}

// instead offers the way without a login to a person who is about to leave.
func (c *connect) instead() *link.Instead {
	return &link.Instead{
		Label: "institution.numbers", To: []link.View{c.manual().Start, c.manual().Form},
		Offered: func(v *link.Visit) bool { return !connectOf(v).typesAlone() && c.offersManual(v.Token) },
		Do: func(_ context.Context, v *link.Visit) (link.View, error) {
			outcome, err := c.manually(v, link.SelectInstitution)
			if outcome == toForm {
				return c.manual().Form, err
			}
			return c.manual().Start, err
		},
	}
}

// manually begins the way without a login. What belongs to a bank is let go; came
// is where the way back leads.
func (c *connect) manually(v *link.Visit, came link.View) (link.Outcome, error) {
	_, why := c.manual().opens(v.Token)
	c.forget(v)
	st := connectOf(v)
	st.Typing, st.Came = &Typing{Manual: true, Form: c.manual().OneForm(v.Token)}, came
	v.Explain("%s", why)
	if st.Typing.Form {
		return toForm, c.manual().Begin(v)
	}
	return toManual, c.manual().Begin(v)
}

// Came is the view from which the person came to type numbers instead of logging
// in, "" in a session where they have logged in.
func Came(v *link.Visit) link.View {
	if st := connectOf(v); st.typesAlone() {
		return st.Came
	}
	return ""
}

// chooseType goes on as the person has chosen: with a bank or without.
func (c *connect) chooseType(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	switch v.Input.Value {
	case flowManual:
		selectedType(v, flowManual)
		return c.manually(v, link.SelectAuthType)
	case flowInstant:
		selectedType(v, flowInstant)
		return goOn, nil
	}
	return "", plaid.InvalidField("value must be one of [" + flowInstant + ", " + flowManual + "]")
}

func selectedType(v *link.Visit, selection string) {
	v.Emit(link.EventSelectAuthType, func(m *link.EventMetadata) { m.Selection = selection })
}

// TypedAccount makes the account of a session without a login from what was typed.
func TypedAccount(v *link.Visit, a institution.Account) {
	st := connectOf(v)
	st.Accounts, st.Picked = []institution.Account{a}, []string{a.Ref}
}

// KnowsRouting reports whether a routing number can be that of a bank in the United
// States, or is one of the catalogue's. There is no public list of them all.
func (s *Items) KnowsRouting(routing string) bool {
	return institution.IsAssignedRouting(routing) || s.catalogue.InstantRail(routing) != "" || len(s.catalogue.List(institution.Filter{RoutingNumbers: []string{routing}})) > 0
}

// Reroute finds the banks with a login that a routing number belongs to. With one
// the session goes to NUMBERS_SELECT_INSTITUTION (reroute_to_credentials).
func (s *Items) Reroute(v *link.Visit, routing string) bool {
	c := &connect{items: s}
	st := connectOf(v)
	st.Banks = nil
	for _, in := range s.catalogue.List(institution.Filter{Countries: v.Token.CountryCodes, RoutingNumbers: []string{routing}}) {
		if c.takesLogins(in, v.Token) {
			st.Banks = append(st.Banks, in.ID)
		}
	}
	switch {
	case len(st.Banks) == 0:
		return false
	case v.Token.Auth.RerouteToCredentials == rerouteOff:
		v.Explain("people of the bank with this routing number can log in, and Link does not say so: auth.reroute_to_credentials is OFF")
		st.Banks = nil
		return false
	}
	v.Memory.Variant = "SINGLE_INSTITUTION"
	if len(st.Banks) > 1 {
		v.Memory.Variant = "MULTI_INSTITUTION"
	}
	v.Explain("people can log in at the bank of this routing number (%s): auth.reroute_to_credentials is %s", strings.Join(st.Banks, ", "), v.Token.Auth.RerouteToCredentials)
	return true
}

// takesLogins reports whether people can connect an account at a bank by a login.
func (c *connect) takesLogins(in institution.Institution, t link.Token) bool {
	up := in.Health != institution.Down && in.Health != institution.Unsupported
	logs := in.Methods.InstantAuth || in.Methods.InstantMatch || in.Methods.AutomatedMicroDeposits
	return up && logs && c.offers(in, t)
}

// rerouted goes to the login of a bank that the pane lists, or on with the numbers.
func (c *connect) rerouted(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := connectOf(v)
	if v.Input.Action == actionManual {
		v.Explain("the person goes on with their numbers, as auth.reroute_to_credentials is OPTIONAL")
		return toManual, nil
	}
	in, ok := c.items.catalogue.Get(v.Input.Value)
	if !ok || !slices.Contains(st.Banks, in.ID) {
		return "", errPick
	}
	c.forget(v)
	return c.choose(ctx, v, in)
}
