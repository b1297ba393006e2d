package statement

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Specimen is a way to make a file of a statement.
type Specimen struct {
	Name  string
	Does  string // what has been done, in a sentence
	Ends  string // of the file's name
	makes func(Statement) ([]byte, error)
}

// Specimens are all ways, in the order in which they are told.
func Specimens() []Specimen { return specimens }

// ErrUnknown says that there is no such specimen.
var ErrUnknown = errors.New("statement: no such specimen")

// Make makes the file of a specimen.
func Make(name string, s Statement) ([]byte, Specimen, error) {
	i := slices.IndexFunc(specimens, func(x Specimen) bool { return x.Name == name })
	if i < 0 {
		return nil, Specimen{}, ErrUnknown
	}
	raw, err := specimens[i].makes(s)
	return raw, specimens[i], err
}

// drawn is a specimen that is a change to the draft.
func drawn(name, does string, change func(Statement, *draft)) Specimen {
	return Specimen{name, does, "pdf", func(s Statement) ([]byte, error) {
		d := s.draft()
		change(s, d)
		return d.bytes(), nil
	}}
}

var specimens = []Specimen{
	drawn("genuine", "the statement as the bank prints it", func(Statement, *draft) {}),
	drawn("masked_number", "the bank prints the last four digits of the account number only", func(s Statement, d *draft) {
		d.set(roleNumber, "••••"+s.Number[max(0, len(s.Number)-4):])
	}),
	drawn("another_owner", "the statement of another person, not forged", func(s Statement, d *draft) { d.rename(another(s)) }),
	drawn("another_account", "the statement of another account, not forged", func(s Statement, d *draft) { d.set(roleNumber, otherNumber(s.Number)) }),
	drawn("two_owners", "the statement of an account that two people hold", func(s Statement, d *draft) { d.add(another(s)) }),
	{"edited", "an editor has put another name in and has saved the file by adding to it", "pdf", edited},
	drawn("covered", "the name lies under a white box, and another is printed over it", func(s Statement, d *draft) {
		p := d.find(roleHolder)
		d.extra = fmt.Sprintf("1 g %.2f %.2f 180 13 re f 0 g\n", p.x-2, p.y-3) + at(*p, another(s)).operators()
	}),
	drawn("overlaid", "another name is printed over the name", func(s Statement, d *draft) {
		d.extra = at(*d.find(roleHolder), another(s)).operators()
	}),
	drawn("touched_up", "Acrobat’s tool for text has changed the name and left its marks", func(s Statement, d *draft) {
		p := d.take(roleHolder)
		d.extra = "/TouchUp_TextEdit BMC\n" + at(p, another(s)).operators() + "EMC\n"
	}),
	drawn("other_font", "digits of the account number are in another font", func(s Statement, d *draft) {
		p := d.take(roleNumber)
		d.fonts["Courier"] = fontObject("Courier")
		half := len(s.Number) / 2
		end := piece{font: "Courier", size: p.size, x: p.x + width(s.Number[:half], p.size), y: p.y, text: s.Number[half:]}
		d.extra = at(p, s.Number[:half]).operators() + end.operators()
	}),
	drawn("misaligned", "digits of the account number stand a little higher than the others", func(s Statement, d *draft) {
		p := d.take(roleNumber)
		half := len(s.Number) / 2
		end := piece{font: p.font, size: p.size, x: p.x + width(s.Number[:half], p.size), y: p.y + 1.2, text: s.Number[half:]}
		d.extra = at(p, s.Number[:half]).operators() + end.operators()
	}),
	drawn("adobe_fonts", "the name is in the font that Acrobat puts in place of one that it lacks", func(s Statement, d *draft) {
		p := d.take(roleHolder)
		d.fonts["AdobeSansMM"] = fontObject("AdobeSansMM")
		p.font = "AdobeSansMM"
		d.extra = at(p, another(s)).operators()
	}),
	drawn("word_processor", "the statement was made with a word processor", func(s Statement, d *draft) {
		d.making.producer, d.making.creator = "Microsoft® Word 2021", "Microsoft® Word 2021"
	}),
	drawn("qpdf", "the file was put together again with QPDF", func(_ Statement, d *draft) { d.making.producer = "qpdf version 11.3.0" }),
	drawn("changed_later", "the file says that it was changed three days after its making", func(s Statement, d *draft) {
		d.making.created = pdfTime(s.Printed.Add(-72 * time.Hour))
	}),
	drawn("changed_at_once", "the file says that it was changed a minute after its making", func(s Statement, d *draft) {
		d.making.created = pdfTime(s.Printed.Add(-time.Minute))
	}),
	drawn("no_dates", "the file does not say when it was made", func(_ Statement, d *draft) { d.making.created, d.making.modified = "", "" }),
	drawn("malformed_date", "the file says when it was made in a way that no program writes", func(_ Statement, d *draft) {
		d.making.created, d.making.modified = "yesterday", ""
	}),
	drawn("annotated", "a note with another name lies over the page, added a day later", func(s Statement, d *draft) {
		p := d.find(roleHolder)
		d.page = fmt.Sprintf(" /Annots [<< /Type /Annot /Subtype /FreeText /Rect [%.0f %.0f %.0f %.0f] /Contents %s /DA (/Helv 10 Tf) /M %s >>]",
			p.x, p.y-3, p.x+180, p.y+11, quote(winAnsi(another(s))), quote(pdfTime(s.Printed.Add(24*time.Hour))))
	}),
	drawn("hidden_text", "another name is in the file as text that nobody can see", func(s Statement, d *draft) {
		p := at(*d.find(roleHolder), another(s))
		p.y -= 300
		d.extra = "BT 3 Tr ET\n" + p.operators() + "BT 0 Tr ET\n"
	}),
	drawn("impossible_date", "the period ends on February 31", func(s Statement, d *draft) {
		d.set(rolePeriod, day(s.From)+" to February 31, "+s.Until.Format("2006"))
	}),
	drawn("backward_period", "the period ends before it begins", func(s Statement, d *draft) { d.set(rolePeriod, day(s.Until)+" to "+day(s.From)) }),
	drawn("wrong_zip", "the ZIP code is none of the state", func(s Statement, d *draft) { d.set(roleCity, "Malakoff, NY 90210") }),
	drawn("odd_name", "a letter of the name is a capital within the word", func(s Statement, d *draft) {
		d.rename(oddly(s.Owners[0]))
	}),
	{"scan", "a picture of the statement, as a scanner makes it", "jpg", scan},
	{"scan_pdf", "a picture of the statement, as a PDF file", "pdf", scanPDF},
	{"edited_photo", "a picture of the statement that an editor has written", "jpg", editedPhoto},
	{"encrypted", "the file opens with a password only", "pdf", encrypted},
	drawn("script", "the file runs a script when it is opened", func(_ Statement, d *draft) {
		d.catalog = " /OpenAction << /S /JavaScript /JS (app.alert\\('open'\\)) >>"
	}),
	drawn("attachment", "the file has another file in it", func(_ Statement, d *draft) {
		d.catalog = fmt.Sprintf(" /Names << /EmbeddedFiles << /Names [(a.exe) << /Type /Filespec /F (a.exe) /EF << /F %d 0 R >> >>] >> >>", objMore)
		d.objects = []string{"<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream"}
	}),
	{"bomb", "a few kilobytes that become a hundred megabytes", "pdf", bomb},
	{"loop", "the pages of the file are their own children", "pdf", func(s Statement) ([]byte, error) {
		f := s.draft().file()
		f.object(objPages, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")
		f.close(-1, "")
		return f.Bytes(), nil
	}},
	{"many_pages", "sixty-one pages", "pdf", manyPages},
	{"polyglot", "an archive behind the end of the file, so that it is both", "pdf", polyglot},
	{"damaged", "half of the file", "pdf", func(s Statement) ([]byte, error) { raw := s.PDF(); return raw[:len(raw)/2], nil }},
}

// another is the name of somebody else: people of the simulated bank.
func another(s Statement) string {
	if slices.Contains(s.Owners, "John Michael Smith") {
		return "Alberta Bobbeth Charleson"
	}
	return "John Michael Smith"
}

// otherNumber is an account number that is none of the statement's.
func otherNumber(n string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return r
		}
		return '0' + (r-'0'+7)%10
	}, n)
}

