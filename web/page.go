package web

import (
	"bytes"
	_ "embed"
	"html/template"
	"sync"
)

//go:embed link/frame.html
var frameSource string

// Templates are parsed when the first page is asked for; TestTemplates parses all.
var frameTemplate = sync.OnceValue(parseFrame)

func parseFrame() *template.Template { return template.Must(template.New("frame").Parse(frameSource)) }

// besideFrame is a template that has those of the frame at hand. It has them for
// itself: one that has been executed cannot be cloned.
func besideFrame(name, source string) func() *template.Template {
	return sync.OnceValue(func() *template.Template { return template.Must(parseFrame().New(name).Parse(source)) })
}

// A notice is a pane that the runtime shows without the server.
type notice struct {
	ID, View, Seal, Title, Lead string
	Close, Action, Label        string // data-action of the close button and of the primary one
}

// Look is how a client wants Link to look. The zero value is Glencheck's own, in
// light or dark as the person's system is.
type Look struct {
	Accent string // #rrggbb, or ""
	Mode   string // "light", "dark" or ""
}

// Theme is the address of the style sheet of the accent colour, "" for none.
func (l Look) Theme() string {
	if l.Accent == "" {
		return ""
	}
	return ThemePath(l.Accent)
}

// Hosted is what a Hosted Link page shows besides its language.
type Hosted struct {
	Lang       string
	Look       Look
	App        string // the client's app, by the name that Link shows
	Completion string // where the page leads at its end, "" for nowhere
	MobileApp  bool   // the page stands in a browser tab inside the app
	Verifies   bool   // a person is verified there, and no account connected
}

// HostedPage renders the page of a Hosted Link session: the page of the frame,
// which knows that it stands alone and where it leads.
func HostedPage(h Hosted) []byte { return linkPage(h.Lang, h.Look, &h) }

//go:embed link/hosted.html
var hostedSource string

var hostedTemplate = besideFrame("hosted", hostedSource)

// HostedNotice renders what a Hosted Link page says when Link cannot be opened on
// it: about is unknown, expired or finished. It needs no script.
func HostedNotice(h Hosted, about string) []byte {
	t := Text(h.Lang)
	seal, words := "seal-warn", "hosted."+about
	if about == "finished" {
		seal, words = "seal-ok", "ended.success"
	}
	var b bytes.Buffer
	err := hostedTemplate().ExecuteTemplate(&b, "hosted", map[string]any{
		"Lang": TextLanguage(h.Lang), "T": t, "Style": Path("link.css"), "Look": h.Look,
		"Seal": seal, "Title": t(words + ".title"), "Lead": t(words + ".lead"),
		// Of a scheme that the caller has let through; html/template knows but a few.
		"Return": template.URL(h.Completion), "Label": t("hosted.return", "app", h.App),
	})
	if err != nil {
		panic(err) // as in LinkPage
	}
	return bytes.TrimSpace(b.Bytes())
}

// Message is a text message as the sandbox's phone shows it.
type Message struct{ Text, At string }

//go:embed link/phone.html
var phoneSource string

var phoneTemplate = besideFrame("phone", phoneSource)

// PhonePage renders the sandbox's phone: what was sent to a number, the newest first.
// It needs no script.
func PhonePage(to string, messages []Message) []byte {
	var b bytes.Buffer
	err := phoneTemplate().ExecuteTemplate(&b, "phone", map[string]any{"T": Text(fallback), "Style": Path("link.css"), "To": to, "Messages": messages})
	if err != nil {
		panic(err) // as in LinkPage
	}
	return bytes.TrimSpace(b.Bytes())
}

// LinkPage renders the page inside Link's frame (link.html) in a language and a
// look: the empty root that link.js fills, and the panes it shows on its own. The
// page is the same for every session, so a caller may keep it.
func LinkPage(lang string, look Look) []byte { return linkPage(lang, look, nil) }

// Begun is a page of LinkPage with the first pane of a session in it, which is all
// that a browser needs to show it, and with what else the server has answered, for
// link.js. Nothing on the pane can be used before that is there.
func Begun(page []byte, pane string, reply []byte) []byte {
	head, rest, _ := bytes.Cut(page, []byte(`<html `))
	body, end, _ := bytes.Cut(rest, []byte(`></div><template id="begun"></template>`))
	var b bytes.Buffer
	b.Grow(len(page) + len(pane) + 2*len(reply))
	b.Write(head)
	b.WriteString(`<html data-place="drop" `)
	b.Write(body)
	b.WriteString(` inert>`)
	b.WriteString(pane)
	b.WriteString(`</div><template id="begun" data-reply="`)
	template.HTMLEscape(&b, reply)
	b.WriteString(`"></template>`)
	b.Write(end)
	return b.Bytes()
}

func linkPage(lang string, look Look, hosted *Hosted) []byte {
	t := Text(lang)
	again := notice{Action: "again", Label: t("ended.again")}
	var back notice
	if hosted != nil && hosted.Completion != "" {
		back = notice{Action: "return", Label: t("hosted.return", "app", hosted.App)}
		again = back
	}
	success, left := "ended.success", "ended.exit"
	if hosted != nil && hosted.Verifies {
		success, left = "ended.verified", "ended.left"
	}
	var b bytes.Buffer
	err := frameTemplate().Execute(&b, map[string]any{
		"Lang":   TextLanguage(lang),
		"T":      t,
		"Hosted": hosted,
		"Style":  Path("link.css"),
		"Look":   look,
		"Script": Path("link.js"),
		"Notices": []notice{
			{ID: "offline", View: "OFFLINE", Seal: "seal-warn", Title: t("offline.title"), Lead: t("offline.lead"), Close: "leave-unheard", Action: "retry", Label: t("offline.retry")},
			{ID: "failed", View: "FAILED", Seal: "seal-bad", Title: t("error.INTERNAL_SERVER_ERROR.title"), Lead: t("error.INTERNAL_SERVER_ERROR.lead"), Close: "leave-unheard", Action: "retry", Label: t("error.try_again")},
			{ID: "incomplete", View: "INCOMPLETE", Seal: "seal-warn", Title: t("frame.notoken.title"), Lead: t("frame.notoken.lead")},
			{ID: "ended-success", View: "ENDED", Seal: "seal-ok", Title: t(success + ".title"), Lead: t(success + ".lead"), Action: back.Action, Label: back.Label},
			{ID: "ended-exit", View: "ENDED", Seal: "seal-warn", Title: t(left + ".title"), Lead: t(left + ".lead"), Action: again.Action, Label: again.Label},
			{ID: "ended-error", View: "ENDED", Seal: "seal-bad", Title: t("ended.error.title"), Lead: t("ended.error.lead"), Action: back.Action, Label: back.Label},
		},
	})
	if err != nil {
		panic(err) // the template and its data are constants of the program; TestLinkPage renders every language
	}
	return bytes.TrimSpace(b.Bytes())
}
