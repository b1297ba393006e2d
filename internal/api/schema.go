package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// object is a struct type compiled for decoding.
type object struct {
	typ    reflect.Type
	fields []field
	byName map[string]*field
	nulls  []int // the field that takes the names of null members, if any
}

// field is one member that an object accepts.
type field struct {
	name     string
	index    []int
	value    node
	required bool
	notNull  bool
	order    int
}

// kind is what a JSON value must be.
type kind int

const (
	kindString kind = iota
	kindInteger
	kindNumber
	kindBool
	kindObject
	kindList
	kindMap
	kindRaw    // any value, kept as sent
	kindCustom // a type with its own UnmarshalJSON
)

// node is the type of a value with the checks its tags ask for.
type node struct {
	kind     kind
	typ      reflect.Type // without the pointer
	object   *object      // of kindObject
	elem     *node        // of kindList and kindMap
	enum     []string
	min, max *float64
	must     string
	open     bool
}

var (
	rawType         = reflect.TypeFor[Raw]()
	unmarshalerType = reflect.TypeFor[json.Unmarshaler]()
)

// compile reads the tags of a request type.
func compile(t reflect.Type) *object { return compileObject(t, map[reflect.Type]*object{}) }

func compileObject(t reflect.Type, seen map[reflect.Type]*object) *object {
	if o := seen[t]; o != nil {
		return o
	}
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("api: %s is not a struct", t))
	}
	o := &object{typ: t, byName: map[string]*field{}}
	seen[t] = o
	o.add(t, nil, seen)
	for i := range o.fields {
		f := &o.fields[i]
		f.order = i
		if o.byName[f.name] != nil {
			panic(fmt.Sprintf("api: %s has two fields %q", t, f.name))
		}
		o.byName[f.name] = f
	}
	return o
}

// add collects the fields of t, those of embedded structs included.
func (o *object) add(t reflect.Type, at []int, seen map[reflect.Type]*object) {
	for i := range t.NumField() {
		sf := t.Field(i)
		index := append(append([]int{}, at...), i)
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if sf.Anonymous && name == "" {
			o.add(sf.Type, index, seen)
			continue
		}
		if sf.Tag.Get("nulls") == "true" {
			o.nulls = index
		}
		if name == "" || name == "-" {
			continue
		}
		o.fields = append(o.fields, field{
			name: name, index: index, value: compileNode(sf.Type, sf.Tag, seen),
			required: sf.Tag.Get("required") == "true", notNull: sf.Tag.Get("notnull") == "true",
		})
	}
}

func compileNode(t reflect.Type, tag reflect.StructTag, seen map[reflect.Type]*object) node {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	n := node{typ: t, must: tag.Get("must"), open: tag.Get("open") == "true", min: bound(tag, "min"), max: bound(tag, "max")}
	if e := tag.Get("enum"); e != "" {
		n.enum = strings.Split(e, ",")
	}
	switch {
	case t == rawType:
		n.kind = kindRaw
	case reflect.PointerTo(t).Implements(unmarshalerType):
		n.kind = kindCustom
	case t.Kind() == reflect.String:
		n.kind = kindString
	case t.Kind() == reflect.Bool:
		n.kind = kindBool
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64:
		n.kind = kindInteger
	case t.Kind() == reflect.Float64:
		n.kind = kindNumber
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Map:
		n.kind = kindList
		if t.Kind() == reflect.Map {
			n.kind = kindMap
		}
		elem := compileNode(t.Elem(), reflect.StructTag(elemTag(tag)), seen)
		n.elem, n.enum = &elem, nil
	case t.Kind() == reflect.Struct:
		n.kind, n.object = kindObject, compileObject(t, seen)
	default:
		panic(fmt.Sprintf("api: a request cannot hold a %s", t))
	}
	return n
}

// elemTag hands a list's enum and openness on to its elements.
func elemTag(tag reflect.StructTag) string {
	s := ""
	if e := tag.Get("enum"); e != "" {
		s = "enum:" + strconv.Quote(e)
	}
	if tag.Get("open") == "true" {
		s += ` open:"true"`
	}
	return s
}

func bound(tag reflect.StructTag, name string) *float64 {
	s := tag.Get(name)
	if s == "" {
		return nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic("api: tag " + name + " is not a number: " + s)
	}
	return &v
}

// requirement words what a value must be, for a value that is not.
func (n *node) requirement() string {
	switch {
	case n.must != "":
		return n.must
	case len(n.enum) > 0:
		return "be one of: " + strings.Join(n.enum, ", ")
	}
	switch n.kind {
	case kindString:
		return "be " + n.text()
	case kindInteger, kindNumber, kindCustom:
		return "be " + n.number()
	case kindBool:
		return "be a boolean"
	case kindList:
		return "be " + n.list()
	default:
		return "be an object"
	}
}

// plain prints a bound in digits.
func plain(bound *float64) string { return strconv.FormatFloat(*bound, 'f', -1, 64) }

func (n *node) text() string {
	switch {
	case n.min != nil && *n.min == 1 && n.max == nil:
		return "a non-empty string"
	case n.min != nil && n.max != nil:
		return fmt.Sprintf("a string of %s to %s characters", plain(n.min), plain(n.max))
	case n.max != nil:
		return fmt.Sprintf("a string of at most %s characters", plain(n.max))
	case n.min != nil:
		return fmt.Sprintf("a string of at least %s characters", plain(n.min))
	}
	return "a string"
}

func (n *node) number() string {
	what := "a number"
	if n.kind == kindInteger {
		what = "an integer"
	}
	switch {
	case n.min != nil && n.max != nil:
		return fmt.Sprintf("%s between %s and %s", what, plain(n.min), plain(n.max))
	case n.min != nil:
		return fmt.Sprintf("%s of at least %s", what, plain(n.min))
	case n.max != nil:
		return fmt.Sprintf("%s of at most %s", what, plain(n.max))
	}
	return what
}

func (n *node) list() string {
	what := "a list of objects"
	switch n.elem.kind {
	case kindString:
		what = "a list of strings"
	case kindInteger, kindNumber, kindCustom:
		what = "a list of numbers"
	case kindRaw, kindMap:
		what = "a list"
	}
	switch {
	case n.max != nil && n.min != nil:
		return fmt.Sprintf("%s with %s to %s entries", what, plain(n.min), plain(n.max))
	case n.max != nil:
		return fmt.Sprintf("%s with at most %s entries", what, plain(n.max))
	case n.min != nil && *n.min >= 1:
		return "a non-empty " + strings.TrimPrefix(what, "a ")
	}
	return what
}
