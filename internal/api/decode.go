package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// maxDepth bounds nesting, which no documented request comes near.
const maxDepth = 32

// body is what a request's JSON held and what was wrong with it.
type body struct {
	value            reflect.Value // the In struct, addressable
	clientID, secret string
	publicKey        bool

	missing, unknown names
	invalid          string // the first violation
}

// maxNames is how many fields an error names. No documented request has nearly
// as many that it could lack; a body made of them must not become an answer many
// times its size.
const maxNames = 100

// names are fields to be named in an error, and how many there are besides.
type names struct {
	list []string
	more int
}

func (n *names) add(path, name string) {
	if len(n.list) == maxNames {
		n.more++
		return
	}
	n.list = append(n.list, join(path, name))
}

// words are the names as an error prints them.
func (n *names) words() []string {
	if n.more == 0 {
		return n.list
	}
	return append(n.list, "and "+strconv.Itoa(n.more)+" more")
}

// decoder walks one body.
type decoder struct {
	*jsontext.Decoder
	body  *body
	depth int
}

var decoders = sync.Pool{New: func() any { return jsontext.NewDecoder(bytes.NewReader(nil)) }}

// decode reads raw into a new value of the schema's type. The error is a
// plaid.Error for a body that is not one JSON object; violations of the schema
// are in the answer.
func decode(raw []byte, schema *object) (*body, error) {
	dec := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(dec)
	dec.Reset(bytes.NewReader(raw))
	b := &body{value: reflect.New(schema.typ).Elem()}
	d := &decoder{Decoder: dec, body: b}
	var err error
	switch d.PeekKind() {
	case '{':
		err = d.object(schema, b.value, "", false)
	case 'n':
		err = d.nothing(schema)
	default:
		err = plaid.InvalidBody
	}
	if err != nil {
		return nil, plaid.InvalidBody
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, plaid.InvalidBody // something follows the object
	}
	return b, nil
}

// nothing reads a null body as an empty object: the official Go client sends
// one to endpoints that need no fields.
func (d *decoder) nothing(schema *object) error {
	for _, f := range schema.fields {
		if f.required {
			d.body.missing.add("", f.name)
		}
	}
	return d.SkipValue()
}

// object reads the members of one object into v.
func (d *decoder) object(schema *object, v reflect.Value, path string, open bool) error {
	if d.depth++; d.depth > maxDepth {
		return errTooDeep
	}
	defer func() { d.depth-- }()
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	var seenBits uint64
	var seenMore map[string]bool
	for d.PeekKind() != '}' {
		token, err := d.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		f := schema.byName[name]
		if f == nil {
			if err := d.stray(name, path, open); err != nil {
				return err
			}
			continue
		}
		present, err := d.member(f, v, path)
		if err != nil {
			return err
		}
		if !present {
			if schema.nulls != nil {
				list := v.FieldByIndex(schema.nulls)
				list.Set(reflect.Append(list, reflect.ValueOf(f.name)))
			}
			continue
		}
		if f.order < 64 {
			seenBits |= 1 << f.order
		} else {
			if seenMore == nil {
				seenMore = map[string]bool{}
			}
			seenMore[name] = true
		}
	}
	for i := range schema.fields {
		f := &schema.fields[i]
		if f.required && !(f.order < 64 && seenBits>>f.order&1 == 1 || seenMore[f.name]) {
			d.body.missing.add(path, f.name)
		}
	}
	_, err := d.ReadToken()
	return err
}

var errTooDeep = errors.New("nested too deep")

// stray reads a member that the schema does not have.
func (d *decoder) stray(name, path string, open bool) error {
	if path == "" {
		switch name {
		case "client_id":
			return d.key(name, &d.body.clientID)
		case "secret":
			return d.key(name, &d.body.secret)
		case "public_key":
			d.body.publicKey = true
			return d.SkipValue()
		}
	}
	if !open {
		d.body.unknown.add(path, printable(name))
	}
	return d.SkipValue()
}

// printable keeps a name that a client invented from carrying text of its own
// into the answer: long or odd names are not repeated.
func printable(name string) string {
	if len(name) > 64 {
		return "(a name of " + strconv.Itoa(len(name)) + " characters)"
	}
	for _, r := range name {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return "(an unprintable name)"
		}
	}
	return name
}

func (d *decoder) key(name string, to *string) error {
	if d.PeekKind() == '"' {
		token, err := d.ReadToken()
		if err == nil {
			*to = token.String()
		}
		return err
	}
	if d.PeekKind() != 'n' {
		d.violated(name, "be a string")
	}
	return d.SkipValue()
}

