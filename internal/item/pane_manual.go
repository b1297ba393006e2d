package item

import (
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// authTypePane asks whether the person wants to log in at their bank or to type
// account numbers (link-web.md section 4.8). The ids of its buttons are published.
var authTypePane = link.NewPane(`{{template "top" .}}
<ul class="rows" id="auth-types">
{{range .Choices}}<li class="row"><span></span><div class="row-text"><button type="button" id="{{.ElementID}}" aria-describedby="sub-{{.ElementID}}" data-action="pick" data-value="{{.Value}}">{{.Label}}</button><span id="sub-{{.ElementID}}">{{.Detail}}</span></div>{{template "icon-next"}}</li>
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
