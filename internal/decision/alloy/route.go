package alloy

import (
	"context"
	"net/http"
	"reflect"

	"github.com/glencheck-dev/glencheck/internal/api"
)

// None is the In of a function that takes no body; one that comes is not read.
type None struct{}

// Upload is the In of a function that takes the bytes of a file.
type Upload struct {
	ContentType string
	Bytes       []byte
}

// Status lets an answer choose its status; 200 without it.
type Status interface{ StatusCode() int }

// File is an Out that is a file rather than JSON.
type File struct {
	ContentType string
	Name        string
	Bytes       []byte
}

// Route is one method and path of the API.
type Route struct {
	Method  string
	Path    string // with {names} for tokens
	Summary string
	Public  bool // takes no credentials, or reads them itself

	maxBody int64
	created bool
	serve   func(ctx context.Context, call Call, r *http.Request, max int64) (any, error)
}

// Option changes a Route.
type Option func(*Route)

// Public lets a route answer without credentials.
func Public() Option { return func(r *Route) { r.Public = true } }

// Created makes 201 the status of a success whose answer has none of its own.
func Created() Option { return func(r *Route) { r.created = true } }

// Summary describes the route in one line.
func Summary(s string) Option { return func(r *Route) { r.Summary = s } }

// MaxBody lets a body be larger than others: n bytes.
func MaxBody(n int64) Option { return func(r *Route) { r.maxBody = n } }

// Get makes the route that answers GET path with fn.
func Get[Out any](path string, fn func(context.Context, Call) (Out, error), opts ...Option) Route {
	return route(http.MethodGet, path, func(ctx context.Context, c Call, _ None) (Out, error) { return fn(ctx, c) }, opts)
}

// Post makes the route that answers POST path with fn.
func Post[In, Out any](path string, fn func(context.Context, Call, In) (Out, error), opts ...Option) Route {
	return route(http.MethodPost, path, fn, opts)
}

// Patch makes the route that answers PATCH path with fn.
func Patch[In, Out any](path string, fn func(context.Context, Call, In) (Out, error), opts ...Option) Route {
	return route(http.MethodPatch, path, fn, opts)
}

// Put makes the route that answers PUT path with fn.
func Put[In, Out any](path string, fn func(context.Context, Call, In) (Out, error), opts ...Option) Route {
	return route(http.MethodPut, path, fn, opts)
}

// Delete makes the route that answers DELETE path with fn.
func Delete[Out any](path string, fn func(context.Context, Call) (Out, error), opts ...Option) Route {
	return route(http.MethodDelete, path, func(ctx context.Context, c Call, _ None) (Out, error) { return fn(ctx, c) }, opts)
}

// maxBody is the largest body read unless a route says otherwise, in bytes.
const maxBody = 256 << 10

func route[In, Out any](method, path string, fn func(context.Context, Call, In) (Out, error), opts []Option) Route {
	read := reader[In]()
	r := Route{Method: method, Path: path, maxBody: maxBody}
	r.serve = func(ctx context.Context, call Call, req *http.Request, max int64) (any, error) {
		in, err := read(req, max)
		if err != nil {
			return nil, err
		}
		return fn(ctx, call, in)
	}
	for _, o := range opts {
		o(&r)
	}
	return r
}

// reader returns what reads a body into In.
func reader[In any]() func(*http.Request, int64) (In, error) {
	var none In
	switch any(none).(type) {
	case None:
		return func(*http.Request, int64) (In, error) { return none, nil }
	case Upload:
		return func(r *http.Request, max int64) (In, error) {
			u, err := readUpload(r, max)
			return reflect.ValueOf(u).Interface().(In), err
		}
	case api.Raw:
		return func(r *http.Request, max int64) (In, error) {
			raw, err := readObject(r, max)
			return any(raw).(In), err
		}
	}
	read := api.Reader[In]()
	return func(r *http.Request, max int64) (In, error) {
		raw, err := readJSON(r, max)
		if err != nil {
			return none, err
		}
		in, wrong := read(raw)
		if wrong != nil {
			return none, violation(wrong)
		}
		return in, nil
	}
}
