package dashboard

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// customizationPage is the list of Link customizations, and the one that is open.
type customizationPage struct {
	List     []customizationRow
	Name     string
	Facts    []fact
	Groups   []useCaseGroup
	Most     int
	Error    string
	Chosen   int
	Enforced bool
	Sandbox  bool
}

type customizationRow struct {
	Name, For string
	UseCases  int
	Path      string
	Current   bool
}

type fact struct{ Name, Value string }

type useCaseGroup struct {
	Title string
	Cases []useCase
}

type useCase struct {
	ID, Name string
	Chosen   bool
}

// useCaseGroups cut the list of the use cases (docs/customization.md).
var useCaseGroups = []struct {
	title string
	upTo  string // the last one of the group
}{
	{"Payments", "Fund your account"},
	{"Identity and fraud", "Protect against fraud"},
	{"Finances", "Pay down debt"},
	{"Credit", "Verify your income"},
}

func newCustomizationPage(c *team.Client, name string, chosen []string) customizationPage {
	p := customizationPage{Name: name, Most: team.MaxUseCases, Chosen: len(chosen), Enforced: c.Enforced}
	for _, k := range customizations(c) {
		p.List = append(p.List, customizationRow{
			Name: k.Name, For: appliesTo(k), UseCases: len(k.UseCases), Current: k.Name == name,
			Path: Root + "/customization?" + url.Values{"name": {k.Name}}.Encode(),
		})
		if k.Name == name {
			p.Facts = facts(k)
		}
	}
	var g useCaseGroup
	for i, u := range team.UseCases {
		g.Cases = append(g.Cases, useCase{ID: "use-" + strconv.Itoa(i), Name: u, Chosen: slices.Contains(chosen, u)})
		if next := useCaseGroups[len(p.Groups)]; u == next.upTo {
			g.Title = next.title
			p.Groups, g = append(p.Groups, g), useCaseGroup{}
		}
	}
	return p
}

// customizations are those of a client; the default one is always there.
func customizations(c *team.Client) []team.Customization {
	list := slices.Clone(c.Customizations)
	if !slices.ContainsFunc(list, func(k team.Customization) bool { return k.Name == team.DefaultCustomization }) {
		list = append(list, team.Customization{Name: team.DefaultCustomization, AccountSelect: team.SelectMultiple})
	}
	slices.SortStableFunc(list, func(a, b team.Customization) int {
		return rank(a) - rank(b)
	})
	return list
}

// rank puts the default customization first.
func rank(c team.Customization) int {
	if c.Name == team.DefaultCustomization {
		return 0
	}
	return 1
}

func appliesTo(c team.Customization) string {
	if c.Language == "" {
		return "every language and country"
	}
	return c.Language + ", " + strings.Join(c.CountryCodes, " ")
}

// facts are the settings of a customization that the API changes.
func facts(c team.Customization) []fact {
	list := []fact{{"link_customization_name", c.Name}, {"For link tokens of", appliesTo(c)}, {"account_select", string(c.AccountSelect)}}
	add := func(name, value string) {
		if value != "" {
			list = append(list, fact{name, value})
		}
	}
	add("company_name", c.Appearance.Company)
	add("accent_color", c.Appearance.Accent)
	add("mode", c.Appearance.Mode)
	add("institutions", strings.Join(c.Institutions, ", "))
	add("events", c.Events)
	add("database_auth", c.DatabaseAuth)
	if n := len(c.Texts); n > 0 {
		add("texts", "words of "+strconv.Itoa(n)+" panes")
	}
	if c.ReturningUser {
		add("returning_user", "on")
	}
	if c.IdentityMatch != nil {
		add("identity_match", "on")
	}
	return list
}

func (d *dashboard) customization(w http.ResponseWriter, r *http.Request, v visitor) {
	name := r.URL.Query().Get("name")
	if name == "" {
		name = team.DefaultCustomization
	}
	i := slices.IndexFunc(customizations(v.client), func(k team.Customization) bool { return k.Name == name })
	if i < 0 {
		d.message(w, r, http.StatusNotFound, notice{"No such customization", "It was removed, or the address is wrong."})
		return
	}
	chosen := customizations(v.client)[i].UseCases
	if r.URL.Query().Has("done") {
		v.done = "Published. New link tokens of this customization tell people what the data is for."
		if len(chosen) == 0 {
			v.done = "Published. Data Transparency is off for this customization."
		}
	}
	d.renderCustomization(w, r, http.StatusOK, v, newCustomizationPage(v.client, name, chosen))
}

func (d *dashboard) renderCustomization(w http.ResponseWriter, r *http.Request, status int, v visitor, p customizationPage) {
	p.Sandbox = d.Sandbox
	d.render(w, r, status, "customization", v, "Link customization", "How Link looks and what it tells people. A link token names one of these.", p)
}

// publish keeps the use cases that were picked.
func (d *dashboard) publish(w http.ResponseWriter, r *http.Request, v visitor) {
	name, chosen := r.PostForm.Get("name"), r.PostForm["use_case"]
	if !slices.ContainsFunc(customizations(v.client), func(k team.Customization) bool { return k.Name == name }) {
		d.message(w, r, http.StatusNotFound, notice{"No such customization", "It was removed meanwhile. Nothing was changed."})
		return
	}
	if len(chosen) > team.MaxUseCases {
		p := newCustomizationPage(v.client, name, chosen)
		p.Error = "Pick " + strconv.Itoa(team.MaxUseCases) + " at most. You picked " + strconv.Itoa(len(chosen)) + "."
		d.renderCustomization(w, r, http.StatusUnprocessableEntity, v, p)
		return
	}
	err := d.Teams.SetUseCases(r.Context(), v.client.ID, name, chosen)
	var refused *plaid.Error
	switch {
	case errors.As(err, &refused):
		d.message(w, r, http.StatusBadRequest, unreadable)
	case err != nil:
		d.trouble(w, r, err)
	default:
		http.Redirect(w, r, Root+"/customization?"+url.Values{"name": {name}, "done": {""}}.Encode(), http.StatusSeeOther)
	}
}
