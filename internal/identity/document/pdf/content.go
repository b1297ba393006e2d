package pdf

import (
	"errors"
	"math"
	"slices"
	"strings"
)

// Run is a piece of text that one operator has put on a page.
type Run struct {
	Text     string
	Font     string  // its name, without the tag of a subset
	Size     float64 // of the letters on the page
	X, Y     float64 // of the first letter's foot
	Width    float64
	Order    int  // what is painted later lies above
	Shown    bool // painted at all: an invisible layer of text is not
	TouchUp  bool // an editor has marked it as its own work
	Unread   int  // letters that nobody can tell
	Vertical bool // it does not run from left to right
	Covered  bool // something painted later lies over it
}

// Box is a filled rectangle or an image on a page.
type Box struct {
	X, Y, W, H float64
	Order      int
	Image      bool
}

// covers reports whether a box, painted later, lies over most of a run.
func (b Box) covers(r Run) bool {
	if b.Order < r.Order || r.Width <= 0 {
		return false
	}
	wide := math.Min(b.X+b.W, r.X+r.Width) - math.Max(b.X, r.X)
	middle := r.Y + r.Size*0.3
	return wide > 0.7*r.Width && b.Y <= middle && middle <= b.Y+b.H
}

type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3], m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m matrix) point(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// box is the upright rectangle around the unit's four corners.
func (m matrix) box(x, y, w, h float64) (float64, float64, float64, float64) {
	lowX, lowY := math.Inf(1), math.Inf(1)
	highX, highY := math.Inf(-1), math.Inf(-1)
	for _, c := range [4][2]float64{{x, y}, {x + w, y}, {x, y + h}, {x + w, y + h}} {
		px, py := m.point(c[0], c[1])
		lowX, highX = math.Min(lowX, px), math.Max(highX, px)
		lowY, highY = math.Min(lowY, py), math.Max(highY, py)
	}
	return lowX, lowY, highX - lowX, highY - lowY
}

// state is what q keeps and Q brings back.
type state struct {
	ctm                          matrix
	font                         *font
	size, char, word, lead, rise float64
	scale                        float64
	mode                         int64
}

// painter goes through the operators of a page.
type painter struct {
	file   *File
	page   *Page
	known  map[int]*font // by the number of the font's object
	state  state
	saved  []state
	text   matrix
	line   matrix
	rects  []Box // of the path under way, in the page's units
	bent   bool  // the path is more than rectangles
	touch  int   // how deep inside an editor's mark
	marked []bool
	forms  int // that are left to open
	inside []*Stream
}

// mostSaved bounds q without Q.
const mostSaved = 256

// paint goes through a stream of operators with its resources.
func (p *painter) paint(data []byte, res Dict) error {
	l := &lexer{src: data, depth: p.file.budget.Depth}
	var args []any
	for {
		o, err := l.object(false)
		if err != nil {
			return err
		}
		op, ok := o.(keyword)
		if !ok {
			if len(args) < 64 {
				args = append(args, o)
			}
			continue
		}
		if op == end {
			return nil
		}
		if err := p.file.budget.operator(); err != nil {
			return err
		}
		if op == "BI" {
			skipInline(l)
			p.addImage()
		} else if err := p.do(op, args, res); err != nil {
			return err
		}
		args = args[:0]
	}
}

// skipInline goes past an image inside the operators.
func skipInline(l *lexer) {
	for l.pos < len(l.src) {
		i := strings.Index(string(l.src[l.pos:min(l.pos+4096, len(l.src))]), "EI")
		if i < 0 {
			l.pos = min(l.pos+4094, len(l.src))
			if len(l.src)-l.pos < 4 {
				l.pos = len(l.src)
			}
			continue
		}
		l.pos += i + 2
		if space(l.src[l.pos-3]) && (l.pos >= len(l.src) || space(l.src[l.pos])) {
			return
		}
	}
}

func nums(args []any) (n [6]float64) {
	for i := range min(6, len(args)) {
		n[i] = float(args[i])
	}
	return n
}

func (p *painter) do(op keyword, args []any, res Dict) error {
	n := nums(args)
	s := &p.state
	switch op {
	case "q":
		if len(p.saved) >= mostSaved {
			return ErrTooMuch
		}
		p.saved = append(p.saved, *s)
	case "Q":
		if k := len(p.saved); k > 0 {
			*s, p.saved = p.saved[k-1], p.saved[:k-1]
		}
	case "cm":
		s.ctm = matrix(n).times(s.ctm)
	case "BT":
		p.text, p.line = identity, identity
	case "Tc":
		s.char = n[0]
	case "Tw":
		s.word = n[0]
	case "Tz":
		s.scale = n[0] / 100
	case "TL":
		s.lead = n[0]
	case "Ts":
		s.rise = n[0]
	case "Tr":
		s.mode = int64(n[0])
	case "Tf":
		return p.setFont(args, res)
	case "Td", "TD":
		if op == "TD" {
			s.lead = -n[1]
		}
		p.next(n[0], n[1])
	case "Tm":
		p.text, p.line = matrix(n), matrix(n)
	case "T*":
		p.next(0, -s.lead)
	case "Tj", "TJ", "'", "\"":
		return p.show(op, args)
	case "BMC", "BDC", "EMC", "MP", "DP":
		p.mark(op, args)
	case "Do":
		return p.object(args, res)
	default:
		p.path(op, n)
	}
	return nil
}

func (p *painter) next(x, y float64) {
	p.line = matrix{1, 0, 0, 1, x, y}.times(p.line)
	p.text = p.line
}

func (p *painter) setFont(args []any, res Dict) error {
	if len(args) < 2 {
		return nil
	}
	name, _ := args[0].(Name)
	p.state.size = float(args[1])
	fonts, err := p.file.dict(res["Font"])
	if err != nil {
		return err
	}
	o := fonts[name]
	r, isRef := o.(Ref)
	if isRef {
		if known, ok := p.known[r.N]; ok {
			p.state.font = known
			return nil
		}
	}
	d, err := p.file.dict(o)
	if err != nil || d == nil {
		p.state.font = nil
		return err
	}
	made, err := p.file.newFont(d)
	if err != nil {
		return err
	}
	if isRef {
		p.known[r.N] = made
	}
	p.state.font = made
	return nil
}

// mark follows marked content: Acrobat brackets what it has edited as
// TouchUp_TextEdit.
func (p *painter) mark(op keyword, args []any) {
	tag := Name("")
	if len(args) > 0 {
		tag, _ = args[0].(Name)
	}
	edits := strings.HasPrefix(string(tag), "TouchUp")
	switch op {
	case "BMC", "BDC":
		if len(p.marked) < mostSaved {
			p.marked = append(p.marked, edits)
		}
		if edits {
			p.touch++
		}
	case "EMC":
		if k := len(p.marked); k > 0 {
			if p.marked[k-1] {
				p.touch--
			}
			p.marked = p.marked[:k-1]
		}
	}
	if edits {
		p.page.TouchUp = true
	}
}

// show puts a string on the page.
func (p *painter) show(op keyword, args []any) error {
	if op == "'" || op == "\"" {
		if op == "\"" && len(args) >= 3 {
			p.state.word, p.state.char = float(args[0]), float(args[1])
		}
		p.next(0, -p.state.lead)
	}
	if len(args) == 0 {
		return nil
	}
	list, ok := args[len(args)-1].(Array)
	if !ok {
		list = Array{args[len(args)-1]}
	}
	return p.run(list)
}

// run makes a Run of strings and the gaps between them.
func (p *painter) run(list Array) error {
	s := p.state
	if s.font == nil {
		return nil
	}
	var text strings.Builder
	place := matrix{s.size * s.scale, 0, 0, s.size, 0, s.rise}
	start := place.times(p.text).times(s.ctm)
	out := Run{Font: s.font.name, Size: math.Hypot(start[2], start[3]), X: start[4], Y: start[5], Shown: s.mode != 3 && s.mode != 7, TouchUp: p.touch > 0}
	out.Vertical = math.Abs(start[1]) > 0.2*math.Abs(start[0])
	for _, o := range list {
		str, ok := o.(String)
		if !ok {
			gap := -float(o) / 1000 * s.size * s.scale
			if gap > 0.18*math.Abs(s.size) && text.Len() > 0 {
				text.WriteByte(' ')
			}
			p.text = matrix{1, 0, 0, 1, gap, 0}.times(p.text)
			continue
		}
		glyphs := s.font.glyphs(str)
		if err := p.file.budget.glyphs(len(glyphs)); err != nil {
			return err
		}
		for _, g := range glyphs {
			text.WriteString(g.text)
			if g.text == "" {
				out.Unread++
			}
			by := (g.width/1000*s.size + s.char) * s.scale
			if g.space {
				by += s.word * s.scale
			}
			p.text = matrix{1, 0, 0, 1, by, 0}.times(p.text)
		}
	}
	after := place.times(p.text).times(s.ctm)
	out.Width = math.Hypot(after[4]-out.X, after[5]-out.Y)
	out.Text = text.String()
	if out.Text != "" || out.Unread > 0 {
		out.Order = p.page.painted()
		p.page.Runs = append(p.page.Runs, out)
	}
	return nil
}

// path follows the rectangles that are filled.
func (p *painter) path(op keyword, n [6]float64) {
	switch op {
	case "re":
		x, y, w, h := p.state.ctm.box(n[0], n[1], n[2], n[3])
		if len(p.rects) < mostSaved {
			p.rects = append(p.rects, Box{X: x, Y: y, W: w, H: h})
		}
	case "m", "l", "c", "v", "y":
		p.bent = true
	case "f", "F", "f*", "B", "B*", "b", "b*":
		for _, b := range p.rects {
			if !p.bent && len(p.page.Boxes) < mostBoxes {
				b.Order = p.page.painted()
				p.page.Boxes = append(p.page.Boxes, b)
			}
		}
		p.rects, p.bent = p.rects[:0], false
	case "n", "S", "s":
		p.rects, p.bent = p.rects[:0], false
	}
}

// mostBoxes bounds what each run is compared with.
const mostBoxes = 4000

func (p *painter) addImage() {
	if len(p.page.Boxes) >= mostBoxes {
		return
	}
	x, y, w, h := p.state.ctm.box(0, 0, 1, 1)
	p.page.Boxes = append(p.page.Boxes, Box{X: x, Y: y, W: w, H: h, Order: p.page.painted(), Image: true})
}

// object paints a form or an image.
func (p *painter) object(args []any, res Dict) error {
	name := Name("")
	if len(args) > 0 {
		name, _ = args[0].(Name)
	}
	all, err := p.file.dict(res["XObject"])
	if err != nil {
		return err
	}
	o, err := p.file.Resolve(all[name])
	stream, ok := o.(*Stream)
	if err != nil || !ok {
		return err
	}
	switch p.file.name(stream.Dict["Subtype"]) {
	case "Image":
		p.addImage()
		p.page.keepImage(p.file, stream)
	case "Form":
		return p.form(stream, res)
	}
	return nil
}

// form paints the operators of a form.
func (p *painter) form(s *Stream, around Dict) error {
	if len(p.inside) >= p.file.budget.Depth || slices.Contains(p.inside, s) {
		return nil // a form inside itself
	}
	if p.forms--; p.forms < 0 {
		return ErrTooMuch
	}
	data, err := p.file.Decode(s)
	if errors.Is(err, ErrTooMuch) {
		return err
	}
	if err != nil {
		return nil
	}
	res, err := p.file.dict(s.Dict["Resources"])
	if err != nil {
		return err
	}
	if res == nil {
		res = around
	}
	m, err := p.file.array(s.Dict["Matrix"])
	if err != nil {
		return err
	}
	was, saved := p.state, len(p.saved)
	if len(m) == 6 {
		p.state.ctm = matrix(nums(m)).times(p.state.ctm)
	}
	p.inside = append(p.inside, s)
	err = p.paint(data, res)
	p.inside = p.inside[:len(p.inside)-1]
	p.state, p.saved = was, p.saved[:min(saved, len(p.saved))]
	return err
}
