package item

import (
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/web"
)

// credentialPane asks for what the bank wants to know of its customer.
var credentialPane = link.NewPane(`{{template "top" .}}
{{template "fields" .}}`, showCredential)

func showCredential(v *link.Visit) link.Screen {
	st := connectOf(v)
	s := link.Screen{Title: v.T("credentials.title"), Lead: v.T("credentials.lead_plain"), Primary: v.T("credentials.submit"), By: true}
	switch {
	case v.Token.UpdateMode():
		s.Title, s.Lead = v.T("update.title"), v.T("update.lead", "bank", v.Bank())
	case st.Site != "":
		s.Lead = v.T("credentials.lead", "site", st.Site)
	}
	for i, f := range st.Fields {
		s.Fields = append(s.Fields, credentialField(v, f, i))
	}
	if st.Refused != nil && len(s.Fields) > 0 { // it is the pair that was refused: said below the last
		at := len(s.Fields) - 1
		if st.Refused.Key == otherUser {
			at = 0
		}
		s.Fields[at].Error = st.Refused.say(v)
	}
	if len(st.Hints) > 0 {
		s.Hint = &link.Hint{Fill: st.Hints, Text: v.T("sandbox.credentials", "username", st.Hints["username"], "password", st.Hints["password"])}
	}
	return s
}

func credentialField(v *link.Visit, f institution.Field, i int) link.Field {
	field := link.Field{
		Name: f.Name, ID: "aut-input-" + strconv.Itoa(i) + "-input", Label: f.Label, Kind: link.FieldText,
		Autocomplete: "username", Missing: v.T("credentials.missing"),
	}
	if key := "credentials." + f.Name; web.HasText(key) {
		field.Label = v.T(key)
	}
	field.Placeholder = field.Label
	if key := "credentials.missing_" + f.Name; web.HasText(key) {
		field.Missing = v.T(key)
	}
	if f.Kind == institution.FieldPassword {
		field.Kind, field.Autocomplete = link.FieldPassword, "current-password"
	} else {
		field.Value = v.Input.Field(f.Name) // typed text stays; a password does not come back
	}
	return field
}

// fewTries is when the person is told how many tries the bank has left.
const fewTries = 3

// say words why the last input did not lead on.
func (r *refusal) say(v *link.Visit) string {
	left := r.Key + "_left"
	if r.Count > 0 && r.Count <= fewTries && web.HasText(left) {
		return v.T(left, "count", strconv.Itoa(r.Count))
	}
	return v.T(r.Key, "count", strconv.Itoa(max(r.Count, 1)))
}

// checkCredentials refuses a form that is not filled in.
func checkCredentials(v *link.Visit) {
	for i, f := range connectOf(v).Fields {
		if v.Input.Field(f.Name) == "" {
			v.Problem(f.Name, credentialField(v, f, i).Missing)
		}
	}
}
