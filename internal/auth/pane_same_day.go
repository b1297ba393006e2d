package auth

import (
	"github.com/glencheck-dev/glencheck/internal/link"
)

// onItsWayPane says what happens next, and what the person has to look for.
func onItsWayPane(*Auth) *link.Pane {
	return link.NewPane(`{{template "top" .}}
`+statementLine, func(v *link.Visit) link.Screen {
		return link.Screen{
			Title: v.T("sameday.title"), Lead: v.T("sameday.lead", "app", v.App()), Primary: v.T("common.continue"), By: true,
			Extra: printed{Label: v.T("deposit.specimen"), Client: ascii(v.Token.ClientName, 11, "ACCOUNT")},
		}
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
