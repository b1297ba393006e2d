package idv

import "time"

// Attempt is one attempt of a person to be verified: what the API calls an Identity
// Verification.
type Attempt struct {
	ID           string // idv_…, which Link tells as link_session_id
	ClientID     string
	ClientUserID string
	TemplateID   string
	Number       int64 // of the person's attempts at the template, from 1
	Status       Status
	CreatedAt    time.Time
	record

	seq     int64     // of the row, as read
	notices []string  // webhook codes of what has changed since
	send    []Message // to be sent once the change is stored
	kept    []Picture // to be stored with the change
	dropped []string  // pictures to be deleted with it

	decision *Decision // of a person in the dashboard, to be kept with the change
	removed  bool      // what is personal: so is it elsewhere, with the change
}

// record is what is sealed of an attempt.
type record struct {
	// Plan is the template as it was when the attempt began, with what a retry has
	// changed.
	Plan       Template            `json:"plan"`
	Steps      map[Step]StepStatus `json:"steps"`
	UserID     string              `json:"user_id,omitempty"`     // usr_…, "" for none
	PreviousID string              `json:"previous_id,omitempty"` // the attempt that this one retries
	Key        string              `json:"key,omitempty"`         // of the shareable URL, "" for none
	Started    bool                `json:"started,omitempty"`     // the person has been there
	// Given says that the client sent user data with the API: what a link token has
	// is of no use then.
	Given bool `json:"given,omitempty"`
	// PhoneKey is the secret in the address of the sandbox's phone.
	PhoneKey string `json:"phone_key,omitempty"`
	// Magic are the statuses that a magic input of the sandbox asks for.
	Magic map[Step]StepStatus `json:"magic,omitempty"`
	// Forced says why steps have come to what a sandbox was told to let them come to.
	Forced map[Step]string `json:"forced,omitempty"`
	// Fixed says that the client has given the telephone number: the person cannot give
	// another.
	Fixed bool `json:"fixed,omitempty"`
	// Agreed says that the client has the person's consent (gave_consent).
	Agreed bool `json:"agreed,omitempty"`
	User   User `json:"user"`

	Messages []Message `json:"messages,omitempty"` // codes that were sent by SMS
	KYC      *KYC      `json:"kyc,omitempty"`
	// Found is whom KYC compares the person with, for the eyes of a reviewer; without
	// ID numbers.
	Found *Record `json:"found,omitempty"`
	Risk  *Risk   `json:"risk,omitempty"`
	// Challenge is what the person is asked to do before the camera, Selfies what they
	// have handed in.
	Challenge *Challenge  `json:"challenge,omitempty"`
	Selfies   []SelfieTry `json:"selfies,omitempty"`

	ScreeningID string `json:"screening_id,omitempty"`
	// Papers are the documents that the person has handed in. Handed counts what was
	// done with them: whoever has seen less must look again.
	Papers []*Submission `json:"papers,omitempty"`
	Handed int64         `json:"handed,omitempty"`

	// Handover is the address for the person's phone, nil if there is none.
	Handover *Handover `json:"handover,omitempty"`

	CompletedAt time.Time `json:"completed_at,omitzero"`
	RedactedAt  time.Time `json:"redacted_at,omitzero"`
}

// active is the step that the attempt is at, "" once it is complete.
func (a *Attempt) active() Step {
	for _, s := range Steps {
		if a.Steps[s] == StepActive {
			return s
		}
	}
	return ""
}

// begin sets the steps of a new attempt. Those in skipped are not asked for again.
func (a *Attempt) begin(skipped ...Step) {
	a.Status, a.Steps = Active, map[Step]StepStatus{}
	for _, s := range Steps {
		a.Steps[s] = StepNotApplicable
		if a.Plan.has(s) {
			a.Steps[s] = StepWaiting
		}
	}
	for _, s := range skipped {
		a.Steps[s] = StepSkipped
	}
	if a.Agreed {
		a.Steps[AcceptTOS] = StepSkipped
	}
	for s, status := range a.Magic {
		if status == StepSkipped || status == StepNotApplicable {
			a.Steps[s] = status
		} else if a.Steps[s] == StepNotApplicable {
			a.Plan.add(s)
			a.Steps[s] = StepWaiting
		}
	}
	if next := a.next(); next != "" {
		a.Steps[next] = StepActive
	}
}

