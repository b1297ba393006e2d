package idv

import "context"

// Source knows people: what kyc_check compares a person with. The sandbox has one
// of its own; elsewhere it is a file or a data provider.
type Source interface {
	// People finds those who may be the person, the likeliest first; none where
	// there is no data on anybody like them.
	People(ctx context.Context, u User) ([]Record, error)
}

// Record is what a data source has on one person. What it lacks is empty.
type Record struct {
	Names       []Name     `json:"names"`
	DateOfBirth string     `json:"date_of_birth"`
	Addresses   []Address  `json:"addresses"`
	Phones      []string   `json:"phone_numbers"` // E.164
	IDNumbers   []IDNumber `json:"id_numbers"`
}

// Code is how well a field matches (schema MatchSummaryCode).
type Code string

// The codes.
const (
	CodeMatch   Code = "match"
	CodePartial Code = "partial_match"
	CodeNoMatch Code = "no_match"
	CodeNoData  Code = "no_data"
	CodeNoInput Code = "no_input"
)

// KYC is schema KYCCheckDetails: how a person compares with the data source.
type KYC struct {
	Status      StepStatus `json:"status"`
	Address     addressKYC `json:"address"`
	Name        nameKYC    `json:"name"`
	DateOfBirth dateKYC    `json:"date_of_birth"`
	IDNumber    summaryKYC `json:"id_number"`
	PhoneNumber phoneKYC   `json:"phone_number"`
}

type summaryKYC struct {
	Summary Code `json:"summary"`
}

type nameKYC struct {
	Summary    Code `json:"summary"`
	GivenName  Code `json:"given_name"`
	FamilyName Code `json:"family_name"`
}

type dateKYC struct {
	Summary Code `json:"summary"`
	Day     Code `json:"day"`
	Month   Code `json:"month"`
	Year    Code `json:"year"`
}

type phoneKYC struct {
	Summary  Code `json:"summary"`
	AreaCode Code `json:"area_code"`
}

type addressKYC struct {
	Summary    Code   `json:"summary"`
	POBox      string `json:"po_box"`
	Type       string `json:"type"` // residential, commercial or no_data
	Street     Code   `json:"street"`
	City       Code   `json:"city"`
	Region     Code   `json:"region"`
	PostalCode Code   `json:"postal_code"`
}

// satisfied reports whether a field matches as well as is demanded.
func (d Demand) satisfied(c Code) bool {
	switch d {
	case DemandMatch:
		return c == CodeMatch
	case DemandPartial:
		return c == CodeMatch || c == CodePartial
	}
	return true
}

// checkKYC compares the person with whom the data source takes them for.
func (s *Service) checkKYC(ctx context.Context, a *Attempt) (StepStatus, error) {
	var people []Record
	if s.cfg.Source != nil {
		var err error
		if people, err = s.cfg.Source.People(ctx, a.User); err != nil {
			return "", err
		}
	}
	if len(people) == 0 {
		people = []Record{{}}
	}
	rules := a.Plan.KYC
	best, found, points := KYC{}, Record{}, -1
	for _, p := range people {
		k := s.compare(a.User, p, rules.Strict)
		if n := k.points(); n > points {
			best, found, points = k, p, n
		}
	}
	found.IDNumbers = nil
	a.KYC, a.Found = &best, &found
	if rules.satisfied(best, a.User) {
		return StepSuccess, nil
	}
	return StepFailed, nil
}

// satisfied reports whether what was found is what the rules demand. A country whose
// people are not asked for a number cannot fail for the lack of one.
func (r *KYCRules) satisfied(k KYC, u User) bool {
	number := r.IDNumber
	if u.IDNumber == nil && !r.asksNumber(u) {
		number = DemandNothing
	}
	return r.Name.satisfied(k.Name.Summary) && r.DateOfBirth.satisfied(k.DateOfBirth.Summary) &&
		r.Address.satisfied(k.Address.Summary) && r.PhoneNumber.satisfied(k.PhoneNumber.Summary) && number.satisfied(k.IDNumber.Summary)
}

// points is how much of a person fits, to choose among several.
func (k KYC) points() int {
	worth := map[Code]int{CodeMatch: 4, CodePartial: 2, CodeNoData: 1}
	return 3*worth[k.IDNumber.Summary] + 2*worth[k.Name.Summary] + 2*worth[k.DateOfBirth.Summary] + worth[k.Address.Summary] + worth[k.PhoneNumber.Summary]
}
