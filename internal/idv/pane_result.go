package idv

import "github.com/glencheck-dev/glencheck/internal/link"

// resultPane says that the person's part is done and, where the attempt has failed,
// whom to turn to. It does not say what was found out: that is for the app to tell.
var resultPane = link.NewPane(`<div class="outcome"><span class="seal {{if .Extra.Bad}}seal-warn{{else}}seal-ok{{end}}">{{if .Extra.Bad}}{{template "icon-warn"}}{{else}}{{template "icon-tick"}}{{end}}</span>
{{template "top" .}}
{{if .Extra.Rows}}<ul class="receipt">
{{range .Extra.Rows}}<li><span class="row-text"><b>{{.Title}}</b></span><span class="badge {{.Class}}">{{.Status}}</span></li>
{{end}}</ul>{{end}}</div>`, showResult)

// result is what the pane shows beside its words.
type result struct {
	Bad  bool
	Rows []resultRow
}

type resultRow struct{ Title, Status, Class string }

// badges are the words and looks of what became of a step.
var badges = map[StepStatus][2]string{
	StepSuccess: {"idv.step.done", "badge-ok"}, StepApproved: {"idv.step.done", "badge-ok"},
	StepPendingReview: {"idv.step.review", "badge-warn"},
	StepFailed:        {"idv.step.failed", "badge-bad"}, StepRejected: {"idv.step.failed", "badge-bad"},
}

func showResult(v *link.Visit) link.Screen {
	st := stateOf(v)
	words := "idv.done"
	switch st.Status {
	case Failed:
		words = "idv.failed"
	case Expired, Canceled:
		words = "idv.ended"
	case PendingReview:
		words = "idv.review"
	}
	s := screen(v, words, []string{"app", v.App(), "name", st.Given})
	if st.Given == "" && (words == "idv.done" || words == "idv.review") {
		s.Title = v.T("idv.done.title_plain")
	}
	s.Primary = v.T("connected.submit")
	r := result{Bad: st.Status == Failed || st.Status == Expired || st.Status == Canceled}
	for _, step := range st.Steps {
		if badge, ok := badges[st.Told[step]]; ok {
			r.Rows = append(r.Rows, resultRow{v.T("idv.part." + announced[step]), v.T(badge[0]), badge[1]})
		}
	}
	s.Extra = r
	return s
}
