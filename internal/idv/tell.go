package idv

import (
	"slices"

	"github.com/glencheck-dev/glencheck/internal/idv/person"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// The events of Identity Verification (identity-verification.md section 3.2).
const (
	eventOpenUI   link.EventName = "IDENTITY_VERIFICATION_OPEN_UI"
	eventResumeUI link.EventName = "IDENTITY_VERIFICATION_RESUME_UI"
	eventCloseUI  link.EventName = "IDENTITY_VERIFICATION_CLOSE_UI"
	eventCreate   link.EventName = "IDENTITY_VERIFICATION_CREATE_SESSION"
	eventResume   link.EventName = "IDENTITY_VERIFICATION_RESUME_SESSION"
	eventStart    link.EventName = "IDENTITY_VERIFICATION_START_STEP"
	eventPass     link.EventName = "IDENTITY_VERIFICATION_PASS_STEP"
	eventFail     link.EventName = "IDENTITY_VERIFICATION_FAIL_STEP"
	eventReview   link.EventName = "IDENTITY_VERIFICATION_PENDING_REVIEW_STEP"

	eventPassAll   link.EventName = "IDENTITY_VERIFICATION_PASS_SESSION"
	eventFailAll   link.EventName = "IDENTITY_VERIFICATION_FAIL_SESSION"
	eventReviewAll link.EventName = "IDENTITY_VERIFICATION_PENDING_REVIEW_SESSION"
)

// stepEvents are what is told of a step that has come to an end.
var stepEvents = map[StepStatus]link.EventName{
	StepSuccess: eventPass, StepApproved: eventPass, StepFailed: eventFail, StepRejected: eventFail, StepPendingReview: eventReview,
}

var sessionEvents = map[Status]link.EventName{Success: eventPassAll, Failed: eventFailAll, PendingReview: eventReviewAll}

func tellStart(v *link.Visit, step Step) { v.Emit(eventStart, named(step)) }

func named(step Step) func(*link.EventMetadata) {
	return func(m *link.EventMetadata) { m.ViewName = string(viewOf[step]) }
}

// tell tells what has become of the attempt since it was told last, whoever has
// changed it, and answers the pane that it is at.
func (f flow) tell(v *link.Visit, a *Attempt) link.Outcome {
	st := stateOf(v)
	for _, step := range Steps {
		was, now := st.Told[step], a.Steps[step]
		if was == now {
			continue
		}
		st.Told[step] = now
		event := stepEvents[now]
		if now == StepActive || event != "" && was != StepActive {
			tellStart(v, step)
		}
		if event != "" {
			v.Emit(event, named(step))
			if why := a.why(step); why != "" {
				v.Explain("%s is %s: %s", step, now, why)
			}
		}
	}
	if st.Status != a.Status {
		st.Status = a.Status
		if event := sessionEvents[a.Status]; event != "" {
			v.Emit(event)
		}
	}
	st.show(a)
	if at := f.where(a); at != link.Outcome(viewDocument) || st.country(v) != "" {
		return at
	}
	return link.Outcome(viewIssuer) // no country is likelier than others
}

// show takes over what the panes say of the attempt.
func (st *state) show(a *Attempt) {
	st.At, st.Steps = a.active(), nil
	st.showPapers(a)
	for _, step := range []Step{VerifySMS, KYCCheck, Documents, Selfie} {
		if s := a.Steps[step]; s == StepNotApplicable || s == StepSkipped || step == Documents && s == StepWaiting && a.idle() {
			continue
		}
		st.Steps = append(st.Steps, step)
	}
	st.Given, st.Country, st.Ending, st.IDTypes = "", "", "", nil
	if a.User.Name != nil {
		st.Given = a.User.Name.GivenName
	}
	if a.User.Address != nil {
		st.Country = a.User.Address.Country
		st.IDTypes = a.Plan.idTypes(st.Country)
	}
	st.Left, st.Change, st.Selfies = 0, false, int64(maxSelfies-len(a.Selfies))
	if m := a.message(); m != nil {
		st.Ending = m.Phone[max(0, len(m.Phone)-4):]
		st.Left, st.Change = maxDeliveries-m.Deliveries, len(a.Messages) < maxNumbers && !a.Fixed
	}
}

// idTypes are the kinds of id numbers that people of a country are asked for.
func (t Template) idTypes(country string) []string {
	c, ok := person.CountryOf(country)
	if !ok || t.KYC == nil {
		return nil
	}
	var names []string
	for _, kind := range c.OfferedIDTypes(policy) {
		names = append(names, kind.Name)
	}
	if country == "US" { // two forms of one number: the template says which
		other := ssnFour
		if t.KYC.LastFour {
			other = ssnNine
		}
		names = slices.DeleteFunc(names, func(n string) bool { return n == other })
	}
	return names
}
