package link_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// planted is in every value that a test sends and must not come back.
const planted = "PLANTED"

// refused is the error of an answer; the test fails if there is none, or if it
// repeats what was sent.
func refused(t testing.TB, status int, body string) (code string) {
	t.Helper()
	var e struct {
		Code    string `json:"error_code"`
		Message string `json:"error_message"`
		Request string `json:"request_id"`
	}
	if err := json.Unmarshal([]byte(body), &e); err != nil || status < 400 || status >= 500 || e.Message == "" || len(e.Request) != 15 {
		t.Errorf("%d %.300s, %v", status, body, err)
	}
	if strings.Contains(body, planted) {
		t.Errorf("the answer repeats what was sent: %.300s", body)
	}
	return e.Code
}

// TestBodiesThatAreNone sends what no browser sends to the three calls of the
// frame. Each is refused, and the session stays where it was.
func TestBodiesThatAreNone(t *testing.T) {
	s, f := newFrame(t)
	p := s.person().at(link.Credential)
	deep := strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000)
	at := func(rest string) string {
		return fmt.Sprintf(`{"session":%q,"seq":%d,%s}`, p.handle, p.Session.Seq, rest)
	}
	for body, want := range map[string]string{
		``:                      "INVALID_BODY",
		`[]`:                    "INVALID_BODY",
		`{"session":"PLANTED"`:  "INVALID_BODY",
		`{"session":"PLANTED"}`: "MISSING_FIELDS",
		at(`"action":"submit","PLANTED-field":1`): "UNKNOWN_FIELDS",
		at(`"action":7`):                                                               "INVALID_FIELD",
		at(`"action":{"PLANTED":1}`):                                                   "INVALID_FIELD",
		at(`"action":"submit","value":["PLANTED"]`):                                    "INVALID_FIELD",
		at(`"action":"submit","fields":["PLANTED"]`):                                   "INVALID_FIELD",
		at(`"action":"submit","fields":{"word":{"PLANTED":1}}`):                        "INVALID_FIELD",
		at(`"action":"submit","fields":{"word":[["PLANTED"]]}`):                        "INVALID_FIELD",
		at(`"action":"submit","fields":{"word":null}`):                                 "",
		at(`"action":"submit","fields":` + deep):                                       "INVALID_BODY",
		at(`"action":"submit","value":"` + strings.Repeat(planted, 100) + `"`):         "INVALID_FIELD",
		at(`"action":"` + strings.Repeat(planted, 100) + `"`):                          "INVALID_FIELD",
		at(`"action":"submit","fields":{"word":"` + strings.Repeat("x", 1<<20) + `"}`): "INVALID_BODY",
		`{"session":"PLANTED","seq":"1","action":"submit"}`:                            "INVALID_FIELD",
		`{"session":"PLANTED","seq":1e400,"action":"submit"}`:                          "INVALID_FIELD",
		`{"session":"PLANTED","seq":1.5,"action":"submit"}`:                            "INVALID_FIELD",
		`{"session":17,"seq":1,"action":"submit"}`:                                     "INVALID_FIELD",
	} {
		w := post(f, "/link/session/step", body)
		if want == "" {
			if w.Code != 200 {
				t.Errorf("%.100s: %d %s", body, w.Code, w.Body)
			}
			continue
		}
		got := refused(t, w.Code, strings.ReplaceAll(w.Body.String(), `PLANTED-field`, ""))
		if got != want {
			t.Errorf("%.100s: %s, want %s", body, got, want)
		}
	}
	for _, path := range []string{"/link/session/open", "/link/session/exit"} {
		for _, body := range []string{``, `7`, `{"link_token":{"PLANTED":1}}`, `{"session":["PLANTED"]}`, `{"link_token":"` + strings.Repeat(planted, 1<<17) + `"}`} {
			w := post(f, path, body)
			refused(t, w.Code, strings.NewReplacer("link_token", "", "session", "").Replace(w.Body.String()))
		}
	}
	if r := p.stand.record(p.Session.ID); r.View != link.Credential || r.State != link.StateOpen || p.bank.logins != 0 {
		t.Errorf("the session is %s at %s after %d logins", r.State, r.View, p.bank.logins)
	}
}

// TestHandlesThatAreNone changes the handle of a session in each place and way.
func TestHandlesThatAreNone(t *testing.T) {
	s := newStand(t, storetest.SQLite(t))
	d, ctx := link.NewDriver(s.Sessions), context.Background()
	p := s.person()
	handles := []string{"", " " + p.handle, p.handle + " ", strings.ToUpper(p.handle), p.handle[:47], p.handle + "0", p.Session.ID, theToken, "' OR 1=1 --", "\x00", "ſ" + p.handle[1:]}
	for i := range p.handle {
		other := byte('0')
		if p.handle[i] == other {
			other = '1'
		}
		handles = append(handles, p.handle[:i]+string(other)+p.handle[i+1:])
	}
	for _, h := range handles {
		if h == p.handle {
			continue // no letters in it: the upper case is the handle itself
		}
		_, stepped := d.Step(ctx, client, link.DriverStep{Session: h})
		_, exited := d.Exit(ctx, client, link.DriverExit{Session: h, Force: true})
		_, read := d.Get(ctx, client, link.RecordRequest{Session: h})
		for _, err := range []error{stepped, exited, read} {
			if !errors.Is(err, plaid.InvalidField("")) || h != "" && strings.Contains(err.Error(), h) {
				t.Errorf("%q: %v", h, err)
			}
		}
	}
	if r := p.stand.record(p.Session.ID); r.State != link.StateOpen || r.Seq != 1 {
		t.Errorf("the session is %+v", r)
	}
}

