package dashboard

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/idv"
)

// checkPage is one identity check with all that a person decides by.
type checkPage struct {
	Path   string // of the page, where its forms go
	Queue  []queueRow
	More   bool // wait that are not in Queue
	ID     string
	Who    string
	Badge  badge
	Facts  []fact
	IDs    []fact // that one copies
	Share  string // where the person can complete it, "" for none
	Others []queueRow

	Steps          []stepRow
	Compare        []compareRow
	Compared       bool // with a data source
	Found          bool // what the source has is known
	Hides, Shown   bool // numbers that are shown in part
	Papers         []paper
	Selfies        []selfieCard
	Messages, Risk []fact
	Screening      *screeningPart
	Record         []recordRow
	Redacted       string
	Retry          *endForm
	Cancel, Redact *endForm
	Trouble        string // what became of a form that was too late
}

// stepRow is a step: how it stands, why, and the form that decides about it.
type stepRow struct {
	Title, Name string
	Class, Icon string // of its line
	Badge       badge
	Why         string
	Form        *stepForm
}

var stepLooks = map[idv.StepStatus]struct {
	class, icon string
	badge       badge
}{
	idv.StepActive:        {"is-off", "clock", badge{"badge-live", "Active"}},
	idv.StepSuccess:       {"is-ok", "tick", badge{"badge-ok", "Success"}},
	idv.StepFailed:        {"is-bad", "cross", badge{"badge-bad", "Failed"}},
	idv.StepWaiting:       {"is-off", "dash", badge{"", "Waiting"}},
	idv.StepNotApplicable: {"is-off", "dash", badge{"", "Not applicable"}},
	idv.StepSkipped:       {"is-off", "dash", badge{"", "Skipped"}},
	idv.StepExpired:       {"is-off", "dash", badge{"", "Expired"}},
	idv.StepCanceled:      {"is-off", "dash", badge{"", "Canceled"}},
	idv.StepPendingReview: {"is-warn", "warn", badge{"badge-warn", "Pending review"}},
	idv.StepApproved:      {"is-ok", "tick", badge{"badge-ok", "Approved by a person"}},
	idv.StepRejected:      {"is-bad", "cross", badge{"badge-bad", "Rejected by a person"}},
}

// recordRow is something that a person has decided.
type recordRow struct {
	At, What, Why, By string
	sort              int64
}

// check shows an identity check.
func (d *dashboard) check(w http.ResponseWriter, r *http.Request, v visitor) {
	v.done = checkDone[r.URL.Query().Get("done")]
	d.renderCheck(w, r, v, http.StatusOK, checkState{after: r.URL.Query().Get("hits")})
}

// checkState is what a form leaves on the page that answers it.
type checkState struct {
	shown   bool              // numbers in full
	after   string            // hits of a later page
	typed   map[string]string // what was typed, by the form
	wrong   map[string]string // what is wrong with it
	trouble string
	retry   url.Values // the form of a retry as it was sent
}

// renderCheck answers the page of the check that the address names.
func (d *dashboard) renderCheck(w http.ResponseWriter, r *http.Request, v visitor, status int, st checkState) {
	a, err := d.IDV.Get(r.Context(), v.client.ID, r.PathValue("id"))
	if errors.Is(err, idv.ErrUnknown) {
		d.message(w, r, http.StatusNotFound, noCheck)
		return
	}
	var p checkPage
	if err == nil {
		p, err = d.checkPage(r.Context(), a, v, st)
	}
	if err != nil {
		d.trouble(w, r, err)
		return
	}
	lead, err := d.queueLead(r.Context(), v.client.ID)
	if err != nil {
		d.trouble(w, r, err)
		return
	}
	d.render(w, r, status, "identity-check", v, "Identity checks", lead, p)
}

var noCheck = notice{"No such identity check", "It was made by another team, or the address has a mistake in it."}

