package web

import (
	"bytes"
	_ "embed"
	"html/template"
)

//go:embed link/frame.html
var frameSource string

var frameTemplate = template.Must(template.New("frame").Parse(frameSource))

// A notice is a pane that the runtime shows without the server.
type notice struct {
	ID, View, Seal, Title, Lead string
	Close, Action, Label        string // data-action of the close button and of the primary one
}

// LinkPage renders the page inside Link's frame (link.html) in a language: the
// empty root that link.js fills, and the panes it shows on its own. The page is
// the same for every session, so a caller may keep it per language.
func LinkPage(lang string) []byte {
	t := Text(lang)
	var b bytes.Buffer
	err := frameTemplate.Execute(&b, map[string]any{
		"Lang":   TextLanguage(lang),
		"T":      t,
		"Style":  Path("link.css"),
		"Script": Path("link.js"),
		"Notices": []notice{
			{ID: "offline", View: "OFFLINE", Seal: "seal-warn", Title: t("offline.title"), Lead: t("offline.lead"), Close: "leave-unheard", Action: "retry", Label: t("offline.retry")},
			{ID: "failed", View: "FAILED", Seal: "seal-bad", Title: t("error.INTERNAL_SERVER_ERROR.title"), Lead: t("error.INTERNAL_SERVER_ERROR.lead"), Close: "leave-unheard", Action: "retry", Label: t("error.try_again")},
			{ID: "incomplete", View: "INCOMPLETE", Seal: "seal-warn", Title: t("frame.notoken.title"), Lead: t("frame.notoken.lead")},
			{ID: "ended-success", View: "ENDED", Seal: "seal-ok", Title: t("ended.success.title"), Lead: t("ended.success.lead")},
			{ID: "ended-exit", View: "ENDED", Seal: "seal-warn", Title: t("ended.exit.title"), Lead: t("ended.exit.lead"), Action: "again", Label: t("ended.again")},
			{ID: "ended-error", View: "ENDED", Seal: "seal-bad", Title: t("ended.error.title"), Lead: t("ended.error.lead")},
		},
	})
	if err != nil {
		panic(err) // the template and its data are constants of the program; TestLinkPage renders every language
	}
	return bytes.TrimSpace(b.Bytes())
}
