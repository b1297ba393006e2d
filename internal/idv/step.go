package idv

// Step is one part of a verification. The names are those of the API; Link calls
// watchlist_screening SCREENING and writes the others in capitals.
type Step string

// The steps.
const (
	AcceptTOS Step = "accept_tos"
	VerifySMS Step = "verify_sms"
	KYCCheck  Step = "kyc_check"
	Documents Step = "documentary_verification"
	Selfie    Step = "selfie_check"
	Screening Step = "watchlist_screening"
	RiskCheck Step = "risk_check"
)

// Steps are all steps in the order in which an attempt comes to them.
var Steps = []Step{AcceptTOS, VerifySMS, KYCCheck, Documents, Selfie, Screening, RiskCheck}

// StepStatus is how a step of an attempt stands (schema
// IdentityVerificationStepStatus).
type StepStatus string

// The statuses of a step.
const (
	StepActive        StepStatus = "active"
	StepSuccess       StepStatus = "success"
	StepFailed        StepStatus = "failed"
	StepWaiting       StepStatus = "waiting_for_prerequisite"
	StepNotApplicable StepStatus = "not_applicable"
	StepSkipped       StepStatus = "skipped"
	StepExpired       StepStatus = "expired"
	StepCanceled      StepStatus = "canceled"
	StepPendingReview StepStatus = "pending_review"
	StepApproved      StepStatus = "manually_approved"
	StepRejected      StepStatus = "manually_rejected"
)

// passed reports whether a step stands in nobody's way.
func (s StepStatus) passed() bool {
	switch s {
	case StepSuccess, StepApproved, StepSkipped, StepNotApplicable:
		return true
	}
	return false
}

// Failed reports whether a step was not passed, by the check or by a person.
func (s StepStatus) Failed() bool { return s.failed() }

// failed reports whether a step was not passed, by the check or by a person.
func (s StepStatus) failed() bool { return s == StepFailed || s == StepRejected }

// Status is how an attempt stands as a whole (schema IdentityVerificationStatus).
type Status string

// The statuses of an attempt.
const (
	Active        Status = "active"
	Success       Status = "success"
	Failed        Status = "failed"
	Expired       Status = "expired"
	Canceled      Status = "canceled"
	PendingReview Status = "pending_review"
)
