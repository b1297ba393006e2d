package item

import (
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/link"
)

// savedPane lists the banks that a person has saved.
var savedPane = link.NewPane(`{{template "top" .}}
<div class="rows-group"><p class="list-title" id="list-title">{{.Extra}}</p>
{{template "rows" .}}</div>`, showSaved)

func showSaved(v *link.Visit) link.Screen {
	st := returningOf(v)
	s := link.Screen{
		Title: v.T("saved.title"), Extra: v.T("saved.list", "ending", ending(st.Phone)), By: true,
		Secondary: &link.Button{Label: v.T("saved.new"), Action: actionNew},
	}
	for _, b := range st.Banks {
		s.Choices = append(s.Choices, link.Choice{Value: b.Mark.ID, Label: b.Mark.Name, Mark: b.Mark, Detail: v.T("saved.count", "count", strconv.Itoa(b.Accounts))})
	}
	return s
}

// savedAccountPane lets the person choose what to share of what they have saved.
var savedAccountPane = link.NewPane(`{{template "top" .}}
{{template "fields" .}}`, func(v *link.Visit) link.Screen {
	s := showAccounts(v)
	s.Lead, s.Extra = v.T("saved.accounts.lead", "app", v.App()), nil
	return s
})

// savablePane is the last pane, which may ask whether to save what was linked.
var savablePane = func() *link.Pane {
	p := *link.ConnectedPane
	p.Show = func(v *link.Visit) link.Screen {
		s := link.ConnectedPane.Show(v)
		sayPending(v, &s)
		if st := returningOf(v); st.Offer {
			s.Lead = v.T("saved.offer", "ending", ending(st.Phone))
			s.Primary, s.Secondary = v.T("saved.submit"), &link.Button{Label: v.T("saved.unsaved"), Action: actionUnsave}
		}
		return s
	}
	return &p
}()
