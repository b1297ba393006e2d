package pdf

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// Info is what a file says of its making.
type Info struct {
	Producer, Creator string
	Created, Modified string // dates as they stand there, "" for none
}

// Text is a string of a file as text.
func Text(s String) string {
	b := []byte(s)
	if len(b) > 2000 {
		b = b[:2000]
	}
	switch {
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		var u []uint16
		for i := 2; i+1 < len(b); i += 2 {
			u = append(u, uint16(b[i])<<8|uint16(b[i+1]))
		}
		return string(utf16.Decode(u))
	case bytes.HasPrefix(b, []byte{0xef, 0xbb, 0xbf}):
		return strings.ToValidUTF8(string(b[3:]), "\ufffd")
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	return string(out)
}

// Info reads the metadata of the file.
func (f *File) Info() (Info, error) {
	d, err := f.dict(f.Trailer["Info"])
	if err != nil {
		return Info{}, err
	}
	var out Info
	for key, to := range map[Name]*string{"Producer": &out.Producer, "Creator": &out.Creator, "CreationDate": &out.Created, "ModDate": &out.Modified} {
		o, err := f.Resolve(d[key])
		if err != nil {
			return Info{}, err
		}
		s, _ := o.(String)
		*to = strings.TrimSpace(Text(s))
	}
	return out, nil
}

// Revisions is how many times the file was saved by adding to it, its making
// counted; 1 for one that was made at once. One that was made ready for the web
// has two sections from its making.
func (f *File) Revisions() int {
	n := len(f.sections)
	if n > 1 && f.linearized() {
		n--
	}
	return max(1, n)
}

func (f *File) linearized() bool {
	return bytes.Contains(f.src[:min(len(f.src), 1024)], []byte("/Linearized"))
}

// Changed are the pages of the newest revision whose contents, or what lies over
// them, were written anew after the file was made.
func (f *File) Changed(pages []*Page) []int {
	if f.Revisions() < 2 {
		return nil
	}
	added := map[int]bool{}
	for _, s := range f.sections[:f.Revisions()-1] {
		for n := range s.entries {
			added[n] = true
		}
	}
	var out []int
	for _, p := range pages {
		if slices.ContainsFunc(p.refs, func(n int) bool { return n != 0 && added[n] }) {
			out = append(out, p.Number)
		}
	}
	return out
}

// Original is the file as it was made, before anything was added to it; itself if
// nothing was. Both share one budget, and only one can be read at a time: what
// the other has read so far stays good.
func (f *File) Original() *File {
	n := f.Revisions()
	if n < 2 {
		return f
	}
	first := &File{src: f.src, budget: f.budget, sections: f.sections}
	first.use(n - 1)
	return first
}

// Active is something in a file that does or carries something.
type Active string

// What a statement has no need of.
const (
	Script   Active = "script"     // JavaScript, XFA
	Launch   Active = "launch"     // starts a program, or sends something somewhere
	Embedded Active = "attachment" // another file
	Media    Active = "media"      // sound, video, 3D, Flash
)

var activeKeys = map[Name]Active{
	"JS": Script, "JavaScript": Script, "XFA": Script,
	"EmbeddedFiles": Embedded, "EF": Embedded,
}

var activeNames = map[Name]Active{
	"JavaScript": Script, "Rendition": Media, "RichMedia": Media, "Screen": Media, "Movie": Media, "Sound": Media, "3D": Media,
	"Launch": Launch, "SubmitForm": Launch, "ImportData": Launch, "GoToE": Launch, "EmbeddedFile": Embedded, "FileAttachment": Embedded,
}

// Actives looks through every object of the file, those that no page uses too.
func (f *File) Actives() ([]Active, error) {
	found := map[Active]bool{}
	for _, n := range f.numbers() {
		o, err := f.load(n)
		if err != nil {
			return nil, err
		}
		f.actives(o, found)
	}
	f.actives(f.Trailer, found)
	var list []Active
	for a := range found {
		list = append(list, a)
	}
	slices.Sort(list)
	return list, nil
}

// actives looks at an object, not at those that it points to. How deep objects
// nest was bounded when they were read.
func (f *File) actives(o any, found map[Active]bool) {
	switch v := o.(type) {
	case *Stream:
		f.actives(v.Dict, found)
	case Array:
		for _, x := range v {
			f.actives(x, found)
		}
	case Dict:
		for k, x := range v {
			if a, ok := activeKeys[k]; ok && x != nil {
				found[a] = true
			}
			if n, ok := x.(Name); ok && (k == "S" || k == "Type" || k == "Subtype") {
				if a, ok := activeNames[n]; ok {
					found[a] = true
				}
			}
			f.actives(x, found)
		}
	}
}

// Whole reports whether the file has an end.
func (f *File) Whole() bool { return bytes.Contains(f.src, []byte("%%EOF")) }

// Tail is what follows the end of the file, without spaces around it.
func (f *File) Tail() []byte {
	i := bytes.LastIndex(f.src, []byte("%%EOF"))
	if i < 0 {
		return nil
	}
	return bytes.TrimSpace(f.src[i+len("%%EOF"):])
}

// IsTooMuch reports whether a reading ended because there was more in the file than
// is read.
func IsTooMuch(err error) bool { return errors.Is(err, ErrTooMuch) || errors.Is(err, ErrPages) }
