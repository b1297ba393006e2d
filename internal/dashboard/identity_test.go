package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/screening"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

const (
	kycOnly = "idvtmp_KycSourceAAAA1"
	watched = "idvtmp_WatchReview1"
)

// checks is a dashboard with identity checks behind it, as the server wires them.
type checks struct {
	*house
	idv   *idv.Service
	api   *api.Server
	jobs  *schedule.Scheduler
	told  []string
	other string // a client that is another team's
}

func openChecks(t *testing.T, db *store.DB) *checks {
	t.Helper()
	ctx := context.Background()
	w := open(t, db, "sandbox", "http://localhost:8484", false)
	c := &checks{house: w, other: "0123456789abcdef01234567"}
	v, err := vault.Open(ctx, db, vault.SandboxKEK(), w.clock)
	if err == nil {
		err = w.teams.Ensure(ctx, team.Spec{ClientID: c.other, Secret: "the secret of another team", Name: "Other"})
	}
	if err != nil {
		t.Fatal(err)
	}
	ids := clock.NewIDs(3, 3)
	c.jobs = schedule.New(db, w.clock, ids.Fork("jobs"), w.config.Log)
	var screens *screening.Service
	cfg := idv.Config{
		DB: db, Vault: v, Clock: w.clock, IDs: ids, Env: "sandbox", PublicURL: w.url, Log: w.config.Log, Teams: w.teams,
		Users: team.NewUsers(db, v, w.clock, ids, "sandbox"), Scheduler: c.jobs, Templates: idv.SandboxTemplates(), Source: idv.SandboxPeople(),
		Notify: func(_ context.Context, _ *store.Tx, n idv.Notice) error { c.told = append(c.told, n.Code); return nil },
		Screen: func(ctx context.Context, who idv.Screened) (string, bool, error) {
			return screens.Screen(ctx, screening.Subject{ClientID: who.ClientID, ClientUserID: who.ClientUserID, ProgramID: who.ProgramID, Origin: who.AttemptID, Terms: screening.Terms{Name: who.Name, BirthDate: who.DateOfBirth}})
		},
		Forget: func(ctx context.Context, tx *store.Tx, clientID, id string) error {
			return screens.Redact(ctx, tx, clientID, id)
		},
		Names: func(said, held string) int { return map[bool]int{true: 100, false: 0}[said == held] },
	}
	c.idv = idv.New(cfg)
	c.api = api.New(api.Config{Env: "sandbox"}, c.idv.Endpoints())
	screens = screening.New(screening.Config{
		DB: db, Vault: v, Clock: w.clock, IDs: ids.Fork("screening"), Scheduler: c.jobs, Sandbox: true, Warn: func(string, ...any) {},
		Notify: func(ctx context.Context, tx *store.Tx, n screening.Notice) error {
			if n.Kind != list.Individual || n.Status == screening.PendingReview {
				return nil
			}
			return c.idv.Reviewed(ctx, tx, n.ClientID, n.Origin, n.Status == screening.Cleared)
		},
	})
	w.config.IDV, w.config.Screening = c.idv, screens
	w.h = Handler(w.config)
	if _, err := c.idv.SetTemplate(ctx, ownID, idv.Template{ID: watched, Name: "Watched", KYC: &idv.KYCRules{Name: idv.DemandMatch}, Screening: &idv.ScreeningRules{ProgramID: "prg_egdF5fGjY8fWqk"}}); err != nil {
		t.Fatal(err)
	}
	return c
}

