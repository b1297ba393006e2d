package identity

import (
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/identity/document"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// fileRow draws a file that was taken, with a way to drop it again or without.
const fileRow = `{{define "file-icon"}}<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M6.5 3.5h7.5l4 4v13h-11.5z"/><path d="M13.5 3.5v4.5H18M9.5 12.5h5.5M9.5 16h5.5"/></svg>{{end}}`

// uploadPane takes files: chosen, or dropped on it. The template at its end is the
// row of a file that is on its way.
var uploadPane = link.NewPane(fileRow+`{{template "top" .}}
{{range .Fields}}<div class="drop" data-drop>
<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 15.5V4.5M7.5 9L12 4.5 16.5 9M4.5 15.5v4h15v-4"/></svg>
<p class="strong">{{.Placeholder}}</p>
<p class="help" id="{{.ID}}-help">{{.Help}}</p>
<input class="sr" type="file" id="{{.ID}}" data-upload="{{$.Extra.Max}}" accept=".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg" multiple{{if .Error}} aria-invalid="true"{{end}} aria-describedby="{{if .Error}}{{.ErrorID}} {{end}}{{.ID}}-help">
<label class="btn" for="{{.ID}}">{{.Label}}</label>
</div>
{{template "error" .}}{{end}}
<ul class="files" id="documents" aria-label="{{.Extra.List}}"{{if not .Choices}} hidden{{end}}>{{range $i, $c := .Choices}}<li class="file" data-testid="document-{{$i}}">{{template "file-icon"}}<span class="row-text"><b>{{.Label}}</b><span>{{.Detail}}</span></span><button class="icon-btn icon-btn-s" type="button" aria-label="{{$.T "documents.remove" "name" .Label}}" data-action="remove" data-value="{{.Value}}">{{template "icon-clear"}}</button></li>{{end}}</ul>
{{with .Extra.News}}<p class="sr" data-news>{{.}}</p>{{end}}
<template data-uploading><li class="file">{{template "file-icon"}}<span class="row-text"><b></b><span data-part></span></span><button class="icon-btn icon-btn-s" type="button" aria-label="{{.T "documents.stop"}}" data-stop>{{template "icon-clear"}}</button><progress max="1" value="0" aria-label="{{.T "documents.uploading"}}"></progress></li></template>`, showUpload)

// uploadExtra is what the template of uploadPane has besides the screen.
type uploadExtra struct {
	Max  int
	List string
	News string
}

func showUpload(v *link.Visit) link.Screen {
	st := uploadOf(v)
	field := link.Field{
		Name: documentField, ID: "document-input", Kind: link.FieldFile, Label: v.T("documents.button"),
		Placeholder: v.T("documents.choose"), Help: v.T("documents.kinds"),
	}
	if r := st.Refused; r != nil {
		field.Error = r.Name + ": " + v.T("documents.error."+string(r.Reason))
	}
	extra := uploadExtra{Max: document.MaxBytes, List: v.T("documents.list")}
	if st.News != "" {
		extra.News = v.T("documents.added", "name", st.News)
	}
	s := link.Screen{
		Title: v.T("documents.title"), Lead: v.T("documents.lead", "account", st.Account), Primary: v.T("common.continue"), By: true,
		Fields: []link.Field{field}, Choices: filesOf(v), Extra: extra,
	}
	s.Hint = &link.Hint{Text: v.T("documents.hint")}
	return s
}

// Receipt lists the files on the last pane.
func (st *uploadState) Receipt(v *link.Visit) []link.Option {
	var list []link.Option
	for _, u := range st.Uploads {
		list = append(list, link.Option{Label: u.Name, Detail: u.detail(v)})
	}
	return list
}

// filesOf are the files that were taken.
func filesOf(v *link.Visit) []link.Choice {
	var list []link.Choice
	for _, u := range uploadOf(v).Uploads {
		list = append(list, link.Choice{Value: u.ID, Label: u.Name, Detail: u.detail(v)})
	}
	return list
}

// detail says what a file is: its kind, its pages, its size.
func (u upload) detail(v *link.Visit) string {
	parts := []string{strings.ToUpper(string(u.Record.Kind))}
	if u.Record.Kind == document.PDF {
		parts = append(parts, v.T("documents.pages", "count", strconv.Itoa(u.Record.Pages)))
	}
	return strings.Join(append(parts, size(u.Record.Bytes)), " · ")
}

// size is a number of bytes for people.
func size(n int) string {
	if n < 1<<20 {
		return strconv.Itoa(max(1, n>>10)) + "\u00a0KB"
	}
	return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + "\u00a0MB"
}

// reviewPane shows the files once more, and which of them nothing could read.
var reviewPane = link.NewPane(fileRow+`{{template "top" .}}
<ul class="files" id="documents" aria-label="{{.Extra}}">{{range $i, $c := .Choices}}<li class="file" data-testid="document-{{$i}}">{{template "file-icon"}}<span class="row-text"><b>{{.Label}}</b><span>{{.Detail}}</span></span></li>{{end}}</ul>`, func(v *link.Visit) link.Screen {
	s := link.Screen{
		Title: v.T("documents.review.title"), Lead: v.T("documents.review.lead", "app", v.App()), Primary: v.T("documents.review.submit"), By: true,
		Choices: filesOf(v), Extra: v.T("documents.list"),
	}
	for _, u := range uploadOf(v).Uploads {
		if !u.Record.read() {
			s.Notice = v.T("documents.review.unread", "app", v.App())
		}
	}
	return s
})

// submittedPane says that the documents are in. Its step finishes the session.
var submittedPane = link.ConnectedPane.With(func(v *link.Visit, s *link.Screen) {
	s.Title, s.Lead = v.T("documents.done.title"), v.T("documents.done.lead", "app", v.App())
})

// refusedPane says why the documents cannot be kept.
var refusedPane = link.NewPane(`<div class="outcome"><span class="seal seal-bad">{{template "icon-close"}}</span>
{{template "top" .}}</div>`, func(v *link.Visit) link.Screen {
	lead := "documents.failed.gone"
	if uploadOf(v).Full {
		lead = "documents.failed.full"
	}
	return link.Screen{Title: v.T("documents.failed.title"), Lead: v.T(lead, "app", v.App()), Primary: v.T("error.close"), By: true}
})
