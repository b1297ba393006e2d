package dashboard

import (
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv"
)

// compareRow is a field of a person: what they said, what a data source has, and how
// the two compare.
type compareRow struct {
	Field, Said, Found string
	Masked             bool   // what was said is shown in part
	Nothing            string // why there is nothing in Found
	Match              badge
	Parts              string // how its parts compare, where they differ
}

// kycField is a field that kyc_check compares.
type kycField struct {
	title string
	code  func(*idv.KYC) idv.Code
	said  func(idv.User) string
	found func(idv.Record) []string
	parts func(*idv.KYC) []part
}

type part struct {
	name string
	code idv.Code
}

var kycFields = []kycField{
	{
		title: "Name", code: func(k *idv.KYC) idv.Code { return k.Name.Summary },
		said: func(u idv.User) string {
			if u.Name == nil {
				return ""
			}
			return nameText(*u.Name)
		},
		found: func(r idv.Record) (all []string) {
			for _, n := range r.Names {
				all = append(all, nameText(n))
			}
			return all
		},
		parts: func(k *idv.KYC) []part { return []part{{"given", k.Name.GivenName}, {"family", k.Name.FamilyName}} },
	},
	{
		title: "Date of birth", code: func(k *idv.KYC) idv.Code { return k.DateOfBirth.Summary },
		said:  func(u idv.User) string { return dateText(deref(u.DateOfBirth)) },
		found: func(r idv.Record) []string { return some(dateText(r.DateOfBirth)) },
		parts: func(k *idv.KYC) []part {
			return []part{{"day", k.DateOfBirth.Day}, {"month", k.DateOfBirth.Month}, {"year", k.DateOfBirth.Year}}
		},
	},
	{
		title: "Address", code: func(k *idv.KYC) idv.Code { return k.Address.Summary },
		said: func(u idv.User) string {
			if u.Address == nil {
				return ""
			}
			return addressText(*u.Address)
		},
		found: func(r idv.Record) (all []string) {
			for _, a := range r.Addresses {
				all = append(all, addressText(a))
			}
			return all
		},
		parts: func(k *idv.KYC) []part {
			a := k.Address
			return []part{{"street", a.Street}, {"city", a.City}, {"region", a.Region}, {"postal code", a.PostalCode}}
		},
	},
	{
		title: "ID number", code: func(k *idv.KYC) idv.Code { return k.IDNumber.Summary },
		said: func(u idv.User) string {
			if u.IDNumber == nil {
				return ""
			}
			return u.IDNumber.Value
		},
	},
	{
		title: "Phone", code: func(k *idv.KYC) idv.Code { return k.PhoneNumber.Summary },
		said:  func(u idv.User) string { return deref(u.PhoneNumber) },
		found: func(r idv.Record) []string { return r.Phones },
	},
}

var codeBadges = map[idv.Code]badge{
	idv.CodeMatch: {"badge-ok", "Match"}, idv.CodePartial: {"badge-warn", "Partial match"}, idv.CodeNoMatch: {"badge-bad", "No match"},
	idv.CodeNoData: {"", "No data"}, idv.CodeNoInput: {"", "Not given"},
}

// compared are the fields of an attempt's person. shown has numbers in full.
func compared(a *idv.Attempt, shown bool) (rows []compareRow) {
	for _, f := range kycFields {
		row := compareRow{Field: f.title, Said: f.said(a.User)}
		if f.title == "ID number" && row.Said != "" {
			row.Field += " (" + a.User.IDNumber.Type + ")"
			if !shown {
				row.Said, row.Masked = masked(row.Said), true
			}
		}
		if a.KYC != nil {
			code := f.code(a.KYC)
			row.Match = codeBadges[code]
			if a.Found != nil && f.found != nil {
				row.Found = strings.Join(f.found(*a.Found), "; ")
			}
			switch {
			case row.Found != "":
			case code == idv.CodeNoData:
				row.Nothing = "No data"
			default:
				row.Nothing = "Not kept" // an ID number, or what was redacted
			}
			if f.parts != nil && (code == idv.CodePartial || code == idv.CodeNoMatch) {
				row.Parts = partsText(f.parts(a.KYC))
			}
		}
		if row.Said != "" || row.Match.Title != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// partsText says how the parts of a field compare.
func partsText(parts []part) string {
	var words []string
	for _, p := range parts {
		words = append(words, p.name+": "+strings.ToLower(codeBadges[p.code].Title))
	}
	return strings.Join(words, ", ")
}

// masked shows the end of a number, if enough of it stays hidden.
func masked(s string) string {
	r := []rune(s)
	if len(r) < 8 {
		return strings.Repeat("•", len(r))
	}
	return strings.Repeat("•", len(r)-4) + string(r[len(r)-4:])
}

func nameText(n idv.Name) string { return strings.TrimSpace(n.GivenName + " " + n.FamilyName) }

func addressText(a idv.Address) string {
	var parts []string
	for _, s := range []*string{a.Street, a.Street2, a.City, a.Region, a.PostalCode, &a.Country} {
		if s != nil && *s != "" {
			parts = append(parts, *s)
		}
	}
	return strings.Join(parts, ", ")
}

// dateText is a day in words, or what was given where it is none.
func dateText(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return t.Format("Jan 2, 2006")
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func some(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
