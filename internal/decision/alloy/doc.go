// Package alloy is the form of the partner's API as its customers' programs know
// it (partner-decisions.md section 2): methods and paths with tokens in them,
// credentials as Basic or Bearer, the error body with its minor codes, times in
// milliseconds. It turns typed functions into that, as package api does for the
// Plaid API, and knows nothing of what they decide:
//
//	alloy.Post("/v1/entities/persons", s.createPerson)
//
// with createPerson of the form func(ctx, alloy.Call, In) (Out, error). In is a
// struct with the tags of package api, read strictly; or api.Raw for a body whose
// members a workflow decides, checked to be one JSON object; or Upload for bytes;
// or None. Out is written as JSON; one with the method StatusCode says the status.
//
// # Decisions where nothing is documented
//
// The error body carries, beside the documented error object, the members that
// recorded answers have beside it (status_code, timestamp and the tokens, null
// where there are none), and error.error_token, which is the request's id. Codes
// that no page documents follow the documented ones: 4001 headers, 4002 body,
// 4011 credentials, 4013 an object of somebody else or of nobody, 4041 a path or
// an object that is not there, 4091 a state that forbids it, 4033 too many calls,
// 5000 our fault, 5031 not served. Neither an answer nor the log repeats a value
// of a request.
//
// hideFields works on each answer, as documented for journeys: the named members
// are shown as asterisks wherever they stand.
package alloy
