package item_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/auth"
	. "github.com/glencheck-dev/glencheck/internal/item/itemtest"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/link/linktest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

var update = flag.Bool("update", false, "rewrite testdata/*.txt from what happens")

// linkTokens are link tokens by their own text.
type linkTokens map[string]link.Token

func (t linkTokens) ByToken(_ context.Context, token string) (link.Token, error) {
	if found, ok := t[token]; ok {
		return found, nil
	}
	return link.Token{}, plaid.InvalidLinkToken
}

// desk is a house at the simulated bank where Link can be opened.
type desk struct {
	*House
	tokens   linkTokens
	sessions *link.Sessions
	driver   *link.Driver
	frame    *link.Frame
	opened   int
	has      held // the Item of update stories
}

func newDesk(t testing.TB, h *House) *desk {
	t.Helper()
	d := &desk{House: h, tokens: linkTokens{}}
	log := slog.New(slog.NewTextHandler(h.Log, nil))
	h.Items.OfferTyped(auth.New(h.DB, h.Vault, h.Clock, h.Items).Typed())
	var err error
	d.sessions, err = link.NewSessions(link.Config{
		DB: h.DB, Vault: h.Vault, Clock: h.Clock, IDs: h.IDs, Log: log, Env: "sandbox", Tokens: d.tokens,
		Flows: []link.Flow{h.Items.UpdateFlow(), h.Items.SeveralFlow(), h.Items.ReturningFlow(), h.Items.ConnectFlow()}, Hints: true, PublicURL: publicURL,
	})
	if err != nil {
		t.Fatal(err)
	}
	d.driver = link.NewDriver(d.sessions)
	d.frame = link.NewFrame(link.FrameConfig{Sessions: d.sessions, Tokens: d.tokens, IDs: h.IDs, Log: log})
	return d
}

// token is a link token with some of its settings changed.
func (d *desk) token(change ...func(*link.Token)) string {
	d.opened++
	t := link.Token{
		ID: fmt.Sprint("token-", d.opened), ClientID: Client, ClientUserID: "user-1", ClientName: "Wonderwallet", Language: "en",
		CountryCodes: []string{"US"}, Products: []string{"auth"}, AccountSelect: link.SelectMultiple,
		CreatedAt: d.Clock.Now(), ExpiresAt: d.Clock.Now().Add(4 * time.Hour),
	}
	for _, f := range change {
		f(&t)
	}
	d.tokens[t.ID] = t
	return t.ID
}

// guest is one person at the desk.
type guest struct {
	*desk
	testing.TB
	handle string
	link.DriverAnswer
	html    string
	events  []link.Event
	refusal string // of the last step, in a story
	story   bool
}

var clientCall = api.Call{Caller: api.Caller{ClientID: Client}, RequestID: "req"}

func (d *desk) guest(t testing.TB, change ...func(*link.Token)) *guest {
	t.Helper()
	g := &guest{desk: d, TB: t}
	a, err := d.driver.Open(context.Background(), clientCall, link.DriverOpen{LinkToken: d.token(change...)})
	g.handle = a.Session
	return g.took(a, err)
}

// took notes an answer and looks at the pane as a browser would.
func (g *guest) took(a link.DriverAnswer, err error) *guest {
	g.Helper()
	var e *plaid.Error
	if g.refusal = ""; g.story && errors.As(err, &e) {
		g.refusal = e.Message
		return g
	}
	if err != nil {
		g.Fatal(err)
	}
	g.DriverAnswer, g.events = a, append(g.events, a.Events...)
	if a.Done != nil {
		return g
	}
	g.html = g.post(fmt.Sprintf(`{"session":%q,"seq":-1,"action":"look"}`, g.handle))
	return g
}