// TestActionsThatThePaneDoesNotHave tries every action of every pane, and some of
// none, on each pane. Those that it does not offer change nothing.
func TestActionsThatThePaneDoesNotHave(t *testing.T) {
	s := newStand(t, storetest.SQLite(t))
	d, ctx := link.NewDriver(s.Sessions), context.Background()
	for _, view := range []link.View{link.Consent, link.SelectInstitution, link.Credential, link.MFA, link.SelectAccount, link.Connected} {
		p := s.person().at(view)
		now, err := d.Step(ctx, client, link.DriverStep{Session: p.handle, Seq: new(int64)})
		if err != nil {
			t.Fatal(err)
		}
		for _, action := range []string{"submit", "pick", "search", "back", "resend", "more", "again", "open", "close", "exit", planted, "SUBMIT", "submit ", "(handoff)"} {
			if slices.Contains(now.Actions, action) {
				continue
			}
			_, err := d.Step(ctx, client, link.DriverStep{Session: p.handle, Action: action, Value: planted, Fields: map[string]api.Raw{"word": api.Raw(`"PLANTED"`)}})
			if !errors.Is(err, plaid.InvalidField("")) || strings.Contains(err.Error(), planted) {
				t.Errorf("%s at %s: %v", action, view, err)
			}
		}
		after := p.stand.record(p.Session.ID)
		if after.View != view || after.Seq != now.Seq || len(after.Events) != len(p.all) {
			t.Errorf("%s became %s, %d for %d", view, after.View, after.Seq, now.Seq)
		}
	}
}

// TestManyHandsOnOneSession lets eight clients do what they like with one session
// at the same time, on two nodes where there may be. Whatever comes of it, the
// session has one story and at most one end.
func TestManyHandsOnOneSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		nodes := []*link.Sessions{s.Sessions}
		if !db.SingleNode() {
			nodes = append(nodes, s.again())
		}
		for round := range 6 {
			p := s.person()
			var hands sync.WaitGroup
			for hand := range 8 {
				hands.Go(func() {
					d := link.NewDriver(nodes[hand%len(nodes)])
					for n := range 12 {
						in := link.DriverStep{Session: p.handle, Action: []string{"submit", "pick", "search", "back", "stay"}[(hand*7+n*3+round)%5], Value: "ins_1"}
						if in.Action == "submit" {
							in.Fields = map[string]api.Raw{"word": api.Raw([]string{`"good"`, `"wrong"`, `"code"`}[(hand+n)%3])}
						}
						_, err := d.Step(context.Background(), client, in)
						if hand == 7 && n == 6 {
							_, err = d.Exit(context.Background(), client, link.DriverExit{Session: p.handle, Force: round%2 == 0})
						}
						if err != nil && !errors.Is(err, plaid.InvalidField("")) {
							t.Errorf("hand %d: %v", hand, err)
						}
					}
				})
			}
			hands.Wait()
			p.close(true)
			r := p.stand.record(p.Session.ID)
			ends, last, ids := 0, "", map[string]bool{}
			for i, e := range r.Events {
				if e.Name == "EXIT" || e.Name == "HANDOFF" {
					ends++
				}
				if e.Timestamp <= last || ids[e.ID] || (e.Name == "OPEN") != (i == 0) {
					t.Errorf("event %d %s at %s after %s", i, e.Name, e.Timestamp, last)
				}
				last, ids[e.ID] = e.Timestamp, true
			}
			results := 0
			if r.Results != nil {
				results = len(r.Results.ItemAdds)
			}
			if r.State == link.StateOpen || ends != 1 || results > 1 || (results == 1) != (r.State == link.StateSucceeded) {
				t.Errorf("round %d: %s with %d ends and %d results: %s", round, r.State, ends, results, story(p.all))
			}
		}
	})
}

// FuzzSessionStep throws bodies at a session on each pane. The answer is a pane or
// an error in the API's shape that repeats nothing; nothing fails inside.
func FuzzSessionStep(f *testing.F) {
	for _, body := range []string{
		`"action":"submit"`, `"action":"submit","fields":{"word":"PLANTED"}`, `"action":"pick","value":"PLANTED"`, `"action":"pick","value":"ins_PLANTED"`,
		`"action":"submit","fields":{"word":["PLANTED","PLANTED"],"PLANTED":"PLANTED"}`, `"action":"search","value":"PLANTED"`, `"action":"back","seq":2`,
		`"action":"PLANTED"`, `"action":"submit","fields":{"word":{"PLANTED":[[[[]]]]}}`, `"action":null`, `"action":"leave","value":"\ud800"`, `"session":"PLANTED"`, `"seq":-9223372036854775808`,
	} {
		for at := range uint8(4) {
			f.Add(body, at)
		}
	}
	s, frame := newFrame(f)
	views := []link.View{link.Consent, link.SelectInstitution, link.Credential, link.SelectAccount}
	opened := 0
	f.Fuzz(func(t *testing.T, body string, at uint8) {
		here := *s
		here.TB = t
		token := s.tokens[theToken]
		opened++
		token.ID = fmt.Sprint("token-", opened) // wrong logins end a token
		s.tokens[theToken] = token
		p := here.person().at(views[int(at)%len(views)])
		w := post(frame, "/link/session/step", fmt.Sprintf(`{"session":%q,"seq":%d,%s}`, p.handle, p.Session.Seq, body))
		if w.Code == 200 {
			var out struct {
				ID   string `json:"link_session_id"`
				Pane struct{ HTML string }
			}
			if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || out.ID != p.Session.ID && out.Pane.HTML != "" {
				t.Errorf("%s: %v", w.Body, err)
			}
			return
		}
		if strings.Contains(body, `"`+planted) && refused(t, w.Code, w.Body.String()) == "UNKNOWN_FIELDS" {
			return
		}
		if w.Code >= 500 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}
