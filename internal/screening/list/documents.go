package list

import "strings"

// documentWords find the type of a document in what a list calls it, first match
// first. The types are those of schema WatchlistScreeningDocumentType.
var documentWords = []struct{ word, kind string }{
	{"birth", "birth_certificate"},
	{"driv", "drivers_license"},
	{"ssn", "ssn"},
	{"social security", "ssn"},
	{"tax", "tax_id"},
	{"fiscal", "tax_id"},
	{"passport", "passport"},
	{"travel", "travel_document"},
	{"visa", "travel_document"},
	{"refugee", "travel_document"},
	{"residen", "immigration_number"},
	{"immigra", "immigration_number"},
	{"alien", "immigration_number"},
	{"military", "military_id"},
	{"ration", "ration_card"},
	{"student", "student_id"},
	{"voter", "voter_id"},
	{"elector", "voter_id"},
	{"swift", "swift"},
	{"bic", "swift"},
	{"duns", "duns"},
	{"d-u-n-s", "duns"},
	{"national", "personal_identification"},
	{"identi", "personal_identification"},
	{"personal", "personal_identification"},
	{"cedula", "personal_identification"},
	{"id card", "personal_identification"},
	{"id", "personal_identification"},
}

// documentType is the type of a document by what the source calls it.
func documentType(source string) string {
	source = strings.ToLower(source)
	if strings.Contains(source, "registration") && !strings.Contains(source, "national") {
		return "other"
	}
	for _, w := range documentWords {
		if source == w.word || len(w.word) > 2 && strings.Contains(source, w.word) {
			return w.kind
		}
	}
	return "other"
}
