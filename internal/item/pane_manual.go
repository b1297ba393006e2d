package item

import (
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// authTypePane asks whether the person wants to log in at their bank or to type
// account numbers (link-web.md section 4.8). The ids of its buttons are published.
var authTypePane = link.NewPane(`{{template "top" .}}
<ul class="rows" id="auth-types">
{{range $i, $c := .Choices}}<li class="row">{{if eq $i 0}}<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 018 0v2.5"/></svg>{{else}}<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M9.5 5l-2 14M16.500 5l-2 14M5 9.500h15M4 14.500h15"/></svg>{{end}}<div class="row-text"><button type="button" id="{{.ElementID}}" aria-describedby="sub-{{.ElementID}}" data-action="pick" data-value="{{.Value}}">{{.Label}}</button><span id="sub-{{.ElementID}}">{{.Detail}}</span></div>{{template "icon-next"}}</li>
{{end}}</ul>`, func(v *link.Visit) link.Screen {
	return link.Screen{
		Title: v.T("authtype.title"), Lead: v.T("authtype.lead"), By: true,
		Choices: []link.Choice{
			{Value: flowInstant, Label: v.T("authtype.instant"), Detail: v.T("authtype.instant_detail")},
			{Value: flowManual, Label: v.T("authtype.manual"), Detail: v.T("authtype.manual_detail")},
		},
	}
})

// numbersBankPane says that the person can log in at the bank of their routing
// number, which is quicker.
func numbersBankPane(c *connect) *link.Pane {
	return link.NewPane(`{{template "top" .}}
<div class="rows-group"><p class="sr" id="list-title">{{.Title}}</p>
{{template "rows" .}}</div>`, func(v *link.Visit) link.Screen {
		var list []institution.Institution
		for _, id := range connectOf(v).Banks {
			if in, ok := c.items.catalogue.Get(id); ok {
				list = append(list, in)
			}
		}
		s := link.Screen{Title: v.T("reroute.title"), Lead: v.T("reroute.lead"), By: true, Choices: rows(v, list, "")}
		if v.Token.Auth.RerouteToCredentials != rerouteForced {
			s.Secondary = &link.Button{Label: v.T("reroute.manual"), Action: actionManual}
		} else {
			s.Lead = v.T("reroute.lead_forced")
		}
		return s
	})
}
