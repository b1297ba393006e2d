package link_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// outbox keeps what the machine hands on, in the transaction that made it due.
type outbox struct {
	sent  []link.Notice
	fails error
}

func (o *outbox) notify(ctx context.Context, tx *store.Tx, n link.Notice) error {
	if o.fails != nil {
		return o.fails
	}
	tx.AfterCommit(func() { o.sent = append(o.sent, n) })
	return nil
}

func (o *outbox) codes() string {
	var codes []string
	for _, n := range o.sent {
		codes = append(codes, n.Code)
	}
	return strings.Join(codes, " ")
}

// newPost is a stand whose webhooks go to an outbox.
func newPost(t testing.TB, db *store.DB) (*stand, *outbox) {
	o := &outbox{}
	s := newStand(t, db, func(c *link.Config) { c.Notify, c.NotifyAll = o.notify, true })
	token := s.tokens[theToken]
	token.Secret, token.Webhook, token.UserID = theToken, "https://app.example/hook", "usr_1"
	s.tokens[theToken] = token
	return s, o
}

func (s *stand) record(session string) link.DriverRecord {
	s.Helper()
	out, err := link.NewDriver(s.Sessions).Get(context.Background(), client, link.RecordRequest{LinkSessionID: session})
	if err != nil {
		s.Fatal(err)
	}
	return out.Session
}

func payload(t testing.TB, raw []byte) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestASessionThatSucceedsIsToldToTheWebhook(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, o := newPost(t, db)
		p := s.person().at(link.Connected)
		if len(o.sent) != 0 {
			t.Fatalf("before the end: %s", o.codes())
		}
		p.do("submit", "")
		if o.codes() != "EVENTS SESSION_FINISHED" {
			t.Fatalf("told: %s", o.codes())
		}
		r := s.record(p.Session.ID)
		if r.State != link.StateSucceeded || r.FinishedAt == nil || r.Results == nil || r.Institution.ID != "ins_1" || len(r.Webhooks) != 2 {
			t.Fatalf("record: %+v", r)
		}
		for i, n := range o.sent {
			body, err := json.Marshal(n.Body)
			if err != nil || string(body) != string(r.Webhooks[i].Payload) || n.URL != *r.Webhooks[i].URL || n.URL != "https://app.example/hook" || n.ClientID != "client-1" || n.SessionID != p.Session.ID {
				t.Errorf("notice %d: %s, %v, the record has %+v", i, body, err, r.Webhooks[i])
			}
		}
		events := payload(t, r.Webhooks[0].Payload)
		if _, has := events["environment"]; has || len(events["events"].([]any)) != len(p.all) || events["link_token"] != theToken {
			t.Errorf("EVENTS: %v", events)
		}
		want := `{"webhook_type":"LINK","webhook_code":"SESSION_FINISHED","status":"SUCCESS","link_session_id":"` + p.Session.ID + `","link_token":"` + theToken +
			`","public_token":"public-sandbox-` + p.Session.ID + `","public_tokens":["public-sandbox-` + p.Session.ID + `"],"user_id":"usr_1","environment":"sandbox"}`
		if got := string(r.Webhooks[1].Payload); got != want {
			t.Errorf("SESSION_FINISHED\n got %s\nwant %s", got, want)
		}
	})
}

func TestAnExitIsToldToTheWebhook(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, o := newPost(t, db)
		p := s.person().at(link.Credential).say("wrong").close(true)
		if o.codes() != "EVENTS SESSION_FINISHED" {
			t.Fatalf("told: %s", o.codes())
		}
		r := s.record(p.Session.ID)
		if r.State != link.StateExited || r.Exit == nil || r.Exit.Metadata.Status != "requires_credentials" || r.Results != nil || r.ExitStatus != "" {
			t.Errorf("record: %+v", r)
		}
		if f := payload(t, r.Webhooks[1].Payload); f["status"] != "EXITED" || len(f["public_tokens"].([]any)) != 0 || f["public_token"] != nil {
			t.Errorf("SESSION_FINISHED: %v", f)
		}
		p.close(true)
		if len(o.sent) != 2 {
			t.Errorf("told again: %s", o.codes())
		}
	})
}

