package idv

import (
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/photo"
)

// documentsOut is schema DocumentaryVerification.
type documentsOut struct {
	Status    StepStatus    `json:"status"`
	Documents []documentOut `json:"documents"`
}

// documentOut is schema DocumentaryVerificationDocument.
type documentOut struct {
	Status     StepStatus    `json:"status"` // success, failed or manually_approved
	Attempt    int           `json:"attempt"`
	Images     imagesOut     `json:"images"`
	Extracted  *extractedOut `json:"extracted_data"`
	Analysis   analysisOut   `json:"analysis"`
	RedactedAt *string       `json:"redacted_at"`
}

// imagesOut is schema PhysicalDocumentImages.
type imagesOut struct {
	OriginalFront *string `json:"original_front"`
	OriginalBack  *string `json:"original_back"`
	CroppedFront  *string `json:"cropped_front"`
	CroppedBack   *string `json:"cropped_back"`
	Face          *string `json:"face"`
}

// extractedOut is schema PhysicalDocumentExtractedData.
type extractedOut struct {
	IDNumber       *string           `json:"id_number"`
	Category       document.Category `json:"category"`
	ExpirationDate *string           `json:"expiration_date"`
	IssueDate      *string           `json:"issue_date"`
	IssuingCountry string            `json:"issuing_country"`
	IssuingRegion  *string           `json:"issuing_region"`
	DateOfBirth    *string           `json:"date_of_birth"`
	Address        *documentAddress  `json:"address"`
	Name           *documentName     `json:"name"`
}

// documentAddress is schema IdentityVerificationDocumentAddressResponse.
type documentAddress struct {
	Street     string  `json:"street"`
	City       string  `json:"city"`
	Region     *string `json:"region"`
	PostalCode *string `json:"postal_code"`
	Country    string  `json:"country"`
}

type documentName struct {
	GivenName  string `json:"given_name"`
	FamilyName string `json:"family_name"`
}

// analysisOut is schema DocumentAnalysis. There is no state's database to ask
// (aamva_verification), and of the checks of fraud_analysis_details several that nobody
// here does, so that both are null.
type analysisOut struct {
	Authenticity document.Match  `json:"authenticity"`
	ImageQuality string          `json:"image_quality"`
	Extracted    *comparedOut    `json:"extracted_data"`
	Fraud        *struct{}       `json:"fraud_analysis_details"`
	Quality      *qualityOut     `json:"image_quality_details"`
	HumanReview  *humanReviewOut `json:"human_review"`
	AAMVA        *struct{}       `json:"aamva_verification"`
}

// comparedOut is schema PhysicalDocumentExtractedDataAnalysis.
type comparedOut struct {
	Name           document.Match `json:"name"`
	DateOfBirth    document.Match `json:"date_of_birth"`
	ExpirationDate string         `json:"expiration_date"`
	IssuingCountry document.Match `json:"issuing_country"`
}

// qualityOut is schema ImageQualityDetails.
type qualityOut struct {
	Glare      StepStatus `json:"glare_check"`
	Dimensions StepStatus `json:"dimensions_check"`
	Blur       StepStatus `json:"blur_check"`
}

// humanReviewOut is schema HumanReview.
type humanReviewOut struct {
	Status StepStatus `json:"status"`
}

// unknownCountry is the code of a region that is not known, for issuers that are no
// country (schema GenericCountryCode knows no null).
const unknownCountry = "ZZ"

// documentsOut tells of documentary_verification once it has come to something: what
// was submitted, and nothing that was not. A submission that is still under way when
// somebody decides counts as it is.
func (s *Service) documentsOut(a *Attempt) *documentsOut {
	status := a.Steps[Documents]
	if !decided(status) && status != StepApproved && status != StepRejected {
		return nil
	}
	out := &documentsOut{Status: status, Documents: []documentOut{}}
	for i, sub := range a.Papers {
		if len(sub.sides()) == 0 {
			continue
		}
		d := s.documentOut(a, sub, len(out.Documents)+1)
		d.Status = StepFailed
		if i == len(a.Papers)-1 && (status == StepSuccess || status == StepApproved) {
			d.Status = status
		}
		if i == len(a.Papers)-1 && (status == StepApproved || status == StepRejected) {
			d.Analysis.HumanReview = &humanReviewOut{StepFailed}
			if status == StepApproved {
				d.Analysis.HumanReview.Status = StepSuccess
			}
		}
		out.Documents = append(out.Documents, d)
	}
	return out
}