// begun makes an attempt for a client, which comes to where its magic inputs lead.
func (c *checks) begun(clientID, who, template string) string {
	c.Helper()
	ctx := context.Background()
	var made struct {
		ID string `json:"id"`
	}
	err := c.api.Do(ctx, api.Call{Caller: api.Caller{ClientID: clientID}}, "/identity_verification/create", map[string]any{
		"client_user_id": who, "template_id": template, "gave_consent": true, "is_shareable": false,
		"user": map[string]any{
			"name": map[string]any{"given_name": "Joseph", "family_name": "Kony"}, "date_of_birth": "1964-09-18", "phone_number": "+12345678909",
			"id_number": map[string]any{"type": "us_ssn", "value": "123456789"},
			"address":   map[string]any{"street": "123 Main <b>", "city": "Pawnee", "region": "IN", "postal_code": "46001", "country": "US"},
		},
	}, &made)
	if err != nil {
		c.Fatal(err)
	}
	c.clock.Advance(time.Second)
	if _, err := c.jobs.RunDue(ctx); err != nil {
		c.Fatal(err)
	}
	return made.ID
}

func (c *checks) attempt(clientID, id string) *idv.Attempt {
	c.Helper()
	a, err := c.idv.Get(context.Background(), clientID, id)
	if err != nil {
		c.Fatal(err)
	}
	return a
}

func page(id string) string { return "/dashboard/identity/" + id }

func form1(pairs ...string) url.Values {
	f := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		f.Add(pairs[i], pairs[i+1])
	}
	return f
}

func (c *checks) says(rec *httptest.ResponseRecorder, status int, words ...string) {
	c.Helper()
	if rec.Code != status {
		c.Errorf("%d, want %d", rec.Code, status)
	}
	for _, w := range words {
		not := strings.HasPrefix(w, "!")
		if strings.Contains(rec.Body.String(), strings.TrimPrefix(w, "!")) == not {
			c.Errorf("the page does not obey %q:\n%s", w, rec.Body)
		}
	}
}

// follows is the page that a form leads to.
func (c *checks) follows(rec *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	c.Helper()
	if rec.Code != http.StatusSeeOther {
		c.Fatalf("%d %s", rec.Code, rec.Body)
	}
	to, _, _ := strings.Cut(rec.Header().Get("Location"), "#")
	return c.ask("GET", to, "")
}

func TestQueuePages(t *testing.T) {
	c := openChecks(t, storetest.SQLite(t))
	c.says(c.ask("GET", "/dashboard/identity", ""), http.StatusOK, "No check yet", "None waits for a person.", `aria-current="page"`)
	c.says(c.ask("GET", "/dashboard/identity?status=failed", ""), http.StatusOK, "None at present")
	for i := range perQueue + 2 {
		c.begun(ownID, fmt.Sprintf("u%d", i), kycOnly)
	}
	waits := c.begun(ownID, "waits~kyc_check=pending_review", kycOnly)
	c.begun(c.other, "foreign", kycOnly)
	rec := c.ask("GET", "/dashboard/identity", "")
	c.says(rec, http.StatusOK, "Joseph Kony", "1 waits for a person, since", `<span class="count">1<`, "Details", "More checks")
	if first := regexp.MustCompile(`/dashboard/identity/(idv_\w+)`).FindStringSubmatch(rec.Body.String()); first[1] != waits {
		t.Error("who waits is not the first")
	}
	next := regexp.MustCompile(`href="([^"]*after=[^"]*)"`).FindStringSubmatch(rec.Body.String())
	rec = c.ask("GET", strings.ReplaceAll(next[1], "&amp;", "&"), "")
	c.says(rec, http.StatusOK, "To the first page", "!More checks")
	if n := strings.Count(rec.Body.String(), "/dashboard/identity/idv_"); n != 3 {
		t.Errorf("%d on the second page", n)
	}
	for q, want := range map[string]int{"u3": 1, waits: 1, "foreign": 0, "u": 0, "\xff\x00": perQueue} {
		body := c.ask("GET", "/dashboard/identity?q="+url.QueryEscape(q), "").Body.String()
		if n := strings.Count(body, "/dashboard/identity/idv_"); n != want {
			t.Errorf("search for %q: %d, want %d", q, n, want)
		}
	}
	c.says(c.ask("GET", "/dashboard/identity?q=nobody", ""), http.StatusOK, "Nobody of that name")
	if rec := c.ask("GET", "/dashboard/identity?after=nonsense", ""); rec.Code != http.StatusSeeOther {
		t.Error("a page of nothing:", rec.Code)
	}
	c.says(c.ask("GET", "/dashboard/identity?status=nonsense", ""), http.StatusOK, "More checks")
	c.says(c.ask("GET", "/dashboard", ""), http.StatusOK, "1 identity check waits for a person.")
}

