package item

import (
	"slices"

	"github.com/glencheck-dev/glencheck/internal/link"
)

// updateConsentPane asks for products besides those that the person has agreed to.
// What is new is in plain sight; the folded list has all of it, with its reasons.
var updateConsentPane = link.NewPane(`{{template "top" .}}
<ul class="points">{{range .Extra}}<li>{{template "icon-tick"}}<div><strong>{{.}}</strong></div></li>
{{end}}</ul>
{{template "data" .}}`, showUpdateConsent)

func showUpdateConsent(v *link.Visit) link.Screen {
	var news []string
	for _, p := range updateOf(v).Consent {
		if words := link.ProductWords(v, p); !slices.Contains(news, words) {
			news = append(news, words)
		}
	}
	s := link.ConsentPane.Show(v)
	s.Title, s.Lead, s.Extra = v.T("update.consent.title", "app", v.App()), v.T("update.consent.lead", "bank", v.Bank()), news
	return s
}

// updatedPane says that the Item is in order.
var updatedPane = link.ConnectedPane.With(func(v *link.Visit, s *link.Screen) {
	s.Title, s.Lead = v.T("update.done.title"), v.T("update.done.lead", "app", v.App())
})
