package api

import (
	"fmt"
	"reflect"

	"github.com/go-json-experiment/json"
)

// Encoded is an answer that was rendered before. A room that keeps in memory
// what an answer is made from may keep the answer's bytes with it: for a hot
// path, rendering costs more than everything else.
type Encoded[Out any] struct{ json []byte }

// Encode renders an answer.
func Encode[Out any](out *Out) (Encoded[Out], error) {
	b, err := json.Marshal(out, json.Deterministic(true))
	if err != nil {
		return Encoded[Out]{}, fmt.Errorf("api: encode: %w", err)
	}
	return Encoded[Out]{b}, nil
}

// Decode reads the answer back, for tests and for what is built upon it.
func (e Encoded[Out]) Decode() (Out, error) {
	var out Out
	err := json.Unmarshal(e.json, &out)
	return out, err
}

// encoded lets the server see an Encoded of any type.
type encoded interface {
	bytes() []byte
	answers() reflect.Type
}

func (e *Encoded[Out]) bytes() []byte       { return e.json }
func (*Encoded[Out]) answers() reflect.Type { return reflect.TypeFor[Out]() }

// answerType is the type that an endpoint's answer is documented with.
func answerType[Out any]() reflect.Type {
	if e, ok := any(new(Out)).(encoded); ok {
		return e.answers()
	}
	return reflect.TypeFor[Out]()
}
