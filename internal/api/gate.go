package api

import (
	"context"
	"errors"
	"reflect"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Gate stands between a request that is in order and the function that serves it.
// It is how a sandbox breaks on purpose (package fault); production has none.
type Gate interface {
	// Watching reports whether there is anything to look at. While it is false a
	// request costs this one question.
	Watching() bool
	// Pass serves a request, or does not, or spoils what became of it. The error
	// ErrCutOff closes the connection without an answer.
	Pass(ctx context.Context, asked Asked, serve func() (any, error)) (any, error)
	// Answered may rewrite the JSON of a success before it is sent.
	Answered(path string, body []byte) []byte
}

// ErrCutOff ends a request without an answer: the connection is closed, as when
// a server dies.
var ErrCutOff = errors.New("api: the connection is cut off")

// cutOff is what logs and metrics tell in place of an error code.
const cutOff = "(cut off)"

// Asked is a request whose keys and body were found in order.
type Asked struct {
	Path   string
	Caller Caller

	schema *object
	body   reflect.Value
}

// Text is the text that the body has under a top-level name; "" if there is none.
func (a Asked) Text(name string) string {
	if a.schema == nil {
		return ""
	}
	f := a.schema.byName[name]
	if f == nil || f.value.kind != kindString {
		return ""
	}
	v := a.body.FieldByIndex(f.index)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	return v.String()
}

// Read reads raw as strictly as the body of a request, with the same words for
// what is wrong with it.
func Read[In any](raw []byte) (In, error) {
	var none In
	b, err := decode(raw, compile(reflect.TypeFor[In]()))
	switch {
	case err != nil:
		return none, err
	case len(b.missing.list) > 0:
		return none, plaid.MissingFields(b.missing.words()...)
	case len(b.unknown.list) > 0:
		return none, plaid.UnknownFields(b.unknown.words()...)
	case b.invalid != "":
		return none, plaid.InvalidField(b.invalid)
	}
	return b.value.Interface().(In), nil
}
