package dashboard

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"unicode/utf8"

	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/screening"
)

// form is what the forms of a check have in common: each asks for a reason.
type form struct {
	Token, Path string
	Key         string // tells it from the others of the page
	Typed       string
	Wrong       string
}

// stepForm decides about a step, or about hits.
type stepForm struct {
	form
	Title           string
	Step, Seen      string
	Approve, Reject bool
}

// endForm ends an attempt or begins the next one.
type endForm struct {
	form
	Strategies []option
	Steps      []option // of a retry with chosen ones
	Shareable  bool
}

// maxReason bounds a reason, in characters.
const maxReason = 2000

// checkDone is what is said once after a form, by the done of its redirect.
var checkDone = map[string]string{
	"approve": "The step is approved.",
	"reject":  "The step is rejected.",
	"cancel":  "The check is canceled.",
	"redact":  "What is personal is removed, for good.",
	"retry":   "The next attempt is made.",
	"create":  "The check is made.",
	"clear":   "The hit is somebody else.",
	"same":    "The hit is the person: the screening is rejected.",
	"cleared": "The screening is cleared.",
	"refused": "The screening is rejected.",
}

// retryable are where another attempt can begin.
var retryable = []option{
	{string(idv.Incomplete), "Where it stopped: steps that were passed stay passed", false},
	{string(idv.Reset), "At the beginning", false},
	{string(idv.Custom), "With these steps only:", false},
}

// endForms are the forms that are about the attempt as a whole.
func (d *dashboard) endForms(ctx context.Context, p *checkPage, a *idv.Attempt, token string, st checkState) error {
	make := func(key string) form {
		return form{Token: token, Path: p.Path, Key: key, Typed: st.typed[key], Wrong: st.wrong[key]}
	}
	if a.Status == idv.Active {
		p.Cancel = &endForm{form: make("cancel")}
	}
	if a.RedactedAt.IsZero() {
		p.Redact = &endForm{form: make("redact")}
	}
	latest, err := d.IDV.Latest(ctx, a)
	if err != nil || !latest {
		return err
	}
	p.Retry = &endForm{form: make("retry"), Strategies: slices.Clone(retryable), Shareable: p.Share != ""}
	if a.Status == idv.Success || a.Steps[idv.Screening].Failed() || a.Steps[idv.RiskCheck].Failed() {
		p.Retry.Strategies = p.Retry.Strategies[1:] // nothing to go on with
	}
	asked := st.retry.Get("strategy")
	if !slices.ContainsFunc(p.Retry.Strategies, func(o option) bool { return o.Value == asked }) {
		asked = p.Retry.Strategies[0].Value
	}
	for i := range p.Retry.Strategies {
		p.Retry.Strategies[i].Chosen = p.Retry.Strategies[i].Value == asked
	}
	for _, step := range []idv.Step{idv.VerifySMS, idv.KYCCheck, idv.Documents, idv.Selfie} {
		p.Retry.Steps = append(p.Retry.Steps, option{string(step), stepTitles[step], slices.Contains(st.retry["steps"], string(step))})
	}
	if st.retry != nil {
		p.Retry.Shareable = st.retry.Get("shareable") == "yes"
	}
	return nil
}

