package link

import "strings"

// ConsentPane says who wants what, before anything is asked.
var ConsentPane = NewPane(`{{with .Extra}}<div class="pair" aria-hidden="true">{{if .Logo}}<span class="mark mark-l mark-own">{{.Mark.Letters}}<img src="{{.Logo}}" alt="" width="56" height="56"></span>{{else}}<span class="{{.Mark.Class "l"}}">{{.Mark.Letters}}</span>{{end}}<span class="pair-line"></span><span class="mark mark-l mark-us"><svg width="32" height="32" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">{{template "weave"}}</svg></span></div>{{end}}
{{template "top" .}}
<ul class="points">
<li><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 7.5h9M17 7.5h3M4 16.5h3M11 16.5h9"/><circle cx="15" cy="7.5" r="2"/><circle cx="9" cy="16.5" r="2"/></svg><div><strong>{{.T "consent.choose.title"}}</strong><p>{{.T "consent.choose.text"}}</p></div></li>
<li><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 018 0v2.5"/></svg><div><strong>{{.T "consent.private.title"}}</strong><p>{{.Extra.Private}}</p></div></li>
</ul>
{{template "data" .}}`, showConsent)

type consent struct {
	Mark    Institution // the app's own mark
	Logo    string      // address of the client's, "" for none
	Private string
}

func showConsent(v *Visit) Screen {
	app := v.App()
	s := Screen{
		Title: v.T("consent.title", "app", app), Lead: v.T("consent.lead", "app", app),
		Primary: v.T("consent.submit"), By: true, Data: dataTypes(v),
		Extra: consent{
			Mark: appMark(app), Logo: v.logoURL(), Private: v.T("consent.private.text", "app", app),
		},
	}
	if v.PrivacyURL != "" {
		s.Legal, s.LegalURL = v.T("common.privacy"), v.PrivacyURL
	}
	return s
}

// appMark is the first letter of the app's name on a ground that its name picks.
func appMark(app string) Institution {
	letter := "?"
	for _, r := range strings.ToUpper(strings.TrimSpace(app)) {
		letter = string(r)
		break
	}
	sum := uint32(2166136261) // FNV-1a
	for _, c := range []byte(app) {
		sum = (sum ^ uint32(c)) * 16777619
	}
	return Institution{Letters: letter, Ground: int(sum>>8%8) + 1, Weave: string("abcd"[sum>>16%4])}
}
