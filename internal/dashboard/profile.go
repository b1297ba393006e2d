package dashboard

import (
	"net/http"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/team"
)

// profilePage is the form of the application profile.
type profilePage struct {
	Groups        []fieldGroup
	Wrong         []field // those with an error
	Missing       string
	ApplicationID string
	JoinDate      string
	Name          string
	Enforced      bool
}

type fieldGroup struct {
	Title  string
	Fields []field
}

// field is an input of the form.
type field struct {
	Name, Label, Help string
	Value, Error      string
	Type, Fill        string // of the input, and what a browser may fill in
	Required, Long    bool
	Short             bool // a few characters
}

// profileFields are the fields of the profile in the order of the form.
var profileFields = []struct {
	title  string
	fields []field
}{
	{"Your application", []field{
		{Name: "display_name", Label: "Display name", Help: "What people know your app by.", Type: "text", Required: true},
		{Name: "application_url", Label: "Website", Help: "Where people read about your app.", Type: "url", Fill: "url", Required: true},
		{Name: "logo_url", Label: "Logo address", Help: "An image of your logo, for banks that show it.", Type: "url"},
		{Name: "reason_for_access", Label: "Reason for access", Help: "Why you ask for the data, in a sentence that a customer understands.", Type: "text", Required: true, Long: true},
		{Name: "use_case", Label: "Line of business", Help: "Such as personal finance, lending or payments.", Type: "text"},
	}},
	{"Your company", []field{
		{Name: "company_legal_name", Label: "Legal name", Help: "As it is registered.", Type: "text", Fill: "organization", Required: true},
		{Name: "city", Label: "City", Type: "text", Fill: "address-level2"},
		{Name: "region", Label: "State or region", Type: "text", Fill: "address-level1"},
		{Name: "postal_code", Label: "Postal code", Type: "text", Fill: "postal-code", Short: true},
		{Name: "country_code", Label: "Country", Help: "Two letters, such as US.", Type: "text", Fill: "country", Short: true},
	}},
}

// labelOf is the label of a field.
func labelOf(name string) string {
	for _, g := range profileFields {
		for _, f := range g.fields {
			if f.Name == name {
				return f.Label
			}
		}
	}
	return name
}

// places are where the form puts the fields of a profile.
func places(p *team.Profile) map[string]*string {
	return map[string]*string{
		"display_name": &p.DisplayName, "application_url": &p.ApplicationURL, "logo_url": &p.LogoURL, "reason_for_access": &p.ReasonForAccess,
		"use_case": &p.UseCase, "company_legal_name": &p.CompanyLegalName, "city": &p.City, "region": &p.Region,
		"postal_code": &p.PostalCode, "country_code": &p.CountryCode,
	}
}

func newProfilePage(c *team.Client, p team.Profile, wrong []team.FieldError) profilePage {
	page := profilePage{Missing: missing(p), ApplicationID: c.ApplicationID(), JoinDate: c.JoinDate(), Name: c.Name, Enforced: c.Enforced}
	values := places(&p)
	for _, g := range profileFields {
		group := fieldGroup{Title: g.title}
		for _, f := range g.fields {
			f.Value = *values[f.Name]
			for _, e := range wrong {
				if e.Field == f.Name {
					f.Error = f.Label + " " + e.Must + "."
					page.Wrong = append(page.Wrong, f)
				}
			}
			group.Fields = append(group.Fields, f)
		}
		page.Groups = append(page.Groups, group)
	}
	return page
}

func (d *dashboard) profile(w http.ResponseWriter, r *http.Request, v visitor) {
	if r.URL.Query().Has("done") {
		v.done = "The profile is saved."
	}
	d.renderProfile(w, r, http.StatusOK, v, newProfilePage(v.client, v.client.Profile, nil))
}

func (d *dashboard) renderProfile(w http.ResponseWriter, r *http.Request, status int, v visitor, p profilePage) {
	d.render(w, r, status, "profile", v, "Application profile", "Who asks for the data: shown to people and to the banks that ask for it.", p)
}

// saveProfile keeps what was typed, or says at its fields what is wrong. A profile
// that is not complete may be saved: it can be gone on with later.
func (d *dashboard) saveProfile(w http.ResponseWriter, r *http.Request, v visitor) {
	var p team.Profile
	for name, place := range places(&p) {
		*place = strings.TrimSpace(r.PostForm.Get(name))
	}
	p.CountryCode = strings.ToUpper(p.CountryCode)
	if wrong := p.Check(); wrong != nil {
		d.renderProfile(w, r, http.StatusUnprocessableEntity, v, newProfilePage(v.client, p, wrong))
		return
	}
	if err := d.Teams.SetProfile(r.Context(), v.client.ID, p); err != nil {
		d.trouble(w, r, err)
		return
	}
	http.Redirect(w, r, Root+"/profile?done", http.StatusSeeOther)
}