// next is the step that comes when none is active, "" when there is none left.
func (a *Attempt) next() Step {
	for _, s := range Steps {
		if a.Steps[s] == StepWaiting && !(s == Documents && a.idle()) {
			if a.Magic[s] == StepWaiting {
				return ""
			}
			return s
		}
	}
	return ""
}

// held reports whether a magic input keeps the attempt from going on.
func (a *Attempt) held() bool {
	for s, status := range a.Magic {
		if status == StepWaiting && a.Steps[s] == StepWaiting {
			return true
		}
	}
	return false
}

// idle reports whether documents are a fallback that nobody needs.
func (a *Attempt) idle() bool {
	return a.Plan.Documents.Fallback && !a.Steps[KYCCheck].failed() && a.Magic[Documents] == ""
}

// forgiven reports whether the failure of a step leads to another step instead of
// ending the attempt.
func (a *Attempt) forgiven(s Step) bool {
	if s != KYCCheck || a.Plan.Documents == nil || !a.Plan.Documents.Fallback {
		return false
	}
	return a.Steps[Documents] != StepNotApplicable && a.Steps[Documents] != StepSkipped
}

// finish gives the active step its outcome and goes on to the next one.
func (a *Attempt) finish(s Step, outcome StepStatus, now time.Time) {
	a.Steps[s] = outcome
	a.note(StepUpdated)
	a.goOn(now)
}

// goOn makes the next step active, or completes the attempt. It may be called on an
// attempt that was complete, after a person has overruled a step.
func (a *Attempt) goOn(now time.Time) {
	for _, s := range Steps {
		if a.Steps[s].failed() && !a.forgiven(s) {
			a.complete(Failed, now)
			return
		}
	}
	if a.active() == Documents && a.idle() { // kyc_check was approved after all
		a.Steps[Documents] = StepWaiting
	}
	if a.active() != "" {
		a.become(Active)
		return
	}
	if next := a.next(); next != "" {
		a.Steps[next] = StepActive
		a.become(Active)
		a.CompletedAt = time.Time{}
		return
	}
	if a.held() {
		return
	}
	for _, s := range Steps {
		if a.Steps[s] == StepPendingReview {
			a.complete(PendingReview, now)
			return
		}
	}
	a.complete(Success, now)
}

// complete ends the attempt. What was under way stays as it was asked for, but for
// one that has expired or was canceled.
func (a *Attempt) complete(status Status, now time.Time) {
	for _, s := range Steps {
		if open := a.Steps[s] == StepActive || a.Steps[s] == StepWaiting; !open {
			continue
		}
		switch status {
		case Expired:
			a.Steps[s] = StepExpired
		case Canceled:
			a.Steps[s] = StepCanceled
		case Failed:
			a.Steps[s] = StepWaiting // "later steps stay" as they were
		}
	}
	a.become(status)
	a.CompletedAt = now
}

// become changes the status of the attempt and tells of it if it is another one.
func (a *Attempt) become(status Status) {
	if a.Status != status {
		a.Status = status
		a.note(StatusUpdated)
	}
}

// start notes that the person has come to the first step.
func (a *Attempt) start() {
	if !a.Started {
		a.Started = true
		a.note(StepUpdated)
	}
}

// note has a webhook written with the change.
func (a *Attempt) note(code string) { a.notices = append(a.notices, code) }

// The codes of the webhooks.
const (
	StepUpdated   = "STEP_UPDATED"
	StatusUpdated = "STATUS_UPDATED"
	Retried       = "RETRIED"
)
