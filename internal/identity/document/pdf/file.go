package pdf

import (
	"bytes"
	"fmt"
	"slices"
)

// File is a PDF file that has been opened.
type File struct {
	src     []byte
	budget  *budget
	entries map[int]entry // of the newest revision
	Trailer Dict
	// Rebuilt says that the cross references were of no use, so that the objects
	// were found by looking for them.
	Rebuilt  bool
	sections []section // the newest first
	objects  map[int]any
	opening  map[int]bool // objects on the way, so that none waits for itself
	packed   map[int]*objectStream
}

// entry says where an object is.
type entry struct {
	offset int // in the file, or the number of the object stream with packed
	index  int // in the object stream
	packed bool
	free   bool
}

// section is one section of cross references: what one saving of the file added.
type section struct {
	entries map[int]entry
	trailer Dict
	offset  int
}

// header is how a file begins.
var header = []byte("%PDF-")

// Is reports whether bytes say that they are a PDF file.
func Is(src []byte) bool { return bytes.HasPrefix(src, header) }

// Open finds the objects of a file.
func Open(src []byte, limits Limits) (*File, error) {
	if !Is(src) {
		return nil, ErrNotPDF
	}
	f := &File{src: src, budget: &budget{limits}}
	f.forget()
	if err := f.readSections(); err != nil {
		if err := f.rebuild(); err != nil {
			return nil, err
		}
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *File) forget() {
	f.objects, f.opening, f.packed = map[int]any{}, map[int]bool{}, map[int]*objectStream{}
}

// check refuses what has no pages. A file whose cross references lead astray gets
// a second chance.
func (f *File) check() error {
	if _, locked := f.Trailer["Encrypt"]; locked {
		return ErrEncrypted
	}
	root, err := f.dict(f.Trailer["Root"])
	if err != nil {
		return err
	}
	if root["Pages"] != nil {
		return nil
	}
	if f.Rebuilt {
		return fmt.Errorf("%w: no pages", ErrMalformed)
	}
	if err := f.rebuild(); err != nil {
		return err
	}
	return f.check()
}

// readSections follows the chain of cross references from the end of the file.
func (f *File) readSections() error {
	tail := f.src[max(0, len(f.src)-2048):]
	at := bytes.LastIndex(tail, []byte("startxref"))
	if at < 0 {
		return ErrMalformed
	}
	l := &lexer{src: tail, pos: at + len("startxref"), depth: f.budget.Depth}
	first, err := l.object(false)
	if err != nil {
		return err
	}
	seen := map[int64]bool{}
	next, ok := first.(int64)
	for ok && !seen[next] {
		seen[next] = true
		if len(f.sections) >= f.budget.Sections {
			return ErrTooMuch
		}
		s, err := f.section(next)
		if err != nil {
			return err
		}
		if hybrid, has := s.trailer["XRefStm"].(int64); has && !seen[hybrid] {
			seen[hybrid] = true
			if more, err := f.section(hybrid); err == nil {
				for n, e := range more.entries {
					if had, double := s.entries[n]; !double || had.free {
						s.entries[n] = e
					}
				}
			}
		}
		f.sections = append(f.sections, s)
		next, ok = s.trailer["Prev"].(int64)
	}
	if len(f.sections) == 0 {
		return ErrMalformed
	}
	f.use(0)
	return nil
}

// use makes a revision the one that objects are read from: that of a section and
// those older.
func (f *File) use(from int) {
	f.entries = map[int]entry{}
	for _, s := range slices.Backward(f.sections[from:]) {
		for n, e := range s.entries {
			f.entries[n] = e
		}
	}
	f.Trailer = f.sections[from].trailer
	f.forget()
}

// section reads one section, a table or a stream.
func (f *File) section(offset int64) (section, error) {
	if offset < 0 || offset >= int64(len(f.src)) {
		return section{}, ErrMalformed
	}
	l := &lexer{src: f.src, pos: int(offset), depth: f.budget.Depth}
	l.skip()
	if l.at("xref") {
		l.pos += len("xref")
		return f.table(l, int(offset))
	}
	return f.crossStream(l, int(offset))
}

// table reads a section of the old kind.
func (f *File) table(l *lexer, offset int) (section, error) {
	s := section{entries: map[int]entry{}, offset: offset}
	for {
		o, err := l.object(false)
		if err != nil {
			return s, err
		}
		if o == keyword("trailer") {
			break
		}
		first, ok := o.(int64)
		count, _ := l.object(false)
		n, ok2 := count.(int64)
		if !ok || !ok2 || first < 0 || n < 0 || first+n > mostNumber+1 {
			return s, ErrMalformed
		}
		for i := range n {
			at, _ := l.object(false)
			_, _ = l.object(false)
			kind, err := l.object(false)
			where, ok := at.(int64)
			if err != nil || !ok || kind != keyword("n") && kind != keyword("f") {
				return s, ErrMalformed
			}
			if err := f.budget.object(); err != nil {
				return s, err
			}
			s.entries[int(first+i)] = entry{offset: clampInt(where), free: kind == keyword("f")}
		}
	}
	t, err := l.object(true)
	d, ok := t.(Dict)
	if err != nil || !ok {
		return s, ErrMalformed
	}
	s.trailer = d
	return s, nil
}

func clampInt(n int64) int {
	if n < 0 || n > 1<<31-1 {
		return -1
	}
	return int(n)
}

// crossStream reads a section that is a stream.
func (f *File) crossStream(l *lexer, offset int) (section, error) {
	s := section{entries: map[int]entry{}, offset: offset}
	o, err := f.indirect(l, anyNumber)
	stream, ok := o.(*Stream)
	if err != nil || !ok || stream.Dict["Type"] != Name("XRef") {
		return s, ErrMalformed
	}
	data, err := f.Decode(stream)
	if err != nil {
		return s, err
	}
	widths, _ := stream.Dict["W"].(Array)
	var w [3]int
	for i := range min(3, len(widths)) {
		n, _ := widths[i].(int64)
		if n < 0 || n > 8 {
			return s, ErrMalformed
		}
		w[i] = int(n)
	}
	size := w[0] + w[1] + w[2]
	index, _ := stream.Dict["Index"].(Array)
	if index == nil {
		index = Array{int64(0), int64(mostNumber)}
	}
	for i := 0; i+1 < len(index) && size > 0; i += 2 {
		first, _ := index[i].(int64)
		count, _ := index[i+1].(int64)
		if first < 0 || count < 0 || first+count > mostNumber+1 {
			return s, ErrMalformed
		}
		for n := range count {
			if len(data) < size {
				break
			}
			if err := f.budget.object(); err != nil {
				return s, err
			}
			kind, a, b := int64(1), bigEndian(data[w[0]:w[0]+w[1]]), bigEndian(data[w[0]+w[1]:size])
			if w[0] > 0 {
				kind = bigEndian(data[:w[0]])
			}
			s.entries[int(first+n)] = entry{offset: clampInt(a), index: clampInt(b), packed: kind == 2, free: kind == 0}
			data = data[size:]
		}
	}
	s.trailer = stream.Dict
	return s, nil
}

func bigEndian(b []byte) int64 {
	var n int64
	for _, c := range b {
		n = n<<8 | int64(c)
	}
	return n
}

// rebuild finds the objects of a file whose cross references are of no use.
func (f *File) rebuild() error {
	f.Rebuilt = true
	f.entries, f.sections, f.Trailer = map[int]entry{}, nil, Dict{}
	f.forget()
	for at := 0; ; {
		i := bytes.Index(f.src[at:], []byte("obj"))
		if i < 0 {
			break
		}
		at += i + 3
		if err := f.budget.object(); err != nil {
			return err
		}
		if n, offset, ok := numbered(f.src, at-3); ok {
			f.entries[n] = entry{offset: offset}
		}
	}
	for at := 0; ; {
		i := bytes.Index(f.src[at:], []byte("trailer"))
		if i < 0 {
			break
		}
		at += i + len("trailer")
		l := &lexer{src: f.src, pos: at, depth: f.budget.Depth}
		o, err := l.object(true)
		if err != nil {
			return err
		}
		if d, ok := o.(Dict); ok {
			for k, v := range d {
				f.Trailer[k] = v
			}
		}
		if err := f.budget.object(); err != nil {
			return err
		}
	}
	if f.Trailer["Root"] != nil {
		return nil
	}
	return f.findRoot()
}

// findRoot looks for the catalogue among the objects.
func (f *File) findRoot() error {
	numbers := make([]int, 0, len(f.entries))
	for n := range f.entries {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		o, err := f.Resolve(Ref{N: n})
		if err != nil {
			return err
		}
		d, ok := o.(Dict)
		if s, is := o.(*Stream); is {
			d, ok = s.Dict, true
		}
		switch {
		case ok && d["Type"] == Name("Catalog"):
			f.Trailer["Root"] = Ref{N: n}
		case ok && d["Type"] == Name("XRef"):
			for k, v := range d {
				f.Trailer[k] = v
			}
		}
	}
	if f.Trailer["Root"] == nil {
		return fmt.Errorf("%w: no catalogue", ErrMalformed)
	}
	return nil
}

// numbered reads "n g" backwards from the word obj.
func numbered(src []byte, at int) (n, offset int, ok bool) {
	if at+3 < len(src) && !space(src[at+3]) && !delimiter(src[at+3]) {
		return 0, 0, false
	}
	_, at, ok = wholeBefore(src, at)
	if !ok {
		return 0, 0, false
	}
	return wholeBefore(src, at)
}

// wholeBefore is the whole number that ends, but for spaces, before at.
func wholeBefore(src []byte, at int) (n, start int, ok bool) {
	to := at
	for to > 0 && space(src[to-1]) {
		to--
	}
	from := to
	for from > 0 && to-from < 8 && src[from-1] >= '0' && src[from-1] <= '9' {
		from--
	}
	for _, c := range src[from:to] {
		n = n*10 + int(c-'0')
	}
	return n, from, from < to && n <= mostNumber
}
