package link

// exitPane asks before something is lost. It lies over the pane that the person
// was on, so "pane" is the sheet alone.
var exitPane = NewPane(``, nil).redefined(`{{define "pane"}}<div class="sheet-scrim">
<div class="sheet" role="alertdialog" aria-modal="true" aria-labelledby="pane-title" aria-describedby="pane-lead">
{{template "top" .}}
<div class="sheet-actions">
<button id="aut-button" class="btn btn-primary btn-big" type="button" data-action="stay">{{.Primary}}</button>
<button class="btn btn-big" type="button" data-action="leave" data-testid="exit-confirm">{{.T "exit.leave"}}</button>
{{with .Secondary}}<button id="aut-secondary-button" class="btn btn-quiet btn-big" type="button" data-action="{{.Action}}">{{.Label}}</button>
{{end}}</div>
</div>
</div>{{end}}`)

// exitSheet is the exit confirmation (ui/README.md section 3 item 8).
func exitSheet(v *Visit) Screen {
	words := "exit"
	switch {
	case len(v.Made()) > 0:
		words = "several.exit"
	case v.flow.Verifies:
		words = "idv.exit"
	case v.Token.Documents != nil:
		words = "documents.exit"
	case v.Token.UpdateMode():
		words = "update.exit"
	}
	s := Screen{
		View: Exit, Title: v.T(words + ".title"), Lead: v.T(words + ".lead"), Primary: v.T("exit.stay"), Institution: v.Memory.Institution,
		words: v.words, pane: exitPane, seq: v.Seq, status: v.status(),
	}
	if v.instead() {
		s.Secondary = &Button{Label: v.T(v.flow.Instead.Label), Action: ActionInstead}
	}
	return s
}