// TestNothingIsToldOfWhatIsNotStored lets the outbox fail: the session must not
// end without its webhooks.
func TestNothingIsToldOfWhatIsNotStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, o := newPost(t, db)
		p := s.person().at(link.Connected)
		o.fails = errors.New("no room")
		if _, err := p.Step(context.Background(), "req", p.saying("")); !errors.Is(err, o.fails) {
			t.Fatalf("the step says %v", err)
		}
		if r := s.record(p.Session.ID); r.State != link.StateOpen || len(r.Webhooks) != 0 {
			t.Errorf("record: %+v", r)
		}
		o.fails = nil
		if p.say(""); p.Done == nil || o.codes() != "EVENTS SESSION_FINISHED" {
			t.Errorf("after that: %+v, %s", p.Done, o.codes())
		}
	})
}

// TestAnAbandonedSessionIsTold goes away, comes back, and goes away for good
// (schema LinkEventsWebhook).
func TestAnAbandonedSessionIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, o := newPost(t, db)
		p := s.person().at(link.SelectInstitution)
		sweep := func(after time.Duration) {
			t.Helper()
			s.clock.Advance(after)
			if _, err := s.Sweep(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		told := func(want ...int) {
			t.Helper()
			var got []int
			for _, n := range o.sent {
				raw, err := json.Marshal(n.Body)
				if err != nil {
					t.Fatal(err)
				}
				list, _ := payload(t, raw)["events"].([]any)
				got = append(got, len(list))
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("events told %v, want %v (%s)", got, want, o.codes())
			}
		}
		sweep(9 * time.Minute)
		told()
		sweep(2 * time.Minute)
		told(2)
		sweep(30 * time.Minute)
		told(2)
		if r := s.record(p.Session.ID); r.State != link.StateOpen || len(r.Webhooks) != 1 || r.Webhooks[0].DueAt != "2026-11-22T10:10:00Z" {
			t.Errorf("record: %+v", r.Webhooks)
		}
		p.do("pick", "ins_1")
		if r := s.record(p.Session.ID); len(payload(t, r.Webhooks[0].Payload)["events"].([]any)) != 2 {
			t.Errorf("the record tells what was not told: %s", r.Webhooks[0].Payload)
		}
		sweep(11 * time.Minute)
		told(2, 4)
		sweep(6 * time.Hour)
		told(2, 4, 4, 0)
		if r := s.record(p.Session.ID); r.State != link.StateExpired || len(r.Webhooks) != 2 || payload(t, r.Webhooks[1].Payload)["status"] != "EXITED" {
			t.Errorf("record: %+v", r)
		}
	})
}

// TestOtherSessionsHaveNoWebhooks is what a server does that is not set to tell
// of every session.
func TestOtherSessionsHaveNoWebhooks(t *testing.T) {
	o := &outbox{}
	s := newStand(t, storetest.SQLite(t), func(c *link.Config) { c.Notify = o.notify })
	p := s.person().at(link.Connected).do("submit", "")
	s.person()
	s.clock.Advance(5 * time.Hour)
	if _, err := s.Sweep(context.Background()); err != nil || len(o.sent) != 0 || len(s.record(p.Session.ID).Webhooks) != 0 {
		t.Errorf("told: %s, %v", o.codes(), err)
	}
}

func TestTheRecordOfASession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, _ := newPost(t, db)
		d, ctx := link.NewDriver(s.Sessions), context.Background()
		s.bank.remark = "why not"
		p := s.person().at(link.Credential).say("wrong")
		s.clock.Advance(time.Second)
		out, err := d.Get(ctx, client, link.RecordRequest{Session: p.handle})
		r := out.Session
		if err != nil || r.LinkSessionID != p.Session.ID || r.State != link.StateOpen || r.Flow != "toy" || r.View != link.Credential || r.Seq != p.Session.Seq ||
			r.ExitStatus != "requires_credentials" || r.Institution.ID != "ins_1" || r.StartedAt != "2026-11-22T10:00:00Z" || *r.ExpiresAt != "2026-11-22T14:00:00Z" ||
			r.FinishedAt != nil || len(r.Events) != len(p.all) || r.Remarks[0].Text != "why not" || r.Exit != nil || r.Results != nil || len(r.Webhooks) != 0 {
			t.Errorf("%+v, %v", r, err)
		}
		other := s.person().close(true)
		s.clock.Advance(5 * time.Hour)
		refused := s.person()
		r = s.record(refused.Session.ID)
		if r.State != link.StateRefused || r.Exit.Metadata.RequestID != "req-open" || !strings.Contains(string(r.Exit.Error), "INVALID_LINK_TOKEN") || !strings.Contains(r.Remarks[0].Text, "expired") || len(r.Events) != 1 {
			t.Errorf("refused: %+v", r)
		}
		list := func(in link.ListRequest) string {
			t.Helper()
			out, err := d.List(ctx, client, in)
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, l := range out.Sessions {
				name := map[string]string{p.Session.ID: "first", other.Session.ID: "second", refused.Session.ID: "refused"}[l.LinkSessionID]
				lines = append(lines, fmt.Sprintf("%s %s %s %s", name, l.State, l.ExitStatus, l.ErrorCode))
			}
			return strings.Join(lines, ", ")
		}
		two := int64(2)
		for _, in := range []link.ListRequest{{}, {Count: &two}} {
			want := "refused refused  INVALID_LINK_TOKEN, second exited requires_credentials "
			if in.Count == nil {
				want += ", first open requires_credentials "
			}
			if got := list(in); got != want {
				t.Errorf("list\n got %s\nwant %s", got, want)
			}
		}
	})
}

