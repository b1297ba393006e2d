package rail

import (
	"bytes"
	"errors"
	"testing"

	"github.com/moov-io/ach"

	"github.com/glencheck-dev/glencheck/internal/rail/iso20022"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
)

// returned is the return file of a deposit.
func (y *yard) returned(p Payment, code string, cents int) []byte {
	y.t.Helper()
	return returnFile(y.t, p, code, cents)
}

func returnFile(t testing.TB, p Payment, code string, cents int) []byte {
	t.Helper()
	file := ach.NewFile()
	h := ach.NewFileHeader()
	h.ImmediateOrigin, h.ImmediateDestination = "061000146", "110000000"
	h.FileCreationDate, h.FileCreationTime, h.FileIDModifier = "261124", "0900", "A"
	file.SetHeader(h)
	e := ach.NewEntryDetail()
	e.TransactionCode, e.Amount, e.Category = ach.CheckingReturnNOCCredit, cents, ach.CategoryReturn
	e.SetRDFI("110000000")
	e.DFIAccountNumber, e.IndividualName = "1111222233330000", "Alberta Charleson"
	e.SetTraceNumber("33333333", 1)
	e.AddendaRecordIndicator, e.Addenda99 = 1, ach.NewAddenda99()
	e.Addenda99.ReturnCode, e.Addenda99.OriginalTrace, e.Addenda99.OriginalDFI = code, p.Trace, "33333333"
	e.Addenda99.TraceNumber = e.TraceNumber
	bh := ach.NewBatchHeader()
	bh.ServiceClassCode, bh.StandardEntryClassCode, bh.BatchNumber = ach.CreditsOnly, ach.PPD, 1
	bh.CompanyName, bh.CompanyIdentification, bh.CompanyEntryDescription = "#ABC WONDERWALLE", "1460820571", nacha.Description
	bh.EffectiveEntryDate, bh.ODFIIdentification, bh.OriginatorStatusCode = "261124", "33333333", 1
	batch, err := ach.NewBatch(bh)
	if err != nil {
		t.Fatal(err)
	}
	batch.AddEntry(e)
	if err := errors.Join(batch.Create()); err != nil {
		t.Fatal(err)
	}
	file.AddBatch(batch)
	var b bytes.Buffer
	if err := errors.Join(file.Create(), ach.NewWriter(&b).Write(file)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// report is the status report of an instant transfer.
func (y *yard) report(p Payment, status iso20022.TransactionStatus, reason string) []byte {
	y.t.Helper()
	out, err := iso20022.Status{
		MessageID: "S" + p.Trace, CreatedAt: y.clock.Now(), OriginalMessageID: p.Trace, OriginalEndToEndID: p.Trace,
		OriginalTxID: p.Trace, OriginalUETR: p.ID, Status: status, Reason: reason, AcceptedAt: y.clock.Now(),
	}.Marshal()
	if err != nil {
		y.t.Fatal(err)
	}
	return out
}
