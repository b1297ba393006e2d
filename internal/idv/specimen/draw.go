package specimen

import (
	"image"
	"math"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/specimen/machine"
)

// The sizes of a card and of the page of a passport, in units.
const (
	cardW, cardH = 280, 176
	pageW, pageH = 280, 197
)

// dress is the colours of a kind of document.
type dress struct{ paper, band, onBand, thread uint32 }

var dresses = map[document.Category]dress{
	document.Passport:        {0xf1ecea, 0x6b2f3a, 0xf3dfe0, 0x8a3f4a},
	document.DriversLicense:  {0xeef2ea, 0x2d5a63, 0xdbe8ea, 0x2d5a63},
	document.IDCard:          {0xedf0f5, 0x33517d, 0xdde6f3, 0x33517d},
	document.ResidencePermit: {0xf3efe4, 0x6d5a22, 0xf0e8d0, 0x7d6a32},
}

var titles = map[document.Category]string{
	document.Passport: "PASSPORT", document.DriversLicense: "DRIVER LICENSE", document.IDCard: "IDENTITY CARD", document.ResidencePermit: "RESIDENCE PERMIT",
}

// front is the side with the portrait. That of a passport is its only one.
func (p paper) front() sheet {
	d := dresses[p.kind.Category]
	w, h := float64(cardW), float64(cardH)
	if p.kind.Category == document.Passport {
		h = pageH
	}
	s := newSheet(p.unit, w, h, ink(d.paper))
	p.weave(s, d, 44, h-10)
	s.block(0, 0, w, 30, 0, ink(d.band))
	s.text(bold, 12.5, 14, 20, 190, ink(0xffffff), "SPECIMEN · "+titles[p.kind.Category])
	s.text(regular, 9.5, 266, 20, -1, ink(d.onBand), p.place())
	p.watermark(s, d, h)
	p.portrait(s, 14, 42, 66, 80)
	s.signature(16, 128, p.holder)
	who := p.holder
	fields(s, 96, 52, [][2]string{{"Surname", strings.ToUpper(who.FamilyName)}, {"Given names", strings.ToUpper(who.GivenName)}})
	fields(s, 96, 100, [][2]string{{"Date of birth", shown(who.DateOfBirth)}, {"Number", who.Number}})
	fields(s, 190, 100, [][2]string{{"Sex", orX(who.Sex)}, {"Expires", shown(p.expiry)}})
	if p.kind.Category == document.Passport {
		s.zone(p.holder.zone(p).TD3(), p.wrong, h)
		return s
	}
	if who.Street != "" && who.City != "" && p.kind.Category != document.ResidencePermit {
		s.text(regular, 8, 96, 153, 176, ink(0x41525a), strings.ToUpper(strings.Join(strings.Fields(who.Street+", "+who.City+" "+who.Region+" "+who.PostalCode), " ")))
	}
	s.text(regular, 6.5, 96, 166, 176, ink(0x6a7a80), "Not a document. Printed by a Glencheck sandbox.")
	return s
}

// back is the side that machines read, if they read any.
func (p paper) back() sheet {
	d := dresses[p.kind.Category]
	s := newSheet(p.unit, cardW, cardH, ink(d.paper))
	p.weave(s, d, 16, cardH-8)
	s.text(bold, 11, 12, 20, 200, ink(d.band), "SPECIMEN · "+titles[p.kind.Category])
	s.text(regular, 6.5, 12, 30, 250, ink(0x6a7a80), "Not a document. Printed by a Glencheck sandbox. Issued "+shown(p.issued)+".")
	switch p.kind.Machine {
	case "aamva":
		g := machine.Symbol{Columns: 13, Level: 5, Module: int(p.unit) - 1, Height: 3}.Draw(p.behind.licence(p), codewords())
		w, h := float64(g.W)/p.unit, float64(g.H)/p.unit
		x, y := (cardW-w)/2, (cardH-h)/2+10
		s.block(x, y, w, h, 0, ink(0xfbfbf9))
		s.stamp(g, x, y, ink(0x16191b))
	case "mrz":
		s.zone(p.behind.zone(p).TD1(), p.wrong, cardH)
	}
	return s
}