// TestRecordsAreTheClientsOwn asks for what is not there or not the caller's.
func TestRecordsAreTheClientsOwn(t *testing.T) {
	s, _ := newPost(t, storetest.SQLite(t))
	d, ctx := link.NewDriver(s.Sessions), context.Background()
	p := s.person()
	s.clock.Advance(5 * time.Hour)
	refused := s.person()
	stranger := api.Call{Caller: api.Caller{ClientID: "client-2"}, RequestID: "req"}
	for _, c := range []struct {
		call api.Call
		in   link.RecordRequest
	}{
		{client, link.RecordRequest{}},
		{client, link.RecordRequest{Session: p.handle, LinkSessionID: p.Session.ID}},
		{client, link.RecordRequest{Session: "0"}},
		{client, link.RecordRequest{LinkSessionID: "0"}},
		{client, link.RecordRequest{LinkSessionID: p.handle}},
		{stranger, link.RecordRequest{Session: p.handle}},
		{stranger, link.RecordRequest{LinkSessionID: p.Session.ID}},
		{stranger, link.RecordRequest{LinkSessionID: refused.Session.ID}},
	} {
		if out, err := d.Get(ctx, c.call, c.in); !errors.Is(err, plaid.InvalidField("")) || out.Session.LinkSessionID != "" {
			t.Errorf("%+v: %+v, %v", c.in, out, err)
		}
	}
	if out, err := d.List(ctx, stranger, link.ListRequest{}); err != nil || len(out.Sessions) != 0 {
		t.Errorf("%+v, %v", out, err)
	}
	for _, token := range []string{"nonsense", theToken, "link-sandbox-00000000-0000-4000-8000-00000000000f"} {
		if _, err := d.List(ctx, stranger, link.ListRequest{LinkToken: token}); !errors.Is(err, plaid.InvalidLinkToken) {
			t.Errorf("%s: %v", token, err)
		}
	}
}

// TestWhoIsToldByDefault goes through sessions of Hosted Link and of several
// Items at a server that is not set to tell of every session.
func TestWhoIsToldByDefault(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, o := newPost(t, db)
		s.config.NotifyAll = false
		s.Sessions = s.again()
		token := s.tokens[theToken]
		token.Hosted = &link.Hosted{ID: "page"}
		s.tokens[theToken] = token
		s.person().at(link.Connected).do("submit", "")
		if o.codes() != "ITEM_ADD_RESULT EVENTS SESSION_FINISHED" {
			t.Errorf("Hosted Link: %s", o.codes())
		}
		token.Hosted, o.sent = nil, nil
		s.tokens[theToken] = token
		p := s.several().at(link.Connected).do("more", "").at(link.Connected)
		if o.codes() != "ITEM_ADD_RESULT" {
			t.Errorf("after the first Item: %s", o.codes())
		}
		p.do("submit", "")
		if o.codes() != "ITEM_ADD_RESULT ITEM_ADD_RESULT SESSION_FINISHED" {
			t.Errorf("several Items: %s", o.codes())
		}
		r := p.stand.record(p.Session.ID)
		var tokens []string
		for _, w := range r.Webhooks[:2] {
			tokens = append(tokens, payload(t, w.Payload)["public_token"].(string))
		}
		if got := payload(t, r.Webhooks[2].Payload)["public_tokens"]; len(r.Webhooks) != 3 || fmt.Sprint(got) != fmt.Sprint(tokens) || len(tokens) != 2 {
			t.Errorf("the record: %v, %v", got, tokens)
		}
	})
}
