package dashboard

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

const identityRoot = Root + "/identity"

// identityPages are the pages of the identity checks.
func (d *dashboard) identityPages(mux *http.ServeMux) {
	mux.HandleFunc("GET "+identityRoot, d.page(d.identity))
	mux.HandleFunc("GET "+identityRoot+"/new", d.page(d.newCheck))
	mux.HandleFunc("POST "+identityRoot+"/new", d.form(d.makeCheck))
	mux.HandleFunc("GET "+identityRoot+"/templates", d.page(d.identityTemplates))
	mux.HandleFunc("GET "+identityRoot+"/{id}", d.page(d.check))
	mux.HandleFunc("POST "+identityRoot+"/{id}", d.form(d.checkForm))
	mux.HandleFunc("GET "+identityRoot+"/{id}/picture/{name...}", d.page(d.picture))
}

// perQueue is how many checks a page of the queue has, and beside how many a check is
// shown.
const (
	perQueue    = 25
	besideQueue = 8
)

// identityPage is the queue.
type identityPage struct {
	Status, Query string // the filter
	Statuses      []option
	Rows          []queueRow
	Next          string // where the next page is, "" for none
	Inner         bool   // this is not the first page
}

// option is one of a list to choose from.
type option struct {
	Value, Title string
	Chosen       bool
}

// queueRow is a check in the queue.
type queueRow struct {
	Path, Who, Why string
	Age, At        string
	Badge          badge
	Current        bool
}

// badge is a status as it is shown: the word goes with the colour.
type badge struct{ Class, Title string }

// queueStatuses are what the queue can be narrowed down to.
var queueStatuses = []option{
	{"", "All, waiting first", false}, {string(idv.PendingReview), "Waiting for a person", false}, {string(idv.Active), "Active", false}, {string(idv.Success), "Success", false},
	{string(idv.Failed), "Failed", false}, {string(idv.Expired), "Expired", false}, {string(idv.Canceled), "Canceled", false},
}

var statusBadges = map[idv.Status]badge{
	idv.Active: {"badge-live", "Active"}, idv.Success: {"badge-ok", "Success"}, idv.Failed: {"badge-bad", "Failed"},
	idv.PendingReview: {"badge-warn", "Pending review"}, idv.Expired: {"", "Expired"}, idv.Canceled: {"", "Canceled"},
}

// identity lists the checks, those that wait for a person first.
func (d *dashboard) identity(w http.ResponseWriter, r *http.Request, v visitor) {
	ctx, q := r.Context(), r.URL.Query()
	p := identityPage{Status: q.Get("status"), Query: line(q.Get("q"), 1000), Statuses: slices.Clone(queueStatuses), Inner: q.Get("after") != ""}
	if !slices.ContainsFunc(p.Statuses, func(o option) bool { return o.Value == p.Status }) {
		p.Status = ""
	}
	for i := range p.Statuses {
		p.Statuses[i].Chosen = p.Statuses[i].Value == p.Status
	}
	page, err := d.IDV.Look(ctx, idv.Look{ClientID: v.client.ID, Status: idv.Status(p.Status), Search: p.Query, After: q.Get("after")}, perQueue)
	if errors.As(err, new(*plaid.Error)) { // of an address that somebody has changed
		http.Redirect(w, r, identityRoot, http.StatusSeeOther)
		return
	}
	if err != nil {
		d.trouble(w, r, err)
		return
	}
	p.Rows = d.queue(page.Attempts, "")
	if page.Next != "" {
		p.Next = identityRoot + "?" + url.Values{"status": {p.Status}, "q": {p.Query}, "after": {page.Next}}.Encode()
	}
	lead, err := d.queueLead(ctx, v.client.ID)
	if err != nil {
		d.trouble(w, r, err)
		return
	}
	d.render(w, r, http.StatusOK, "identity", v, "Identity checks", lead, p)
}

// queueLead says how many wait, and since when the oldest does.
func (d *dashboard) queueLead(ctx context.Context, clientID string) (string, error) {
	count := d.waiting(ctx, clientID)
	oldest, err := d.IDV.Look(ctx, idv.Look{ClientID: clientID, Status: idv.PendingReview}, 1)
	if err != nil || len(oldest.Attempts) == 0 {
		return "None waits for a person.", err
	}
	since := stampOf(oldest.Attempts[0].CreatedAt)
	if count == "1" {
		return "1 waits for a person, since " + since + ".", nil
	}
	return count + " wait for a person, the oldest since " + since + ".", nil
}