// post sends a step as a browser does and returns the pane that it would show.
func (g *guest) post(body string) string {
	g.Helper()
	r := httptest.NewRequest("POST", "/link/session/step", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	g.frame.ServeHTTP(w, r)
	var seen struct {
		Pane  struct{ HTML string }
		Sheet struct{ HTML string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &seen); err != nil || seen.Pane.HTML == "" {
		g.Fatalf("the frame shows %s, %v", w.Body, err)
	}
	linktest.CheckHTML(g.TB, seen.Pane.HTML)
	if seen.Sheet.HTML != "" {
		linktest.CheckHTML(g.TB, seen.Sheet.HTML)
	}
	return seen.Pane.HTML
}

func (g *guest) do(action, value string, fields map[string][]string) *guest {
	g.Helper()
	raw := map[string]api.Raw{}
	for name, values := range fields {
		b, _ := json.Marshal(values)
		raw[name] = b
	}
	return g.took(g.driver.Step(context.Background(), clientCall, link.DriverStep{Session: g.handle, Action: action, Value: value, Fields: raw}))
}

func (g *guest) submit(pairs ...string) *guest {
	g.Helper()
	fields := map[string][]string{}
	for _, p := range pairs {
		name, value, _ := strings.Cut(p, "=")
		fields[name] = append(fields[name], value)
	}
	return g.do("submit", "", fields)
}

func (g *guest) pick(id string) *guest { g.Helper(); return g.do("pick", id, nil) }

func (g *guest) close(force bool) *guest {
	g.Helper()
	return g.took(g.driver.Exit(context.Background(), clientCall, link.DriverExit{Session: g.handle, Force: force}))
}

// TestStories plays the files of testdata: what a person does, and what they, the
// app and the bank get to see.
func TestStories(t *testing.T) {
	for _, name := range []string{"connect", "several", "returning", "update", "oauth", "typed"} {
		t.Run(name, func(t *testing.T) { tell(t, "testdata/"+name+".txt") })
	}
}

// tell plays the stories of a file at both databases.
func tell(t *testing.T, file string) {
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var played string
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, simulated(t, db))
		played = play(t, d, string(raw))
		if !*update {
			if diff := cmp.Diff(string(raw), played); diff != "" {
				t.Errorf("%s (-want +got); -update rewrites it:\n%s", file, diff)
			}
		}
	})
	if *update && !t.Failed() {
		if err := os.WriteFile(file, []byte(played), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// play runs the lines that begin with "> " and writes what happens below them.
func play(t *testing.T, d *desk, script string) string {
	var out strings.Builder
	var g *guest
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(line, ">") {
			if line == "" || strings.HasPrefix(line, "#") {
				out.WriteString(line + "\n")
			}
			continue
		}
		out.WriteString(line + "\n")
		words := strings.Fields(line[1:])
		if seen, ok := d.lever(t, words); ok {
			out.WriteString(seen)
			continue
		}
		if words[0] == "open" {
			g = d.guest(t, settings(t, d, words[1:]))
			g.story = true
		} else {
			perform(t, g, words)
		}
		out.WriteString(g.sight(words[0] == "search"))
	}
	return out.String()
}

func perform(t *testing.T, g *guest, words []string) {
	t.Helper()
	rest := strings.Join(words[1:], " ")
	switch words[0] {
	case "submit":
		g.submit(words[1:]...)
	case "press": // the main button of a pane that leads to the bank's own pages
		g.do("submit", rest, nil)
	case "closed", "failed", "look":
		g.do(words[0], "", nil)
	case "bank":
		g.atBank(words[1], words[2:]...)
	case "pick", "search":
		g.do(words[0], rest, nil)
	case "back", "stay", "leave", "resend", "more", "skip", "new", "unsaved":
		g.do(words[0], "", nil)
	case "way":
		g.do("submit", rest, nil)
	case "close":
		g.close(rest == "force")
	case "wait":
		d, err := time.ParseDuration(rest)
		if err != nil {
			t.Fatal(err)
		}
		g.Clock.Advance(d)
		g.DriverAnswer.Events = nil
	default:
		t.Fatalf("a story cannot %q", words[0])
	}
}

// settings reads what a story wants of its link token.
func settings(t *testing.T, d *desk, words []string) func(*link.Token) {
	t.Helper()
	return func(tok *link.Token) {
		for _, w := range words {
			name, value, _ := strings.Cut(w, "=")
			list := strings.Split(value, ",")
			switch name {
			case "products":
				tok.Products = list
			case "match":
				tok.Auth.InstantMatch = value == "on"
			case "required_if_supported":
				tok.RequiredIfSupported = list
			case "countries":
				tok.CountryCodes = list
			case "select":
				tok.AccountSelect = link.AccountSelect(value)
			case "update":
				tok.AccessTokenItemID, tok.Products = d.has.itemID, nil
				tok.SelectAccounts = value == "accounts"
				tok.ExpiresAt = tok.CreatedAt.Add(30 * time.Minute)
			case "consent":
				tok.AdditionalConsented = list
			case "redirect":
				tok.RedirectURI = value
			case "institution":
				tok.InstitutionID = value
			case "returning":
				tok.Custom.ReturningUser = true
			case "phone":
				tok.User.PhoneNumber = value
			case "several":
				tok.MultiItem, tok.UserID = true, "usr_1"
			case "routing":
				tok.RoutingNumber = value
			case "filter":
				kind, subtypes, _ := strings.Cut(value, ":")
				tok.AccountFilters = &link.AccountFilters{Subtypes: map[string][]string{kind: strings.Split(strings.ReplaceAll(subtypes, "_", " "), ",")}}
			default:
				t.Fatalf("a link token has no %q", name)
			}
		}
	}
}

// sight is what came of a step, in lines: the events, then what is on screen or
// what the app was told.
func (g *guest) sight(list bool) string {
	if g.refusal != "" {
		return "  refused: " + g.refusal + "\n"
	}
	var b strings.Builder
	for _, e := range g.DriverAnswer.Events {
		fmt.Fprintf(&b, "    %s%s\n", e.Name, told(e.Metadata))
	}
	for _, r := range g.Remarks {
		fmt.Fprintf(&b, "    remark: %s\n", r.Text)
	}
	switch {
	case g.Done != nil && g.Done.Kind == "success":
		fmt.Fprintf(&b, "    onSuccess %s\n", g.result())
	case g.Done != nil:
		fmt.Fprintf(&b, "    onExit %s\n", g.result())
	default:
		fmt.Fprintf(&b, "  %s: %s", g.View, g.Title)
		if g.View == link.OAuth {
			b.WriteString(" / " + g.Lead)
		}
		if g.View == link.Error || g.View == link.MFA {
			fmt.Fprintf(&b, " / %s", g.Lead)
		}
		b.WriteString("\n")
		for _, f := range g.Fields {
			fmt.Fprintf(&b, "  %s%s\n", f.Name, describe(f))
		}
		if list || g.View == link.Error {
			for _, c := range g.Choices {
				fmt.Fprintf(&b, "  - %s %s (%s)\n", c.Value, c.Label, c.Detail)
			}
		}
	}
	return b.String()
}

func describe(f link.DriverField) string {
	s := ""
	for _, o := range f.Options {
		s += fmt.Sprintf("\n    %s: %s, %s %s", o.Value, o.Label, o.Detail, o.Amount)
		if o.Chosen {
			s += " chosen"
		}
	}
	if f.Error != "" {
		s += " ! " + f.Error
	}
	return s
}

// told lists the keys of metadata that are set, less those that differ each time
// or follow from others.
func told(m link.Metadata) string {
	raw, _ := json.Marshal(m)
	all := map[string]*string{}
	if err := json.Unmarshal(raw, &all); err != nil {
		return err.Error()
	}
	var words []string
	for key, value := range all {
		if value == nil || slices.Contains([]string{"link_session_id", "request_id", "timestamp", "institution_name", "error_message"}, key) {
			continue
		}
		words = append(words, " "+key+"="+*value)
	}
	slices.Sort(words)
	return strings.Join(words, "")
}

// result is what the app was told, without the ids.
func (g *guest) result() string {
	var m struct {
		Institution *link.InstitutionRef `json:"institution"`
		Status      *string              `json:"status"`
		Accounts    []link.AccountRef    `json:"accounts"`
	}
	if err := json.Unmarshal(g.Done.Metadata, &m); err != nil {
		return err.Error()
	}
	var words []string
	if g.Done.Error != nil {
		words = append(words, g.Done.Error.Type+"/"+g.Done.Error.Code)
	}
	if m.Status != nil {
		words = append(words, *m.Status)
	}
	if m.Institution != nil {
		words = append(words, m.Institution.ID+" "+m.Institution.Name)
	}
	if n := len(m.Accounts); n > 5 {
		return strings.Join(append(words, fmt.Sprint(n, " accounts")), ", ")
	}
	for _, a := range m.Accounts {
		words = append(words, fmt.Sprintf("%s ••%s %s/%s", a.Name, *a.Mask, a.Type, a.Subtype))
	}
	return strings.Join(words, ", ")
}
