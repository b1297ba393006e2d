package iso20022

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxMessage bounds a message that is parsed. A message of one payment has about
// two kilobytes.
const MaxMessage = 64 << 10

// Name spaces of the messages.
const (
	transferSpace = "urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"
	statusSpace   = "urn:iso:std:iso:20022:tech:xsd:pacs.002.001.10"
	noticeSpace   = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
)

// ErrMessage is behind every error about a message that cannot be read.
var ErrMessage = errors.New("iso20022: not a message that can be read")

// FieldError says which field of a message is wrong, and how.
type FieldError struct{ Field, Problem string }

// Error names the field by its path in the message.
func (e *FieldError) Error() string { return "iso20022: " + e.Field + " " + e.Problem }

// amount is ActiveCurrencyAndAmount.
type amount struct {
	Currency string `xml:"Ccy,attr"`
	Value    string `xml:",chardata"`
}

func dollars(cents int64) amount {
	return amount{Currency: "USD", Value: strconv.FormatInt(cents/100, 10) + "." + fmt.Sprintf("%02d", cents%100)}
}

// cents reads an amount in US dollars of whole cents.
func (a amount) cents() (int64, bool) {
	whole, part, _ := strings.Cut(strings.TrimSpace(a.Value), ".")
	part = strings.TrimRight(part, "0")
	if a.Currency != "USD" || whole == "" || len(whole) > 13 || len(part) > 2 || !digits(whole+part) {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	return n, err == nil
}

// agent is a bank by its ABA routing number: clearing system USABA.
type agent struct {
	System string `xml:"FinInstnId>ClrSysMmbId>ClrSysId>Cd"`
	Member string `xml:"FinInstnId>ClrSysMmbId>MmbId"`
}

func bank(routing string) agent { return agent{System: "USABA", Member: routing} }

// party is a person or a company by name.
type party struct {
	Name string `xml:"Nm,omitempty"`
}

// account is an account number that is no IBAN.
type account struct {
	Number string `xml:"Id>Othr>Id"`
}

// stamp is an ISODateTime in UTC with milliseconds.
const stamp = "2006-01-02T15:04:05.000Z07:00"

func dateTime(t time.Time) string { return t.UTC().Format(stamp) }

func parseTime(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(s))
	return t.UTC(), err == nil
}

// write renders a document below an XML declaration.
func write(document any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	if err := e.Encode(document); err != nil {
		return nil, fmt.Errorf("iso20022: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// read fills a document from a message whose root is Document of a name space.
func read(message []byte, space string, document any) error {
	if len(message) > MaxMessage {
		return fmt.Errorf("%w: it has more than %d bytes", ErrMessage, MaxMessage)
	}
	if err := survey(message, space); err != nil {
		return fmt.Errorf("%w: %w", ErrMessage, err)
	}
	if err := xml.Unmarshal(message, document); err != nil {
		return fmt.Errorf("%w: it is not well-formed", ErrMessage)
	}
	return nil
}

// survey makes sure that a message is one Document whose elements are all of its
// name space. Supplementary data may have another.
func survey(message []byte, space string) error {
	d := xml.NewDecoder(bytes.NewReader(message))
	depth, roots := 0, 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) && roots == 1 {
			return nil
		}
		if err != nil {
			return errors.New("it is not well-formed")
		}
		switch tok := tok.(type) {
		case xml.Directive: // a DOCTYPE: no message has one
			return errors.New("it has a document type declaration")
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			if tok.Name.Space != space || depth == 0 && (tok.Name.Local != "Document" || roots > 1) {
				return errors.New("it is not one Document of " + space)
			}
			depth++
			if tok.Name.Local == "SplmtryData" {
				depth--
				if d.Skip() != nil {
					return errors.New("it is not well-formed")
				}
			}
		case xml.EndElement:
			depth--
		}
	}
}

// text refuses a text that is empty, too long or not printable. The definitions
// count characters.
func text(field, s string, longest int) error {
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		return &FieldError{field, "is missing"}
	case n > longest:
		return &FieldError{field, "has more than " + strconv.Itoa(longest) + " characters"}
	case !printable(s):
		return &FieldError{field, "has characters that cannot be printed"}
	}
	return nil
}

func printable(s string) bool {
	for _, r := range s {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return false
		}
	}
	return true
}

func routing(field, s string) error {
	if len(s) != 9 || !digits(s) {
		return &FieldError{field, "is not an ABA routing number of nine digits"}
	}
	sum := 0
	for i, weight := range []int{3, 7, 1, 3, 7, 1, 3, 7, 1} {
		sum += weight * int(s[i]-'0')
	}
	if sum%10 != 0 {
		return &FieldError{field, "has a wrong check digit"}
	}
	return nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// moment refuses a time that was not given.
func moment(field string, t time.Time) error {
	if t.IsZero() {
		return &FieldError{field, "is missing"}
	}
	return nil
}

// positive refuses an amount that no transfer has; the definitions allow 18
// digits, five of them behind the point.
func positive(field string, cents int64) error {
	if cents <= 0 || cents > 99_999_999_999_99 {
		return &FieldError{field, "is not an amount between 0.01 and 99999999999.99"}
	}
	return nil
}

// uetr refuses what is no UUID of version 4 in small letters (UUIDv4Identifier).
func uetr(field, s string) error {
	ok := len(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' && s[14] == '4' && strings.ContainsRune("89ab", rune(s[19]))
	for i := 0; ok && i < len(s); i++ {
		if s[i] != '-' && !strings.ContainsRune("0123456789abcdef", rune(s[i])) {
			ok = false
		}
	}
	if !ok {
		return &FieldError{field, "is not a UUID of version 4"}
	}
	return nil
}
