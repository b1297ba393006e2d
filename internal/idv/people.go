package idv

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

//go:embed people.json
var sandboxPeople []byte

// People is a data source that is a list of people.
type People struct {
	list []Record
	// everybody compares a person with all of the list, however little they fit: so
	// the sandbox does, where whoever is not Leslie Knope is somebody else.
	everybody bool
}

// SandboxPeople are those whom the sandbox knows.
func SandboxPeople() *People {
	list, err := ParsePeople(sandboxPeople)
	if err != nil {
		panic("idv: " + err.Error()) // it is part of the program
	}
	list.everybody = true
	return list
}

// And is the list with others after it.
func (p *People) And(more *People) *People {
	return &People{list: slices.Concat(p.list, more.list), everybody: p.everybody}
}

// ParsePeople reads a file of people: a JSON list of records.
func ParsePeople(data []byte) (*People, error) {
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	p := &People{}
	if err := dec.Decode(&p.list); err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	return p, nil
}

// People finds those who share a number, a telephone, or the birthday and the
// family name with the person.
func (p *People) People(_ context.Context, u User) ([]Record, error) {
	if p.everybody {
		return p.list, nil
	}
	var found []Record
	for _, r := range p.list {
		if r.mayBe(u) {
			found = append(found, r)
		}
	}
	return found, nil
}

func (r Record) mayBe(u User) bool {
	if n := u.IDNumber; n != nil && n.Type != ssnFour && slices.ContainsFunc(r.IDNumbers, func(h IDNumber) bool { return compareNumber(*n, h) == CodeMatch }) {
		return true
	}
	if u.PhoneNumber != nil && slices.Contains(r.Phones, *u.PhoneNumber) {
		return true
	}
	if u.Name == nil || u.DateOfBirth == nil || r.DateOfBirth != *u.DateOfBirth {
		return false
	}
	return slices.ContainsFunc(r.Names, func(h Name) bool { return fold(h.FamilyName) == fold(u.Name.FamilyName) })
}
