package api

import (
	"context"
	"reflect"

	"github.com/go-json-experiment/json/jsontext"
)

// Raw is a JSON value kept exactly as it was sent.
type Raw = jsontext.Value

// Caller is whose keys a request carries.
type Caller struct {
	ClientID string
	Name     string
	// Partner is the processor whose keys they are, "" for a client of its own. A
	// partner may call the endpoints that are made with Partners.
	Partner string
}

// Call is one request: who makes it and the id its answer carries. The zero
// Caller means a public endpoint.
type Call struct {
	Caller    Caller
	RequestID string
}

// Endpoint is one path of the API.
type Endpoint struct {
	Path        string
	Summary     string
	Public      bool // needs no keys
	SandboxOnly bool
	Partners    bool // lets processor partners call it too
	In, Out     reflect.Type

	maxBody int64

	schema *object
	serve  func(ctx context.Context, call Call, in reflect.Value) (any, error)
}

// Option changes an Endpoint.
type Option func(*Endpoint)

// Public lets an endpoint answer without keys.
func Public() Option { return func(e *Endpoint) { e.Public = true } }

// Sandbox makes an endpoint answer SANDBOX_ONLY in any other environment.
func Sandbox() Option { return func(e *Endpoint) { e.SandboxOnly = true } }

// Partners lets processor partners call an endpoint with keys of their own. Every other
// one answers them UNAUTHORIZED_ROUTE_ACCESS.
func Partners() Option { return func(e *Endpoint) { e.Partners = true } }

// Summary describes the endpoint in one line for the documentation.
func Summary(s string) Option { return func(e *Endpoint) { e.Summary = s } }

// MaxBody lets the body of a request be larger than others: n bytes.
func MaxBody(n int64) Option { return func(e *Endpoint) { e.maxBody = n } }

// Post makes the endpoint that answers path with fn. In and Out are structs; a
// malformed one is a programmer's error and panics at start.
func Post[In, Out any](path string, fn func(context.Context, Call, In) (Out, error), opts ...Option) Endpoint {
	in := reflect.TypeFor[In]()
	e := Endpoint{
		Path: path, In: in, Out: answerType[Out](), schema: compile(in), maxBody: maxBody,
		serve: func(ctx context.Context, call Call, v reflect.Value) (any, error) {
			out, err := fn(ctx, call, *v.Addr().Interface().(*In))
			if err != nil {
				return nil, err
			}
			return &out, nil
		},
	}
	for _, o := range opts {
		o(&e)
	}
	return e
}
