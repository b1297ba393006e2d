package workflow

import (
	"errors"
	"fmt"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Bounds that the cost of a rule is estimated by; data are cut to them.
const (
	maxText  = 512 // characters of a text
	maxItems = 64  // entries of a list
)

// shape is the type of an object that rules read: the input, a source.
type shape struct {
	name   string
	fields []field
	at     map[string]int
	typ    *types.Type
}

type field struct {
	name string
	kind kind
}

func newShape(name string, fields []field) *shape {
	s := &shape{name: name, fields: fields, at: map[string]int{}, typ: types.NewObjectType(name)}
	for i, f := range fields {
		s.at[f.name] = i
	}
	return s
}

// celType is the type of a kind in the language.
func (k kind) celType() *types.Type {
	switch k {
	case integer:
		return types.IntType
	case boolean:
		return types.BoolType
	case texts:
		return types.NewListType(types.StringType)
	}
	return types.StringType
}

// errMissing is why reading a field has failed that has no value.
var errMissing = errors.New("there is no value")

// object is a value of a shape. A field without a value is nil, and reading it is
// an error, never a zero.
type object struct {
	shape  *shape
	values []ref.Val
}

// of makes an object of plain values, leaving out what the shape does not have.
func (s *shape) of(values map[string]any) *object {
	o := &object{s, make([]ref.Val, len(s.fields))}
	for name, v := range values {
		if i, ok := s.at[name]; ok {
			o.values[i] = native(v)
		}
	}
	return o
}

// native is a plain value as the language has it.
func native(v any) ref.Val {
	switch v := v.(type) {
	case string:
		return types.String(v)
	case int64:
		return types.Int(v)
	case bool:
		return types.Bool(v)
	case []string:
		return types.NewStringList(types.DefaultTypeAdapter, v)
	}
	return nil
}

// get reads a field; nil if it has no value.
func (o *object) get(name string) ref.Val {
	if i, ok := o.shape.at[name]; ok {
		return o.values[i]
	}
	return nil
}

// ConvertToNative implements ref.Val; objects stay inside the language.
func (o *object) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("%s cannot become %v", o.shape.name, t)
}

// ConvertToType implements ref.Val.
func (o *object) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("%s cannot become %s", o.shape.name, t.TypeName())
}

// Equal implements ref.Val.
func (o *object) Equal(other ref.Val) ref.Val { return types.Bool(ref.Val(o) == other) }

// Type implements ref.Val.
func (o *object) Type() ref.Type { return o.shape.typ }

// Value implements ref.Val.
func (o *object) Value() any { return o }

// provider tells the language what fields the objects have.
type provider struct {
	types.Provider
	shapes map[string]*shape
}

// FindStructType implements types.Provider.
func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if s, ok := p.shapes[name]; ok {
		return types.NewTypeTypeWithParam(s.typ), true
	}
	return p.Provider.FindStructType(name)
}

// FindStructFieldNames implements types.Provider.
func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	s, ok := p.shapes[name]
	if !ok {
		return p.Provider.FindStructFieldNames(name)
	}
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.name
	}
	return names, true
}

// FindStructFieldType implements types.Provider.
func (p *provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	s, ok := p.shapes[name]
	if !ok {
		return p.Provider.FindStructFieldType(name, field)
	}
	i, ok := s.at[field]
	if !ok {
		return nil, false
	}
	return &types.FieldType{
		Type: s.fields[i].kind.celType(),
		IsSet: func(target any) bool {
			o, ok := target.(*object)
			return ok && o.values[i] != nil
		},
		GetFrom: func(target any) (any, error) {
			o, ok := target.(*object)
			if !ok || o.values[i] == nil {
				return nil, errMissing
			}
			return o.values[i], nil
		},
	}, true
}
