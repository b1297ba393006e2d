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
			sender := newACHSender(file.Header, h, e)
			list = append(list, incoming{
				entry: entry{
					Account: strings.TrimSpace(e.DFIAccountNumber), Routing: e.RDFIIdentification + e.CheckDigit, Name: strings.TrimSpace(e.IndividualName),
					Description: strings.TrimSpace(h.CompanyName) + " " + strings.TrimSpace(h.CompanyEntryDescription), Reference: e.TraceNumberField(),
					Sender: sender,
				},
				cents: int64(e.Amount), posts: posts, answers: sender,
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

// achSender is what a return or a change repeats of the deposit that it is about.
type achSender struct {
	Origin       string `json:"origin"` // the bank that sent it: routing number and name
	OriginName   string `json:"origin_name,omitempty"`
	Operator     string `json:"operator"`
	OperatorName string `json:"operator_name,omitempty"`
	Company      string `json:"company"`
	CompanyID    string `json:"company_id"`
	Description  string `json:"description"`
	SEC          string `json:"sec"`
	Class        int    `json:"class"`
	RDFI         string `json:"rdfi"` // of the receiver: eight digits
	Savings      bool   `json:"savings,omitempty"`
}

func newACHSender(f ach.FileHeader, h *ach.BatchHeader, e *ach.EntryDetail) *achSender {
	return &achSender{
		Origin: strings.TrimSpace(f.ImmediateOrigin), OriginName: f.ImmediateOriginName,
		Operator: strings.TrimSpace(f.ImmediateDestination), OperatorName: f.ImmediateDestinationName,
		Company: h.CompanyName, CompanyID: h.CompanyIdentification, Description: h.CompanyEntryDescription,
		SEC: h.StandardEntryClassCode, Class: h.ServiceClassCode, RDFI: e.RDFIIdentification, Savings: e.TransactionCode == ach.SavingsCredit,
	}
}

// accepted says nothing, as banks do, unless the account has another number.
func (s *achSender) accepted(b *Bank, d incoming, l lever) ([]Answer, error) {
	if AccountState(l.State) != AccountMoved {
		return nil, nil
	}
	e := s.back(d.entry, 0)
	e.Category, e.Addenda98 = ach.CategoryNOC, ach.NewAddenda98()
	e.Addenda98.ChangeCode, e.Addenda98.CorrectedData = "C01", l.Corrected
	e.Addenda98.OriginalTrace, e.Addenda98.OriginalDFI, e.Addenda98.TraceNumber = d.Reference, s.RDFI, e.TraceNumber
	return s.file(b, ach.COR, e)
}

// refused returns the deposit.
func (s *achSender) refused(b *Bank, d incoming, l lever) ([]Answer, error) {
	return s.giveBack(b, d.entry, d.cents, l.returnCode())
}

// giveBack writes the return of a deposit.
func (s *achSender) giveBack(b *Bank, d entry, cents int64, code string) ([]Answer, error) {
	e := s.back(d, int(cents))
	e.Category, e.Addenda99 = ach.CategoryReturn, ach.NewAddenda99()
	e.Addenda99.ReturnCode = code
	e.Addenda99.OriginalTrace, e.Addenda99.OriginalDFI, e.Addenda99.TraceNumber = d.Reference, s.RDFI, e.TraceNumber
	return s.file(b, s.SEC, e)
}

// back is the entry that goes back to the bank that sent d.
func (s *achSender) back(d entry, cents int) *ach.EntryDetail {
	e := ach.NewEntryDetail()
	e.TransactionCode = ach.CheckingReturnNOCCredit
	if s.Savings {
		e.TransactionCode = ach.SavingsReturnNOCCredit
	}
	e.SetRDFI(s.Origin)
	e.DFIAccountNumber, e.IndividualName, e.Amount = d.Account, d.Name, cents
	e.SetTraceNumber(s.RDFI, 1)
	e.AddendaRecordIndicator = 1
	return e
}

// file puts one entry into a file.
func (s *achSender) file(b *Bank, sec string, e *ach.EntryDetail) ([]Answer, error) {
	now := b.clock.Now().In(nacha.Eastern)
	file := ach.NewFile()
	h := ach.NewFileHeader()
	h.ImmediateOrigin, h.ImmediateOriginName = s.Operator, s.OperatorName
	h.ImmediateDestination, h.ImmediateDestinationName = s.Origin, s.OriginName
	h.FileCreationDate, h.FileCreationTime, h.FileIDModifier = now.Format("060102"), now.Format("1504"), "A"
	file.SetHeader(h)
	bh := ach.NewBatchHeader()
	bh.ServiceClassCode, bh.StandardEntryClassCode, bh.ODFIIdentification = s.Class, sec, s.RDFI
	bh.CompanyName, bh.CompanyIdentification, bh.CompanyEntryDescription = s.Company, s.CompanyID, s.Description
	bh.EffectiveEntryDate, bh.BatchNumber, bh.OriginatorStatusCode = now.Format("060102"), 1, 1
	batch, err := ach.NewBatch(bh)
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
	return []Answer{{b.arrivals.UUID() + ".ach", out.Bytes()}}, nil
}
