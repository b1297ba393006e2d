package dashboard

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// Numbers are what happened in the last 24 hours.
type Numbers struct {
	Sessions, Succeeded, Exited, Expired, Open int64 // Link sessions by their start
	Webhooks, Delivered, Failed                int64 // webhooks by when they were made
}

// overviewPage is what the overview shows.
type overviewPage struct {
	Numbers
	Partners, PartnersOn int
	Steps                []step
	Done                 int // of the steps
	Sandbox, Enforced    bool
	Waiting              string // identity checks that wait for a person, "" for none
	Commands             string
}

// step is a prerequisite of seed 000.
type step struct {
	Title, Text string
	Path, Link  string
	Done        bool
}

func (d *dashboard) overview(w http.ResponseWriter, r *http.Request, v visitor) {
	n, err := d.Numbers(r.Context(), v.client.ID)
	if err != nil {
		d.trouble(w, r, err)
		return
	}
	p := overviewPage{Numbers: n, Partners: len(plaid.Partners()), Sandbox: d.Sandbox, Enforced: v.client.Enforced, Steps: steps(v.client), Waiting: d.waiting(r.Context(), v.client.ID)}
	for _, partner := range plaid.Partners() {
		if v.client.IntegrationOn(partner.Name) {
			p.PartnersOn++
		}
	}
	for _, s := range p.Steps {
		if s.Done {
			p.Done++
		}
	}
	d.render(w, r, http.StatusOK, "overview", v, "Overview", lead(p), p)
}

// enforce lets a sandbox refuse what production refuses, or only warn of it.
func (d *dashboard) enforce(w http.ResponseWriter, r *http.Request, v visitor) {
	if err := d.Teams.SetEnforced(r.Context(), v.client.ID, r.PostForm.Get("enforce") == "yes"); err != nil {
		d.trouble(w, r, err)
		return
	}
	http.Redirect(w, r, Root, http.StatusSeeOther)
}

func lead(p overviewPage) string {
	if p.Done == len(p.Steps) {
		return "Your team has all that production asks for."
	}
	return strconv.Itoa(p.Done) + " of " + strconv.Itoa(len(p.Steps)) + " prerequisites of production are met."
}

// steps are what production asks of a team.
func steps(c *team.Client) []step {
	profile := step{
		Title: "Application profile", Path: Root + "/profile", Link: "Complete the profile", Done: c.Profile.Complete(),
		Text: "Tells people and banks who asks for the data. Banks with pages of their own and the integration with Alloy need it.",
	}
	usual, _ := c.Customization(team.DefaultCustomization, "", nil)
	cases := step{
		Title: "Data Transparency", Path: Root + "/customization", Link: "Choose use cases", Done: len(usual.UseCases) > 0,
		Text: "A use case in the Link customization. Production makes no link token for the United States and Canada without one.",
	}
	partner := step{
		Title: "Integration with a partner", Path: Root + "/integrations", Link: "Enable a partner",
		Done: slices.ContainsFunc(plaid.Partners(), func(p plaid.Partner) bool { return c.IntegrationError(p) == nil }),
		Text: "A partner that is on gets accounts by processor tokens. In production all are off until you enable them.",
	}
	return []step{partner, profile, cases}
}

// missing names the fields of a profile that are not given, in words.
func missing(p team.Profile) string {
	var words []string
	for _, name := range p.Missing() {
		words = append(words, strings.ToLower(labelOf(name)))
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}
