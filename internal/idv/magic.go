package idv

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Magic inputs of the sandbox. A client_user_id such as
//
//	user-1~kyc_check=failed/success~watchlist_screening=pending_review
//
// lets steps come to a status, without a check, as soon as they are the active one:
// the first status in the first attempt, the second in the next, and the last in all
// that follow. It works for attempts of the API and of Link alike, and holds nothing
// personal.

// magicPart is what stands behind a ~; anything else there is part of the name.
var magicPart = regexp.MustCompile(`^([a-z_]+)=([a-z_]+(?:/[a-z_]+)*)$`)

// StepStatuses are all statuses of a step.
var StepStatuses = []StepStatus{
	StepActive, StepSuccess, StepFailed, StepWaiting, StepNotApplicable, StepSkipped,
	StepExpired, StepCanceled, StepPendingReview, StepApproved, StepRejected,
}

// magic reads what a client_user_id asks for in an attempt.
func magic(clientUserID string, attempt int64) (map[Step]StepStatus, error) {
	parts := strings.Split(clientUserID, "~")
	asked := map[Step]StepStatus{}
	for _, part := range parts[1:] {
		m := magicPart.FindStringSubmatch(part)
		if m == nil {
			continue
		}
		step, list := Step(m[1]), strings.Split(m[2], "/")
		status := StepStatus(list[min(int(attempt), len(list))-1])
		if !slices.Contains(Steps, step) || slices.ContainsFunc(list, func(s string) bool { return !shows(step, StepStatus(s)) }) {
			return nil, plaid.InvalidField("client_user_id must name steps and their statuses behind a ~ in the sandbox, such as ~kyc_check=failed")
		}
		asked[step] = status
	}
	if len(asked) == 0 {
		return nil, nil
	}
	return asked, nil
}

// MagicInputs reports whether a text is magic inputs and nothing else, in the form in
// which they stand behind the first ~ of a client_user_id.
func MagicInputs(s string) bool {
	for part := range strings.SplitSeq(s, "~") {
		if asked, err := magic("~"+part, 1); err != nil || len(asked) == 0 {
			return false
		}
	}
	return true
}

// shows reports whether a step can stand so: the first one waits for nothing, and
// every template has it.
func shows(step Step, status StepStatus) bool {
	if step == AcceptTOS && (status == StepWaiting || status == StepNotApplicable) {
		return false
	}
	return slices.Contains(StepStatuses, status)
}

// conjure is the outcome that a step was told to come to; false where it runs as
// always.
func (a *Attempt) conjure(step Step) (StepStatus, bool) {
	status, ok := a.Magic[step]
	return status, ok && status != StepActive
}

const byMagic = "the client_user_id asks for it"

// come lets the active step come to a status without a check: a magic input of the
// sandbox or a control call asks for it.
func (a *Attempt) come(step Step, to StepStatus, why string, now time.Time) {
	if a.Forced == nil {
		a.Forced = map[Step]string{}
	}
	a.Forced[step] = why
	switch to {
	case StepExpired:
		a.note(StepUpdated)
		a.complete(Expired, now)
		return
	case StepCanceled:
		a.note(StepUpdated)
		a.complete(Canceled, now)
		return
	}
	if m := a.message(); step == VerifySMS && m != nil {
		m.Status = messageFailed
		if to.passed() {
			m.Status = messageSuccess
		}
	}
	switch {
	case step == KYCCheck && to == StepSuccess:
		a.KYC, a.Found = everywhere(CodeMatch), nil
	case step == KYCCheck && to == StepFailed:
		a.KYC, a.Found = everywhere(CodeNoMatch), nil
	case step == RiskCheck && a.Risk == nil:
		a.Risk, _ = judgeRisk(a.User, &RiskRules{})
	}
	a.finish(step, to, now)
}

// everywhere is a comparison in which every field has come to the same.
func everywhere(c Code) *KYC {
	return &KYC{
		Name: nameKYC{c, c, c}, DateOfBirth: dateKYC{c, c, c, c}, IDNumber: summaryKYC{c}, PhoneNumber: phoneKYC{c, c},
		Address: addressKYC{c, noData, noData, c, c, c, c},
	}
}
