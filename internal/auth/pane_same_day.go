package auth

import (
	"github.com/glencheck-dev/glencheck/internal/link"
)

// phoneField is where the person wants a message about the deposit.
const phoneField = "phone"

// onItsWayPane says what happens next, and what the person has to look for.
func onItsWayPane(a *Auth) *link.Pane {
	return link.NewPane(`{{template "top" .}}
`+statementLine+`
{{template "fields" .}}`, func(v *link.Visit) link.Screen {
		s := link.Screen{
			Title: v.T("sameday.title"), Lead: v.T("sameday.lead", "app", v.App()), Primary: v.T("common.continue"), By: true,
			Extra: printed{Label: v.T("deposit.specimen"), Client: printedName(v.Token.ClientName)},
		}
		if a.texts(v) {
			s.Fields = []link.Field{{
				Name: phoneField, ID: "phone-input", Label: v.T("sameday.phone"), Kind: link.FieldText, Autocomplete: "tel",
				Help: v.T("sameday.phone_help"), Value: v.Input.Field(phoneField),
			}}
		}
		return s
	})
}

// statementLine is a line of a bank's statement that shows where the code stands.
const statementLine = `{{with .Extra}}<figure class="specimen stmt" role="img" aria-label="{{.Label}}">
<div aria-hidden="true"><span class="bar"></span><span class="bar bar-s"></span></div>
<div class="hot" aria-hidden="true"><span class="mono">#<mark>•••</mark> {{.Client}} ACCTVERIFY</span><span class="num">+$0.01</span></div>
<div aria-hidden="true"><span class="bar bar-s"></span><span class="bar bar-s"></span></div>
</figure>{{end}}`

// printed is what the drawn statement says.
type printed struct{ Label, Client string }
