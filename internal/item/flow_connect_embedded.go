package item

import (
	"context"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// embeddedStep is the institution search in the host's page (link-web.md section
// 4.14). The bank is chosen first and consent asked then: what stands in the way
// of the bank is said after consent, as everything is that Link's window says.
func (c *connect) embeddedStep() link.Step {
	return link.Step{
		Pane: link.NewEmbeddedPane(func(v *link.Visit) link.Screen {
			s := link.Screen{Title: v.T("institution.title"), Choices: rows(v, c.tiles(v.Token), "")}
			if v.Token.Auth.TypeSelect && c.offersManual(v.Token) {
				s.Secondary = &link.Button{Label: v.T("embedded.manual"), Action: link.ActionPick, Value: actionManual}
			}
			return s
		}),
		Status: "institution_not_found", Actions: []string{link.ActionPick}, Do: c.pickFirst,
		Next:   link.Next{goOn: link.Consent},
		Asides: map[string]link.Aside{link.ActionSearch: c.search},
	}
}

// tiles are the banks of the grid: the featured ones, then as many others as
// there is room for. Of several with one name, which a tile cannot tell apart, it
// has the first; a search finds all.
func (c *connect) tiles(t link.Token) []institution.Institution {
	list := c.featured(t)
	for _, in := range c.items.catalogue.List(institution.Filter{Countries: t.CountryCodes}) {
		there := slices.ContainsFunc(list, func(other institution.Institution) bool { return other.Name == in.Name })
		if !there && in.Health == institution.Healthy && c.offers(in, t) {
			list = append(list, in)
		}
	}
	return list
}

// pickFirst chooses a bank before anything else happens.
func (c *connect) pickFirst(_ context.Context, v *link.Visit) (link.Outcome, error) {
	if v.Input.Value == actionManual && v.Token.Auth.TypeSelect && c.offersManual(v.Token) {
		selectedType(v, flowManual)
		connectOf(v).Typing = &Typing{Manual: true}
		return goOn, nil
	}
	in, ok := c.items.catalogue.Get(v.Input.Value)
	if !ok {
		return "", errPick
	}
	v.Choose(refOf(in))
	if (in.Health == institution.Healthy || in.Health == institution.Degraded) && c.offers(in, v.Token) {
		c.selected(v, in)
	}
	return goOn, nil
}
