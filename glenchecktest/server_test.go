package glenchecktest_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/glencheck-dev/glencheck/glenchecktest"
	"github.com/glencheck-dev/glencheck/internal/link"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// refused wants an error of the API with this code.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	var e *glenchecktest.Error
	if !errors.As(err, &e) || e.Code != code || e.Type == "" || e.RequestID == "" || e.Status != http.StatusBadRequest {
		t.Errorf("%v, want %s", err, code)
	}
}

// TestServersKnowNothingOfEachOther runs side by side, as tests of users do.
func TestServersKnowNothingOfEachOther(t *testing.T) {
	for n := range 8 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			mine, other := glenchecktest.Start(t), glenchecktest.Start(t)
			if err := other.Clock.Advance(time.Duration(n+1) * 24 * time.Hour); err != nil {
				t.Fatal(err)
			}
			session, err := mine.Link.Complete(linkToken(mine, "auth"), glenchecktest.UserGood())
			if err != nil || session.Done == nil || !session.Done.Success {
				t.Fatalf("%+v, %v", session, err)
			}
			refused(t, other.Call("/item/public_token/exchange", map[string]string{"public_token": session.Done.PublicToken}, nil), "INVALID_PUBLIC_TOKEN")
			accessToken(mine, session.Done.PublicToken)
			if ahead := other.Clock.Now().Sub(mine.Clock.Now()); ahead < time.Duration(n)*24*time.Hour {
				t.Errorf("one clock moved the other: %v apart", ahead)
			}
		})
	}
}

// TestStartIsCheap is a bound with much room, for a machine that is busy; on one that
// is not a start takes about ten milliseconds.
func TestStartIsCheap(t *testing.T) {
	glenchecktest.Start(t) // migrates
	best := time.Hour
	for range 5 {
		begin := time.Now()
		gc := glenchecktest.Start(t)
		if err := gc.Call("/institutions/get_by_id", map[string]any{"institution_id": "ins_109508", "country_codes": []string{"US"}}, nil); err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(begin))
	}
	t.Logf("%v from nothing to the first answer", best)
	if best > 500*time.Millisecond {
		t.Errorf("a server takes %v", best)
	}
}

func TestOptions(t *testing.T) {
	var log bytes.Buffer
	start := time.Date(2030, time.May, 6, 7, 8, 9, 0, time.UTC)
	gc := glenchecktest.Start(t, glenchecktest.WithManualClock(start), glenchecktest.WithSeed(7), glenchecktest.WithKeys("mine", "of-mine"),
		glenchecktest.WithPublicURL("https://link.example"), glenchecktest.WithLog(&log), glenchecktest.WithRedirectURI("https://app.example/oauth"))
	again := glenchecktest.Start(t, glenchecktest.WithSeed(7))
	if !gc.Clock.Now().Equal(start) {
		t.Errorf("the clock stands at %v", gc.Clock.Now())
	}
	if a, b := linkToken(gc, "auth"), linkToken(again, "auth"); a != b {
		t.Errorf("one seed, two tokens: %s, %s", a, b)
	}
	var token struct {
		Hosted string `json:"hosted_link_url"`
	}
	err := gc.Call("/link/token/create", map[string]any{
		"client_name": "Wonderwallet", "language": "en", "country_codes": []string{"US"}, "products": []string{"auth"},
		"user": map[string]string{"client_user_id": "user-1"}, "hosted_link": map[string]any{}, "redirect_uri": "https://app.example/oauth",
	}, &token)
	if err != nil || !strings.HasPrefix(token.Hosted, "https://link.example/") {
		t.Errorf("%q, %v", token.Hosted, err)
	}
	if gc.ClientID != "mine" || gc.Secret != "of-mine" {
		t.Error("other keys than were given")
	}
	gc.ClientID = again.ClientID
	refused(t, gc.Call("/item/get", nil, nil), "MISSING_FIELDS")
	refused(t, gc.Call("/link/token/get", map[string]string{"link_token": "link-sandbox-x"}, nil), "INVALID_API_KEYS")
	if err := gc.Close(); err != nil || !strings.Contains(log.String(), "/link/token/create") {
		t.Errorf("%v, log %q", err, log.String())
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, option := range map[string]glenchecktest.Option{
		"a start before the clock's own": glenchecktest.WithManualClock(time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)),
		"no address":                     glenchecktest.WithRedirectURI("example.com"),
	} {
		if gc, err := glenchecktest.Open(option); err == nil {
			t.Errorf("%s: no error", name)
			gc.Close()
		}
	}
}

