package plaid

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Error is an answer of the API that is not a success. Type, Code, Message and
// Display are the fields error_type, error_code, error_message and
// display_message of schema PlaidError; an empty Display is sent as null.
type Error struct {
	Type    string
	Code    string
	Message string
	Display string
	// Status is the HTTP status; 0 stands for 400, the status of nearly every
	// error of this API, bad keys included.
	Status int
	// Reason is error_code_reason, which only OAuth Item errors carry.
	Reason string
	// Suggested is suggested_action, what to do about it; empty is sent as null.
	Suggested string
}

// Error gives the code and the message, for logs and tests.
func (e *Error) Error() string { return e.Type + "/" + e.Code + ": " + e.Message }

// Is reports whether target is an Error of the same type and code, so that
// errors.Is works whatever the message names.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Type == e.Type && t.Code == e.Code
}

// HTTPStatus is the status the error is answered with.
func (e *Error) HTTPStatus() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

// WithMessage returns a copy that says something more precise.
func (e *Error) WithMessage(message string) *Error {
	c := *e
	c.Message = message
	return &c
}

// DocumentationURL is the address of the error's description in Plaid's own
// documentation, the form answered since 2026.
func (e *Error) DocumentationURL() string {
	page := strings.ReplaceAll(strings.ToLower(strings.TrimSuffix(e.Type, "_ERROR")), "_", "-")
	if page == "rate-limit-exceeded" || e.Type == invalidRequest || e.Type == invalidInput {
		page = strings.ReplaceAll(strings.ToLower(e.Type), "_", "-")
	}
	if e.Type == userError {
		page = "invalid-input" // where Plaid describes it (plaid-server-api.md section 17)
	}
	return "https://plaid.com/docs/errors/" + page + "/#" + strings.ToLower(e.Code)
}

// The error types in use (schema PlaidErrorType).
const (
	invalidRequest   = "INVALID_REQUEST"
	invalidInput     = "INVALID_INPUT"
	itemError        = "ITEM_ERROR"
	institutionError = "INSTITUTION_ERROR"
	sandboxError     = "SANDBOX_ERROR"
	apiError         = "API_ERROR"
	oauthError       = "OAUTH_ERROR"
	recaptchaError   = "RECAPTCHA_ERROR"
	rateLimit        = "RATE_LIMIT_EXCEEDED"
	userError        = "USER_ERROR"
	invalidResult    = "INVALID_RESULT"
)

// MissingFields names every required field that the body lacks.
func MissingFields(names ...string) *Error {
	return &Error{Type: invalidRequest, Code: "MISSING_FIELDS",
		Message: "the following required fields are missing: " + strings.Join(names, ", ")}
}

// UnknownFields names every field of the body that the endpoint does not know.
func UnknownFields(names ...string) *Error {
	return &Error{Type: invalidRequest, Code: "UNKNOWN_FIELDS",
		Message: "the following fields are not recognized by this endpoint: " + strings.Join(names, ", ")}
}

// InvalidField reports a field of a wrong type or value. The message follows
// "{dotted.path} must be {requirement}" and never repeats the value.
func InvalidField(message string) *Error {
	return &Error{Type: invalidRequest, Code: "INVALID_FIELD", Message: message}
}

// InvalidProduct reports products that the client may not use here.
func InvalidProduct(message string) *Error {
	return &Error{Type: invalidInput, Code: "INVALID_PRODUCT", Message: message}
}

// ProductsNotSupported names products that the institution or the Item does
// not offer.
func ProductsNotSupported(products ...string) *Error {
	return &Error{Type: itemError, Code: "PRODUCTS_NOT_SUPPORTED",
		Message: "the following products are not supported by this institution: " + quotedList(products)}
}

// Unauthorized names products that the client is not enabled for.
func Unauthorized(products ...string) *Error {
	return InvalidProduct("client is not authorized to access the following products: " + quotedList(products))
}

// NotPermitted names products that a processor token was narrowed not to have.
func NotPermitted(products ...string) *Error {
	return InvalidProduct("the processor token is not permitted to access the following products: " + quotedList(products))
}

