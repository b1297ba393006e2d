package idv

import (
	"cmp"
	"context"
	"encoding/base64"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/person"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
	"github.com/glencheck-dev/glencheck/internal/idv/specimen"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// categorySelfie is what a specimen can be besides a document.
const categorySelfie = "selfie"

// SpecimenIn is the request of /sandbox/identity_verification/specimen/create. Whose
// specimen it is: what User says goes before what the attempt knows, and what neither
// knows is Leslie Knope's.
type SpecimenIn struct {
	ID       string        `json:"identity_verification_id" max:"100"`
	User     *person.Input `json:"user"`
	Category string        `json:"category" required:"true" enum:"passport,drivers_license,id_card,residence_permit_card,selfie"`
	// Country is the one that has issued the document, by default that of the person.
	Country string `json:"issuing_country" max:"2"`
	Fault   string `json:"fault" max:"40"`
	// Side is the only one that is wanted.
	Side string `json:"side" enum:"front,back"`
	// Moves are those that a selfie follows, as the pane has asked for them.
	Moves []selfie.Move `json:"moves" enum:"middle,closer,left,right" max:"8"`
}

// specimenFile is a file that is uploaded as it is.
type specimenFile struct {
	Side        *string `json:"side"` // null for a selfie
	FileName    string  `json:"file_name"`
	ContentType string  `json:"content_type"`
	Content     string  `json:"content"` // in base64, as /sandbox/link/session/upload takes it
}

type specimenOut struct {
	Files []specimenFile `json:"files"`
}

// createSpecimen prints a test document, or a test selfie.
func (s *Service) createSpecimen(ctx context.Context, call api.Call, in SpecimenIn) (specimenOut, error) {
	var who User
	if in.ID != "" {
		a, err := s.Get(ctx, call.Caller.ClientID, in.ID)
		if err != nil {
			return specimenOut{}, err
		}
		who = a.User
	}
	if in.User != nil {
		given, err := in.User.Check("user", s.clock.Now(), policy)
		if err != nil {
			return specimenOut{}, err
		}
		merge(&who, given)
	}
	p, out := specimenOf(who), specimenOut{Files: []specimenFile{}}
	if in.Category == categorySelfie {
		return in.selfie(p)
	}
	files, err := specimen.Print(specimen.Order{
		Person: p, Issuer: cmp.Or(in.Country, p.Country), Category: document.Category(in.Category), Fault: specimen.Fault(in.Fault), Side: in.Side, Now: s.clock.Now(),
	})
	if err != nil {
		return out, badSpecimen(err)
	}
	for _, f := range files {
		out.Files = append(out.Files, specimenFile{&f.Side, f.Name, "image/jpeg", base64.StdEncoding.EncodeToString(f.JPEG)})
	}
	return out, nil
}

// selfie makes a film.
func (in SpecimenIn) selfie(p specimen.Person) (specimenOut, error) {
	switch {
	case len(in.Moves) == 0:
		return specimenOut{}, plaid.MissingFields("moves")
	case in.Side != "" || in.Country != "":
		return specimenOut{}, plaid.InvalidField("side and issuing_country must be left out: a selfie has neither")
	}
	film, err := specimen.Film(p, in.Moves, specimen.SelfieFault(in.Fault))
	if err != nil {
		return specimenOut{}, badSpecimen(err)
	}
	return specimenOut{Files: []specimenFile{{nil, "selfie.film", filmType, base64.StdEncoding.EncodeToString(film)}}}, nil
}

// filmType is the media type of a film.
const filmType = "application/octet-stream"

// badSpecimen tells of an order that cannot be printed.
func badSpecimen(err error) error {
	if sentence, ok := specimen.Refused(err); ok {
		return plaid.InvalidField("the specimen cannot be printed: " + sentence)
	}
	return err
}
