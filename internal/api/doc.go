// Package api turns a typed function into an endpoint of the REST API:
//
//	api.Post("/item/remove", s.remove)
//
// with remove of the form func(ctx, api.Call, In) (Out, error). It alone knows
// HTTP and JSON for these paths: it reads client_id and secret from the headers
// or the body, decodes strictly, adds request_id, renders plaid.Error and turns
// any other error into INTERNAL_SERVER_ERROR with one log line. No answer ever
// repeats a value of the request.
//
// The fields of In say what the endpoint accepts, by tags:
//
//	json:"name"        the wire name; fields without it are ours
//	required:"true"    absence or null is MISSING_FIELDS
//	notnull:"true"     absence is fine, null is not
//	enum:"a,b"         the values allowed
//	min:"1" max:"500"  bounds of a number, of a text's length in characters, of a list's length
//	must:"be …"        the wording for any violation of this field
//	open:"true"        members of this object that we do not know are let through
//	nulls:"true"       on a []string without json: the known members sent as null
//
// Checks run in the order of plaid-server-api.md section 2.2: body, missing
// fields, unknown fields, keys, values. When the header and the body both carry
// a key the body's wins, so that one call may override a client's default.
//
// Which caller owns which keys is package team's knowledge, handed in as a
// function. What a call does is the rooms'.
package api
