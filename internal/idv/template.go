package idv

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
)

// Template says what a verification consists of. Each change of one makes a new
// version; an attempt keeps the version with which it began.
type Template struct {
	ID      string `json:"template_id"`
	Version int64  `json:"version"`
	Name    string `json:"name"`

	// SMS asks for a code that is sent to the person's phone.
	SMS bool `json:"verify_sms"`
	// KYC compares what the person says with a data source.
	KYC *KYCRules `json:"kyc_check,omitempty"`
	// Documents asks for an identity document.
	Documents *DocumentRules `json:"documentary_verification,omitempty"`
	// Selfie asks for a picture of the person.
	Selfie *SelfieRules `json:"selfie_check,omitempty"`
	// Screening looks for the person on watchlists.
	Screening *ScreeningRules `json:"watchlist_screening,omitempty"`
	// Risk judges signals of risk.
	Risk *RiskRules `json:"risk_check,omitempty"`

	// Countries are those whose people may be verified; empty for all.
	Countries []string `json:"countries,omitempty"`
	// NoFinalPane ends Link without a pane that says how it ended.
	NoFinalPane bool `json:"no_final_pane,omitempty"`
	// ExpireAfter ends attempts that are still active after so many seconds; 0 for
	// never.
	ExpireAfter int64 `json:"expire_after_seconds,omitempty"`
	// RedactAfter removes what is personal from attempts so many seconds after they
	// were completed; 0 for never.
	RedactAfter int64 `json:"redact_after_seconds,omitempty"`
}

// KYCRules are the rules of kyc_check: how well each field has to match.
type KYCRules struct {
	Name        Demand `json:"name,omitempty"`
	DateOfBirth Demand `json:"date_of_birth,omitempty"`
	Address     Demand `json:"address,omitempty"`
	PhoneNumber Demand `json:"phone_number,omitempty"`
	IDNumber    Demand `json:"id_number,omitempty"`
	// Strict has the check digits of an id number count (id_number_checks).
	Strict bool `json:"strict_id_number,omitempty"`
	// LastFour asks people of the United States for the last four digits of their
	// social security number rather than for all nine.
	LastFour bool `json:"us_ssn_last_4,omitempty"`
}

// Demand is how well a field has to match: match, partial_match, or "" where the
// outcome is told and does not count.
type Demand string

// The demands on a field.
const (
	DemandNothing Demand = ""
	DemandPartial Demand = "partial_match"
	DemandMatch   Demand = "match"
)

// DocumentRules are the rules of documentary_verification.
type DocumentRules struct {
	// Fallback asks for a document only of those who fail kyc_check, and instead of
	// failing them.
	Fallback bool `json:"fallback,omitempty"`
	// Categories are the kinds of documents that are taken; empty for all.
	Categories []document.Category `json:"categories,omitempty"`
	// IssuingCountry fails a document of another country than the person named.
	IssuingCountry bool `json:"issuing_country_match,omitempty"`
	// Name and DateOfBirth fail a document that says another than the person did. What
	// matches in part, or cannot be compared, is left to a person.
	Name        bool `json:"name_match,omitempty"`
	DateOfBirth bool `json:"date_of_birth_match,omitempty"`
	// LeastAge fails people who are younger, in years; 0 for any age.
	LeastAge int64 `json:"least_age,omitempty"`
}

// takes reports whether a kind of document is accepted.
func (r *DocumentRules) takes(c document.Category) bool {
	return len(r.Categories) == 0 || slices.Contains(r.Categories, c)
}

// SelfieRules are the rules of selfie_check. Liveness must be shown in any case, and a
// face that is compared must match.
type SelfieRules struct {
	// Document demands, with match, that the face matches that on a document of the
	// person. By default it is compared with what there is.
	Document Demand `json:"document_comparison,omitempty"`
	// LivenessAlone has a selfie pass without a comparison where there is nothing to
	// compare with, or nobody who compares. By default a person decides then.
	LivenessAlone bool `json:"liveness_alone,omitempty"`
}

// ScreeningRules are the rules of watchlist_screening.
type ScreeningRules struct {
	ProgramID string `json:"program_id,omitempty"`
}

// RiskRules are the rules of risk_check: the highest risk that is acceptable.
type RiskRules struct {
	Email RiskLevel `json:"email,omitempty"`
}

