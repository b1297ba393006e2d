package dashboard

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// newCheckPage is the form that makes a check.
type newCheckPage struct {
	Templates    []option
	ClientUserID string
	Shareable    bool
	Consent      bool
	Wrong        string
	Existing     string // where the checks of the person are, who has one already
}

func (d *dashboard) newCheck(w http.ResponseWriter, r *http.Request, v visitor) {
	d.renderNew(w, r, v, http.StatusOK, newCheckPage{Shareable: true}, r.URL.Query().Get("template"))
}

func (d *dashboard) renderNew(w http.ResponseWriter, r *http.Request, v visitor, status int, p newCheckPage, template string) {
	all, err := d.IDV.Templates(r.Context(), v.client.ID)
	if err != nil {
		d.trouble(w, r, err)
		return
	}
	for _, t := range all {
		p.Templates = append(p.Templates, option{t.ID, t.Name + " (" + t.ID + ")", t.ID == template})
	}
	d.render(w, r, status, "identity-new", v, "New identity check", "The person opens the address that you get, and goes through the steps of the template.", p)
}

// makeCheck makes the first attempt of a person.
func (d *dashboard) makeCheck(w http.ResponseWriter, r *http.Request, v visitor) {
	f := r.PostForm
	template := line(f.Get("template"), 100)
	p := newCheckPage{ClientUserID: text(f.Get("client_user_id")), Shareable: f.Get("shareable") == "yes", Consent: f.Get("consent") == "yes"}
	if p.ClientUserID == "" {
		p.Wrong = "Say who it is: your own id of the person."
	} else {
		a, err := d.IDV.Ask(r.Context(), v.client.ID, p.ClientUserID, template, p.Consent, p.Shareable)
		var refused *plaid.Error
		switch {
		case err == nil:
			http.Redirect(w, r, identityRoot+"/"+a.ID+"?done=create", http.StatusSeeOther)
			return
		case errors.As(err, &refused) && refused == idv.ErrExists: // errors.Is compares codes
			p.Wrong = "The person has a check with this template already. Open it, and let them try again from there."
			p.Existing = identityRoot + "?" + url.Values{"q": {p.ClientUserID}}.Encode()
		case errors.As(err, &refused):
			p.Wrong = "No check was made: " + refused.Message + "."
		default:
			d.trouble(w, r, err)
			return
		}
	}
	d.renderNew(w, r, v, http.StatusUnprocessableEntity, p, template)
}

// templateCard is a template with its rules in words.
type templateCard struct {
	ID, Name, Version string
	Steps             []fact
	Rules             []fact
	New               string // where a check with it is made
}

func (d *dashboard) identityTemplates(w http.ResponseWriter, r *http.Request, v visitor) {
	all, err := d.IDV.Templates(r.Context(), v.client.ID)
	if err != nil {
		d.trouble(w, r, err)
		return
	}
	var cards []templateCard
	for _, t := range all {
		cards = append(cards, templateCardOf(t))
	}
	d.render(w, r, http.StatusOK, "identity-templates", v, "Templates", "What a check consists of. Each change makes a new version; checks keep the one that they began with.",
		struct {
			Cards   []templateCard
			Sandbox bool
		}{cards, d.Sandbox})
}

// templateCardOf puts the rules of a template into words.
func templateCardOf(t idv.Template) templateCard {
	c := templateCard{ID: t.ID, Name: t.Name, Version: strconv.FormatInt(t.Version, 10), New: identityRoot + "/new?" + url.Values{"template": {t.ID}}.Encode()}
	step := func(s idv.Step, rule string) {
		c.Steps = append(c.Steps, fact{stepTitles[s] + " (" + string(s) + ")", rule})
	}
	step(idv.AcceptTOS, "Always.")
	if t.SMS {
		step(idv.VerifySMS, "A code of five digits by text message.")
	}
	if t.KYC != nil {
		step(idv.KYCCheck, kycRules(*t.KYC))
	}
	if x := t.Documents; x != nil && x.Fallback {
		step(idv.Documents, "Only of those whose details are not confirmed, instead of failing them.")
	} else if x != nil {
		step(idv.Documents, "Of everybody.")
	}
	if t.Selfie != nil {
		step(idv.Selfie, "Of everybody.")
	}
	if t.Screening != nil {
		step(idv.Screening, "By program "+t.Screening.ProgramID+". Who is found waits for a person.")
	}
	if t.Risk != nil && t.Risk.Email != "" {
		step(idv.RiskCheck, "An e-mail address may be of "+string(t.Risk.Email)+" risk at most.")
	} else if t.Risk != nil {
		step(idv.RiskCheck, "Told, and fails nobody.")
	}
	if len(t.Countries) > 0 {
		c.Rules = append(c.Rules, fact{"Countries", strings.Join(t.Countries, ", ")})
	}
	for _, f := range []struct {
		name    string
		seconds int64
	}{{"Ends unless completed within", t.ExpireAfter}, {"Redacted after", t.RedactAfter}} {
		if f.seconds > 0 {
			c.Rules = append(c.Rules, fact{f.name, (time.Duration(f.seconds) * time.Second).String()})
		}
	}
	if t.NoFinalPane {
		c.Rules = append(c.Rules, fact{"Last pane", "none: Link ends at once"})
	}
	return c
}

// kycRules says how well each field has to match.
func kycRules(k idv.KYCRules) string {
	byDemand := map[idv.Demand][]string{}
	for _, f := range []struct {
		name string
		d    idv.Demand
	}{{"name", k.Name}, {"date of birth", k.DateOfBirth}, {"address", k.Address}, {"phone", k.PhoneNumber}, {"ID number", k.IDNumber}} {
		byDemand[f.d] = append(byDemand[f.d], f.name)
	}
	var said []string
	for _, d := range []idv.Demand{idv.DemandMatch, idv.DemandPartial} {
		if fields := byDemand[d]; len(fields) > 0 {
			said = append(said, map[idv.Demand]string{idv.DemandMatch: "Must match: ", idv.DemandPartial: "At least in part: "}[d]+strings.Join(fields, ", ")+".")
		}
	}
	if k.Strict {
		said = append(said, "Check digits of ID numbers count.")
	}
	if k.LastFour {
		said = append(said, "The last four digits of a social security number do.")
	}
	return strings.Join(slices.Clip(said), " ")
}
