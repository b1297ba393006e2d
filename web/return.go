package web

import (
	"bytes"
	_ "embed"
	"html/template"
)

//go:embed link/return.html
var returnSource string

var returnTemplate = besideFrame("return", returnSource)

// Return is what the page to which a bank sends people back says.
type Return struct {
	Lang  string
	App   string // the client's app, by the name that Link shows
	Leads string // where the page leads on to, "" for a window that may be closed
	Over  bool   // nothing waits for the person any more
	// Refused says that what the person brought led to an error, which Link tells.
	Refused bool
}

// ReturnPage renders the page to which a bank sends people back.
func ReturnPage(r Return) []byte {
	t := Text(r.Lang)
	seal, words := "seal-ok", "return.done"
	switch {
	case r.Leads != "":
		words = "return.leads"
	case r.Over:
		seal, words = "seal-warn", "return.over"
	case r.Refused:
		seal = "seal-warn"
	}
	title := words + ".title"
	if r.Leads != "" {
		title = "loading.open.title"
	}
	var b bytes.Buffer
	err := returnTemplate().ExecuteTemplate(&b, "return", map[string]any{
		"Lang": TextLanguage(r.Lang), "T": t, "Style": Path("link.css"), "Script": Path("return.js"),
		"Seal": seal, "Title": t(title, "app", r.App), "Lead": t(words+".lead", "app", r.App),
		"Leads": r.Leads, "Label": t("hosted.return", "app", r.App),
		// The package does not know what a refresh holds; the address is escaped here.
		"Refresh": template.HTMLAttr(`content="0;url=` + template.HTMLEscapeString(r.Leads) + `"`),
	})
	if err != nil {
		panic(err) // as in LinkPage
	}
	return bytes.TrimSpace(b.Bytes())
}
