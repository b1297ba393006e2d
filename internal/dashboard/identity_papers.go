package dashboard

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/photo"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// paper is a document that the person has handed in.
type paper struct {
	Number   int
	Title    string
	Badge    badge
	Shots    []shot
	Rows     []compareRow // what is on it beside what was said
	Masked   bool
	Reasons  []sentence
	Measures []sentence
	Notes    []fact
	Removed  string // when its pictures were
}

// shot is a picture on the page, and the whole of it as it was uploaded.
type shot struct{ Title, Path, Whole string }

// sentence is something that was found out, and what it asks for.
type sentence struct {
	Badge badge
	Text  string
}

var outcomeBadges = map[document.Outcome]badge{
	document.Success: {"badge-ok", "Passes"}, document.Failed: {"badge-bad", "Fails"}, document.Review: {"badge-warn", "A person decides"}, "": {"", "Not complete"},
}

var categoryTitles = map[document.Category]string{
	document.Passport: "passport", document.IDCard: "identity card", document.DriversLicense: "driver’s license",
	document.ResidencePermit: "residence permit", document.ResidentCard: "resident card", document.Visa: "visa",
}

// papersOf are the documents of an attempt, the last one first.
func papersOf(a *idv.Attempt, path string, shown bool) (list []paper) {
	for i := len(a.Papers); i > 0; i-- {
		s := a.Papers[i-1]
		if s.Front == nil && s.Back == nil {
			continue
		}
		p := paper{Number: i, Title: s.Country + " " + categoryTitles[s.Category], Badge: outcomeBadges[s.Outcome]}
		if !s.RedactedAt.IsZero() {
			p.Removed = stampOf(s.RedactedAt)
		}
		for _, name := range a.Shots(i) {
			at := path + "/picture/"
			whole := strings.TrimSuffix(name, "-cropped")
			side := whole[strings.LastIndex(whole, "/")+1:]
			p.Shots = append(p.Shots, shot{map[string]string{"front": "Front", "back": "Back"}[side], at + name, at + whole})
		}
		if v := s.Verdict; v != nil {
			p.judged(a, v, shown)
		}
		for _, side := range []struct {
			name string
			*idv.Side
		}{{"Front", s.Front}, {"Back", s.Back}} {
			if side.Side != nil {
				p.Measures = append(p.Measures, measures(side.name, side.Look.Quality.Findings(), side.Look.Forensics.Findings())...)
			}
		}
		list = append(list, p)
	}
	return list
}

// judged adds what was read and what was made of it.
func (p *paper) judged(a *idv.Attempt, v *document.Verdict, shown bool) {
	for _, r := range v.Reasons {
		one := sentence{outcomeBadges[r.Outcome], r.Sentence}
		if r.Outcome == document.Success { // it asks for nothing
			one.Badge = badge{"", "Note"}
		}
		p.Reasons = append(p.Reasons, one)
	}
	p.Notes = []fact{{"Authenticity", strings.ToLower(codeBadges[idv.Code(v.Authenticity)].Title)}, {"Picture quality", v.ImageQuality}}
	if v.Age >= 0 {
		p.Notes = append(p.Notes, fact{"Age", strconv.Itoa(v.Age)})
	}
	e := v.Extracted
	if e == nil {
		return
	}
	c := v.Comparison
	if c == nil {
		c = &document.Comparison{}
	}
	add := func(field, found, said string, match badge) {
		if found != "" {
			p.Rows = append(p.Rows, compareRow{Field: field, Found: found, Said: said, Match: match})
		}
	}
	said := func(i int) string { return kycFields[i].said(a.User) }
	add("Name", strings.TrimSpace(e.GivenName+" "+e.FamilyName), said(0), codeBadges[idv.Code(c.Name)])
	add("Date of birth", dateText(e.Birth), said(1), codeBadges[idv.Code(c.DateOfBirth)])
	number := e.Number
	if !shown && number != "" {
		number, p.Masked = masked(number), true
	}
	add("Number", number, "", badge{})
	add("Issued by", strings.TrimSpace(e.IssuingCountry+" "+e.IssuingRegion), "", codeBadges[idv.Code(c.IssuingCountry)])
	add("Issued", dateText(e.Issued), "", badge{})
	add("Expires", dateText(e.Expiry), "", map[string]badge{"not_expired": {"badge-ok", "Not expired"}, "expired": {"badge-bad", "Expired"}}[c.Expiration])
	if at := e.Address; at != nil {
		add("Address", strings.Join(filled(at.Street, at.City, at.Region, at.PostalCode, at.Country), ", "), said(2), badge{})
	}
	if e.Specimen {
		p.Notes = append(p.Notes, fact{"Specimen", "calls itself one"})
	}
}

func filled(all ...string) (list []string) {
	for _, s := range all {
		if s != "" {
			list = append(list, s)
		}
	}
	return list
}

// measures are the findings about a picture, with what was measured and held against.
func measures(side string, all ...[]photo.Finding) (list []sentence) {
	for _, findings := range all {
		for _, f := range findings {
			if f.Sentence == "" {
				continue
			}
			b := badge{"badge-ok", "Good"}
			if f.Failed {
				b = badge{"badge-warn", "Poor"}
			}
			list = append(list, sentence{b, side + ": " + f.Sentence})
		}
	}
	return list
}

// picture answers a picture of a check, to whoever may see the check and nobody else.
func (d *dashboard) picture(w http.ResponseWriter, r *http.Request, v visitor) {
	p, err := d.IDV.Shot(r.Context(), v.client.ID, r.PathValue("id"), r.PathValue("name"))
	switch {
	case errors.As(err, new(*plaid.Error)):
		d.message(w, r, http.StatusNotFound, noPicture)
	case err != nil:
		d.trouble(w, r, err)
	case !strings.HasPrefix(p.Media, "image/"):
		d.message(w, r, http.StatusNotFound, noPicture)
	default:
		h := w.Header() // with nosniff and no-store, as all pages here
		h.Set("Content-Type", p.Media)
		h.Set("Content-Length", strconv.Itoa(len(p.Data)))
		h.Set("Content-Disposition", "inline")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		_, _ = w.Write(p.Data)
	}
}

var noPicture = notice{"No such picture", "It was removed, or the address has a mistake in it."}