// checkPage gathers what the page shows.
func (d *dashboard) checkPage(ctx context.Context, a *idv.Attempt, v visitor, st checkState) (checkPage, error) {
	p := checkPage{
		Path: identityRoot + "/" + a.ID, ID: a.ID, Who: nameOf(a), Badge: statusBadges[a.Status], Share: d.IDV.ShareableURL(a), Trouble: st.trouble,
		IDs:   []fact{{"id", a.ID}, {"client_user_id", a.ClientUserID}, {"Template", a.TemplateID}},
		Facts: attemptFacts(a), Compare: compared(a, st.shown), Compared: a.KYC != nil, Found: a.KYC != nil && a.Found != nil, Shown: st.shown, Messages: messages(a), Risk: risk(a),
	}
	if a.UserID != "" {
		p.IDs = append(p.IDs, fact{"user_id", a.UserID})
	}
	if !a.RedactedAt.IsZero() {
		p.Redacted = stampOf(a.RedactedAt)
	}
	for _, row := range p.Compare {
		p.Hides = p.Hides || row.Masked
	}
	p.Papers = papersOf(a, p.Path, st.shown)
	var err error
	if p.Selfies, err = d.selfiesOf(ctx, a, p.Path); err != nil {
		return p, err
	}
	for _, one := range p.Papers {
		p.Hides = p.Hides || one.Masked
	}
	beside, err := d.IDV.Look(ctx, idv.Look{ClientID: a.ClientID, Status: idv.PendingReview}, besideQueue)
	if err != nil {
		return p, err
	}
	p.Queue, p.More = d.queue(beside.Attempts, a.ID), beside.Next != ""
	others, err := d.IDV.Person(ctx, a, perQueue)
	if err != nil {
		return p, err
	}
	if len(others) > 1 {
		p.Others = d.queue(others, a.ID)
		for i, o := range others {
			p.Others[i].Who, p.Others[i].Why = "Attempt "+strconv.FormatInt(o.Number, 10), o.TemplateID
		}
	}
	for _, step := range idv.Steps {
		p.Steps = append(p.Steps, stepRowOf(a, step, v.token, p.Path, st))
	}
	if p.Screening, err = d.screeningPart(ctx, a, v.token, p.Path, st); err != nil {
		return p, err
	}
	if p.Record, err = d.record(ctx, a); err != nil {
		return p, err
	}
	return p, d.endForms(ctx, &p, a, v.token, st)
}

func stepRowOf(a *idv.Attempt, step idv.Step, token, path string, st checkState) stepRow {
	look := stepLooks[a.Steps[step]]
	row := stepRow{Title: stepTitles[step], Name: string(step), Class: look.class, Icon: look.icon, Badge: look.badge, Why: a.Why(step)}
	approve, reject := a.Decidable(idv.Approve, step), a.Decidable(idv.Reject, step)
	if approve || reject {
		key := string(step)
		row.Form = &stepForm{
			form:  form{Token: token, Path: path, Key: key, Typed: st.typed[key], Wrong: st.wrong[key]},
			Title: row.Title, Step: key, Seen: string(a.Steps[step]), Approve: approve, Reject: reject,
		}
	}
	return row
}

// attemptFacts are what is known of the attempt itself.
func attemptFacts(a *idv.Attempt) []fact {
	list := []fact{{"Attempt", strconv.FormatInt(a.Number, 10) + ", " + stampOf(a.CreatedAt)}, {"Template version", strconv.FormatInt(a.Plan.Version, 10) + ", " + a.Plan.Name}}
	if !a.CompletedAt.IsZero() {
		list = append(list, fact{"Completed", stampOf(a.CompletedAt)})
	}
	for _, f := range []fact{{"E-mail", deref(a.User.EmailAddress)}, {"IP address", deref(a.User.IPAddress)}} {
		if f.Value != "" {
			list = append(list, f)
		}
	}
	return list
}

// messages are the telephone numbers that codes were sent to.
func messages(a *idv.Attempt) (list []fact) {
	for _, m := range a.Messages {
		number := m.Phone
		if number == "" {
			number = "Number removed"
		}
		list = append(list, fact{number, m.Status + ", " + counted(m.Deliveries, "message", "messages") + ", " + counted(m.Solves, "try", "tries")})
	}
	return list
}

func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(n, 10) + " " + many
}

// risk is what is known of the risk.
func risk(a *idv.Attempt) (list []fact) {
	if a.Risk == nil || a.Risk.Email == nil {
		return nil
	}
	e := a.Risk.Email
	return []fact{
		{"Level", string(e.Level)}, {"Free provider", words(e.Free)}, {"Own domain", words(e.Custom)}, {"Disposable", words(e.Disposable)},
		{"Suspicious top-level domain", words(e.Suspicious)}, {"Can be delivered", words(e.Deliverable)},
	}
}

// words is a value of the API in words.
func words(s string) string { return strings.ReplaceAll(s, "_", " ") }

var verbs = map[idv.Verb]string{
	idv.Approve: "Approved", idv.Reject: "Rejected", idv.Cancel: "Canceled", idv.Redact: "Redacted", idv.Retry: "Made as a retry", idv.Begin: "Made in the dashboard",
}

// record is what people have decided about the attempt and its screening.
func (d *dashboard) record(ctx context.Context, a *idv.Attempt) ([]recordRow, error) {
	made, err := d.IDV.Decisions(ctx, a)
	if err != nil {
		return nil, err
	}
	var rows []recordRow
	for _, m := range made {
		row := recordRow{At: stampOf(m.At), What: verbs[m.Verb], Why: m.Why, By: m.By, sort: m.At.UnixMilli()}
		if m.Step != "" {
			row.What += ": " + stepTitles[m.Step]
		}
		rows = append(rows, row)
	}
	more, err := d.reviews(ctx, a)
	if err != nil {
		return nil, err
	}
	rows = append(rows, more...)
	slices.SortStableFunc(rows, func(a, b recordRow) int { return int(min(max(a.sort-b.sort, -1), 1)) })
	return rows, nil
}
