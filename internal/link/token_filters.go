package link

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// maxFilters bounds what is kept of a client's filter, in bytes. Every documented
// subtype together takes less than two thousand.
const maxFilters = 16 << 10

// readFilters reads account_filters. The schema lets unknown members through;
// what it knows must be right, since a misspelled subtype would silently hide
// every account. An empty object filters nothing.
func readFilters(raw api.Raw) (*AccountFilters, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	if len(raw) > maxFilters {
		return nil, plaid.InvalidField("account_filters must not be larger than " + strconv.Itoa(maxFilters) + " bytes")
	}
	var byType map[string]json.RawMessage
	if raw.Kind() != '{' || json.Unmarshal(raw, &byType) != nil {
		return nil, plaid.InvalidField("account_filters must be an object")
	}
	f := &AccountFilters{Subtypes: map[string][]string{}}
	for _, name := range slices.Sorted(maps.Keys(plaid.AccountTypes)) {
		entry, given := byType[name]
		if !given || string(entry) == "null" {
			continue
		}
		list, err := readSubtypes(name, entry)
		if err != nil {
			return nil, err
		}
		f.Subtypes[name] = list
	}
	if len(f.Subtypes) == 0 {
		return nil, nil
	}
	return f, nil
}

// readSubtypes reads the filter of one account type.
func readSubtypes(accountType string, raw json.RawMessage) ([]string, error) {
	path := "account_filters." + accountType
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil, plaid.InvalidField(path + " must be an object")
	}
	given, ok := members["account_subtypes"]
	if !ok || string(given) == "null" {
		return nil, plaid.MissingFields(path + ".account_subtypes")
	}
	path += ".account_subtypes"
	var list []string
	if json.Unmarshal(given, &list) != nil || len(list) == 0 {
		return nil, plaid.InvalidField(path + " must be a non-empty list of strings")
	}
	for _, s := range list {
		if s != "all" && !slices.Contains(plaid.AccountTypes[accountType], s) {
			return nil, plaid.InvalidField(path + ` must contain only subtypes of ` + accountType + ` accounts or "all"`)
		}
	}
	return list, nil
}
