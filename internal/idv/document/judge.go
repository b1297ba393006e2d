package document

import (
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/photo"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
)

// Side is one picture of a submission, looked at and read.
type Side struct {
	Quality   photo.Quality
	Forensics photo.Forensics
	Reading   reader.Reading
}

// Rules are what a template asks of documents.
type Rules struct {
	// Categories that are taken; all where there are none.
	Categories []Category
	// OwnCountry fails documents of another country than the person named.
	OwnCountry bool
	// NameMatches and BirthMatches fail documents whose name or birthday differs.
	NameMatches, BirthMatches bool
	// LeastAge fails people who are younger; 0 for no such rule.
	LeastAge int
	// Specimens takes documents that call themselves specimens: in a sandbox.
	Specimens bool
}

// Outcome is what becomes of a submission.
type Outcome string

// The outcomes.
const (
	Success Outcome = "success"
	Failed  Outcome = "failed"
	Review  Outcome = "pending_review" // a person has to look
)

// Reason is one of the things that made an outcome, or that a person should know.
type Reason struct {
	Code     string
	Outcome  Outcome // what it asks for on its own
	Sentence string
}

// Verdict is all that is said of a submission.
type Verdict struct {
	Outcome Outcome
	// Recapture says that better pictures may change the outcome.
	Recapture bool
	Reasons   []Reason

	Extracted    *Extracted // nil where nothing was read
	Comparison   *Comparison
	Authenticity Match
	ImageQuality string // high, medium, low
	Age          int    // -1 where not known

	unsure bool // a name that differs may have been misread
}

// doubtful is the score of a zone's characters under which a wrong check digit may
// be a wrong reading.
const doubtful = 0.8

// Judge looks at all sides of a submission of the kind that the person chose.
func Judge(sides []Side, chosen Kind, p Person, rules Rules, like Likeness, now time.Time) Verdict {
	v := Verdict{Authenticity: Unknown, ImageQuality: "low", Age: -1}
	if len(sides) > 0 {
		v.ImageQuality = worstQuality(sides)
	}
	if len(sides) < chosen.Sides {
		v.add("side_missing", Failed, "A side of the document is missing.")
		v.Recapture = true
	}
	var read []*Extracted
	unread := 0
	for i := range sides {
		v.traces(&sides[i])
		if e := Extract(&sides[i].Reading); e != nil {
			read = append(read, e)
			v.soundness(&sides[i].Reading)
		} else {
			unread++
		}
	}
	if len(read) == 0 {
		v.nothingRead(sides, chosen)
		return v.decided()
	}
	if unread > 0 {
		v.add("side_unread", Success, "A side of the document has nothing that was read; what is printed there was not compared.")
	}
	v.Extracted = merged(read)
	if len(read) > 1 && contradict(read[0], read[1]) {
		v.Authenticity = Differs
		v.add("sides_disagree", Failed, "The sides of the document say different things.")
	}
	c := Compare(v.Extracted, p, like, now)
	v.Comparison, v.Age = &c, Age(v.Extracted.Birth, now)
	v.matters(chosen, rules)
	return v.decided()
}

func (v *Verdict) add(code string, o Outcome, sentence string) {
	if !slices.ContainsFunc(v.Reasons, func(r Reason) bool { return r.Code == code }) {
		v.Reasons = append(v.Reasons, Reason{code, o, sentence})
	}
}

// decided takes the worst of the reasons. A document that nothing speaks against
// and of which a part was read soundly passes.
func (v Verdict) decided() Verdict {
	v.Outcome = Success
	for _, r := range v.Reasons {
		if r.Outcome == Failed {
			v.Outcome = Failed
			break
		}
		if r.Outcome == Review {
			v.Outcome = Review
		}
	}
	if v.Authenticity == Unknown && v.Outcome != Failed {
		v.Outcome = Review // never passed unread
	}
	return v
}

func worstQuality(sides []Side) string {
	rank := map[string]int{"high": 2, "medium": 1, "low": 0}
	worst := "high"
	for i := range sides {
		if l := sides[i].Quality.Level(); rank[l] < rank[worst] {
			worst = l
		}
	}
	return worst
}

// traces sends pictures with traces of editing to a person.
func (v *Verdict) traces(s *Side) {
	for _, f := range s.Forensics.Findings() {
		if f.Failed {
			v.add(f.Name, Review, f.Sentence)
		}
	}
}

