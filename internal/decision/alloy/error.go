package alloy

import (
	"errors"
	"net/http"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
)

// Error is an answer that says no.
type Error struct {
	Status  int
	Code    int // minor_code
	Type    string
	Message string
	Details any // nil for none
}

// Error is for the log: what a client typed is in Details only.
func (e *Error) Error() string { return "alloy: " + e.Type + ": " + e.Message }

// With adds details.
func (e *Error) With(details any) *Error {
	with := *e
	with.Details = details
	return &with
}

// Saying has another message.
func (e *Error) Saying(message string) *Error {
	with := *e
	with.Message = message
	return &with
}

// The errors of the API (partner-decisions.md section 2: 4001, 4002 and 4011 are
// documented, the others as package doc says).
var (
	ErrHeader       = &Error{http.StatusBadRequest, 4001, "Header Validation Failure", "Your request headers contained invalid value(s)", nil}
	ErrBody         = &Error{http.StatusBadRequest, 4002, "Request Body Validation Failure", "Your request body contained invalid field(s)", nil}
	ErrQuery        = &Error{http.StatusBadRequest, 4003, "Request Query Validation Failure", "Your request query contained invalid value(s)", nil}
	ErrUnauthorized = &Error{http.StatusUnauthorized, 4011, "Unauthorized", "The credentials of the request are not valid", nil}
	ErrNotYours     = &Error{http.StatusBadRequest, 4013, "Authorization Error", "You are not authorized to operate on the specified object or it does not exist.", nil}
	ErrNotFound     = &Error{http.StatusNotFound, 4041, "Not Found", "Unable to find the requested resource", nil}
	ErrConflict     = &Error{http.StatusConflict, 4091, "Conflict", "The object is in a state that does not allow this", nil}
	ErrInternal     = &Error{http.StatusInternalServerError, 5000, "Internal Server Error", "An unexpected error occurred", nil}
	ErrUnsupported  = &Error{http.StatusNotImplemented, 5011, "Not Supported", "This server does not support the operation", nil}
)

// Field is what error.details says of a member of the body.
type Field struct {
	Message string  `json:"message"`
	Path    string  `json:"path"`
	Type    string  `json:"type"` // any.required, object.unknown, any.invalid
	Context Context `json:"context"`
}

// Context names the member.
type Context struct {
	Key string `json:"key"`
}

// Required says that a member of the body is missing.
func Required(path string) *Error { return field(path, "is required", "any.required") }

// Unknown says that a body has a member that does not exist.
func Unknown(path string) *Error { return field(path, "is not allowed", "object.unknown") }

// Invalid says what a member of the body must be.
func Invalid(path, must string) *Error { return field(path, "must "+must, "any.invalid") }

func field(path, what, kind string) *Error {
	key := path[strings.LastIndexByte(path, '.')+1:]
	return ErrBody.With(Field{Message: `"` + path + `" ` + what, Path: path, Type: kind, Context: Context{Key: key}})
}

// violation words what is wrong with a body: one thing at a time, as documented.
func violation(w *api.Wrong) *Error {
	switch {
	case w.NoObject:
		return ErrBody.Saying("Your request body must be one JSON object")
	case len(w.Missing) > 0:
		return Required(w.Missing[0])
	case len(w.Unknown) > 0:
		return Unknown(w.Unknown[0])
	}
	path, must, _ := strings.Cut(w.Invalid, " must ")
	return Invalid(path, must)
}

// public turns any error into one that may be shown.
func public(err error) (shown *Error, ours bool) {
	if e := (*Error)(nil); errors.As(err, &e) {
		return e, false
	}
	return ErrInternal, true
}
