package item

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// mostRows bounds the list of a search.
const mostRows = 50

// offers reports whether the flow can connect an institution for a token. At banks
// that give no account numbers to a login a way for typed numbers must be open.
func (c *connect) offers(in institution.Institution, t link.Token) bool {
	if !in.In(t.CountryCodes) || Offered(in, t.Products) != nil {
		return false
	}
	open, _ := c.items.opensTyped(t, in)
	return open || !typesNumbers(in, t) || c.hasForm(in, t)
}

// typesNumbers reports whether numbers are wanted that a login does not bring.
func typesNumbers(in institution.Institution, t link.Token) bool {
	return t.HasProduct("auth") && !in.Methods.InstantAuth
}

// featured is what the person sees before a search: the list of the customization
// or else the usual one, with the bank of the token's routing number first, if it
// is the only one (link-web.md section 6).
func (c *connect) featured(t link.Token) []institution.Institution {
	first := c.items.catalogue.Featured(t.CountryCodes, t.Products)
	if t.Custom.Institutions != nil {
		first = c.items.named(t.Custom.Institutions)
	}
	list := slices.DeleteFunc(first, func(in institution.Institution) bool { return !c.offers(in, t) })
	if in, ok := c.routed(t); ok {
		list = slices.DeleteFunc(list, func(other institution.Institution) bool { return other.ID == in.ID })
		list = slices.Insert(list, 0, in)
	}
	return list
}

// routed is the one bank that the token's routing number names.
func (c *connect) routed(t link.Token) (institution.Institution, bool) {
	if t.RoutingNumber == "" {
		return institution.Institution{}, false
	}
	list := c.items.catalogue.List(institution.Filter{Countries: t.CountryCodes, RoutingNumbers: []string{t.RoutingNumber}})
	if len(list) != 1 {
		return institution.Institution{}, false
	}
	return list[0], true
}

// search lists the banks of a name. Those that lack a product are listed too: a
// person who looks for their bank should hear why it cannot be had.
func (c *connect) search(_ context.Context, v *link.Visit) (*link.Fragment, error) {
	query := v.Input.Value
	if v.Input.Action == link.ActionSubmit {
		query = v.Input.Field("q")
	}
	query = strings.TrimSpace(query)
	if query == "" {
		return &link.Fragment{Target: "institutions", Status: v.T("institution.featured"), Choices: rows(v, c.featured(v.Token), "")}, nil
	}
	v.Emit(link.EventSearchInstitution, func(m *link.EventMetadata) { m.InstitutionSearchQuery = query })
	found := c.items.catalogue.Search(query, v.Token.CountryCodes, nil, 0)
	status := v.T("institution.count", "count", strconv.Itoa(len(found)))
	switch {
	case len(found) == 0:
		status = v.T("institution.empty_plain")
		if open, why := c.manual().opens(v.Token); open {
			status = v.T("institution.empty")
		} else {
			v.Explain("no institution was found, and %s", why)
		}
	case len(found) > mostRows:
		status = v.T("institution.more", "count", strconv.Itoa(len(found)-mostRows))
		found = found[:mostRows]
	}
	return &link.Fragment{Target: "institutions", Status: status, Choices: rows(v, found, query)}, nil
}

// pick chooses a bank of the list.
func (c *connect) pick(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	if v.Input.Action == actionManual {
		return c.manually(v, link.SelectInstitution)
	}
	in, ok := c.items.catalogue.Get(v.Input.Value)
	if !ok {
		return "", errPick
	}
	return c.choose(ctx, v, in)
}

// choose makes a bank the one of the session and asks it what it wants to know,
// unless it cannot be connected (link-web.md section 4.11).
func (c *connect) choose(ctx context.Context, v *link.Visit, in institution.Institution) (link.Outcome, error) {
	v.Choose(refOf(in))
	switch {
	case in.Health == institution.Unsupported:
		v.Emit(link.EventSelectFiltered)
		v.Explain("%s (%s) is an institution that is no longer supported", in.Name, in.ID)
		return halt(v, plaid.InstitutionNoLongerSupported, link.Trouble{Title: "health.retired.title", Lead: "health.retired.lead", Final: true, Status: "institution_not_supported"})
	case !c.offers(in, v.Token):
		v.Emit(link.EventSelectFiltered)
		c.explainFiltered(v, in)
		return halt(v, nil, link.Trouble{Title: "health.unsupported.title", Lead: "health.unsupported.lead", Status: "institution_not_supported"})
	case in.Health == institution.Down:
		v.Emit(link.EventSelectDown)
		v.Explain("%s (%s) is down; its health is part of the sandbox's catalogue", in.Name, in.ID)
		return halt(v, plaid.InstitutionDown, link.Trouble{Title: "health.down.title", Lead: "health.down.lead"})
	}
	c.selected(v, in)
	if stop, err := c.unregistered(ctx, v, in); stop || err != nil {
		return stopped, err
	}
	if typesNumbers(in, v.Token) && connectOf(v).Typing == nil {
		open, why := c.items.opensTyped(v.Token, in)
		if !open {
			return c.form(v, in, why)
		}
		v.Explain("%s (%s): %s", in.Name, in.ID, why)
		connectOf(v).Typing = new(Typing)
	}
	if failed, err := c.begin(ctx, v); failed != nil || err != nil {
		return c.refused(v, failed, err)
	}
	if in.Health == institution.Degraded {
		onward := goOn
		if connectOf(v).OAuth {
			onward = toOAuth
		}
		v.Emit(link.EventSelectDegraded)
		v.Explain("%s (%s) is degraded: Link warns and lets the person go on", in.Name, in.ID)
		v.Stop(link.Trouble{Title: "health.degraded.title", Lead: "health.degraded.lead", Ways: []link.Way{{Outcome: onward, Label: "health.degraded.submit"}, otherBank}})
		return stopped, nil
	}
	return toward(v), nil
}

// toward is the way to the login that the chosen bank has.
func toward(v *link.Visit) link.Outcome {
	if connectOf(v).OAuth {
		return toOAuth
	}
	return toLogin
}

// selected records the choice of a bank that can be connected, once.
func (c *connect) selected(v *link.Visit, in institution.Institution) {
	st := connectOf(v)
	if st.Selected {
		return
	}
	st.Selected = true
	if routed, ok := c.routed(v.Token); ok && routed.ID == in.ID {
		v.Emit(link.EventMatchedSelect, func(m *link.EventMetadata) { m.MatchReason = "routing_number" })
	} else {
		v.Emit(link.EventSelectInstitution)
	}
}

// refOf is an institution as a session keeps it.
func refOf(in institution.Institution) *link.Institution {
	letters, ground, weave := in.Mark()
	return &link.Institution{ID: in.ID, Name: in.Name, Letters: letters, Ground: ground, Weave: weave}
}

// InstitutionOf is the institution of an Item as Link shows it; nil for none.
func (s *Items) InstitutionOf(sn *Snapshot) *link.Institution {
	in, ok := s.catalogue.Get(sn.InstitutionID)
	if !ok {
		return nil
	}
	return refOf(in)
}

// named are the institutions of a list of ids, in its order. One that has gone
// since the list was made is left out.
func (s *Items) named(ids []string) []institution.Institution {
	var list []institution.Institution
	for _, id := range ids {
		if in, ok := s.catalogue.Get(id); ok {
			list = append(list, in)
		}
	}
	return list
}