// member reads one known member and reports whether it was given: null is not.
func (d *decoder) member(f *field, v reflect.Value, path string) (bool, error) {
	at := join(path, f.name)
	if d.PeekKind() == 'n' {
		if f.notNull {
			d.violated(at, f.value.requirement())
		}
		return false, d.SkipValue()
	}
	target := v.FieldByIndex(f.index)
	if target.Kind() == reflect.Pointer {
		target.Set(reflect.New(target.Type().Elem()))
		target = target.Elem()
	}
	return true, d.value(&f.value, target, at)
}

// value reads one value, which is not null, into v.
func (d *decoder) value(n *node, v reflect.Value, at string) error {
	switch k := d.PeekKind(); {
	case n.kind == kindRaw:
		raw, err := d.ReadValue()
		if err == nil {
			v.SetBytes(bytes.Clone(raw))
		}
		return err
	case n.kind == kindString && k == '"':
		return d.text(n, v, at)
	case n.kind == kindBool && (k == 't' || k == 'f'):
		token, err := d.ReadToken()
		if err == nil {
			v.SetBool(token.Bool())
		}
		return err
	case n.kind == kindInteger && k == '0', n.kind == kindNumber && k == '0':
		return d.number(n, v, at)
	case n.kind == kindCustom:
		return d.custom(n, v, at)
	case n.kind == kindObject && k == '{':
		return d.object(n.object, v, at, n.open)
	case n.kind == kindList && k == '[':
		return d.list(n, v, at)
	case n.kind == kindMap && k == '{':
		return d.mapping(n, v, at)
	}
	d.violated(at, n.requirement())
	return d.SkipValue()
}

func (d *decoder) text(n *node, v reflect.Value, at string) error {
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	s := token.String()
	v.SetString(s)
	if strings.IndexByte(s, 0) >= 0 { // PostgreSQL cannot store it, and no documented value has it
		d.violated(at, "not contain the character U+0000")
	}
	if len(n.enum) > 0 && !contains(n.enum, s) || !n.within(float64(utf8.RuneCountInString(s))) {
		d.violated(at, n.requirement())
	}
	return nil
}

func (d *decoder) number(n *node, v reflect.Value, at string) error {
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	x, err := strconv.ParseFloat(token.String(), 64)
	if err != nil || n.kind == kindInteger && (x != math.Trunc(x) || math.Abs(x) > 1<<53) || !n.within(x) {
		d.violated(at, n.requirement())
		return nil
	}
	if n.kind == kindInteger {
		v.SetInt(int64(x))
	} else {
		v.SetFloat(x)
	}
	return nil
}

func (d *decoder) custom(n *node, v reflect.Value, at string) error {
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	if err := v.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(raw); err != nil {
		d.violated(at, n.requirement())
	}
	return nil
}

func (d *decoder) list(n *node, v reflect.Value, at string) error {
	if d.depth++; d.depth > maxDepth {
		return errTooDeep
	}
	defer func() { d.depth-- }()
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	list, before := reflect.MakeSlice(n.typ, 0, 4), d.body.invalid
	for d.PeekKind() != ']' {
		if n.max != nil && float64(list.Len()) > *n.max { // already refused: read on, keep nothing
			if err := d.SkipValue(); err != nil {
				return err
			}
			continue
		}
		elem := reflect.New(n.typ.Elem()).Elem()
		if err := d.value(n.elem, elem, at+"["+strconv.Itoa(list.Len())+"]"); err != nil {
			return err
		}
		list = reflect.Append(list, elem)
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	v.Set(list)
	if n.must != "" && before == "" && d.body.invalid != "" {
		d.body.invalid = at + " must " + n.must // the field's own wording covers its elements
	}
	if !n.within(float64(list.Len())) {
		d.violated(at, n.requirement())
	}
	return nil
}

func (d *decoder) mapping(n *node, v reflect.Value, at string) error {
	if d.depth++; d.depth > maxDepth {
		return errTooDeep
	}
	defer func() { d.depth-- }()
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	m := reflect.MakeMap(n.typ)
	for d.PeekKind() != '}' {
		token, err := d.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		elem := reflect.New(n.typ.Elem()).Elem()
		if err := d.value(n.elem, elem, join(at, printable(name))); err != nil {
			return err
		}
		m.SetMapIndex(reflect.ValueOf(name), elem)
	}
	v.Set(m)
	_, err := d.ReadToken()
	return err
}

func (d *decoder) violated(at, requirement string) {
	if d.body.invalid == "" {
		d.body.invalid = at + " must " + requirement
	}
}

func (n *node) within(x float64) bool {
	return (n.min == nil || x >= *n.min) && (n.max == nil || x <= *n.max)
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
