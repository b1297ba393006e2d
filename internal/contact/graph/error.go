package graph

import (
	"context"
	"errors"
	"net/http"

	graphql "github.com/graph-gophers/graphql-go/errors"
)

// The codes of errors, in extensions.code.
const (
	CodeUnauthenticated = "UNAUTHENTICATED"
	CodeForbidden       = "FORBIDDEN"
	CodeBadRequest      = "BAD_REQUEST"
	CodeParse           = "GRAPHQL_PARSE_FAILED"
	CodeValidation      = "GRAPHQL_VALIDATION_FAILED"
	CodeTooComplex      = "QUERY_TOO_COMPLEX"
	CodeIntrospection   = "INTROSPECTION_DISABLED"
	CodeInput           = "BAD_USER_INPUT"
	CodeNotFound        = "NOT_FOUND"
	CodeConflict        = "CONFLICT"
	CodeUpstream        = "UPSTREAM_ERROR"
	CodeInternal        = "INTERNAL_SERVER_ERROR"
	CodeTimeout         = "TIMEOUT"

	CodePersistedUnknown     = "PERSISTED_QUERY_NOT_FOUND"
	CodePersistedUnsupported = "PERSISTED_QUERY_NOT_SUPPORTED"
	CodeUnlisted             = "OPERATION_NOT_LISTED"
)

// Error is an answer that says no. Its message repeats nothing personal.
type Error struct {
	Code    string
	Message string
	Extra   map[string]any // further extensions
	status  int            // of HTTP where no operation was run, 0 otherwise
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

// Extensions are what programs read.
func (e *Error) Extensions() map[string]any {
	all := map[string]any{"code": e.Code}
	for name, v := range e.Extra {
		all[name] = v
	}
	return all
}

// Refuse is an Error of a code.
func Refuse(code, message string) *Error { return &Error{Code: code, Message: message} }

// Input refuses the value of a field of an input.
func Input(field, message string) *Error {
	return &Error{Code: CodeInput, Message: field + " " + message, Extra: map[string]any{"field": field}}
}

// ErrUnauthenticated is the answer without a key that is known.
var ErrUnauthenticated = &Error{
	Code: CodeUnauthenticated, Message: "this request needs the header Authorization: Bearer and an API key that has not been revoked", status: http.StatusUnauthorized,
}

func badRequest(status int, message string) *Error {
	return &Error{Code: CodeBadRequest, Message: message, status: status}
}

// tooComplex refuses what exceeds a limit.
func tooComplex(limit, message string, most int) *Error {
	return &Error{Code: CodeTooComplex, Message: message, Extra: map[string]any{"limit": limit, "maximum": most}}
}

// query is the error as the answer has it.
func (e *Error) query() *graphql.QueryError {
	return &graphql.QueryError{Message: e.Message, Extensions: e.Extensions()}
}

// coded gives each error of an operation its code, and hides what is ours to mend:
// report is told of it.
func coded(ctx context.Context, list []*graphql.QueryError, report func(error)) {
	for _, q := range list {
		var ours *Error
		switch {
		case q.ResolverError != nil && errors.As(q.ResolverError, &ours):
			q.Message, q.Extensions = ours.Message, ours.Extensions()
		case ctx.Err() != nil:
			*q = *Refuse(CodeTimeout, "the operation took too long").query()
		case q.ResolverError != nil:
			report(q.ResolverError)
			q.Message, q.Extensions = "an unexpected error occurred", map[string]any{"code": CodeInternal, "requestId": RequestID(ctx)}
		case q.Extensions["code"] != nil:
		case errors.Is(q.Err, graphql.ErrSyntax):
			q.Extensions = map[string]any{"code": CodeParse}
		case q.Rule != "" || len(q.Path) == 0:
			q.Extensions = map[string]any{"code": CodeValidation}
		default:
			q.Extensions = map[string]any{"code": CodeInput}
		}
	}
}
