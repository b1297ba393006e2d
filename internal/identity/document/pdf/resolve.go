package pdf

import (
	"bytes"
	"errors"
	"slices"
)

// anyNumber lets indirect read an object of any number.
const anyNumber = -1

// indirect reads the object "n g obj … endobj", whose number must be n.
func (f *File) indirect(l *lexer, n int) (any, error) {
	from := l.pos
	num, _ := l.object(false)
	_, _ = l.object(false)
	word, err := l.object(false)
	found, ok := num.(int64)
	if err != nil || !ok || word != keyword("obj") || n != anyNumber && found != int64(n) {
		return nil, errors.Join(ErrMalformed, f.budget.work(l.pos-from))
	}
	o, err := l.object(true)
	if err := errors.Join(err, f.budget.work(l.pos-from)); err != nil {
		return nil, err
	}
	d, ok := o.(Dict)
	if !ok {
		return o, nil
	}
	l.skip()
	if !l.at("stream") {
		return d, nil
	}
	l.pos += len("stream")
	if l.at("\r\n") {
		l.pos += 2
	} else if l.at("\n") || l.at("\r") {
		l.pos++
	}
	raw, err := f.extent(d, l.pos)
	return &Stream{Dict: d, raw: raw}, err
}

// extent is the bytes of a stream: as long as it says, if it ends there, else up
// to where it ends.
func (f *File) extent(d Dict, from int) ([]byte, error) {
	rest := f.src[min(from, len(f.src)):]
	length := d["Length"]
	if r, ok := length.(Ref); ok && f.entries != nil && !f.opening[r.N] {
		var err error
		if length, err = f.Resolve(r); err != nil {
			return nil, err
		}
	}
	if n, ok := length.(int64); ok && n >= 0 && n <= int64(len(rest)) {
		after := rest[n:]
		if bytes.HasPrefix(bytes.TrimLeft(after[:min(len(after), 16)], "\r\n \t"), []byte("endstream")) {
			return rest[:n], nil
		}
	}
	if i := bytes.Index(rest, []byte("endstream")); i >= 0 {
		return bytes.TrimRight(rest[:i], "\r\n"), f.budget.work(i)
	}
	return rest, f.budget.work(len(rest))
}

// Resolve follows a reference; anything else is itself. What is not there is null.
func (f *File) Resolve(o any) (any, error) {
	for range 8 {
		r, ok := o.(Ref)
		if !ok {
			return o, nil
		}
		var err error
		if o, err = f.load(r.N); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (f *File) load(n int) (any, error) {
	if o, ok := f.objects[n]; ok {
		return o, nil
	}
	e, ok := f.entries[n]
	if !ok || e.free || f.opening[n] {
		return nil, nil
	}
	if err := f.budget.object(); err != nil {
		return nil, err
	}
	if len(f.opening) >= f.budget.Depth {
		return nil, ErrTooMuch
	}
	f.opening[n] = true
	defer delete(f.opening, n)
	o, err := f.fetch(n, e)
	if err != nil {
		return nil, err
	}
	f.objects[n] = o
	return o, nil
}

func (f *File) fetch(n int, e entry) (any, error) {
	if e.packed {
		return f.unpack(e.offset, n)
	}
	if e.offset < 0 || e.offset >= len(f.src) {
		return nil, nil
	}
	o, err := f.indirect(&lexer{src: f.src, pos: e.offset, depth: f.budget.Depth}, n)
	if errors.Is(err, ErrMalformed) && !errors.Is(err, ErrTooMuch) {
		return nil, nil // what is not where it should be is null to every reader
	}
	return o, err
}

// objectStream is a stream of objects.
type objectStream struct {
	data []byte
	at   map[int]int // offset by number
}

// unpack reads an object out of an object stream.
func (f *File) unpack(container, n int) (any, error) {
	s, ok := f.packed[container]
	if !ok {
		var err error
		if s, err = f.openPacked(container); err != nil {
			return nil, err
		}
		f.packed[container] = s
	}
	at, ok := s.at[n]
	if !ok {
		return nil, nil
	}
	l := &lexer{src: s.data, pos: at, depth: f.budget.Depth}
	o, err := l.object(true)
	return o, errors.Join(err, f.budget.work(l.pos-at))
}

func (f *File) openPacked(container int) (*objectStream, error) {
	s := &objectStream{at: map[int]int{}}
	if e := f.entries[container]; e.packed {
		return s, nil // a stream cannot be packed itself
	}
	o, err := f.load(container)
	stream, ok := o.(*Stream)
	if err != nil || !ok {
		return s, err
	}
	if s.data, err = f.Decode(stream); err != nil {
		if errors.Is(err, ErrTooMuch) {
			return nil, err
		}
		return s, nil
	}
	first, _ := stream.Dict["First"].(int64)
	if first < 0 || first > int64(len(s.data)) {
		return s, nil
	}
	l := &lexer{src: s.data[:first], depth: f.budget.Depth}
	for {
		num, err := l.object(false)
		if err != nil {
			return nil, err
		}
		n, ok := num.(int64)
		off, _ := l.object(false)
		at, ok2 := off.(int64)
		if !ok || !ok2 || at < 0 || first+at > int64(len(s.data)) {
			return s, nil
		}
		if err := f.budget.object(); err != nil {
			return nil, err
		}
		s.at[clampInt(n)] = int(first + at)
	}
}

// dict is a dictionary, that of a stream too; nil for anything else.
func (f *File) dict(o any) (Dict, error) {
	o, err := f.Resolve(o)
	switch d := o.(type) {
	case Dict:
		return d, err
	case *Stream:
		return d.Dict, err
	}
	return nil, err
}

func (f *File) array(o any) (Array, error) {
	o, err := f.Resolve(o)
	a, _ := o.(Array)
	return a, err
}

func (f *File) name(o any) Name {
	o, _ = f.Resolve(o)
	n, _ := o.(Name)
	return n
}

func (f *File) number(o any) float64 {
	o, _ = f.Resolve(o)
	return float(o)
}

// numbers are the objects of the file, in order.
func (f *File) numbers() []int {
	list := make([]int, 0, len(f.entries))
	for n, e := range f.entries {
		if !e.free {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return list
}
