package idv

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
)

// maxSelfies is how many selfies a person may hand in.
const maxSelfies = 3

// challengeTime is how long a person has from the moment at which the moves are known
// to the arrival of the film: for the camera to be allowed, the film itself, which
// takes a quarter of a minute, and a slow network.
const challengeTime = 3 * time.Minute

// Challenge is what a person is asked to do before the camera. It is good for one film,
// of the session that asked for it.
type Challenge struct {
	ID    string        `json:"id"`
	Moves []selfie.Move `json:"moves"`
	Until time.Time     `json:"until"`
}

// SelfieTry is a selfie that a person has handed in.
type SelfieTry struct {
	Picture string     `json:"picture,omitempty"` // the film, or the still picture; "" once redacted
	Frame   int        `json:"frame"`             // of the film, that shows the face best
	Media   string     `json:"media"`
	Still   bool       `json:"still,omitempty"` // a single picture: nobody was seen to live
	At      time.Time  `json:"at"`
	Outcome StepStatus `json:"outcome"` // success, failed, or pending_review
	// Problems are why the film does not show a person who follows; none where it does.
	Problems []selfie.Problem `json:"problems,omitempty"`
	Moves    []selfie.Move    `json:"moves,omitempty"` // that were asked for
	Done     int              `json:"done,omitempty"`  // and how many were followed
	// Document and Earlier are how the face compares with that on the document, and with
	// that of the selfie that the person has passed before.
	Document Comparison `json:"document"`
	Earlier  Comparison `json:"earlier"`
}

// Comparison is what came of a comparison of faces, or why there was none.
type Comparison struct {
	Code     Code `json:"code,omitempty"` // match, no_match or no_input; "" where there is nothing to compare with
	Likeness int  `json:"likeness,omitempty"`
	// Why is the reason of no_input, one of the constants below.
	Why string `json:"why,omitempty"`
}

// The reasons why faces are not compared.
const (
	whyNobody  = "nothing here compares faces"
	whyNoFace  = "there is no face on the picture to compare with"
	whyUnasked = "whoever compares faces did not answer"
	whyUnclear = "the pictures are not good enough to tell"
)

// live reports whether the selfie shows a living person, as far as it can be told here.
func (t *SelfieTry) live() bool { return !t.Still && len(t.Problems) == 0 }

// judge decides a selfie of which everything is known.
func (r *SelfieRules) judge(t *SelfieTry) StepStatus {
	codes := []Code{t.Document.Code, t.Earlier.Code}
	has := func(c Code) bool { return codes[0] == c || codes[1] == c }
	switch {
	case !t.live() && !t.Still:
		return StepFailed
	case has(CodeNoMatch):
		return StepFailed
	case t.Still:
		return StepPendingReview
	case r.Document == DemandMatch && t.Document.Code != CodeMatch:
		return StepPendingReview
	case has(CodeMatch), r.LivenessAlone:
		return StepSuccess
	}
	return StepPendingReview
}

// why says to a developer what came of a selfie.
func (t *SelfieTry) why() string {
	var words []string
	say := func(format string, args ...any) { words = append(words, fmt.Sprintf(format, args...)) }
	switch {
	case t.Still:
		say("a still picture shows nobody alive")
	case !t.live():
		var problems []string
		for _, p := range t.Problems {
			problems = append(problems, string(p))
		}
		say("liveness failed: %s; %d of %d moves followed", strings.Join(problems, ", "), t.Done, len(t.Moves))
		return words[0]
	default:
		say("liveness passed")
	}
	for _, c := range []struct {
		with string
		Comparison
	}{{"the document", t.Document}, {"the earlier selfie", t.Earlier}} {
		switch c.Code {
		case CodeMatch, CodeNoMatch:
			say("comparison with %s: %s, likeness %d", c.with, c.Code, c.Likeness)
		case CodeNoInput:
			say("no comparison with %s: %s", c.with, c.Why)
		}
	}
	if t.Document.Code == "" && t.Earlier.Code == "" {
		say("there is no document to compare with")
	}
	if t.Outcome == StepPendingReview {
		say("so a person has to decide")
	}
	return strings.Join(words, "; ")
}

// whySelfie says what came of the selfies of an attempt.
func (a *Attempt) whySelfie() string {
	if len(a.Selfies) == 1 {
		return a.Selfies[0].why()
	}
	var words []string
	for i := range a.Selfies {
		words = append(words, fmt.Sprintf("selfie %d: %s", i+1, a.Selfies[i].why()))
	}
	return strings.Join(words, ". ")
}

// ask asks for new moves before the camera.
func (s *Service) ask(a *Attempt) {
	pick := func(n int) int { return int(binary.BigEndian.Uint32(s.ids.Bytes(4)) % uint32(n)) }
	a.Challenge = &Challenge{ID: s.ids.Letters(20, idAlphabet), Moves: selfie.NewChallenge(pick), Until: s.clock.Now().Add(challengeTime)}
}

// asked is the challenge of an attempt if it is the one of that id and still good.
func (s *Service) asked(a *Attempt, id string) *Challenge {
	c := a.Challenge
	if a.active() != Selfie || c == nil || c.ID != id || !s.clock.Now().Before(c.Until) {
		return nil
	}
	return c
}

// took adds a selfie to the attempt, whose challenge is used up with it, and decides
// the step if it is decided.
func (s *Service) took(a *Attempt, t SelfieTry, data []byte) (err error) {
	if t.Picture, err = s.keep(a, t.Media, data); err != nil {
		return err
	}
	a.Challenge, t.At = nil, s.clock.Now()
	t.Outcome = a.Plan.Selfie.judge(&t)
	a.Selfies = append(a.Selfies, t)
	if t.Outcome != StepFailed || len(a.Selfies) >= maxSelfies {
		a.finish(Selfie, t.Outcome, t.At)
	}
	return nil
}
