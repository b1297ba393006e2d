package workflow

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Formatted is an input after the checks of the schema.
type Formatted struct {
	Values   map[string]any // string, int64, bool, or an object as it came
	Required []string       // required keys that are missing, in the order of the schema
	OneOf    [][]string     // sets of which none is there
	Invalid  []Invalid      // values that do not fit the schema
	Unknown  []string       // keys that the schema does not have, sorted
}

// Invalid is an input that does not fit, without its value.
type Invalid struct {
	Key     string `json:"key"`
	Problem string `json:"problem"`
}

// Complete reports whether nothing is missing or wrong.
func (f *Formatted) Complete() bool {
	return len(f.Required) == 0 && len(f.OneOf) == 0 && len(f.Invalid) == 0
}

// Format checks an input against the schema and puts it into form. Null and the
// empty text are the same as absence.
func (v *Version) Format(raw map[string]any) *Formatted {
	f := &Formatted{Values: map[string]any{}}
	for i := range v.Document.Inputs {
		in := v.inputs[v.Document.Inputs[i].Key]
		value, given := raw[in.Key]
		if s, ok := value.(string); ok && strings.TrimSpace(s) == "" {
			given = false
		}
		if given && value != nil {
			value, wrong := in.format(value)
			if wrong != "" {
				f.Invalid = append(f.Invalid, Invalid{in.Key, wrong})
				continue
			}
			f.Values[in.Key] = value
		} else if in.Required {
			f.Required = append(f.Required, in.Key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(raw)) {
		if v.inputs[key] == nil {
			f.Unknown = append(f.Unknown, key)
		}
	}
	for _, set := range v.Document.OneOf {
		if !slices.ContainsFunc(set, func(key string) bool { _, ok := f.Values[key]; return ok }) {
			f.OneOf = append(f.OneOf, set)
		}
	}
	return f
}

// format checks one value, and says what is wrong with it.
func (in *input) format(value any) (any, string) {
	switch in.Type {
	case "integer":
		return whole(value)
	case "boolean":
		if b, ok := value.(bool); ok {
			return b, ""
		}
		return nil, "must be true or false"
	case "object":
		if o, ok := value.(map[string]any); ok {
			return o, ""
		}
		return nil, "must be an object"
	}
	s, ok := value.(string)
	if !ok {
		return nil, "must be a string"
	}
	return in.string(s)
}

func (in *input) string(s string) (any, string) {
	if !utf8.ValidString(s) {
		return nil, "must be text in UTF-8"
	}
	s = norm.NFC.String(strings.TrimSpace(s))
	limit := in.MaxLength
	if limit == 0 {
		limit = 256
	}
	if utf8.RuneCountInString(s) > limit {
		return nil, "must have at most " + strconv.Itoa(limit) + " characters"
	}
	if in.regex != nil && !in.regex.MatchString(s) {
		return nil, "must match " + in.Regex
	}
	if in.Type == "date" {
		if _, err := time.Parse(civil, s); err != nil {
			return nil, "must be a date such as 1990-01-31"
		}
	}
	return formatted(s, in.Format), ""
}

// formatted puts a text into one of the forms.
func formatted(s, form string) string {
	switch form {
	case "name":
		return strings.Join(strings.Fields(s), " ")
	case "email":
		return strings.ToLower(s)
	case "upper":
		return strings.ToUpper(s)
	case "phone":
		digits := Digits(s)
		switch {
		case strings.HasPrefix(s, "+"):
			return "+" + digits
		case len(digits) == 11 && digits[0] == '1':
			return "+" + digits
		case len(digits) == 10: // without a country it is one of the United States
			return "+1" + digits
		}
	}
	return s
}

// whole is an integer as JSON libraries hand it over.
func whole(value any) (any, string) {
	const wrong = "must be an integer"
	switch n := value.(type) {
	case int64:
		return n, ""
	case int:
		return int64(n), ""
	case json.Number:
		if i, err := n.Int64(); err == nil {
			return i, ""
		}
	case float64:
		if i := int64(n); float64(i) == n && i > -1<<53 && i < 1<<53 {
			return i, ""
		}
	}
	return nil, wrong
}
