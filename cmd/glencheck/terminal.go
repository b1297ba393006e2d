package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/glencheck-dev/glencheck/internal/server"
)

// palette holds the three looks of the terminal: dim labels, plain values, one
// accent for addresses. All empty where colour is not wanted.
type palette struct{ dim, accent, bad, reset string }

// colours are used on a terminal only, and never with NO_COLOR (no-color.org).
func colours(w io.Writer) palette {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return palette{}
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return palette{}
	}
	return palette{dim: "\x1b[2m", accent: "\x1b[36m", bad: "\x1b[31m", reset: "\x1b[0m"}
}

func (p palette) row(w io.Writer, label, look, value string) {
	fmt.Fprintf(w, "  %s%-11s%s %s%s%s\n", p.dim, label, p.reset, look, value, p.reset)
}

// firstScreen says where everything is, with which keys, and what to try: at
// most 14 lines.
func firstScreen(w io.Writer, s *server.Server, p palette, ms float64) {
	head := "glencheck " + version + ", " + s.Env()
	fmt.Fprintf(w, "%-52s %sready in %.0f ms%s\n\n", head, p.dim, ms, p.reset)
	api := s.PublicURL() + p.reset + p.dim + "        explorer  " + p.reset + "/docs"
	if path := s.PartnerPath(); path != "" {
		api += p.dim + "        partner  " + p.reset + path
	}
	p.row(w, "API", p.accent, api)
	contacts := ""
	if path := s.GraphPath(); path != "" {
		if addr := s.GraphAddr(); addr != "" {
			path = "http://" + addr
		}
		contacts = p.reset + p.dim + "       contacts  " + p.reset + path
	}
	if s.HasDemo() {
		p.row(w, "Link Demo", p.accent, s.PublicURL()+"/demo"+p.reset+p.dim+"   dashboard  "+p.reset+"/dashboard"+contacts)
	} else {
		p.row(w, "Dashboard", p.accent, s.PublicURL()+"/dashboard"+contacts)
	}
	if s.Env() == server.Sandbox {
		p.sandbox(w, s)
	}
	fmt.Fprintln(w)
	p.row(w, "state", "", s.State()+p.dim+"        clock  "+p.reset+clockName(s))
	fmt.Fprintln(w)
}

func (p palette) sandbox(w io.Writer, s *server.Server) {
	p.row(w, "client_id", "", s.ClientID())
	p.row(w, "secret", "", s.ShownSecret())
	if name, id, secret := s.Partner(); name != "" {
		p.row(w, "partner", "", name+", "+id+" / "+secret)
	}
	logIn := "user_good / pass_good"
	if key := s.ShownGraphKey(); key != "" {
		logIn += p.dim + "        contacts  " + p.reset + key
	}
	p.row(w, "log in as", "", logIn)
	fmt.Fprintln(w)
	try := "try"
	if s.HasDemo() {
		p.row(w, try, "", "open Link Demo in a browser and link an account")
		try = ""
	}
	p.row(w, try, "", "glencheck demo, an account linked in the terminal")
	p.row(w, "", "", "your own program: give its Plaid client the API address above")
}

// clockName says which clock runs, and how far it was moved.
func clockName(s *server.Server) string {
	if s.Clock().IsManual() {
		return "manual, " + s.Clock().Now().Format(time.DateTime)
	}
	if ahead := s.Clock().Ahead().Round(time.Second); ahead > 0 {
		return "real, " + ahead.String() + " ahead"
	}
	return "real"
}