// checkForm does what a form of a check asks for, and leads back to it.
func (d *dashboard) checkForm(w http.ResponseWriter, r *http.Request, v visitor) {
	do, key, why := r.PostForm.Get("do"), r.PostForm.Get("form"), text(r.PostForm.Get("why"))
	if do == "show" || do == "hide" {
		d.renderCheck(w, r, v, http.StatusOK, checkState{shown: do == "show"})
		return
	}
	st := checkState{typed: map[string]string{key: why}, wrong: map[string]string{}}
	if do == string(idv.Retry) {
		st.retry = r.PostForm
	}
	switch {
	case why == "":
		st.wrong[key] = "Say why: the reason is kept with the decision."
	case utf8.RuneCountInString(why) > maxReason:
		st.wrong[key] = "The reason must not be longer than 2000 characters."
	case st.retry.Get("strategy") == string(idv.Custom) && len(st.retry["steps"]) == 0:
		st.wrong[key] = "Pick at least one step."
	case do == "redact" && r.PostForm.Get("sure") != "yes":
		st.wrong[key] = "Tick the box: what is removed cannot be brought back."
	}
	if st.wrong[key] != "" {
		d.renderCheck(w, r, v, http.StatusUnprocessableEntity, st)
		return
	}
	to, done, err := d.decide(r.Context(), v.client.ID, r.PathValue("id"), do, why, r.PostForm)
	var refused *plaid.Error
	switch {
	case errors.Is(err, idv.ErrUnknown):
		d.message(w, r, http.StatusNotFound, noCheck)
	case errors.Is(err, idv.ErrDecided), errors.Is(err, screening.ErrDecided):
		st.wrong = nil
		st.trouble = "Somebody else was faster: it is decided already, and what you decided has changed nothing. The page shows how it stands now."
		d.renderCheck(w, r, v, http.StatusConflict, st)
	case errors.Is(err, idv.ErrUndecidable), errors.Is(err, screening.ErrUnknown):
		d.message(w, r, http.StatusBadRequest, unreadable)
	case errors.As(err, &refused):
		st.wrong[key] = "This cannot be done: " + refused.Message + "."
		d.renderCheck(w, r, v, http.StatusUnprocessableEntity, st)
	case err != nil:
		d.trouble(w, r, err)
	default:
		// The form's address leads to itself, for what is wrong with it; what was done is said at the top.
		http.Redirect(w, r, identityRoot+"/"+to+"?"+url.Values{"done": {done}}.Encode()+"#main", http.StatusSeeOther)
	}
}

// decide does what a form asks for. It returns the attempt to show then, and what is
// said of it.
func (d *dashboard) decide(ctx context.Context, clientID, id, do, why string, f url.Values) (to, done string, err error) {
	dec := idv.Decision{By: clientID, Verb: idv.Verb(do), Why: why}
	switch dec.Verb {
	case idv.Approve, idv.Reject:
		dec.Step = idv.Step(f.Get("step"))
		_, err = d.IDV.Decide(ctx, clientID, id, dec, idv.StepStatus(f.Get("seen")))
		return id, do, err
	case idv.Cancel, idv.Redact:
		_, err = d.IDV.End(ctx, clientID, id, dec)
		return id, do, err
	case idv.Retry:
		strategy := idv.Strategy(f.Get("strategy"))
		if !slices.ContainsFunc(retryable, func(o option) bool { return o.Value == string(strategy) }) {
			return "", "", idv.ErrUndecidable
		}
		next, err := d.IDV.Again(ctx, clientID, id, dec, strategy, stepsAgain(strategy, f["steps"]), f.Get("shareable") == "yes")
		if err != nil {
			return "", "", err
		}
		return next.ID, do, nil
	}
	return d.decideHit(ctx, clientID, id, do, why, f.Get("form"))
}

// stepsAgain are the steps that are ticked, nil but for the strategy that takes them.
func stepsAgain(s idv.Strategy, ticked []string) *idv.StepsAgain {
	if s != idv.Custom {
		return nil
	}
	has := func(step idv.Step) bool { return slices.Contains(ticked, string(step)) }
	return &idv.StepsAgain{VerifySMS: has(idv.VerifySMS), KYC: has(idv.KYCCheck), Documents: has(idv.Documents), Selfie: has(idv.Selfie)}
}

// decideHit decides about a hit of the attempt's screening, or about all.
func (d *dashboard) decideHit(ctx context.Context, clientID, id, do, why, hit string) (to, done string, err error) {
	if do != "clear" && do != "same" || d.Screening == nil {
		return "", "", idv.ErrUndecidable
	}
	a, err := d.IDV.Get(ctx, clientID, id)
	if err != nil {
		return "", "", err
	}
	if a.ScreeningID == "" || !a.RedactedAt.IsZero() {
		return "", "", idv.ErrUndecidable
	}
	v := screening.Verdict{By: clientID, Hit: hit, Same: do == "same", Comment: why}
	if hit == "all" {
		v.Hit = ""
	}
	sc, err := d.Screening.Decide(ctx, clientID, a.ScreeningID, v)
	switch {
	case err != nil:
		return "", "", err
	case sc.Status == screening.Cleared:
		do = "cleared"
	case sc.Status == screening.Rejected && hit == "all":
		do = "refused"
	}
	return id, do, nil
}