// NotSupported answers a path that Plaid documents and this program does not
// serve. Plaid has no such code; a program that meets it must see at once that
// the gap is ours and not in its request.
func NotSupported(path string) *Error {
	return &Error{Type: invalidRequest, Code: "NOT_SUPPORTED", Status: http.StatusNotImplemented,
		Message: "Glencheck does not support " + path + ". See docs/coverage.md for what it supports."}
}

// SandboxOnly answers a sandbox path in another environment.
func SandboxOnly(path string) *Error {
	return &Error{Type: invalidRequest, Code: "SANDBOX_ONLY",
		Message: "access to " + path + " is only available in the sandbox environment at https://sandbox.plaid.com/"}
}

// SandboxProductNotEnabled refuses a sandbox lever for a product the Item lacks.
func SandboxProductNotEnabled(product string) *Error {
	return &Error{Type: sandboxError, Code: "SANDBOX_PRODUCT_NOT_ENABLED",
		Message: "The " + product + " product is not enabled on this item"}
}

// AdditionalConsentRequired refuses a product that the person did not consent to.
func AdditionalConsentRequired(product string) *Error {
	return &Error{Type: invalidInput, Code: "ADDITIONAL_CONSENT_REQUIRED",
		Message: "client does not have user consent to access the PRODUCT_" + strings.ToUpper(product) + " product"}
}

// LastUpdatedOutOfRange says that the bank has no balance as young as the client
// wants; at is when it told the one it has (page /docs/errors/invalid-result/).
func LastUpdatedOutOfRange(at string) *Error {
	return &Error{Type: invalidResult, Code: "LAST_UPDATED_DATETIME_OUT_OF_RANGE",
		Message: "requested datetime out of range, most recently updated balance " + at}
}

// ByCode finds an error of the table by its code, for the test passwords
// error_<CODE> and for custom users that force an error.
func ByCode(code string) (*Error, bool) {
	e, ok := table[code]
	return e, ok
}

// namers are the codes whose message names something of the request, with what
// they name when nothing is known of it.
var namers = map[string]*Error{
	"MISSING_FIELDS":                     MissingFields("access_token"),
	"UNKNOWN_FIELDS":                     UnknownFields("unknown"),
	"INVALID_FIELD":                      InvalidField("access_token must be a string"),
	"INVALID_PRODUCT":                    Unauthorized("auth"),
	"PRODUCTS_NOT_SUPPORTED":             ProductsNotSupported("auth"),
	"SANDBOX_ONLY":                       SandboxOnly("this path"),
	"SANDBOX_PRODUCT_NOT_ENABLED":        SandboxProductNotEnabled("auth"),
	"ADDITIONAL_CONSENT_REQUIRED":        AdditionalConsentRequired("auth"),
	"LAST_UPDATED_DATETIME_OUT_OF_RANGE": LastUpdatedOutOfRange("2026-01-01T00:00:00Z"),
}

// AnyByCode finds an error by its code among all that this program can answer,
// also where the message names something: then it names an example. It is for
// tests that want an error without its cause.
func AnyByCode(code string) (*Error, bool) {
	if e, ok := table[code]; ok {
		return e, true
	}
	e, ok := namers[code]
	return e, ok
}

// Codes lists the codes that AnyByCode knows, sorted.
func Codes() []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(table)), maps.Keys(namers))
	slices.Sort(all)
	return all
}

// maxQuoted is how many words an error repeats.
const maxQuoted = 100

// quotedList repeats words as a JSON array, as the recordings do. A word that a
// client invented could be anything, so it is repeated only if it looks like one
// of the API's own.
func quotedList(words []string) string {
	quoted := make([]string, 0, min(len(words), maxQuoted))
	for _, w := range words[:min(len(words), maxQuoted)] {
		if !Repeatable(w) {
			w = "(not a name)"
		}
		quoted = append(quoted, `"`+w+`"`)
	}
	return "[" + strings.Join(quoted, ",") + "]"
}

// Repeatable reports whether a word that a client sent may stand in an error: a
// letter, then letters, digits and underscores, as in the names of products.
func Repeatable(word string) bool {
	if word == "" || len(word) > 64 {
		return false
	}
	for i, r := range word {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return true
}
