package idv

import (
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/link"
)

// tosPane says what is asked for and why, before anything is.
var tosPane = link.NewPane(`{{template "top" .}}
<ol class="agenda">
{{range .Extra}}<li><span aria-hidden="true">{{.N}}</span><strong>{{.Title}}</strong><p>{{.Text}}</p></li>
{{end}}</ol>`, showTOS)

// agendaItem is a step as the first pane announces it.
type agendaItem struct{ N, Title, Text string }

// announced is what the words call a step that the person has a part in.
var announced = map[Step]string{VerifySMS: "phone", KYCCheck: "details", Documents: "document", Selfie: "selfie"}

func showTOS(v *link.Visit) link.Screen {
	s := screen(v, "idv.tos", []string{"app", v.App()})
	s.Primary = v.T("idv.tos.submit")
	var agenda []agendaItem
	for _, step := range stateOf(v).Steps {
		words := "idv.part." + announced[step]
		agenda = append(agenda, agendaItem{strconv.Itoa(len(agenda) + 1), v.T(words), v.T(words + ".text")})
	}
	s.Extra = agenda
	s.Legal = v.T("idv.tos.legal")
	if v.PrivacyURL != "" {
		s.Legal, s.LegalURL = v.T("idv.tos.legal_linked"), v.PrivacyURL
	}
	return s
}

// screen is what all panes have in common.
func screen(v *link.Visit, words string, args []string) link.Screen {
	return link.Screen{
		App: true, Progress: progress(v), By: true,
		Title: v.T(words+".title", args...), Lead: v.T(words+".lead", args...), Primary: v.T("common.continue"),
	}
}

// progress is a bar for each step that the person has a part in.
func progress(v *link.Visit) *link.Progress {
	st := stateOf(v)
	p := &link.Progress{}
	at := len(st.Steps)
	for i, step := range st.Steps {
		bar := "done"
		switch {
		case step == st.At:
			bar, at = "now", i
		case st.At == AcceptTOS, i > at:
			bar = "todo"
		}
		p.Bars = append(p.Bars, bar)
	}
	p.Label = v.T("idv.steps", "n", strconv.Itoa(min(at+1, len(st.Steps))), "count", strconv.Itoa(len(st.Steps)))
	if len(p.Bars) == 0 {
		return nil
	}
	return p
}

// agree accepts the terms.
func (f flow) agree(_ *link.Visit, a *Attempt) error {
	a.finish(AcceptTOS, StepSuccess, f.clock.Now())
	return nil
}
