package dashboard

import (
	"cmp"
	"hash/fnv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// integrationsPage is the list of partners.
type integrationsPage struct {
	Query, Which string // the filter
	Partners     []partner
	Total, On    int
	Shown        int
	Missing      string // what the profile lacks, in words
	Enforced     bool
}

// partner is a card of the list.
type partner struct {
	Name, Title, Kind string
	Mark              string // two letters
	Class             string // of the mark
	On                bool
	Since             string
	Needs             string // what the integration still needs; "" for nothing
	Hidden            bool   // the words of the search are not in it
}

func (d *dashboard) integrations(w http.ResponseWriter, r *http.Request, v visitor) {
	q := r.URL.Query()
	p := integrationsPage{Query: strings.TrimSpace(q.Get("q")), Which: q.Get("show"), Missing: missing(v.client.Profile), Enforced: v.client.Enforced}
	if len(p.Query) > 100 {
		p.Query = ""
	}
	for _, one := range plaid.Partners() {
		card := newPartner(v.client, one)
		p.Total++
		if card.On {
			p.On++
		}
		if p.Which == "on" && !card.On || p.Which == "off" && card.On {
			continue
		}
		if card.Hidden = !card.matches(p.Query); !card.Hidden {
			p.Shown++
		}
		p.Partners = append(p.Partners, card)
	}
	slices.SortStableFunc(p.Partners, func(a, b partner) int {
		return cmp.Or(slices.Index(plaid.Kinds, a.Kind)-slices.Index(plaid.Kinds, b.Kind), strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)))
	})
	if one, ok := plaid.PartnerByName(q.Get("done")); ok {
		v.done = switched(v.client, one)
	}
	d.render(w, r, http.StatusOK, "integrations", v, "Integrations", "A partner that is on gets accounts by the processor tokens that you make for it.", p)
}

// switched says what has become of a partner.
func switched(c *team.Client, p plaid.Partner) string {
	switch {
	case !c.IntegrationOn(p.Name):
		return p.Title + " is off. It gets no new tokens; those that it has go on to work."
	case c.IntegrationError(p) != nil:
		return p.Title + " is on. It works as soon as the application profile is complete."
	case p.Name == plaid.Stripe:
		return p.Title + " is on. /processor/stripe/bank_account_token/create makes tokens."
	}
	return p.Title + " is on. /processor/token/create takes processor " + p.Name + "."
}

func newPartner(c *team.Client, p plaid.Partner) partner {
	letters, class := mark(p.Name, p.Title)
	card := partner{Name: p.Name, Title: p.Title, Kind: p.Kind, Mark: letters, Class: class}
	i := c.Integration(p.Name)
	card.On = i.On
	if i.On && !i.Since.IsZero() {
		card.Since = i.Since.UTC().Format("Jan 2, 2006, 15:04 UTC")
	}
	if team.NeedsProfile(p.Name) {
		card.Needs = missing(c.Profile)
	}
	return card
}

// matches reports whether the words of a search are in the card, as the script in
// the page decides it.
func (p partner) matches(query string) bool {
	return strings.Contains(strings.ToLower(p.Title+" "+p.Name+" "+p.Kind), strings.ToLower(query))
}

// mark is the woven badge of a partner: no logo of anybody is used.
func mark(name, title string) (letters, class string) {
	words := strings.FieldsFunc(title, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	letters = strings.ToUpper(words[0][:1])
	if len(words) > 1 {
		letters += strings.ToUpper(words[1][:1])
	} else if len(words[0]) > 1 {
		letters += strings.ToUpper(words[0][1:2])
	}
	h := fnv.New32a()
	h.Write([]byte(name))
	sum := h.Sum32()
	return letters, "mk-" + strconv.Itoa(int(sum>>8%8)+1) + " wv-" + string("abcd"[sum>>16%4])
}

// switchIntegration switches a partner, and leads back to the list as it was.
func (d *dashboard) switchIntegration(w http.ResponseWriter, r *http.Request, v visitor) {
	f := r.PostForm
	p, ok := plaid.PartnerByName(f.Get("processor"))
	to := f.Get("switch")
	if !ok || to != "on" && to != "off" {
		d.message(w, r, http.StatusBadRequest, unreadable)
		return
	}
	if _, err := d.Teams.SetIntegration(r.Context(), v.client.ID, p.Name, to == "on"); err != nil {
		d.trouble(w, r, err)
		return
	}
	back := url.Values{"done": {p.Name}}
	for _, name := range []string{"q", "show"} {
		if s := f.Get(name); s != "" && len(s) <= 100 {
			back.Set(name, s)
		}
	}
	http.Redirect(w, r, Root+"/integrations?"+back.Encode()+"#partner-"+p.Name, http.StatusSeeOther)
}
