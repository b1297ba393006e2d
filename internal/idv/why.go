package idv

import (
	"fmt"
	"strings"
)

// why says why a step stands as it does, to the developer and without anything
// personal; "" where there is nothing to say.
func (a *Attempt) why(step Step) string {
	switch status := a.Steps[step]; {
	case a.Forced[step] != "":
		return a.Forced[step]
	case step == KYCCheck && a.KYC != nil:
		return a.Plan.KYC.why(*a.KYC, a.User)
	case step == RiskCheck && status == StepFailed:
		return "the e-mail address is riskier than the template accepts"
	case step == VerifySMS && status == StepFailed:
		return fmt.Sprintf("the code was wrong %d times", maxSolves)
	case step == Selfie && len(a.Selfies) > 0:
		return a.whySelfie()
	case step == Screening && status == StepPendingReview && a.ScreeningID != "":
		return "the screening has hits, so a person has to decide"
	case step == Documents:
		return a.whyDocuments()
	case status == StepPendingReview:
		return undecided[step]
	}
	return ""
}

// whyDocuments are the sentences of what decided about the document that was handed in
// last: those that ask for its outcome or, of one that has passed, all.
func (a *Attempt) whyDocuments() string {
	n := len(a.Papers)
	if n == 0 || a.Papers[n-1].Verdict == nil {
		return ""
	}
	v := a.Papers[n-1].Verdict
	var all, asking []string
	for _, r := range v.Reasons {
		all = append(all, r.Sentence)
		if r.Outcome == v.Outcome {
			asking = append(asking, r.Sentence)
		}
	}
	if len(asking) > 0 {
		all = asking
	}
	return strings.Join(all, " ")
}

// reasonOut is one of the things that made the outcome of a step.
type reasonOut struct {
	Attempt  int    `json:"attempt"` // of the submissions
	Code     string `json:"code"`
	Outcome  string `json:"outcome"` // what it asks for on its own
	Sentence string `json:"sentence"`
}

// reasons lists what was found out of each document that was handed in.
func (a *Attempt) reasons(step Step) []reasonOut {
	var list []reasonOut
	if step != Documents {
		return nil
	}
	for i, s := range a.Papers {
		if s.Verdict == nil {
			continue
		}
		for _, r := range s.Verdict.Reasons {
			list = append(list, reasonOut{i + 1, r.Code, string(r.Outcome), r.Sentence})
		}
	}
	return list
}

// undecided says why a step is left to a person.
var undecided = map[Step]string{
	Screening: "the template's program is none of the client's, so a person has to decide",
}

// why names the fields that do not match as well as the rules demand.
func (r *KYCRules) why(k KYC, u User) string {
	var short []string
	number := r.IDNumber
	if u.IDNumber == nil && !r.asksNumber(u) {
		number = DemandNothing
	}
	for _, f := range []struct {
		name   string
		demand Demand
		code   Code
	}{
		{"name", r.Name, k.Name.Summary}, {"date_of_birth", r.DateOfBirth, k.DateOfBirth.Summary}, {"address", r.Address, k.Address.Summary},
		{"phone_number", r.PhoneNumber, k.PhoneNumber.Summary}, {"id_number", number, k.IDNumber.Summary},
	} {
		if !f.demand.satisfied(f.code) {
			short = append(short, fmt.Sprintf("%s is %s and the template demands %s", f.name, f.code, f.demand))
		}
	}
	return strings.Join(short, "; ")
}