// oddly writes one letter of a name as a capital.
func oddly(name string) string {
	first, rest, _ := strings.Cut(name, " ")
	if len(first) > 3 {
		first = first[:2] + strings.ToUpper(first[2:4]) + first[4:]
	}
	return first + " " + rest
}

// at is other text in the place of a piece.
func at(p piece, text string) piece {
	p.text = text
	return p
}

func (d *draft) find(role string) *piece {
	for i := range d.pieces {
		if d.pieces[i].role == role {
			return &d.pieces[i]
		}
	}
	return &piece{font: sans, size: 10, x: 56, y: 60} // a statement without it
}

func (d *draft) set(role, text string) { d.find(role).text = text }

// take removes a piece.
func (d *draft) take(role string) piece {
	p := *d.find(role)
	d.pieces = slices.DeleteFunc(d.pieces, func(x piece) bool { return x.role == role })
	return p
}

// rename makes the statement another person's.
func (d *draft) rename(name string) {
	d.set(roleHolder, name)
	first := true
	d.pieces = slices.DeleteFunc(d.pieces, func(p piece) bool {
		if p.role != roleOwner || first {
			first = first && p.role != roleOwner
			return false
		}
		return true
	})
	d.set(roleOwner, name)
}

// add makes somebody an owner besides.
func (d *draft) add(name string) {
	d.find(roleHolder).text += " and " + name
	p := *d.find(roleOwner)
	p.y, p.text = p.y+14, name
	d.pieces = append(d.pieces, p)
}

