package specimen

import (
	"bytes"
	"errors"
	"fmt"
	"image/jpeg"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/idv/document"
)

// Order is what is to be printed.
type Order struct {
	Person Person
	// Issuer is the country whose document it is, that of the person by default.
	Issuer   string
	Category document.Category
	Fault    Fault
	Side     string // the only one that is wanted; "" for all that there are
	Now      time.Time
}

// The sides of a document.
const (
	Front = "front"
	Back  = "back"
)

var sides = []string{Front, Back}

// File is a picture of one side.
type File struct {
	Side string
	Name string // of the file
	JPEG []byte
}

// Error is an order that cannot be printed, as a sentence about the order.
type Error struct{ Sentence string }

func (e *Error) Error() string { return "specimen: " + e.Sentence }

func refuse(format string, args ...any) error { return &Error{fmt.Sprintf(format, args...)} }

// Check says why an order cannot be printed, nil if it can.
func (o Order) Check() error {
	_, _, err := o.paper()
	return err
}

// Sides are those that the document has.
func (o Order) Sides() []string {
	_, kind, _ := o.paper()
	return sides[:kind.Sides]
}

// Print prints the sides of a document, each as a photograph of it on a table. What is
// ordered twice at the same time comes out the same.
func Print(o Order) ([]File, error) {
	p, kind, err := o.paper()
	if err != nil {
		return nil, err
	}
	files := make([]File, 0, 2)
	for _, side := range sides[:kind.Sides] {
		if o.Side != "" && o.Side != side {
			continue
		}
		data, err := p.photographed(side, o.Fault)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Side: side, Name: fmt.Sprintf("%s-%s.jpg", kind.Category, side), JPEG: data})
	}
	return files, nil
}

// paper is a document that is about to be drawn.
type paper struct {
	unit   float64
	kind   document.Kind
	holder Person // on the front
	behind Person // on the back
	wrong  bool   // a check digit is
	issued string
	expiry string
}

// paper finds out what stands on the document that was ordered.
func (o Order) paper() (paper, document.Kind, error) {
	who, issuer := o.Person, o.Issuer
	if issuer == "" {
		issuer = who.Country
	}
	if err := who.check(); err != nil {
		return paper{}, document.Kind{}, refuse("%v.", err)
	}
	kind, ok := document.KindOf(issuer, o.Category)
	switch {
	case !ok:
		return paper{}, kind, refuse("Nobody in %q has a document of the kind %q.", issuer, o.Category)
	case !o.Fault.Known():
		return paper{}, kind, refuse("There is no fault %q.", o.Fault)
	case o.Fault == WrongDigit && kind.Machine != "mrz":
		return paper{}, kind, refuse("A document of this kind has no check digits: %s needs a passport or a card with a machine-readable zone.", o.Fault)
	case o.Side != "" && !slices.Contains(sides[:kind.Sides], o.Side):
		return paper{}, kind, refuse("A document of this kind has no %s.", o.Side)
	case o.Fault == OtherBack && kind.Sides < 2:
		return paper{}, kind, refuse("A document of this kind has no back.")
	}
	who.Country = issuer
	p := paper{unit: usual, kind: kind, holder: who, issued: who.birthday(o.Now.Year() - 2), expiry: who.Expiry, wrong: o.Fault == WrongDigit}
	if p.expiry == "" {
		p.expiry = who.birthday(o.Now.Year() + 4)
	}
	switch o.Fault {
	case Expired:
		p.issued, p.expiry = who.birthday(o.Now.Year()-9), who.birthday(o.Now.Year()-1)
	case OtherName:
		p.holder.GivenName, p.holder.FamilyName = another[0], another[1]
	case OtherBirthday:
		p.holder.DateOfBirth = yearEarlier(who)
	}
	if p.holder.Number == "" {
		p.holder.Number = p.holder.digits(9)
	}
	p.behind = p.holder
	if o.Fault == OtherBack {
		p.behind.GivenName, p.behind.FamilyName, p.behind.DateOfBirth = another[0], another[1], yearEarlier(who)
		p.behind.Number = p.behind.digits(9)
	}
	return p, kind, nil
}

func yearEarlier(p Person) string {
	b, _ := time.Parse(time.DateOnly, p.DateOfBirth)
	return p.birthday(b.Year() - 1)
}

// encoded is the picture as a file.
func (s sheet) encoded(quality int) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, s.RGBA, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}

// Refused reports whether an error is about the order, and its sentence.
func Refused(err error) (string, bool) {
	var e *Error
	if errors.As(err, &e) {
		return e.Sentence, true
	}
	return "", false
}
