package link

import (
	"context"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/web"
)

// ErrorPane says what stands in the way, whose side it is on, and how to go on.
var ErrorPane = NewPane(`<div class="outcome"><span class="seal {{.Extra}}">{{if eq .Extra "seal-bad"}}{{template "icon-close"}}{{else}}{{template "icon-warn"}}{{end}}</span>
{{template "top" .}}
{{if .Reference}}<p class="ref">{{.T "common.reference"}} <span class="mono">{{.Reference}}</span></p>{{end}}</div>`, showError)

func showError(v *Visit) Screen {
	t := interruption("")
	if v.Memory.Trouble != nil {
		t = *v.Memory.Trouble
	}
	words := []string{"bank", v.Bank(), "app", v.App()}
	s := Screen{Title: v.T(t.Title, words...), Lead: v.T(t.Lead, words...), Extra: "seal-warn"}
	if t.Final {
		s.Extra = "seal-bad"
	}
	if t.Code != "" {
		s.Reference = t.Code + "\u00a0· " + t.RequestID // a line that is full ends with the dot
	}
	for i, way := range t.Ways {
		if i == 0 {
			s.Primary = v.T(way.Label)
		} else {
			s.Secondary = &Button{Label: v.T(way.Label), Value: string(way.Outcome)}
		}
	}
	if t.Site != "" {
		s.Secondary = &Button{Label: v.T("error.bank_site"), URL: t.Site}
	}
	return s
}

// ErrorStep is the ERROR view of a flow: the button that was pressed is the
// outcome. Where nothing is left but to close, there is no way back either.
func ErrorStep(next Next, back View) Step {
	return Step{Pane: ErrorPane, Status: "requires_credentials", Do: chooseWay, Next: next, Back: back}
}

func chooseWay(_ context.Context, v *Visit) (Outcome, error) {
	ways := interruption("").Ways
	if v.Memory.Trouble != nil {
		ways = v.Memory.Trouble.Ways
	}
	if v.Input.Value == "" {
		return ways[0].Outcome, nil
	}
	for _, way := range ways {
		if string(way.Outcome) == v.Input.Value {
			return way.Outcome, nil
		}
	}
	return "", plaid.InvalidField("value must be one of the ways that the pane offers")
}

// TroubleOf is what the ERROR pane says of an error, with the ways on.
func TroubleOf(e *plaid.Error, ways ...Way) Trouble {
	key := "error." + e.Code
	if !web.HasText(key + ".title") {
		key = "error.other"
	}
	return Trouble{Code: e.Code, Title: key + ".title", Lead: key + ".lead", Ways: ways}
}

// countArgs are the arguments of a text with a plural form.
func countArgs(n int) []string { return []string{"count", strconv.Itoa(n)} }
