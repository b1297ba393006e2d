package pdf

import (
	"errors"
	"math"
)

// Page is what is on a page.
type Page struct {
	Number        int // from 1
	Width, Height float64
	Runs          []Run
	Boxes         []Box
	Annotations   []Annotation
	TouchUp       bool // an editor has left its mark
	// Scan is the largest image on the page, as JPEG; nil if there is none or it is
	// of another kind. Images counts them all.
	Scan   []byte
	Images int

	largest int
	order   int
	refs    []int // the objects that the page is made of
	x, y    float64
}

// Annotation is something laid over a page.
type Annotation struct {
	Kind     string
	Modified string // as the file says it
}

func (p *Page) painted() int {
	p.order++
	return p.order
}

// keepImage keeps the largest image.
func (p *Page) keepImage(f *File, s *Stream) {
	p.Images++
	size := int(f.number(s.Dict["Width"])) * int(f.number(s.Dict["Height"]))
	if size <= p.largest {
		return
	}
	p.largest, p.Scan = size, nil
	if data, stopped, err := f.decode(s); err == nil && (stopped == "DCTDecode" || stopped == "DCT") {
		p.Scan = data
	}
}

// Hidden reports whether something painted later covers a run, or it is off the
// page or too small to be seen.
func (p *Page) Hidden(r Run) bool {
	if r.Size < 2 || r.X < p.x-r.Size || r.Y < p.y-r.Size || r.X > p.x+p.Width || r.Y > p.y+p.Height {
		return true
	}
	return r.Covered
}

// cover finds the runs that a rectangle or an image, painted later, lies over.
func (p *Page) cover() {
	for i := range p.Runs {
		for _, b := range p.Boxes {
			if b.covers(p.Runs[i]) {
				p.Runs[i].Covered = true
				break
			}
		}
	}
}

// Pages reads all pages of the file.
func (f *File) Pages() ([]*Page, error) {
	root, err := f.dict(f.Trailer["Root"])
	if err != nil {
		return nil, err
	}
	w := &walk{file: f, seen: map[int]bool{}, fonts: map[int]*font{}}
	if err := w.tree(root["Pages"], Dict{}, 0); err != nil {
		return nil, err
	}
	if len(w.pages) == 0 {
		return nil, ErrMalformed
	}
	return w.pages, nil
}

// walk goes through the tree of pages.
type walk struct {
	file  *File
	seen  map[int]bool // so that no page is its own child
	fonts map[int]*font
	pages []*Page
}

// inherited are the members that a page has from the nodes above it.
var inherited = []Name{"Resources", "MediaBox", "CropBox"}

func (w *walk) tree(o any, above Dict, depth int) error {
	r, _ := o.(Ref)
	if r.N != 0 {
		if w.seen[r.N] {
			return nil
		}
		w.seen[r.N] = true
	}
	d, err := w.file.dict(o)
	if err != nil || d == nil {
		return err
	}
	if depth > w.file.budget.Depth {
		return ErrTooMuch
	}
	have := Dict{}
	for _, n := range inherited {
		if have[n] = d[n]; have[n] == nil {
			have[n] = above[n]
		}
	}
	kids, err := w.file.array(d["Kids"])
	if err != nil {
		return err
	}
	if kids == nil || w.file.name(d["Type"]) == "Page" {
		return w.page(d, have, r.N)
	}
	for _, kid := range kids {
		if err := w.file.budget.object(); err != nil {
			return err
		}
		if err := w.tree(kid, have, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) page(d, have Dict, number int) error {
	if len(w.pages) >= w.file.budget.Pages {
		return ErrPages
	}
	f := w.file
	p := &Page{Number: len(w.pages) + 1, Width: 612, Height: 792, refs: []int{number}}
	w.pages = append(w.pages, p)
	for _, n := range []Name{"MediaBox", "CropBox"} {
		box, err := f.array(have[n])
		if err != nil {
			return err
		}
		if len(box) == 4 {
			x, y, x2, y2 := f.number(box[0]), f.number(box[1]), f.number(box[2]), f.number(box[3])
			p.x, p.y, p.Width, p.Height = math.Min(x, x2), math.Min(y, y2), math.Abs(x2-x), math.Abs(y2-y)
		}
	}
	res, err := f.dict(have["Resources"])
	if err != nil {
		return err
	}
	data, err := f.contents(p, d["Contents"])
	if err != nil {
		return err
	}
	if err := f.annotations(p, d["Annots"]); err != nil {
		return err
	}
	painter := &painter{file: f, page: p, known: w.fonts, forms: 2000, state: state{ctm: identity, scale: 1}, text: identity, line: identity}
	if err := painter.paint(data, res); err != nil {
		return err
	}
	if err := f.budget.work(len(p.Runs) * len(p.Boxes) / 4); err != nil {
		return err
	}
	p.cover()
	return nil
}

// contents joins the streams of a page.
func (f *File) contents(p *Page, o any) ([]byte, error) {
	if r, ok := o.(Ref); ok {
		p.refs = append(p.refs, r.N)
	}
	o, err := f.Resolve(o)
	if err != nil {
		return nil, err
	}
	list, ok := o.(Array)
	if !ok {
		list = Array{o}
	}
	var all []byte
	for _, part := range list {
		if r, ok := part.(Ref); ok {
			p.refs = append(p.refs, r.N)
		}
		part, err := f.Resolve(part)
		if err != nil {
			return nil, err
		}
		s, ok := part.(*Stream)
		if !ok {
			continue
		}
		data, err := f.Decode(s)
		if errors.Is(err, ErrTooMuch) {
			return nil, err
		}
		if err == nil {
			if err := f.budget.work(len(data)); err != nil {
				return nil, err
			}
			all = append(append(all, data...), '\n')
		}
	}
	return all, nil
}

// drawn are the kinds of annotations that change what a page shows.
var drawn = map[Name]bool{
	"FreeText": true, "Stamp": true, "Square": true, "Circle": true, "Line": true, "Ink": true, "Polygon": true, "PolyLine": true,
	"Redact": true, "Highlight": true, "StrikeOut": true, "Underline": true, "Squiggly": true, "Caret": true, "Text": true, "Watermark": true,
}

func (f *File) annotations(p *Page, o any) error {
	list, err := f.array(o)
	if err != nil {
		return err
	}
	for _, a := range list {
		if r, ok := a.(Ref); ok {
			p.refs = append(p.refs, r.N)
		}
		d, err := f.dict(a)
		if err != nil {
			return err
		}
		if kind := f.name(d["Subtype"]); drawn[kind] && len(p.Annotations) < 200 {
			m, err := f.Resolve(d["M"])
			if err != nil {
				return err
			}
			s, _ := m.(String)
			p.Annotations = append(p.Annotations, Annotation{string(kind), Text(s)})
		}
		if err := f.budget.object(); err != nil {
			return err
		}
	}
	return nil
}
