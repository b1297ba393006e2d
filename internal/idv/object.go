package idv

import "time"

// Object is schema IdentityVerification: an attempt as the API answers it. Every
// key is always there, null where nothing is known.
type Object struct {
	ID           string      `json:"id"`
	ClientUserID string      `json:"client_user_id"`
	CreatedAt    string      `json:"created_at"`
	CompletedAt  *string     `json:"completed_at"`
	PreviousID   *string     `json:"previous_attempt_id"`
	ShareableURL *string     `json:"shareable_url"`
	Template     templateRef `json:"template"`
	User         User        `json:"user"`
	Status       Status      `json:"status"`
	Steps        stepSummary `json:"steps"`

	Documents   *documentsOut `json:"documentary_verification"`
	Selfie      *selfieOut    `json:"selfie_check"`
	KYC         *KYC          `json:"kyc_check"`
	Risk        *Risk         `json:"risk_check"`
	VerifySMS   *smsOut       `json:"verify_sms"`
	ScreeningID *string       `json:"watchlist_screening_id"`
	BeaconUser  *string       `json:"beacon_user_id"` // there are no Beacon programs
	UserID      *string       `json:"user_id"`
	RedactedAt  *string       `json:"redacted_at"`
}

// templateRef is schema IdentityVerificationTemplateReference.
type templateRef struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
}

// stepSummary is schema IdentityVerificationStepSummary.
type stepSummary struct {
	AcceptTOS StepStatus `json:"accept_tos"`
	VerifySMS StepStatus `json:"verify_sms"`
	KYC       StepStatus `json:"kyc_check"`
	Documents StepStatus `json:"documentary_verification"`
	Selfie    StepStatus `json:"selfie_check"`
	Screening StepStatus `json:"watchlist_screening"`
	Risk      StepStatus `json:"risk_check"`
}

// decided reports whether a check has come to success or failed, which is when the
// API tells its details.
func decided(s StepStatus) bool { return s == StepSuccess || s == StepFailed }

// object is the attempt as the API answers it.
func (s *Service) object(a *Attempt) Object {
	out := Object{
		ID: a.ID, ClientUserID: a.ClientUserID, CreatedAt: stamp(a.CreatedAt), CompletedAt: stampOrNull(a.CompletedAt),
		PreviousID: orNull(a.PreviousID), Template: templateRef{a.TemplateID, a.Plan.Version}, User: a.User, Status: a.Status,
		Steps: stepSummary{
			a.Steps[AcceptTOS], a.Steps[VerifySMS], a.Steps[KYCCheck], a.Steps[Documents],
			a.Steps[Selfie], a.Steps[Screening], a.Steps[RiskCheck],
		},
		Risk: a.riskOut(), VerifySMS: a.smsOut(), ScreeningID: orNull(a.ScreeningID), UserID: orNull(a.UserID), RedactedAt: stampOrNull(a.RedactedAt),
	}
	if a.Key != "" {
		out.ShareableURL = orNull(s.shareable(a))
	}
	if status := a.Steps[KYCCheck]; decided(status) && a.KYC != nil {
		kyc := *a.KYC
		kyc.Status = status
		out.KYC = &kyc
	}
	out.Documents, out.Selfie = s.documentsOut(a), s.selfieOut(a)
	return out
}

// stamp prints a time as the API does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func stampOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := stamp(t)
	return &s
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
