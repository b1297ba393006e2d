package nacha

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/moov-io/ach"
)

// Bank is a sender or receiver of files.
type Bank struct {
	Routing string // ABA routing number
	Name    string // up to 23 characters
}

func (b Bank) check(which string) error {
	switch {
	case !isRouting(b.Routing):
		return errors.New("nacha: the routing number of the " + which + " is not one")
	case !fits(b.Name, 1, 23):
		return errors.New("nacha: the name of the " + which + " does not fit in 23 characters")
	}
	return nil
}

func isRouting(s string) bool { return len(s) == 9 && ach.CheckRoutingNumber(s) == nil }

// File is one ACH file of deposits that settle in one window.
type File struct {
	Origin      Bank // the originating bank (ODFI)
	Destination Bank // the ACH operator
	CreatedAt   time.Time
	// Modifier tells the files of a day apart: A to Z, 0 to 9.
	Modifier byte
	Window   Window
	Deposits []Deposit
}

// Deposit is one credit to one account.
type Deposit struct {
	// Trace is the trace number without the bank's prefix: 1 to 9999999, rising
	// within a file.
	Trace       int
	CompanyName string // up to 16 characters; the statement begins with it
	CompanyID   string // up to 10 characters
	Cents       int    // 1 to 99,999,999: Same Day ACH takes up to a million dollars
	Routing     string // ABA routing number of the receiving bank
	Account     string // up to 17 characters
	Savings     bool   // a savings account rather than a checking account
	Name        string // of the receiver; the first 22 characters are sent
	Reference   string // individual identification number, up to 15 characters
	Addendum    string // payment related information, up to 80 characters; "" for none
}

// Description is the company entry description of every micro-deposit (Nacha
// rules, micro-entries).
const Description = "ACCTVERIFY"

// mostCents is what Same Day ACH carries in one entry.
const mostCents = 100_000_000

// TraceNumber is the full trace number of an entry of this file: the first eight
// digits of the origin and seven of the entry.
func (f File) TraceNumber(d Deposit) string {
	return fmt.Sprintf("%.8s%07d", f.Origin.Routing, d.Trace)
}

// Marshal writes the file. Its error names the deposit, counted from 1, and the
// rule that it breaks; it repeats no account number.
func (f File) Marshal() ([]byte, error) {
	if len(f.Deposits) == 0 {
		return nil, errors.New("nacha: a file needs a deposit")
	}
	if err := errors.Join(f.Origin.check("origin"), f.Destination.check("destination")); err != nil {
		return nil, err
	}
	file := ach.NewFile()
	header := ach.NewFileHeader()
	local := f.CreatedAt.In(Eastern)
	header.ImmediateOrigin, header.ImmediateOriginName = f.Origin.Routing, f.Origin.Name
	header.ImmediateDestination, header.ImmediateDestinationName = f.Destination.Routing, f.Destination.Name
	header.FileCreationDate, header.FileCreationTime = local.Format("060102"), local.Format("1504")
	header.FileIDModifier = string(f.Modifier)
	file.SetHeader(header)
	for i, d := range f.Deposits {
		batch, err := f.batch(i+1, d)
		if err != nil {
			return nil, fmt.Errorf("nacha: deposit %d: %w", i+1, err)
		}
		file.AddBatch(batch)
	}
	if err := file.Create(); err != nil {
		return nil, fmt.Errorf("nacha: %w", err)
	}
	if err := file.Validate(); err != nil {
		return nil, fmt.Errorf("nacha: %w", err)
	}
	var b bytes.Buffer
	if err := ach.NewWriter(&b).Write(file); err != nil {
		return nil, fmt.Errorf("nacha: %w", err)
	}
	return b.Bytes(), nil
}

// batch is the batch of one deposit.
func (f File) batch(number int, d Deposit) (ach.Batcher, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	header := ach.NewBatchHeader()
	header.ServiceClassCode, header.StandardEntryClassCode = ach.CreditsOnly, ach.PPD
	header.CompanyName, header.CompanyIdentification, header.CompanyEntryDescription = d.CompanyName, d.CompanyID, Description
	header.CompanyDescriptiveDate, header.EffectiveEntryDate = f.Window.sameDay(), f.Window.date()
	header.ODFIIdentification = prefix(f.Origin.Routing)
	header.BatchNumber, header.OriginatorStatusCode = number, 1

	entry := ach.NewEntryDetail()
	entry.TransactionCode = ach.CheckingCredit
	if d.Savings {
		entry.TransactionCode = ach.SavingsCredit
	}
	entry.SetRDFI(d.Routing)
	entry.DFIAccountNumber, entry.Amount = d.Account, d.Cents
	entry.IndividualName, entry.IdentificationNumber = plain(d.Name, 22), d.Reference
	entry.SetTraceNumber(header.ODFIIdentification, d.Trace)
	entry.Category = ach.CategoryForward
	if d.Addendum != "" {
		addendum := ach.NewAddenda05()
		addendum.PaymentRelatedInformation, addendum.SequenceNumber = d.Addendum, 1
		addendum.EntryDetailSequenceNumber = d.Trace
		entry.AddAddenda05(addendum)
		entry.AddendaRecordIndicator = 1
	}
	batch, err := ach.NewBatch(header)
	if err != nil {
		return nil, err
	}
	batch.AddEntry(entry)
	return batch, batch.Create()
}

// check refuses what the records could not hold. The library would cut it off.
func (d Deposit) check() error {
	switch {
	case d.Trace < 1 || d.Trace > 9_999_999:
		return errors.New("the trace number has more than seven digits")
	case d.Cents < 1 || d.Cents > mostCents:
		return errors.New("the amount is not between 0.01 and 1,000,000.00")
	case !fits(d.CompanyName, 1, 16):
		return errors.New("the company name does not fit in 16 characters")
	case !fits(d.CompanyID, 1, 10):
		return errors.New("the company identification does not fit in 10 characters")
	case !fits(d.Account, 1, 17):
		return errors.New("the account number does not fit in 17 characters")
	case !fits(d.Reference, 0, 15):
		return errors.New("the reference does not fit in 15 characters")
	case !fits(d.Addendum, 0, 80):
		return errors.New("the addendum does not fit in 80 characters")
	case !isRouting(d.Routing):
		return errors.New("the routing number is not one")
	case plain(d.Name, 22) == "":
		return errors.New("the receiver has no name that an ACH file can hold")
	}
	return nil
}

func prefix(routing string) string {
	if len(routing) < 8 {
		return routing
	}
	return routing[:8]
}

// fits reports whether a text has so many printable ASCII characters, the
// alphabet of ACH records. Spaces at its ends do not count: fields are padded
// with them.
func fits(s string, least, most int) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return len(strings.TrimSpace(s)) >= least && len(s) <= most
}

// plain brings a name into the alphabet of ACH records: letters lose their
// accents, everything else that does not fit becomes a space. At most so many
// characters are kept.
func plain(name string, most int) string {
	var b strings.Builder
	for _, r := range decompose(name) {
		switch {
		case r >= ' ' && r <= '~':
			b.WriteRune(r)
		case isMark(r):
		default:
			b.WriteByte(' ')
		}
	}
	out := strings.Join(strings.Fields(b.String()), " ")
	return strings.TrimSpace(out[:min(len(out), most)])
}
