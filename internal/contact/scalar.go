package contact

import (
	"encoding/json"
	"errors"
	"time"
)

// dateTime is scalar DateTime: ISO 8601 in UTC, with milliseconds.
type dateTime struct{ time.Time }

// ImplementsGraphQLType is graphql's check of the schema.
func (dateTime) ImplementsGraphQLType(name string) bool { return name == "DateTime" }

// UnmarshalGraphQL reads an argument.
func (d *dateTime) UnmarshalGraphQL(input any) error {
	s, ok := input.(string)
	t, err := time.Parse(time.RFC3339, s)
	if !ok || err != nil {
		return errors.New("a DateTime is a text such as 2026-01-05T09:00:00Z")
	}
	d.Time = t
	return nil
}

// MarshalJSON writes an answer.
func (d dateTime) MarshalJSON() ([]byte, error) { return json.Marshal(stamp(d.Time)) }

// stamp prints a time as the API does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func timeOrNull(t time.Time) *dateTime {
	if t.IsZero() {
		return nil
	}
	return &dateTime{t}
}

// rawJSON is scalar JSON.
type rawJSON struct{ json.RawMessage }

// ImplementsGraphQLType is graphql's check of the schema.
func (rawJSON) ImplementsGraphQLType(name string) bool { return name == "JSON" }

// UnmarshalGraphQL is for arguments, of which none is of this type.
func (*rawJSON) UnmarshalGraphQL(any) error { return errors.New("no argument is of type JSON") }

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
