package api

import "reflect"

// Wrong is what a body has against its type, for a room whose API words its
// errors in a way of its own.
type Wrong struct {
	NoObject bool // it is not one JSON object
	Missing  []string
	Unknown  []string
	Invalid  string // "path must …", the first violation
}

// Reader returns a function that reads a body as strictly as that of a request of
// the REST API and says what is wrong with it; nil when nothing is. Members that
// hold keys there are unknown ones here.
func Reader[In any]() func(raw []byte) (In, *Wrong) {
	schema := compile(reflect.TypeFor[In]())
	return func(raw []byte) (In, *Wrong) {
		var none In
		b, err := decode(raw, schema)
		if err != nil {
			return none, &Wrong{NoObject: true}
		}
		for name, given := range map[string]bool{"client_id": b.clientID != "", "secret": b.secret != "", "public_key": b.publicKey} {
			if given && schema.byName[name] == nil {
				b.unknown.add("", name)
			}
		}
		if len(b.missing.list) > 0 || len(b.unknown.list) > 0 || b.invalid != "" {
			return none, &Wrong{Missing: b.missing.words(), Unknown: b.unknown.words(), Invalid: b.invalid}
		}
		return b.value.Interface().(In), nil
	}
}