// waiting is how many checks wait for a person, in a word; "" for none.
func (d *dashboard) waiting(ctx context.Context, clientID string) string {
	if d.IDV == nil {
		return ""
	}
	n, err := d.IDV.Waiting(ctx, clientID)
	switch {
	case err != nil && ctx.Err() == nil:
		d.Log.Error("the dashboard cannot count what waits", "error", err.Error())
		return ""
	case n == 0:
		return ""
	case n >= 1000:
		return "999+"
	}
	return strconv.Itoa(n)
}

// queue are the rows of attempts; current is the id of the one that is open.
func (d *dashboard) queue(all []*idv.Attempt, current string) []queueRow {
	rows := make([]queueRow, len(all))
	for i, a := range all {
		rows[i] = queueRow{
			Path: identityRoot + "/" + a.ID, Who: nameOf(a), Why: briefly(a), At: stampOf(a.CreatedAt), Age: age(d.Clock.Now().Sub(a.CreatedAt)),
			Badge: statusBadges[a.Status], Current: a.ID == current,
		}
	}
	return rows
}

// nameOf is what a check is called: by its person, or as the client calls them.
func nameOf(a *idv.Attempt) string {
	if n := a.User.Name; n != nil {
		return n.GivenName + " " + n.FamilyName
	}
	return a.ClientUserID
}

// stepTitles are what steps are called.
var stepTitles = map[idv.Step]string{
	idv.AcceptTOS: "Terms", idv.VerifySMS: "Phone", idv.KYCCheck: "Details", idv.Documents: "Document",
	idv.Selfie: "Selfie", idv.Screening: "Watchlist", idv.RiskCheck: "Risk",
}

// briefly says in a few words why a check stands as it does.
func briefly(a *idv.Attempt) string {
	if !a.RedactedAt.IsZero() {
		return "Redacted"
	}
	var words []string
	for _, step := range idv.Steps {
		switch status := a.Steps[step]; {
		case status == idv.StepPendingReview && step == idv.Documents:
			words = append(words, stepTitles[step]+asks(a))
		case status == idv.StepPendingReview:
			words = append(words, stepTitles[step]+brief[step])
		case status == idv.StepActive && a.Status == idv.Active:
			words = append(words, "At "+strings.ToLower(stepTitles[step]))
		case status == idv.StepFailed && step == idv.KYCCheck:
			words = append(words, stepTitles[step]+differs(a))
		case status == idv.StepFailed:
			words = append(words, stepTitles[step]+" failed")
		case status == idv.StepRejected:
			words = append(words, stepTitles[step]+" rejected")
		}
	}
	if len(words) == 0 {
		return statusBadges[a.Status].Title
	}
	return strings.Join(words, " · ")
}

// brief is what a person has to look at in a step that waits for them.
var brief = map[idv.Step]string{idv.Screening: ", hits to review", idv.Documents: ", to be looked at", idv.Selfie: ", to be looked at"}

// asks is what about the document that was handed in last asks for a person.
func asks(a *idv.Attempt) string {
	if n := len(a.Papers); n > 0 && a.Papers[n-1].Verdict != nil {
		for _, r := range a.Papers[n-1].Verdict.Reasons {
			if r.Outcome == document.Review {
				said, _, _ := strings.Cut(r.Sentence, " (") // the numbers are on the page of the check
				return ": " + strings.TrimSuffix(said, ".")
			}
		}
	}
	return brief[idv.Documents]
}

// differs names the fields that a data source does not confirm.
func differs(a *idv.Attempt) string {
	if a.KYC == nil {
		return " failed"
	}
	var names []string
	for _, f := range kycFields {
		if code := f.code(a.KYC); code == idv.CodeNoMatch {
			names = append(names, strings.ToLower(f.title))
		}
	}
	if len(names) == 0 {
		return ", not confirmed"
	}
	return ", " + strings.Join(names, " and ") + map[bool]string{true: " differs", false: " differ"}[len(names) == 1]
}

// age is a span in its largest unit.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " min"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " h"
	}
	return strconv.Itoa(int(d.Hours()/24)) + " d"
}

func stampOf(t time.Time) string { return t.UTC().Format("Jan 2, 2006, 15:04 UTC") }

// line is a line as it was typed, without what is no text; "" where it is longer than
// it may be.
func line(s string, most int) string {
	s = text(s)
	if len(s) > most || strings.Contains(s, "\n") {
		return ""
	}
	return s
}

// text is what was typed, without what is no text: databases take nothing else.
func text(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s))
}
