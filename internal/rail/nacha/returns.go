package nacha

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/moov-io/ach"
)

// Return says that a deposit came back.
type Return struct {
	Trace string // the full trace number of the deposit, 15 digits
	Code  string // R01 to R85
	Words string // what the code means, in the words of the rules
	Cents int
}

// Change is a notification of change: the deposit arrived, and its bank asks for
// other data next time.
type Change struct {
	Trace     string // the full trace number of the deposit
	Code      string // C01 to C14
	Words     string
	Corrected string // the data to use instead, in the form that the code has
}

// Answers is what a file from the operator says about deposits.
type Answers struct {
	Returns []Return
	Changes []Change
}

// MaxFile bounds a file that is read; one answer has about 500 bytes.
const MaxFile = 10 << 20

// ErrFile is behind every error about a file that cannot be read. Nothing of
// such a file is to be believed.
var ErrFile = errors.New("nacha: not an ACH file that can be read")

// ReadAnswers reads a file of returns and notifications of change. Entries that
// are neither, as new payments, are refused: they have no business in it.
func ReadAnswers(in []byte) (Answers, error) {
	if len(in) > MaxFile {
		return Answers{}, fmt.Errorf("%w: it has more than %d bytes", ErrFile, MaxFile)
	}
	file, err := parse(in)
	if err != nil {
		return Answers{}, err
	}
	var out Answers
	for _, batch := range file.Batches {
		for _, entry := range batch.GetEntries() {
			if err := out.add(entry); err != nil {
				return Answers{}, err
			}
		}
	}
	if len(out.Returns)+len(out.Changes) == 0 {
		return Answers{}, fmt.Errorf("%w: no return and no change is in it", ErrFile)
	}
	return out, nil
}

// parse reads a file by the rules. What the library says of an error may repeat
// account numbers, so it is not passed on; a panic of it is a file that cannot be
// read.
func parse(in []byte) (file ach.File, err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("%w: its records do not hold together", ErrFile)
		}
	}()
	file, err = ach.NewReader(bytes.NewReader(in)).Read()
	if err == nil {
		err = file.Validate()
	}
	if err != nil {
		return ach.File{}, fmt.Errorf("%w: it breaks the rules of the format", ErrFile)
	}
	return file, nil
}

func (a *Answers) add(entry *ach.EntryDetail) error {
	switch {
	case entry.Addenda99 != nil:
		code := ach.LookupReturnCode(entry.Addenda99.ReturnCode)
		if code == nil {
			return fmt.Errorf("%w: a return has no code of the rules", ErrFile)
		}
		a.Returns = append(a.Returns, Return{
			Trace: entry.Addenda99.OriginalTraceField(), Code: code.Code, Words: code.Reason, Cents: entry.Amount,
		})
	case entry.Addenda98 != nil:
		code := ach.LookupChangeCode(entry.Addenda98.ChangeCode)
		if code == nil {
			return fmt.Errorf("%w: a change has no code of the rules", ErrFile)
		}
		a.Changes = append(a.Changes, Change{
			Trace: entry.Addenda98.OriginalTraceField(), Code: code.Code, Words: code.Reason, Corrected: entry.Addenda98.CorrectedData,
		})
	default:
		return fmt.Errorf("%w: an entry is neither a return nor a change", ErrFile)
	}
	return nil
}

// ReturnWords says what a return code means, "" for one that the rules do not
// have.
func ReturnWords(code string) string {
	if c := ach.LookupReturnCode(code); c != nil {
		return c.Reason
	}
	return ""
}
