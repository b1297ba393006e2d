package item

import "github.com/glencheck-dev/glencheck/internal/link"

// updateConsentPane asks for products besides those that the person has agreed to.
var updateConsentPane = link.ConsentPane.With(func(v *link.Visit, s *link.Screen) {
	s.Title, s.Lead = v.T("update.consent.title", "app", v.App()), v.T("update.consent.lead", "bank", v.Bank())
})

// updatedPane says that the Item is in order.
var updatedPane = link.ConnectedPane.With(func(v *link.Visit, s *link.Screen) {
	s.Title, s.Lead = v.T("update.done.title"), v.T("update.done.lead", "app", v.App())
})