// soundness judges the check digits of what was read.
func (v *Verdict) soundness(r *reader.Reading) {
	sound := Partial
	switch {
	case r.MRZ != nil && !r.MRZ.Sound() && r.Score >= doubtful:
		sound = Differs
		v.add("check_digit", Failed, "The check digits of the machine-readable zone do not fit its contents.")
	case r.MRZ != nil && !r.MRZ.Sound():
		sound = Unknown
		v.add("zone_doubtful", Review, "The machine-readable zone could not be read with certainty.")
		v.Recapture = true
	case r.MRZ != nil && len(r.MRZ.Guessed()) > 0:
		v.add("zone_guessed", Review, "A character of the machine-readable zone was guessed from its check digit.")
	case r.Licence != nil && len(r.Licence.Lacking) > 0:
		v.add("barcode_incomplete", Review, "The barcode lacks data that the standard demands.")
	}
	v.unsure = v.unsure || r.By != "" && r.By != reader.ByBuiltin
	if v.Authenticity != Differs && (sound == Differs || v.Authenticity == Unknown) {
		v.Authenticity = sound
	}
}

// nothingRead says why: bad pictures can be taken again, a document without a
// machine-readable part needs a person.
func (v *Verdict) nothingRead(sides []Side, chosen Kind) {
	unread := false
	for i := range sides {
		for _, f := range sides[i].Quality.Findings() {
			if f.Failed {
				v.add(f.Name, Failed, f.Sentence)
				v.Recapture = true
			}
		}
		unread = unread || len(sides[i].Reading.Unread) > 0
	}
	switch {
	case v.Recapture:
	case unread:
		v.add("unreadable", Review, "A machine-readable part is there and could not be read.")
		v.Recapture = true
	case chosen.Machine != "":
		v.add("part_missing", Review, "The machine-readable part that such a document has was not found.")
		v.Recapture = true
	default:
		v.add("no_machine_part", Review, "Such a document has nothing that a machine can read; a person has to.")
	}
}

// matters are the rules of the template.
func (v *Verdict) matters(chosen Kind, rules Rules) {
	e, c := v.Extracted, v.Comparison
	if e.Specimen && !rules.Specimens {
		v.Authenticity = Differs
		v.add("specimen", Failed, "The document is a specimen.")
	}
	if c.Expiration == "expired" {
		v.add("expired", Failed, "The document has expired.")
	}
	if len(rules.Categories) > 0 && !slices.Contains(rules.Categories, e.Category) {
		v.add("category_not_accepted", Failed, "A document of this kind is not accepted.")
	} else if chosen.Category != "" && e.Category != chosen.Category {
		v.add("other_category", Review, "The document is of another kind than the person chose.")
	}
	v.match("issuing_country", c.IssuingCountry, rules.OwnCountry, "The document was issued by another country than the person named.")
	v.match("name", c.Name, rules.NameMatches, "The name on the document is another.")
	v.match("date_of_birth", c.DateOfBirth, rules.BirthMatches, "The date of birth on the document is another.")
	if rules.LeastAge > 0 {
		switch {
		case v.Age < 0:
			v.add("age_unknown", Review, "The age of the person is not known.")
		case v.Age < rules.LeastAge:
			v.add("under_age", Failed, "The person is younger than the template asks for.")
		}
	}
}

// match applies a rule to a comparison: what differs fails, what cannot be compared
// or matches in part is for a person.
func (v *Verdict) match(code string, m Match, ruled bool, differs string) {
	switch {
	case !ruled:
	case m == Differs && v.unsure && code == "name": // which no check digit covers
		v.add("name_unsure", Review, "The name on the document seems to be another, and may have been misread.")
	case m == Differs:
		v.add(code, Failed, differs)
	case m == Partial:
		v.add(code+"_partial", Review, "What the document says is nearly, and not quite, what the person said ("+code+").")
	case m == Unknown:
		v.add(code+"_unknown", Review, "What the document says could not be compared with what the person said ("+code+").")
	}
}

// merged fills what the first part does not say from the second.
func merged(read []*Extracted) *Extracted {
	e := *read[0]
	for _, o := range read[1:] {
		for _, f := range [][2]*string{{&e.Number, &o.Number}, {&e.GivenName, &o.GivenName}, {&e.FamilyName, &o.FamilyName}, {&e.Birth, &o.Birth}, {&e.Issued, &o.Issued}, {&e.Expiry, &o.Expiry}, {&e.Sex, &o.Sex}, {&e.IssuingCountry, &o.IssuingCountry}, {&e.IssuingRegion, &o.IssuingRegion}} {
			if *f[0] == "" {
				*f[0] = *f[1]
			}
		}
		if e.Address == nil {
			e.Address = o.Address
		}
	}
	return &e
}

// contradict reports whether two parts of one document say different things.
func contradict(a, b *Extracted) bool {
	differ := func(x, y string) bool { return x != "" && y != "" && x != y }
	return differ(a.Birth, b.Birth) || differ(a.Expiry, b.Expiry) || differ(fold(a.FamilyName), fold(b.FamilyName)) && !a.NameCut && !b.NameCut
}