func TestDecideOnAStep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openChecks(t, db)
		id := c.begun(ownID, "u~kyc_check=pending_review", kycOnly)
		c.says(c.ask("GET", page(id), ""), http.StatusOK, "Pending review", "•••••6789", "!123456789<", "Decide: Details", "123 Main &lt;b&gt;", "Show hidden values", "STEP_<wbr>UPDATED", "!<no value>", "! style=")
		rec := c.post(page(id), form1("do", "show"))
		c.says(rec, http.StatusOK, "123456789<", "Hide numbers")
		if rec.Header().Get("Cache-Control") != "no-store" {
			t.Error("hidden values may be kept")
		}
		approve := form1("do", "approve", "form", "kyc_check", "step", "kyc_check", "seen", "pending_review", "why", "It is <i>him</i>.")
		for name, change := range map[string][2]string{"no reason": {"why", " \n "}, "a long one": {"why", strings.Repeat("ä", 2001)}} {
			bad := form1("do", "approve", "form", "kyc_check", "step", "kyc_check", "seen", "pending_review", change[0], change[1])
			rec := c.post(page(id), bad)
			c.says(rec, http.StatusUnprocessableEntity, `id="err-kyc_check"`, `aria-invalid="true"`)
			if c.attempt(ownID, id).Status != idv.PendingReview {
				t.Error(name, "decides")
			}
		}
		for name, f := range map[string]url.Values{
			"no verb":       form1("do", "nonsense", "why", "x"),
			"no step":       form1("do", "approve", "step", "nonsense", "why", "x"),
			"a later step":  form1("do", "approve", "step", "risk_check", "seen", "not_applicable", "why", "x"),
			"a hit of none": form1("do", "clear", "form", "all", "why", "x"),
			"no such begin": form1("do", "retry", "strategy", "infer", "why", "x"),
			"no begin":      form1("do", "retry", "why", "x"),
		} {
			if rec := c.post(page(id), f); rec.Code != http.StatusBadRequest {
				t.Errorf("%s: %d", name, rec.Code)
			}
		}
		if rec := c.ask("POST", page(id), approve.Encode()); rec.Code != http.StatusForbidden || c.attempt(ownID, id).Status != idv.PendingReview {
			t.Error("without a token:", rec.Code)
		}
		if rec := c.post(page(id), approve, "Sec-Fetch-Site", "cross-site"); rec.Code != http.StatusForbidden {
			t.Error("from elsewhere:", rec.Code)
		}
		foreign := c.begun(c.other, "theirs~kyc_check=pending_review", kycOnly)
		token := tokenField.FindStringSubmatch(c.ask("GET", page(id), "").Body.String())[1]
		theirs := url.Values{"token": {token}, "do": {"approve"}, "step": {"kyc_check"}, "seen": {"pending_review"}, "why": {"x"}}
		for _, body := range []url.Values{theirs, {"token": {token}, "do": {"show"}}, {"token": {token}, "do": {"redact"}, "sure": {"yes"}, "why": {"x"}}, {"token": {token}, "do": {"clear"}, "form": {"all"}, "why": {"x"}}} {
			if rec := c.ask("POST", page(foreign), body.Encode()); rec.Code != http.StatusNotFound {
				t.Error("the check of another team:", rec.Code)
			}
		}
		c.says(c.ask("GET", page(foreign), ""), http.StatusNotFound, "!Kony")
		if c.attempt(c.other, foreign).Status != idv.PendingReview {
			t.Error("the check of another team is decided")
		}

		c.told = nil
		c.says(c.follows(c.post(page(id), approve)), http.StatusOK, "The step is approved.", "Approved: Details", "It is &lt;i&gt;him&lt;/i&gt;.", "by <code>"+ownID)
		if a := c.attempt(ownID, id); a.Status != idv.Success || strings.Join(c.told, " ") != "STEP_UPDATED STATUS_UPDATED" {
			t.Error(a.Status, c.told)
		}
		second := form1("do", "reject", "form", "kyc_check", "step", "kyc_check", "seen", "pending_review", "why", "It is not.")
		c.says(c.post(page(id), second), http.StatusConflict, "Somebody else was faster", "Approved by a person")
		if a := c.attempt(ownID, id); a.Steps[idv.KYCCheck] != idv.StepApproved {
			t.Error("the second reviewer has overruled the first")
		}
		if log := c.log.String(); strings.Contains(log, "Kony") || strings.Contains(log, "him") || strings.Contains(log, "123456789") {
			t.Error("the log has what is personal:", log)
		}
	})
}

