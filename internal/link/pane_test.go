package link_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/link/linktest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

const nasty = `"><script>alert('x')</script>`

// TestPanesEscapeEverything walks to each pane that this room draws with texts
// that try to break out of it.
func TestPanesEscapeEverything(t *testing.T) {
	s, f := newFrame(t)
	token := s.tokens[theToken]
	token.ClientName, token.Language = nasty, "en"
	token.Products = []string{"auth", "identity", "transactions", "something_new"}
	s.tokens[theToken] = token
	_, r := ask(t, f, "open", `{"link_token":"`+theToken+`"}`)
	session := r.Session
	step := func(action, value, word string) reply {
		t.Helper()
		body, _ := json.Marshal(map[string]any{"session": session, "seq": r.Pane.Seq, "action": action, "value": value, "fields": map[string]any{"word": word}})
		_, next := ask(t, f, "step", string(body))
		if next.Pane == nil && next.Done == nil {
			t.Fatalf("%s: %+v", action, next)
		}
		return next
	}
	check := func(view string) {
		t.Helper()
		if r.Pane.View != view || !strings.Contains(r.Pane.HTML, `data-view="`+view+`"`) {
			t.Fatalf("at %s: %s", view, r.Pane.HTML)
		}
		linktest.CheckHTML(t, r.Pane.HTML)
		if strings.Contains(r.Pane.HTML, "<script>") {
			t.Errorf("%s is broken out of", view)
		}
	}
	check("CONSENT")
	for _, words := range []string{"Account and routing number", "Transactions", "Other details", "Account name, type and balance"} {
		if !strings.Contains(r.Pane.HTML, words) {
			t.Errorf("the person is not told of %q", words)
		}
	}
	r = step("submit", "", "")
	r = step("pick", "ins_"+nasty, "")
	check("CREDENTIAL")
	s.bank.trouble = plaid.InternalServerError
	r = step("submit", "", "good")
	check("ERROR")
	if !strings.Contains(r.Pane.HTML, "INTERNAL_SERVER_ERROR\u00a0· ") {
		t.Error("no reference")
	}
	r = step("submit", "", "")
	r = step("submit", "", "good")
	r = step("submit", "", "all")
	check("CONNECTED")
	body, _ := json.Marshal(map[string]any{"session": session, "force": false})
	if _, r := ask(t, f, "exit", string(body)); r.Done == nil || r.Done.Kind != "success" {
		t.Fatalf("exit: %+v", r)
	}
}

func TestAPrivacyNoticeIsLinkedWhereThereIsOne(t *testing.T) {
	for url, want := range map[string]bool{"": false, "https://app.example/privacy": true} {
		s, _ := newFrame(t)
		s.config.PrivacyURL = url
		f := link.NewFrame(link.FrameConfig{Sessions: s.again(), Tokens: s.tokens, IDs: s.config.IDs, Log: s.config.Log})
		_, r := ask(t, f, "open", `{"link_token":"`+theToken+`"}`)
		linktest.CheckHTML(t, r.Pane.HTML)
		if got := strings.Contains(r.Pane.HTML, `href="`+url+`" target="_blank" rel="noopener noreferrer">privacy notice</a>`); got != want {
			t.Errorf("%q: %s", url, r.Pane.HTML)
		}
	}
}

func TestTheLoadingPaneOfAnotherTab(t *testing.T) {
	s, f := newFrame(t)
	p := s.person().at(link.Credential)
	s.bank.hold, s.bank.entered = make(chan struct{}), make(chan struct{})
	done := make(chan struct{})
	go func() { defer close(done); p.Step(context.Background(), "req", p.saying("good")) }()
	<-s.bank.entered
	_, r := ask(t, f, "exit", `{"session":"`+p.handle+`"}`)
	if r.Pane == nil || r.Pane.View != "LOADING" || r.Sheet == nil {
		t.Fatalf("during loading: %+v", r)
	}
	linktest.CheckHTML(t, r.Pane.HTML)
	linktest.CheckHTML(t, r.Sheet.HTML)
	close(s.bank.hold)
	<-done
}
