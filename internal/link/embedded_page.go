package link

import (
	"context"
	"encoding/json"
	"html/template"
	"net/http"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/web"
)

// NewEmbeddedPane returns the pane of the view Embedded: a search field and a
// grid of tiles. show gives its words and, as Choices, the institutions.
func NewEmbeddedPane(show func(*Visit) Screen) *Pane {
	return NewPane(``, func(v *Visit) Screen {
		s := show(v)
		s.Choices = s.Choices[:min(len(s.Choices), mostTiles)]
		return s
	}).redefined(`{{define "pane"}}<main class="embedded" aria-labelledby="embedded-title" data-view="{{.View}}">
<h1 class="sr" id="embedded-title">{{.Title}}</h1>
<div class="control" role="search">{{template "icon-search"}}<label class="sr" for="search-input-input">{{.T "institution.search"}}</label><button class="icon-btn" type="button" aria-label="{{.T "institution.clear"}}" data-clear="search-input-input" hidden>{{template "icon-clear"}}</button><input class="input" id="search-input-input" type="search" placeholder="{{.T "institution.search"}}" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search" maxlength="200" aria-controls="institutions" data-search></div>
<p class="list-title" id="list-title" role="status" data-search-status>{{.T "institution.featured"}}</p>
{{template "rows" .}}
{{with .Secondary}}<button class="btn btn-quiet" type="button" id="flow-type-manual" data-action="{{.Action}}" data-value="{{.Value}}">{{.Label}}</button>
{{end}}<p class="by"><svg width="14" height="14" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">{{template "weave"}}</svg><span>{{.T "common.by"}}</span></p>
</main>{{end}}
{{define "rows"}}<ul class="tiles" id="institutions" aria-labelledby="list-title"{{if not .Choices}} hidden{{end}}>
{{range .Choices}}<li class="tile"><span class="{{.Mark.Class "s"}}" aria-hidden="true">{{.Mark.Letters}}</span><div class="tile-text"><button type="button" id="aut-{{.Value}}" aria-label="{{.Label}}" aria-describedby="sub-{{.Value}}" data-action="pick" data-value="{{.Value}}">{{.Before}}{{if .Match}}<mark>{{.Match}}</mark>{{end}}{{.After}}</button><span id="sub-{{.Value}}"{{if .Warn}} class="warn"{{end}}>{{.Detail}}</span></div></li>
{{end}}</ul>{{end}}`)
}

// embedded serves the document of the frame that stands in the host's page. It
// is drawn here, so that nothing has to be asked for before it can be seen.
func (f *Frame) embedded(w http.ResponseWriter, r *http.Request) {
	requestID := f.cfg.IDs.RequestID()
	turn, err := f.cfg.Sessions.Preview(r.Context(), requestID, r.URL.Query().Get("token"), nil)
	page := web.Embedded{}
	if err == nil && turn.Screen != nil {
		page.Lang, page.Look = turn.Session.Token.Language, turn.Session.Token.Look()
		var html string
		html, err = turn.Screen.html("pane")
		page.Pane = template.HTML(html) // of our own templates
	}
	if err == nil && turn.Done != nil {
		var refused []byte
		refused, err = json.Marshal(embeddedRefusal{turn.Done, turn.Remarks})
		page.Refused = string(refused)
	}
	if err != nil {
		f.cfg.Log.Error("embedded search failed", "request_id", requestID, "error", err.Error())
		http.Error(w, "an unexpected error occurred", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", policy+f.ancestors(r.Context(), turn.Session.ClientID))
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.Write(web.EmbeddedPage(page))
}

// embeddedRefusal is what the page tells its host instead of showing a grid.
type embeddedRefusal struct {
	Done    *Done    `json:"done"`
	Remarks []Remark `json:"remarks,omitempty"`
}

type searchIn struct {
	LinkToken string `json:"link_token"`
	Query     string `json:"query" max:"200"`
}

// search answers the embedded search, for which no session is begun.
func (f *Frame) search(ctx context.Context, call api.Call, in searchIn) (reply, error) {
	turn, err := f.cfg.Sessions.Preview(ctx, call.RequestID, in.LinkToken, &in.Query)
	return turn.reply(err)
}
