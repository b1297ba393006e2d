package idv

import (
	"context"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// The views of Link. A step with several panes has a view for each, which events
// name by the step's.
const (
	viewTOS link.View = "ACCEPT_TOS"
	viewSMS link.View = "VERIFY_SMS"
	viewKYC link.View = "KYC_CHECK"

	viewPhone    link.View = "sms-phone"
	viewCountry  link.View = "kyc-country"
	viewName     link.View = "kyc-name"
	viewAddress  link.View = "kyc-address"
	viewBirth    link.View = "kyc-birthday"
	viewNumber   link.View = "kyc-id-number"
	viewKYCPhone link.View = "kyc-phone"

	viewDocument  link.View = "DOCUMENTARY_VERIFICATION" // which document
	viewIssuer    link.View = "document-country"
	viewFrontSide link.View = "document-front"
	viewBackSide  link.View = "document-back"
)

// viewOf is what events call a step.
var viewOf = map[Step]link.View{
	AcceptTOS: viewTOS, VerifySMS: viewSMS, KYCCheck: viewKYC, Documents: viewDocument,
	Selfie: viewSelfie, Screening: "SCREENING", RiskCheck: "RISK_CHECK",
}

// asks says which pane asks for what is missing, by its path in the user object.
var asks = map[string]link.View{
	"address.country": viewCountry, "name": viewName, "address": viewAddress, "date_of_birth": viewBirth,
	"id_number": viewNumber, "phone_number": viewKYCPhone,
}

// kycOrder are the panes of kyc_check in the order in which they come.
var kycOrder = []link.View{viewCountry, viewName, viewAddress, viewBirth, viewNumber, viewKYCPhone}

// stays leaves the person on a pane, which is drawn anew.
const stays link.Outcome = "stays"

// over leads from the last pane to the end.
const over link.Outcome = "over"

// flow is Identity Verification in Link (link-web.md section 4.17). The attempt is
// what counts: a session shows where it stands and changes it, and tells of the
// changes. Several sessions may show one attempt.
type flow struct{ *Service }

// Flow is the way through Link of tokens with the product identity_verification.
func (s *Service) Flow() link.Flow {
	f := flow{s}
	panes := map[link.View]link.Step{
		viewTOS:      {Pane: tosPane, Do: f.on(AcceptTOS, f.agree)},
		viewPhone:    {Pane: phonePane, Of: viewSMS, Do: f.on(VerifySMS, f.phone)},
		viewSMS:      {Pane: codePane, Do: f.on(VerifySMS, f.code), Asides: map[string]link.Aside{actionResend: f.resend}, Back: viewPhone, BackTo: f.otherPhone},
		viewCountry:  {Pane: countryPane, Do: f.on(KYCCheck, f.country)},
		viewName:     {Pane: namePane, Do: f.on(KYCCheck, f.name)},
		viewAddress:  {Pane: addressPane, Do: f.on(KYCCheck, f.address)},
		viewBirth:    {Pane: birthPane, Do: f.on(KYCCheck, f.birth)},
		viewNumber:   {Pane: numberPane, Do: f.on(KYCCheck, f.number)},
		viewKYCPhone: {Pane: kycPhonePane, Do: f.on(KYCCheck, f.kycPhone)},
		viewDocument: {Pane: kindPane, Do: f.kind, Actions: []string{link.ActionSubmit, actionElsewhere}, Has: hasElsewhere},
		viewIssuer:   {Pane: issuerPane, Of: viewDocument, Do: f.issuer, Back: viewDocument},
		viewFrontSide: {
			Pane: sidePane, Of: viewDocument, Do: f.phoned(f.side), Actions: []string{link.ActionUpload, actionSpecimen, actionPhone}, Has: hasSpecimen, Back: viewDocument,
		},
		viewBackSide: {
			Pane: sidePane, Of: viewDocument, Do: f.phoned(f.side), Actions: []string{link.ActionUpload, actionSpecimen, actionPhone}, Has: hasSpecimen, Back: viewFrontSide,
		},
		viewHandover: {Pane: handoverPane, Of: viewDocument, Do: f.here, Watch: f.follow},
		viewSelfie:   {Pane: selfiePane, Do: f.phoned(f.begin), Actions: []string{link.ActionSubmit, actionPhone}},
		viewFilm: {
			Pane: filmPane, Of: viewSelfie, Do: f.film, Back: viewSelfie, Actions: []string{link.ActionUpload, actionSpecimen}, Has: hasSpecimen,
		},
	}
	next := link.Next{over: link.Handoff, stays: link.Here, link.Outcome(link.Connected): link.Connected}
	for view := range panes {
		next[link.Outcome(view)] = view
	}
	for view, step := range panes {
		step.Next, step.Guarded = next, true
		if slices.Contains(kycOrder, view) {
			step.Of = viewKYC
		}
		panes[view] = step
	}
	for _, view := range kycOrder {
		step := panes[view]
		step.Back, step.BackTo = viewCountry, f.before(view)
		panes[view] = step
	}
	panes[link.Connected] = link.Step{
		Pane: resultPane, Leaving: over, Next: link.Next{over: link.Handoff},
		Do: func(context.Context, *link.Visit) (link.Outcome, error) { return over, nil },
	}
	return link.Flow{
		Name: product, Verifies: true, Start: viewTOS, Steps: panes,
		Offered: func(t link.Token) bool { return t.Verification != nil },
		State:   func() any { return &state{Told: map[Step]StepStatus{}} },
		Open:    f.open, Closing: eventCloseUI,
		Finish: func(context.Context, *store.Tx, *link.Visit) (link.Success, error) { return link.Success{}, nil },
	}
}

// state is what a session knows of its attempt: what it has told of it, and what its
// panes say.
type state struct {
	ID     string              `json:"id"`
	Told   map[Step]StepStatus `json:"told"`
	Status Status              `json:"status"`

	Steps   []Step   `json:"steps"`   // that the person has a part in
	At      Step     `json:"at"`      // the active one
	Given   string   `json:"given"`   // name, to thank the person by
	Country string   `json:"country"` // of the address
	Ending  string   `json:"ending"`  // of the telephone number
	Left    int64    `json:"left"`    // how often a code may still be sent
	Change  bool     `json:"change"`  // another number may be given
	IDTypes []string `json:"id_types,omitempty"`

	// What the panes of documents say: what the template accepts, the kind that was
	// chosen, what is wrong with the last picture, and how many were tried.
	Accepted     []document.Category `json:"accepted,omitempty"`
	OwnCountry   bool                `json:"own_country,omitempty"`
	Issuer       string              `json:"issuer,omitempty"` // country that the person named
	Paper        document.Category   `json:"paper,omitempty"`
	PaperCountry string              `json:"paper_country,omitempty"`
	Handed       int64               `json:"handed,omitempty"` // of the attempt, as the pane was drawn
	Again        string              `json:"again,omitempty"`
	Refused      string              `json:"refused,omitempty"` // why the last file was not taken
	Tried        int                 `json:"tried,omitempty"`

	// Challenge are the moves that this session asks for before the camera, Selfies how
	// many may still be taken, and Trouble why there must be another.
	Challenge *Challenge `json:"challenge,omitempty"`
	Selfies   int64      `json:"selfies,omitempty"`
	Trouble   string     `json:"trouble,omitempty"`

	// Typed are the panes that the person has filled in, who may go back to them.
	Typed []link.View `json:"typed,omitempty"`

	// Phone is the address for the person's phone while nobody has come there.
	Phone string `json:"phone,omitempty"`

	resent bool
}

func stateOf(v *link.Visit) *state { return v.State.(*state) }

// open begins a session: with a new attempt, or with the one that the person has.
func (f flow) open(ctx context.Context, v *link.Visit) (link.View, error) {
	a, err := f.enter(ctx, v)
	if err != nil {
		return "", err
	}
	own := *v.Token.Verification
	own.ID = a.ID
	v.Token.Verification, v.Token.User = &own, link.UserPrefill{} // the attempt has what is personal
	st := stateOf(v)
	st.ID = a.ID
	for step, status := range a.Steps {
		if status != StepActive {
			st.Told[step] = status
		}
	}
	st.Status = a.Status
	if a.Started {
		v.Emit(eventResumeUI)
		v.Emit(eventResume)
	} else {
		v.Emit(eventOpenUI)
		v.Emit(eventCreate)
	}
	if a.Status == Active {
		before := *a
		if a, err = f.advance(ctx, a, func(a *Attempt) error {
			a.start()
			f.seenFrom(ctx, a)
			return nil
		}); err != nil {
			return "", err
		}
		if before.active() != "" && a.Steps[before.active()] != StepActive {
			tellStart(v, before.active()) // done before anybody saw it
			st.Told[before.active()] = StepActive
		}
	}
	if outcome := f.tell(v, a); outcome != over {
		return link.View(outcome), nil
	}
	return link.Handoff, nil
}

// advance changes an attempt, does what needs nobody, and stores it.
func (f flow) advance(ctx context.Context, a *Attempt, apply func(*Attempt) error) (*Attempt, error) {
	return f.change(ctx, a.ClientID, a.ID, func(a *Attempt) error {
		if err := apply(a); err != nil {
			return err
		}
		if err := f.run(ctx, a); err != nil {
			return err
		}
		if a.active() == VerifySMS && len(a.Messages) == 0 && a.User.PhoneNumber != nil {
			f.text(a, *a.User.PhoneNumber) // the client has given it
		}
		return nil
	})
}

// on is the function of a pane: it applies what the person did to the attempt, if
// that still is at the step, and goes where it stands then.
func (f flow) on(step Step, apply func(*link.Visit, *Attempt) error) func(context.Context, *link.Visit) (link.Outcome, error) {
	return func(ctx context.Context, v *link.Visit) (link.Outcome, error) {
		a := &Attempt{ID: stateOf(v).ID, ClientID: v.ClientID}
		a, err := f.advance(ctx, a, func(a *Attempt) error {
			if a.active() != step {
				return nil
			}
			return apply(v, a)
		})
		if err == errRefused {
			return link.Outcome(v.View), nil
		}
		if err != nil {
			return "", err
		}
		return f.tell(v, a), nil
	}
}

// where is the pane that an attempt is at.
func (s *Service) where(a *Attempt) link.Outcome {
	switch a.active() {
	case AcceptTOS:
		return link.Outcome(viewTOS)
	case VerifySMS:
		if a.message() == nil {
			return link.Outcome(viewPhone)
		}
		return link.Outcome(viewSMS)
	case KYCCheck:
		if missing := a.missing(); len(missing) > 0 {
			return link.Outcome(asks[missing[0]])
		}
	case Documents:
		return link.Outcome(a.wants())
	case Selfie:
		return link.Outcome(viewSelfie)
	}
	if a.Plan.NoFinalPane {
		return over
	}
	return link.Outcome(link.Connected)
}