// TestCloseLeavesNothing: no directory, and as goleak sees to, no goroutine.
func TestCloseLeavesNothing(t *testing.T) {
	gc, err := glenchecktest.Open()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := gc.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := gc.Call("/item/get", nil, nil); err == nil {
		t.Error("a closed server answers")
	}
}

func TestAPersonWhoIsRefused(t *testing.T) {
	gc := glenchecktest.Start(t)
	locked := glenchecktest.UserGood()
	locked.Password = "error_ITEM_LOCKED"
	s, err := gc.Link.Complete(linkToken(gc, "auth"), locked)
	if err != nil || s.Done == nil || s.Done.Success || s.Done.Error == nil || s.Done.Error.Code != "ITEM_LOCKED" || s.Pane != nil {
		t.Errorf("%+v, %v", s.Done, err)
	}
	asked := glenchecktest.UserGood()
	asked.Password = "mfa_device"
	_, err = gc.Link.Complete(linkToken(gc, "auth"), asked)
	refused(t, err, "MISSING_FIELDS")
	asked.MFA = []string{"1234"}
	if s, err = gc.Link.Complete(linkToken(gc, "auth"), asked); err != nil || !s.Done.Success {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err = gc.Link.Complete("link-sandbox-none", glenchecktest.UserGood()); err != nil || s.Done.Error.Code != "INVALID_LINK_TOKEN" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestUntilAViewAndOn(t *testing.T) {
	gc := glenchecktest.Start(t)
	s, err := gc.Link.Until("SELECT_ACCOUNT", linkToken(gc, "auth"), glenchecktest.UserGood())
	if err != nil || s.Pane == nil || s.Pane.View != "SELECT_ACCOUNT" || len(s.Pane.Fields) != 1 || len(s.Pane.Fields[0].Options) < 2 {
		t.Fatalf("%+v, %v", s, err)
	}
	savings := slices.IndexFunc(s.Pane.Fields[0].Options, func(c glenchecktest.Choice) bool { return c.Subtype == "savings" })
	if err := s.Submit(map[string]any{s.Pane.Fields[0].Name: []string{s.Pane.Fields[0].Options[savings].Value}}); err != nil || s.Pane.View != "CONNECTED" {
		t.Fatalf("%+v, %v", s.Pane, err)
	}
	if err := s.Submit(nil); err != nil || s.Done == nil || s.Done.Metadata["accounts"].([]any)[0].(map[string]any)["subtype"] != "savings" {
		t.Errorf("%+v, %v", s.Done, err)
	}
	asked, err := gc.Link.Until("CREDENTIAL", linkToken(gc, "auth"), glenchecktest.UserGood())
	if err != nil {
		t.Fatal(err)
	}
	if err := asked.Exit(false); err != nil || asked.Pane == nil || asked.Pane.View != "EXIT" {
		t.Fatalf("%+v, %v", asked.Pane, err)
	}
	if err := asked.Do("leave", ""); err != nil || asked.Done == nil || asked.Done.Success {
		t.Errorf("%+v, %v", asked.Done, err)
	}
}

func TestReset(t *testing.T) {
	gc := glenchecktest.Start(t, glenchecktest.WithManualClock(time.Time{}))
	begin := gc.Clock.Now()
	_, access := item(t, gc, glenchecktest.UserGood(), nil)
	if err := errors.Join(gc.Clock.Advance(time.Hour), gc.Reset()); err != nil {
		t.Fatal(err)
	}
	refused(t, gc.Call("/auth/get", map[string]string{"access_token": access}, nil), "INVALID_ACCESS_TOKEN")
	if !gc.Clock.Now().Equal(begin) {
		t.Errorf("the clock stands at %v", gc.Clock.Now())
	}
}

func TestFaults(t *testing.T) {
	gc := glenchecktest.Start(t, glenchecktest.WithManualClock(time.Time{}))
	session, err := gc.Link.Complete(linkToken(gc, "auth"), glenchecktest.UserGood())
	if err != nil {
		t.Fatal(err)
	}
	access := map[string]string{"access_token": accessToken(gc, session.Done.PublicToken)}
	get := func() error { return gc.Call("/auth/get", access, nil) }
	if _, err := gc.Faults.Set(glenchecktest.Fault{Path: "/auth/*", ErrorCode: "ITEM_LOCKED", ErrorMessage: "not now", InstitutionID: "ins_109508", Probability: 1, For: time.Hour}); err != nil {
		t.Fatal(err)
	}
	if err := get(); err == nil || !strings.Contains(err.Error(), "ITEM_LOCKED: not now") {
		t.Error(err)
	}
	if err := gc.Clock.Advance(time.Hour + time.Millisecond); err != nil || get() != nil {
		t.Errorf("%v; the fault is not over: %v", err, get())
	}
	id, err := gc.Faults.Set(glenchecktest.Fault{Path: "/auth/get", Disconnect: true, After: true, Skip: 1, Count: 1, Latency: time.Millisecond, Jitter: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	var api *glenchecktest.Error
	if err := get(); err != nil {
		t.Error(err)
	}
	if err := get(); err == nil || errors.As(err, &api) {
		t.Errorf("%v, want no answer", err)
	}
	if err := get(); err != nil {
		t.Error(err)
	}
	if n, err := gc.Faults.Struck(id); n != 1 || err != nil {
		t.Errorf("struck %d, %v", n, err)
	}
	limits, err := gc.Faults.RateLimits("plaid")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gc.Faults.Outage("ins_109508", "down"); err != nil {
		t.Fatal(err)
	}
	s, err := gc.Link.Open(linkToken(gc, "auth"))
	if err != nil || s.Submit(nil) != nil || s.Do("pick", "ins_109508") != nil || s.Pane.View == "CREDENTIAL" {
		t.Errorf("a bank that is down asks for credentials: %+v, %v", s.Pane, err)
	}
	if err := errors.Join(gc.Faults.Clear(id, limits), gc.Faults.Clear(), get()); err != nil {
		t.Error(err)
	}
	refused(t, gc.Faults.Clear("nonsense"), "INVALID_FIELD")
	_, err = gc.Faults.Set(glenchecktest.Fault{})
	refused(t, err, "INVALID_FIELD")
}

// TestAPersonsWordsAreTheServers finds a member that the server does not know.
func TestAPersonsWordsAreTheServers(t *testing.T) {
	members := func(of reflect.Type) (names []string) {
		for _, f := range reflect.VisibleFields(of) {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
				names = append(names, name)
			}
		}
		return names
	}
	known := members(reflect.TypeFor[link.ScriptInputs]())
	for _, name := range members(reflect.TypeFor[glenchecktest.Person]()) {
		if !slices.Contains(known, name) {
			t.Errorf("the server has no input %s", name)
		}
	}
	accounts := members(reflect.TypeFor[link.ScriptAccounts]())
	for _, name := range members(reflect.TypeFor[glenchecktest.Accounts]()) {
		if !slices.Contains(accounts, name) {
			t.Errorf("the server has no member accounts.%s", name)
		}
	}
	if len(known) == 0 {
		t.Error("nothing was compared")
	}
}