func TestDecideOnHits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openChecks(t, db)
		hitOf := func(id string) string {
			m := regexp.MustCompile(`name="form" value="(scrhit_\w+)"`).FindStringSubmatch(c.ask("GET", page(id), "").Body.String())
			if m == nil {
				t.Fatal("no hit")
			}
			return m[1]
		}
		id := c.begun(ownID, "u~kyc_check=success", watched)
		c.says(c.ask("GET", page(id), ""), http.StatusOK, "Watchlists, 1 to review", "OFAC SDN (US_SDN)", "Likeness", "Clear hit", "!Clear the screening", "!Decide: Watchlist")
		if rec := c.post(page(id), form1("do", "approve", "form", "x", "step", "watchlist_screening", "seen", "pending_review", "why", "x")); rec.Code != http.StatusBadRequest {
			t.Error("a step that its hits decide:", rec.Code)
		}
		hit := hitOf(id)
		c.says(c.post(page(id), form1("do", "clear", "form", hit)), http.StatusUnprocessableEntity, "Say why")
		c.says(c.post(page(id), form1("do", "clear", "form", "scrhit_nobody", "why", "x")), http.StatusUnprocessableEntity)
		c.says(c.follows(c.post(page(id), form1("do", "clear", "form", hit, "why", "Born elsewhere."))), http.StatusOK, "The screening is cleared.", "1 hit is another person", "Born elsewhere.", "Another person")
		if a := c.attempt(ownID, id); a.Status != idv.Success || a.Steps[idv.Screening] != idv.StepSuccess {
			t.Error(a.Status, a.Steps)
		}
		c.says(c.post(page(id), form1("do", "same", "form", hit, "why", "It is him.")), http.StatusConflict, "Somebody else was faster")

		for name, f := range map[string]url.Values{"the hit": form1("do", "same", "why", "It is him."), "all": form1("do", "same", "form", "all", "why", "It is him.")} {
			id := c.begun(ownID, strings.ReplaceAll(name, " ", "-")+"~kyc_check=success", watched)
			if name == "the hit" {
				f.Set("form", hitOf(id))
			}
			c.says(c.follows(c.post(page(id), f)), http.StatusOK, "rejected", "It is him.")
			if a := c.attempt(ownID, id); a.Status != idv.Failed || a.Steps[idv.Screening] != idv.StepFailed {
				t.Error(name, a.Status, a.Steps)
			}
			c.says(c.follows(c.post(page(id), form1("do", "approve", "form", "watchlist_screening", "step", "watchlist_screening", "seen", "failed", "why", "A licence allows it."))), http.StatusOK, "Approved: Watchlist")
		}
	})
}

