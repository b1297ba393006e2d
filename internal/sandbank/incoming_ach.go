package sandbank

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/moov-io/ach"

	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
)

// readACH reads the credits of an ACH file. Anything else in it is refused: the
// bank pays nothing out on the word of a file.
func readACH(content []byte) (list []incoming, err error) {
	defer func() {
		if recover() != nil {
			list, err = nil, errUnreadable
		}
	}()
	file, err := ach.NewReader(bytes.NewReader(content)).Read()
	if err == nil {
		err = file.Validate()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: it breaks the rules of ACH files", errUnreadable)
	}
	for _, batch := range file.Batches {
		posts, err := settles(batch.GetHeader())
		if err != nil {
			return nil, err
		}
		for _, e := range batch.GetEntries() {
			if e.TransactionCode != ach.CheckingCredit && e.TransactionCode != ach.SavingsCredit {
				return nil, fmt.Errorf("%w: an entry is not a credit to a checking or savings account", errUnreadable)
			}
			h := batch.GetHeader()
			list = append(list, incoming{
				entry: entry{
					Account: strings.TrimSpace(e.DFIAccountNumber), Routing: e.RDFIIdentification + e.CheckDigit, Name: strings.TrimSpace(e.IndividualName),
					Description: strings.TrimSpace(h.CompanyName) + " " + strings.TrimSpace(h.CompanyEntryDescription), Reference: e.TraceNumberField(),
				},
				cents: int64(e.Amount), posts: posts, savings: e.TransactionCode == ach.SavingsCredit, answers: achAnswers{file.Header, h, e},
			})
		}
	}
	return list, nil
}

// settles is when the window that a batch asks for settles: its effective date at
// the time of SDHHMM, or at 08:30 without one.
func settles(h *ach.BatchHeader) (time.Time, error) {
	clockTime := "0830"
	if wish, same := strings.CutPrefix(h.CompanyDescriptiveDate, "SD"); same {
		clockTime = wish
	}
	at, err := time.ParseInLocation("060102 1504", h.EffectiveEntryDate+" "+clockTime, nacha.Eastern)
	if err != nil {
		return at, fmt.Errorf("%w: a batch has no effective date", errUnreadable)
	}
	return at, nil
}

// achAnswers writes return and change files about one entry.
type achAnswers struct {
	header ach.FileHeader
	batch  *ach.BatchHeader
	entry  *ach.EntryDetail
}

// accepted says nothing, as banks do, unless the account has another number.
func (a achAnswers) accepted(b *Bank, d incoming, l lever) ([]Answer, error) {
	if AccountState(l.State) != AccountMoved {
		return nil, nil
	}
	e := a.back(d, 0)
	e.Category, e.Addenda98 = ach.CategoryNOC, ach.NewAddenda98()
	e.Addenda98.ChangeCode, e.Addenda98.CorrectedData = "C01", l.Corrected
	e.Addenda98.OriginalTrace, e.Addenda98.OriginalDFI, e.Addenda98.TraceNumber = d.Reference, a.entry.RDFIIdentification, e.TraceNumber
	return a.file(b, ach.COR, e)
}

// refused returns the deposit.
func (a achAnswers) refused(b *Bank, d incoming, l lever) ([]Answer, error) {
	e := a.back(d, int(d.cents))
	e.Category, e.Addenda99 = ach.CategoryReturn, ach.NewAddenda99()
	e.Addenda99.ReturnCode = l.returnCode()
	e.Addenda99.OriginalTrace, e.Addenda99.OriginalDFI, e.Addenda99.TraceNumber = d.Reference, a.entry.RDFIIdentification, e.TraceNumber
	return a.file(b, a.batch.StandardEntryClassCode, e)
}

// back is the entry that goes back to the bank that sent d.
func (a achAnswers) back(d incoming, cents int) *ach.EntryDetail {
	e := ach.NewEntryDetail()
	e.TransactionCode = ach.CheckingReturnNOCCredit
	if d.savings {
		e.TransactionCode = ach.SavingsReturnNOCCredit
	}
	e.SetRDFI(a.origin())
	e.DFIAccountNumber, e.IndividualName, e.Amount = a.entry.DFIAccountNumber, a.entry.IndividualName, cents
	e.SetTraceNumber(a.entry.RDFIIdentification, 1)
	e.AddendaRecordIndicator = 1
	return e
}

// origin is the routing number of the bank that sent the file.
func (a achAnswers) origin() string { return strings.TrimSpace(a.header.ImmediateOrigin) }

// file puts one entry into a file.
func (a achAnswers) file(b *Bank, sec string, e *ach.EntryDetail) ([]Answer, error) {
	now := b.clock.Now().In(nacha.Eastern)
	file := ach.NewFile()
	h := ach.NewFileHeader()
	h.ImmediateOrigin, h.ImmediateOriginName = strings.TrimSpace(a.header.ImmediateDestination), a.header.ImmediateDestinationName
	h.ImmediateDestination, h.ImmediateDestinationName = a.origin(), a.header.ImmediateOriginName
	h.FileCreationDate, h.FileCreationTime, h.FileIDModifier = now.Format("060102"), now.Format("1504"), "A"
	file.SetHeader(h)
	bh := *a.batch
	bh.StandardEntryClassCode, bh.ODFIIdentification, bh.BatchNumber = sec, a.entry.RDFIIdentification, 1
	bh.CompanyDescriptiveDate, bh.EffectiveEntryDate = "", now.Format("060102")
	batch, err := ach.NewBatch(&bh)
	if err != nil {
		return nil, err
	}
	batch.AddEntry(e)
	if err := batch.Create(); err != nil {
		return nil, err
	}
	file.AddBatch(batch)
	if err := file.Create(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := ach.NewWriter(&out).Write(file); err != nil {
		return nil, err
	}
	return []Answer{{b.ids.UUID() + ".ach", out.Bytes()}}, nil
}