// has reports whether the template has a step.
func (t Template) has(s Step) bool {
	switch s {
	case AcceptTOS:
		return true
	case VerifySMS:
		return t.SMS
	case KYCCheck:
		return t.KYC != nil
	case Documents:
		return t.Documents != nil
	case Selfie:
		return t.Selfie != nil
	case Screening:
		return t.Screening != nil
	case RiskCheck:
		return t.Risk != nil
	}
	return false
}

// add has the template ask for a step, by rules that are usual.
func (t *Template) add(s Step) {
	switch s {
	case VerifySMS:
		t.SMS = true
	case KYCCheck:
		t.KYC = usualKYC()
	case Documents:
		t.Documents = t.usualDocuments()
	case Selfie:
		t.Selfie = &SelfieRules{}
	case Screening:
		t.Screening = &ScreeningRules{}
	case RiskCheck:
		t.Risk = &RiskRules{}
	}
}

// usualDocuments are rules that suit most: what the document says is compared with what
// the person has typed for kyc_check.
func (t *Template) usualDocuments() *DocumentRules {
	return &DocumentRules{Name: t.KYC != nil, DateOfBirth: t.KYC != nil}
}

// usualKYC are rules that suit most.
func usualKYC() *KYCRules {
	return &KYCRules{Name: DemandPartial, DateOfBirth: DemandMatch, Address: DemandPartial, IDNumber: DemandMatch}
}

// serves reports whether people of a country may be verified.
func (t Template) serves(country string) bool {
	return len(t.Countries) == 0 || slices.Contains(t.Countries, country)
}

// maxLeastAge is the highest age that a template may ask for.
const maxLeastAge = 120

func joined[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}

// Both prefixes are in use: what was made before 2023 has the older one.
var (
	templateID = regexp.MustCompile(`^(idvtmp|flwtmp)_[A-Za-z0-9]{8,40}$`)
	countryID  = regexp.MustCompile(`^[A-Z]{2}$`)
)

// Check reports what is wrong with a template.
func (t Template) Check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !templateID.MatchString(t.ID) {
		bad("template_id must be idvtmp_ or flwtmp_ with 8 to 40 letters and digits")
	}
	if t.Name == "" || len(t.Name) > 200 {
		bad("name must be a string of 1 to 200 characters")
	}
	if !slices.ContainsFunc(Steps[1:], t.has) {
		bad("a template must have a step besides accept_tos")
	}
	if t.Documents != nil && t.Documents.Fallback && t.KYC == nil {
		bad("documentary_verification.fallback needs kyc_check")
	}
	if d := t.Documents; d != nil {
		if slices.ContainsFunc(d.Categories, func(c document.Category) bool { return !slices.Contains(document.Categories, c) }) {
			bad("documentary_verification.categories must be a list of: %s", joined(document.Categories))
		}
		if d.LeastAge < 0 || d.LeastAge > maxLeastAge {
			bad("documentary_verification.least_age must be a number of years from 0 to %d", maxLeastAge)
		}
	}
	if k := t.KYC; k != nil {
		for name, d := range map[string]Demand{"name": k.Name, "date_of_birth": k.DateOfBirth, "address": k.Address, "phone_number": k.PhoneNumber, "id_number": k.IDNumber} {
			if d != DemandNothing && d != DemandPartial && d != DemandMatch {
				bad("kyc_check.%s must be one of: match, partial_match", name)
			}
		}
		if *k == (KYCRules{Strict: k.Strict, LastFour: k.LastFour}) {
			bad("kyc_check must demand something of a field")
		}
	}
	if r := t.Risk; r != nil && r.Email != "" && r.Email != RiskLow && r.Email != RiskMedium && r.Email != RiskHigh {
		bad("risk_check.email must be one of: low, medium, high")
	}
	if r := t.Selfie; r != nil && (r.Document != DemandNothing && r.Document != DemandMatch || r.Document == DemandMatch && r.LivenessAlone) {
		bad("selfie_check.document_comparison must be match or left out, and left out where liveness_alone is true")
	}
	for _, c := range t.Countries {
		if !countryID.MatchString(c) {
			bad("countries must be a list of ISO 3166-1 alpha-2 codes")
			break
		}
	}
	if t.ExpireAfter < 0 || t.RedactAfter < 0 {
		bad("expire_after_seconds and redact_after_seconds must not be negative")
	}
	return errors.Join(errs...)
}