func (s *Service) documentOut(a *Attempt, sub *Submission, n int) documentOut {
	out := documentOut{
		Attempt: n, RedactedAt: stampOrNull(sub.RedactedAt),
		Images:   s.imagesOut(a, sub, "documents/"+strconv.Itoa(n)+"/"),
		Analysis: analysisOut{Authenticity: document.Unknown, ImageQuality: "low", Quality: sub.qualityOut()},
	}
	v := sub.Verdict
	if v == nil {
		return out
	}
	out.Analysis.Authenticity, out.Analysis.ImageQuality = v.Authenticity, v.ImageQuality
	if c := v.Comparison; c != nil {
		out.Analysis.Extracted = &comparedOut{c.Name, c.DateOfBirth, c.Expiration, c.IssuingCountry}
		if c.IssuingCountry != document.Same { // it has no no_data
			out.Analysis.Extracted.IssuingCountry = document.Differs
		}
	}
	out.Extracted = sub.extractedOut()
	return out
}

// extractedOut is what the document says.
func (sub *Submission) extractedOut() *extractedOut {
	e := sub.Verdict.Extracted
	if e == nil {
		return nil
	}
	out := &extractedOut{
		IDNumber: orNull(e.Number), Category: e.Category, ExpirationDate: orNull(e.Expiry), IssueDate: orNull(e.Issued),
		IssuingCountry: e.IssuingCountry, IssuingRegion: orNull(e.IssuingRegion), DateOfBirth: orNull(e.Birth),
	}
	if e.Specimen && out.IssuingCountry == "" { // of Utopia, which is taken for the person's country
		out.IssuingCountry = sub.Country
	}
	if out.IssuingCountry == "" {
		out.IssuingCountry = unknownCountry
	}
	if e.GivenName != "" && e.FamilyName != "" {
		out.Name = &documentName{e.GivenName, e.FamilyName}
	}
	if at := e.Address; at != nil {
		out.Address = &documentAddress{at.Street, at.City, orNull(at.Region), orNull(at.PostalCode), at.Country}
	}
	return out
}

// imagesOut makes the addresses of the pictures, new ones each time.
func (s *Service) imagesOut(a *Attempt, sub *Submission, folder string) (out imagesOut) {
	for _, part := range []struct {
		name           string
		side           *Side
		whole, cropped **string
	}{{"front.jpeg", sub.Front, &out.OriginalFront, &out.CroppedFront}, {"back.jpeg", sub.Back, &out.OriginalBack, &out.CroppedBack}} {
		if part.side == nil || part.side.Picture == "" {
			continue
		}
		original := part.name
		if part.side.Media == "image/png" {
			original = original[:len(original)-len("jpeg")] + "png"
		}
		*part.whole = orNull(s.Address(a.ID, part.side.Picture, "", folder+"original_"+original))
		if b := part.side.Outline; b != nil {
			*part.cropped = orNull(s.Address(a.ID, part.side.Picture, cropView(*b), folder+"cropped_"+part.name))
		}
		if f := part.side.Portrait; f != nil && out.Face == nil {
			out.Face = orNull(s.Address(a.ID, part.side.Picture, faceView(*f), folder+"face.jpeg"))
		}
	}
	return out
}

// qualityOut is what was measured of the pictures: the worst of them counts.
func (sub *Submission) qualityOut() *qualityOut {
	out := &qualityOut{StepSuccess, StepSuccess, StepSuccess}
	for _, side := range sub.sides() {
		q := side.Look.Quality
		for _, f := range []struct {
			finding photo.Finding
			into    *StepStatus
		}{{q.Glare, &out.Glare}, {q.Dimensions, &out.Dimensions}, {q.Blur, &out.Blur}} {
			if f.finding.Failed {
				*f.into = StepFailed
			}
		}
	}
	return out
}
