package link

import "context"

// loadingPane is seen only by whom another request of the same session is
// already talking to the bank for. The frame shows its own loader while it waits
// (web.LinkPage).
var loadingPane = NewPane(`<div class="outcome" role="status"><span class="loader" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i></span>
{{template "top" .}}</div>`, func(v *Visit) Screen {
	return Screen{Title: v.T("loading.title"), Lead: v.T("loading.lead"), Primary: v.T("error.try_again"), By: true}
})

// ConnectedPane says that all went well and what is connected. Its step finishes
// the session.
var ConnectedPane = NewPane(`<div class="outcome"><span class="seal seal-ok">{{template "icon-tick"}}</span>
{{template "top" .}}
<ul class="receipt">{{$bank := .Institution}}{{range .Extra}}<li>{{with $bank}}<span class="{{.Class ""}}" aria-hidden="true">{{.Letters}}</span>{{end}}<span class="row-text"><b>{{.Label}}</b><span>{{.Detail}}</span></span></li>{{end}}</ul></div>`, showConnected)

// Receipter is a flow state that can say what was connected.
type Receipter interface {
	// Receipt lists the accounts: Label is the name, Detail the rest.
	Receipt(*Visit) []Option
}

func showConnected(v *Visit) Screen {
	var lines []Option
	if r, ok := v.State.(Receipter); ok {
		lines = r.Receipt(v)
	}
	count := max(len(lines), 1)
	return Screen{
		Title: v.T("connected.title", countArgs(count)...), Lead: v.T("connected.lead", append(countArgs(count), "app", v.App())...),
		Primary: v.T("connected.submit"), By: true, Extra: lines,
	}
}

// ConnectedStep ends a flow well, on whatever way the person leaves the pane.
func ConnectedStep() Step {
	return Step{
		Pane: ConnectedPane, Status: "connected", Leaving: "finished",
		Do:   func(context.Context, *Visit) (Outcome, error) { return "finished", nil },
		Next: Next{"finished": Handoff},
	}
}