// edited saves a change as programs do: the old file stays as it is, and what is new
// follows it.
func edited(s Statement) ([]byte, error) {
	f := s.draft().file()
	before := f.Len()
	f.close(-1, "")
	d := s.draft()
	d.rename(another(s))
	d.making.modified, d.making.producer = pdfTime(s.Printed.Add(26*time.Hour)), "Adobe Acrobat Pro 24.1"
	clear(f.offsets)
	f.stream(objContents, "", operators(d.pieces))
	f.object(objInfo, d.making.dict())
	f.close(before, "")
	return f.Bytes(), nil
}

func sorted(m map[string]string) []string {
	var names []string
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// bomb packs spaces twice. What its page draws is behind both.
func bomb(s Statement) ([]byte, error) {
	d := s.draft()
	f := d.file()
	var once bytes.Buffer
	blank := bytes.Repeat([]byte{' '}, 1<<20)
	if err := pack(&once, func(write func([]byte) error) error {
		for range 100 {
			if err := write(blank); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	var twice bytes.Buffer
	if err := pack(&twice, func(write func([]byte) error) error { return write(once.Bytes()) }); err != nil {
		return nil, err
	}
	f.object(objContents, fmt.Sprintf("<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream", twice.Len(), twice.String()))
	f.close(-1, "")
	return f.Bytes(), nil
}

func manyPages(s Statement) ([]byte, error) {
	d := s.draft()
	var kids strings.Builder
	for i := range 61 {
		fmt.Fprintf(&kids, " %d 0 R", objMore+1+i)
		d.objects = append(d.objects, d.pageObject(objContents))
	}
	d.objects = append([]string{"<< /Type /Pages /Kids [" + kids.String() + " ] /Count 61 >>"}, d.objects...)
	f := d.file()
	f.object(objCatalog, fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R >>", objMore))
	f.close(-1, "")
	return f.Bytes(), nil
}
