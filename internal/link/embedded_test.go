package link_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/link/linktest"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// toyTiles has more banks than a grid has tiles.
func toyTiles(*link.Visit) link.Screen {
	s := link.Screen{Title: "Toy"}
	for i := range 20 {
		s.Choices = append(s.Choices, link.Choice{Value: fmt.Sprint("ins_", i+1), Label: fmt.Sprintf("Toy <Bank> %d", i+1), Mark: link.Institution{Ground: 1, Weave: "a"}})
	}
	return s
}

const embeddedHappy = "OPEN CONSENT, SELECT_INSTITUTION, TV CONSENT, TV SELECT_INSTITUTION"

func TestAnEmbeddedSessionBeginsWithTheBank(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStand(t, db)
		ctx := context.Background()
		d := link.NewDriver(s.Sessions)
		a, err := d.Open(ctx, client, link.DriverOpen{LinkToken: theToken, Embedded: true})
		if err != nil || a.View != link.Embedded || len(a.Choices) != 15 || a.ExitStatus != "institution_not_found" || *a.Events[0].Metadata.ViewName != "CONSENT" {
			t.Fatalf("%+v, %v", a, err)
		}
		turn, err := s.OpenEmbedded(ctx, "req", link.OpenRequest{LinkToken: theToken, InstitutionID: "ins_1"}, "")
		if err != nil || turn.Handle == "" || turn.Screen.View != link.Consent || turn.Session.Memory.Institution.ID != "ins_1" {
			t.Fatalf("%+v, %v", turn, err)
		}
		next, err := s.Step(ctx, "req", link.StepRequest{Handle: turn.Handle, AnySeq: true, Input: link.Input{Action: "submit"}})
		if got := story(append(turn.Events, next.Events...)); err != nil || got != embeddedHappy {
			t.Errorf("%s, %v", got, err)
		}
		turn, err = s.OpenEmbedded(ctx, "req", link.OpenRequest{LinkToken: theToken, InstitutionID: "ins_1"}, "toy")
		if got := story(turn.Events); err != nil || !strings.HasPrefix(got, "OPEN CONSENT, SEARCH_INSTITUTION, SELECT_INSTITUTION, ") {
			t.Errorf("%s, %v", got, err)
		}
		// A bank was chosen: closing asks, as it does everywhere.
		if turn, err = s.Exit(ctx, "req", link.ExitRequest{Handle: turn.Handle}); err != nil || turn.Sheet == nil {
			t.Errorf("%+v, %v", turn, err)
		}
	})
}

// TestABankThatTheGridDoesNotHave is an error, and the session that had begun for it
// does not stay open: nobody knows of it.
func TestABankThatTheGridDoesNotHave(t *testing.T) {
	s := newStand(t, storetest.SQLite(t))
	ctx := context.Background()
	if _, err := s.OpenEmbedded(ctx, "req", link.OpenRequest{LinkToken: theToken, InstitutionID: "nobody"}, ""); !errors.Is(err, plaid.InvalidField("")) {
		t.Errorf("%v", err)
	}
	list, err := link.NewDriver(s.Sessions).List(ctx, client, link.ListRequest{})
	if err != nil || len(list.Sessions) != 1 || list.Sessions[0].State != link.StateExited {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestAPreviewLeavesNothingBehind(t *testing.T) {
	s, f := newFrame(t)
	w := get(f, "/link/v2/stable/embedded.html?id=1&origin=https://app.example&token="+theToken)
	body := w.Body.String()
	if w.Code != 200 || strings.Count(body, `class="tile"`) != 15 || strings.Contains(body, "Toy <Bank>") || strings.Contains(body, theToken) {
		t.Errorf("%d %.400s", w.Code, body)
	}
	linktest.CheckHTML(t, regexp.MustCompile(`(?s)<main.*</main>`).FindString(body))
	if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; script-src 'self';") || !strings.HasSuffix(csp, "frame-ancestors *") {
		t.Error(csp)
	}
	code, r := ask(t, f, "search", `{"link_token":"`+theToken+`","query":"toy"}`)
	if code != 200 || r.Fragment == nil || r.Fragment.Status != "1 result" || !strings.Contains(r.Fragment.HTML, `data-value="ins_1"`) || len(r.Events) != 0 {
		t.Errorf("%d %+v", code, r)
	}
	if records, err := s.ForToken(context.Background(), "token-1"); err != nil || len(records) != 0 {
		t.Errorf("%+v, %v", records, err)
	}
	if code, r = ask(t, f, "search", `{"link_token":"nobody","query":"toy"}`); code != 200 || r.Done == nil || r.Done.Error.Code != "INVALID_LINK_TOKEN" {
		t.Errorf("%d %+v", code, r)
	}
}

func TestTokensWithoutEmbeddedSearchAreRefused(t *testing.T) {
	s, f := newFrame(t)
	for name, change := range map[string]func(*link.Token){
		"multi-item":  func(t *link.Token) { t.MultiItem = true },
		"Hosted Link": func(t *link.Token) { t.Hosted = &link.Hosted{} },
		"update mode": func(t *link.Token) { t.AccessTokenItemID = "item" },
	} {
		token := s.tokens[theToken]
		change(&token)
		s.tokens[name] = token
		_, r := ask(t, f, "open", `{"link_token":"`+name+`","embedded":true,"institution_id":"ins_1"}`)
		if r.Done == nil || r.Done.Error == nil || r.Done.Error.Code != "INVALID_CONFIGURATION" || string(r.Done.Metadata) == "" {
			t.Errorf("%s: %+v", name, r)
		}
		body := get(f, "/link/v2/stable/embedded.html?token="+strings.ReplaceAll(name, " ", "%20")).Body.String()
		var refused struct {
			Done    link.Done
			Remarks []link.Remark
		}
		found := regexp.MustCompile(`data-refused="([^"]*)"`).FindStringSubmatch(body)
		if found == nil || json.Unmarshal([]byte(html.UnescapeString(found[1])), &refused) != nil {
			t.Fatalf("%s: %.600s", name, body)
		}
		if refused.Done.Error.Code != "INVALID_CONFIGURATION" || len(refused.Remarks) != 1 || !strings.Contains(refused.Remarks[0].Text, name) || strings.Contains(body, "class=\"tile\"") {
			t.Errorf("%s: %+v", name, refused)
		}
	}
}

func TestAnEmbeddedStartMustSearchAndPick(t *testing.T) {
	f := (&toy{}).flow()
	if err := f.Validate(); err != nil {
		t.Fatal(err)
	}
	f.Embedded = link.Consent
	if err := f.Validate(); err == nil || !strings.Contains(err.Error(), "embedded") {
		t.Errorf("%v", err)
	}
}
