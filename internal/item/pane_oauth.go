package item

import (
	"github.com/glencheck-dev/glencheck/internal/link"
)

// oauthPane says that the bank has pages of its own, and what happens there.
// While the person is there it offers the way once more: their browser may have
// kept the window from opening.
var oauthPane = link.NewPane(`{{template "top" .}}
{{if .Opens}}{{with .Extra}}<p class="note">{{template "icon-info"}}<span>{{.}}</span></p>{{end}}{{else}}<ul class="points">
<li><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M14 5h5v5M19 5l-8 8"/><path d="M10 6H7a2 2 0 00-2 2v9a2 2 0 002 2h9a2 2 0 002-2v-3"/></svg><div><strong>{{.T "oauth.open.title"}}</strong><p>{{.T "oauth.open.text"}}</p></div></li>
<li><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 018 0v2.5"/></svg><div><strong>{{.T "consent.private.title"}}</strong><p>{{.Extra}}</p></div></li>
<li><svg class="icon icon-dir" viewBox="0 0 24 24" aria-hidden="true"><path d="M9 7l-4 4 4 4"/><path d="M5 11h9a5 5 0 015 5v2"/></svg><div><strong>{{.T "oauth.back.title"}}</strong><p>{{.T "oauth.back.text"}}</p></div></li>
</ul>
{{template "data" .}}{{end}}`, showOAuth)

func showOAuth(v *link.Visit) link.Screen {
	st, bank := connectOf(v), v.Bank()
	if a := v.Memory.Away; a != nil && a.Open {
		s := link.Screen{
			Title: v.T("oauth.waiting.title", "bank", bank), Lead: v.T("oauth.waiting.lead"), Extra: v.T("oauth.waiting.note"),
			Primary: v.T("oauth.waiting.submit"), Opens: a.Way(), Window: a.Back == "", By: true,
		}
		if a.Back != "" {
			s.Lead, s.Extra = v.T("oauth.leaving.lead", "app", v.App()), ""
		}
		return s
	}
	s := link.Screen{
		Title: v.T("oauth.title", "bank", bank), Lead: v.T("oauth.lead"), Extra: v.T("consent.private.text", "app", v.App()),
		Primary: v.T("common.continue"), Departs: true, By: true,
	}
	s.Data, s.Legal = link.Disclosure(v)
	if st.Refused != nil {
		s.Notice = st.Refused.say(v)
	}
	if len(st.Hints) > 0 {
		s.Hint = &link.Hint{Text: v.T("sandbox.oauth")}
	}
	return s
}