func TestEndACheck(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openChecks(t, db)
		id := c.begun(ownID, "u~kyc_check=success", watched)
		c.says(c.post(page(id), form1("do", "redact", "form", "redact", "why", "They asked.")), http.StatusUnprocessableEntity, "Tick the box")
		c.says(c.follows(c.post(page(id), form1("do", "redact", "form", "redact", "why", "They asked.", "sure", "yes"))), http.StatusOK,
			"removed, for good", "!Kony", "!1964", "!6789", "Redacted", "They asked.", "Canceled", "!Remove for good", "!Clear")
		c.says(c.post(page(id), form1("do", "redact", "form", "redact", "why", "Again.", "sure", "yes")), http.StatusConflict)

		id = c.begun(ownID, "c~kyc_check=active", kycOnly)
		c.says(c.follows(c.post(page(id), form1("do", "cancel", "form", "cancel", "why", "Wrong person."))), http.StatusOK, "The check is canceled.")
		c.says(c.post(page(id), form1("do", "cancel", "form", "cancel", "why", "Again.")), http.StatusConflict)

		custom := form1("do", "retry", "form", "retry", "why", "A typing error.", "strategy", "custom", "shareable", "yes")
		c.says(c.post(page(id), custom), http.StatusUnprocessableEntity, "Pick at least one step.", `value="custom" checked`, "A typing error.</textarea>")
		custom["steps"] = []string{"kyc_check"}
		rec := c.post(page(id), custom)
		c.says(c.follows(rec), http.StatusOK, "The next attempt is made.", "/verify/idv_", "Made as a retry", "Attempts of this person")
		c.says(c.post(page(id), custom), http.StatusConflict)
		c.says(c.ask("GET", page(id), ""), http.StatusOK, "!Make the next attempt")
	})
}

func TestNewCheck(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openChecks(t, db)
		c.says(c.ask("GET", "/dashboard/identity/new?template="+watched, ""), http.StatusOK, `value="`+watched+`" selected`)
		make := func(who, template string) *httptest.ResponseRecorder {
			return c.post("/dashboard/identity/new", form1("client_user_id", who, "template", template, "shareable", "yes"))
		}
		c.says(c.follows(make("fresh", kycOnly)), http.StatusOK, "The check is made.", "http://localhost:8484/verify/idv_", "Made in the dashboard")
		c.says(make("fresh", kycOnly), http.StatusUnprocessableEntity, "has a check with this template already", "q=fresh", `value="fresh"`)
		c.says(make(" ", kycOnly), http.StatusUnprocessableEntity, "Say who it is")
		c.says(make("\x00\xff", kycOnly), http.StatusUnprocessableEntity, "Say who it is")
		c.says(make("u", "idvtmp_nobody00"), http.StatusUnprocessableEntity, "could not find matching template")
		c.says(make("leslie@example.com", kycOnly), http.StatusUnprocessableEntity, "No check was made")
		c.says(make("u~kyc_check=nonsense", kycOnly), http.StatusUnprocessableEntity, "No check was made")
		if rec := c.ask("POST", "/dashboard/identity/new", form1("client_user_id", "stranger", "template", kycOnly).Encode()); rec.Code != http.StatusForbidden {
			t.Error("without a token:", rec.Code)
		}
		c.says(c.ask("GET", "/dashboard/identity/templates", ""), http.StatusOK, "Every step", "At least in part: name", "Check digits of ID numbers count.", "By program prg_egdF5fGjY8fWqk.")
	})
}

func TestProductionAsksForKeysBeforeChecks(t *testing.T) {
	c := openChecks(t, storetest.SQLite(t))
	id := c.begun(ownID, "u~kyc_check=pending_review", kycOnly)
	c.config.Login = true
	c.h = Handler(c.config)
	for _, path := range []string{"/dashboard/identity", page(id), "/dashboard/identity/new", "/dashboard/identity/templates"} {
		if rec := c.ask("GET", path, ""); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/dashboard/sign-in" || rec.Body.Len() > 100 {
			t.Errorf("%s to a stranger: %d", path, rec.Code)
		}
	}
}
