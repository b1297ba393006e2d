package link

import "context"

// actionMore asks to connect another account after this one.
const actionMore = "more"

// severalPane says what is connected so far, of every bank, and asks whether that
// is all. The account on top is made with the answer.
var severalPane = NewPane(`<div class="outcome"><span class="seal seal-ok">{{template "icon-tick"}}</span>
{{template "top" .}}
<ul class="receipt">{{range .Extra}}<li>{{with .Mark}}<span class="{{.Class ""}}" aria-hidden="true">{{.Letters}}</span>{{end}}<span class="row-text"><b>{{.Label}}</b><span>{{.Detail}}</span></span></li>{{end}}</ul></div>`, showSeveral)

// marked is a line of the list with the mark of its bank.
type marked struct {
	Option
	Mark *Institution
}

func showSeveral(v *Visit) Screen {
	var lines []marked
	if r, ok := v.State.(Receipter); ok {
		for _, line := range r.Receipt(v) {
			lines = append(lines, marked{line, v.Memory.Institution})
		}
	}
	made := v.Made()
	for i := len(made) - 1; i >= 0; i-- {
		for _, a := range made[i].Accounts {
			lines = append(lines, marked{made[i].line(v, a), made[i].Mark})
		}
	}
	return Screen{
		Title: v.T("connected.title", countArgs(max(len(lines), 1))...), Lead: v.T("several.lead"),
		Primary: v.T("connected.submit"), Secondary: &Button{Label: v.T("several.more"), Action: actionMore},
		By: true, Extra: lines,
	}
}

// line is an account that is connected already.
func (m Made) line(v *Visit, a AccountRef) Option {
	detail := ""
	if m.Institution != nil {
		detail = m.Institution.Name
	}
	if a.Mask != nil {
		detail = v.T("connected.line", "bank", detail, "mask", *a.Mask)
	}
	return Option{Label: a.Name, Detail: detail}
}

// SeveralStep is the CONNECTED view of a flow that may link several Items
// (link-web.md section 4.13). The person goes on to more, or ends the session
// well, on whatever way they leave the pane.
func SeveralStep(more View) Step {
	s := ConnectedStep()
	s.Pane, s.Actions, s.Makes = severalPane, []string{ActionSubmit, actionMore}, "another"
	s.Next = Next{s.Makes: more, s.Leaving: Handoff}
	s.Do = func(_ context.Context, v *Visit) (Outcome, error) {
		if v.Input.Action == actionMore {
			return s.Makes, nil
		}
		return s.Leaving, nil
	}
	return s
}