// place is who issues the document.
func (p paper) place() string {
	if p.kind.Machine == "aamva" && p.holder.Region != "" {
		return p.holder.Region + ", " + p.kind.Country
	}
	r, err := language.ParseRegion(p.kind.Country)
	if err != nil {
		return p.kind.Country
	}
	return display.English.Regions().Name(r)
}

// fields prints labels and what belongs to them, one below the other.
func fields(s sheet, x, y float64, all [][2]string) {
	for i, f := range all {
		at := y + 24*float64(i)
		s.text(regular, 7.5, x, at, 0, ink(0x41525a), f[0])
		s.text(bold, 12, x, at+12.5, cardW-x-8, ink(0x14262d), f[1])
	}
}

// weave is the fine lines of the paper, below the portrait and the print.
func (p paper) weave(s sheet, d dress, from, to float64) {
	for y := from; y < to; y += 11 {
		s.stroke(0, y-6, cardW, 18, 0.5, faint(d.thread, 46), 60, func(t float64) (float64, float64) {
			return t * cardW, 6 + 4.5*math.Sin(t*2*math.Pi+y/20)
		})
	}
}

// watermark says once more, across the card, what it is.
func (p paper) watermark(s sheet, d dress, h float64) {
	s.text(bold, 44, 86, h/2+24, 190, faint(d.band, 26), "SPECIMEN")
}

// portrait is the picture of the holder.
func (p paper) portrait(s sheet, x, y, w, h float64) {
	unit := s.unit
	box := image.Rect(int(x*unit), int(y*unit), int((x+w)*unit), int((y+h)*unit))
	size := 0.46 * w * unit
	face := FaceOf(p.holder)
	face.paint(s.RGBA, box, (x+w/2)*unit, (y+0.44*h)*unit, size, 0, 2, func(int, int) tint { return wall })
}

// signature is a scrawl that follows from the holder.
func (s sheet) signature(x, y float64, who Person) {
	v := who.seed()
	s.stroke(x, y, 62, 16, 1, ink(0x14262d), 90, func(t float64) (float64, float64) {
		sum := 0.0
		for i := range 4 {
			sum += math.Sin(t*(9+7*float64(i))+float64(v>>(8*i)&255)/40) * 5 / float64(i+1)
		}
		return 2 + 56*t, 8 + sum*(1-0.6*t)*0.8
	})
}

// zone prints the lines of a machine-readable zone at the foot.
func (s sheet) zone(lines []string, wrong bool, h float64) {
	if wrong {
		lines = forged(lines)
	}
	unit := s.unit
	pitch := math.Min(cardW/float64(len(lines[0])+5), 7.2) * unit
	depth := 2.3 * pitch
	g := raster.New(int(pitch*float64(len(lines[0])))+2, int(depth*float64(len(lines)))+2, 255)
	for i, line := range lines {
		machine.Print(g, line, 0, depth*float64(i), pitch)
	}
	x := (cardW - float64(g.W)/unit) / 2
	y := h - float64(g.H)/unit - 4
	s.block(0, y-4, cardW, h-y+4, 0, ink(0xf7f7f3))
	s.stamp(g, x, y, ink(0x1b1d1e))
}

// forged changes the year of birth and nothing else, so that its check digit is wrong.
func forged(lines []string) []string {
	out := append([]string{}, lines...)
	line, at := 1, 13
	if len(lines) == 3 {
		at = 0
	}
	b := []byte(out[line])
	b[at] = '0' + (b[at]-'0'+9)%10
	out[line] = string(b)
	return out
}

// shown is a day as people read it.
func shown(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return strings.ToUpper(t.Format("02 Jan 2006"))
}

func orX(sex string) string {
	if sex == "" {
		return "X"
	}
	return sex
}
