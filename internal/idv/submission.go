package idv

import (
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/photo"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// maxSubmissions is how often a person may hand in a document: when the pictures are to
// blame they are taken again, twice (schemas DocumentaryVerification and ImageQuality).
const maxSubmissions = 3

// Submission is one document as a person has handed it in. The last one of an attempt
// is open while it has no Outcome.
type Submission struct {
	Country  string            `json:"country"` // and the kind, as the person chose them
	Category document.Category `json:"category"`
	Front    *Side             `json:"front,omitempty"`
	Back     *Side             `json:"back,omitempty"`

	Outcome document.Outcome `json:"outcome,omitempty"`
	// Again says, where the document was to be handed in once more, what was wrong with
	// the picture: the name of a finding of its quality, or unread.
	Again   string            `json:"again,omitempty"`
	Verdict *document.Verdict `json:"verdict,omitempty"`

	RedactedAt time.Time `json:"redacted_at,omitzero"`
}

// Side is a picture of one side, and what was found out of it.
type Side struct {
	Picture string        `json:"picture"` // its id
	Media   string        `json:"media"`
	Hash    string        `json:"hash"` // a blind index, by which the same file is known again
	Look    document.Side `json:"look"`
	// Outline is where the document lies in the picture, Portrait the face on it; nil
	// where they were not found.
	Outline  *photo.Box   `json:"outline,omitempty"`
	Portrait *selfie.Face `json:"portrait,omitempty"`
}

// unread is what was wrong with pictures that are good and could not be read.
const unread = "unread"

// kind is the kind of document that the person chose.
func (s *Submission) kind() document.Kind {
	k, _ := document.KindOf(s.Country, s.Category)
	return k
}

// wants is the view of the side that comes next, "" when none is missing.
func (s *Submission) wants() docSide {
	switch {
	case s.Front == nil:
		return front
	case s.Back == nil && s.kind().Sides > 1:
		return back
	}
	return ""
}

// sides are the pictures that there are.
func (s *Submission) sides() []*Side {
	return slices.DeleteFunc([]*Side{s.Front, s.Back}, func(side *Side) bool { return side == nil })
}

// docSide is a side of a document.
type docSide string

// The sides.
const (
	front docSide = "front"
	back  docSide = "back"
)

// open is the submission that is under way, nil for none.
func (a *Attempt) open() *Submission {
	if n := len(a.Papers); n > 0 && a.Papers[n-1].Outcome == "" {
		return a.Papers[n-1]
	}
	return nil
}

// wants is the pane that the documents of the attempt are at.
func (a *Attempt) wants() link.View {
	s := a.open()
	switch {
	case s == nil:
		return viewDocument
	case s.wants() == back:
		return viewBackSide
	}
	return viewFrontSide
}

// choose begins a submission of a kind, or changes that which is under way. Pictures of
// another kind go.
func (a *Attempt) choose(country string, c document.Category) {
	a.Handed++
	s := a.open()
	if s == nil {
		a.Papers = append(a.Papers, &Submission{Country: country, Category: c})
		return
	}
	if s.Country == country && s.Category == c {
		return
	}
	a.replace(&s.Front, nil)
	a.replace(&s.Back, nil)
	s.Country, s.Category = country, c
}

// replace puts a picture in the place of another, which is deleted unless an earlier
// submission has it too.
func (a *Attempt) replace(at **Side, by *Side) {
	if old := *at; old != nil {
		shared := slices.ContainsFunc(a.Papers[:len(a.Papers)-1], func(s *Submission) bool {
			return slices.ContainsFunc(s.sides(), func(side *Side) bool { return side.Picture == old.Picture })
		})
		if !shared {
			a.drop(old.Picture)
		}
	}
	*at = by
}

// judging is what a submission is judged by.
type judging struct {
	rules     DocumentRules
	specimens bool
	like      document.Likeness
	now       time.Time
}

// hand takes a picture of a side into the submission that is under way. It answers what
// is wrong with it where it has to be taken again: a submission that fails by its
// pictures is closed, and another begins with what was good of it. When the last side
// is there, the document is judged and the step comes to its outcome.
func (a *Attempt) hand(side docSide, p *Side, by judging) (again string) {
	a.Handed++
	s := a.open()
	at := &s.Front
	if side == back {
		at = &s.Back
	}
	a.replace(at, p)
	last := len(a.Papers) == maxSubmissions
	if fault := faultOf(&p.Look); fault != "" && !last {
		v := a.judge(s, by)
		s.Outcome, s.Again, s.Verdict = document.Failed, fault, &v
		next := &Submission{Country: s.Country, Category: s.Category}
		if side == back {
			next.Front = s.Front
		}
		a.Papers = append(a.Papers, next)
		return fault
	}
	if s.wants() != "" {
		return ""
	}
	v := a.judge(s, by)
	s.Verdict = &v
	if v.Recapture && v.Outcome != document.Success && !last {
		s.Outcome, s.Again = document.Failed, unread
		a.Papers = append(a.Papers, &Submission{Country: s.Country, Category: s.Category})
		return unread
	}
	s.Outcome = v.Outcome
	a.finish(Documents, StepStatus(v.Outcome), by.now)
	return ""
}

// faultOf is what is wrong with a picture, "" where nothing is or where it was read all
// the same.
func faultOf(look *document.Side) string {
	if look.Reading.Anything() {
		return ""
	}
	for _, f := range look.Quality.Findings() {
		if f.Failed {
			return f.Name
		}
	}
	return ""
}

// judge comes to a verdict on what there is of a submission.
func (a *Attempt) judge(s *Submission, by judging) document.Verdict {
	var sides []document.Side
	for _, side := range s.sides() {
		sides = append(sides, side.Look)
	}
	p := document.Person{Country: s.Country}
	if n := a.User.Name; n != nil {
		p.GivenName, p.FamilyName = n.GivenName, n.FamilyName
	}
	if a.User.DateOfBirth != nil {
		p.DateOfBirth = *a.User.DateOfBirth
	}
	rules := document.Rules{
		Categories: by.rules.Categories, OwnCountry: by.rules.IssuingCountry, NameMatches: by.rules.Name, BirthMatches: by.rules.DateOfBirth,
		LeastAge: int(by.rules.LeastAge), Specimens: by.specimens,
	}
	return document.Judge(sides, s.kind(), p, rules, by.like, by.now)
}

// redactPapers removes what is personal from the documents.
func (a *Attempt) redactPapers(now time.Time) {
	for _, s := range a.Papers {
		s.RedactedAt = now
		if s.Verdict != nil {
			s.Verdict.Extracted = nil
			s.Verdict.Age = -1
		}
		for _, side := range s.sides() {
			side.Picture, side.Hash, side.Outline, side.Portrait = "", "", nil, nil
			side.Look.Reading, side.Look.Forensics = reader.Reading{}, photo.Forensics{}
		}
	}
}
