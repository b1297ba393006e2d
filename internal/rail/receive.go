package rail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/rail/iso20022"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// ErrIncoming is behind the error of a file that cannot be read: nothing of it
// was believed.
var ErrIncoming = errors.New("rail: not a file that can be read")

// errEarly says that an answer waits for its file to be noted as sent. It is read
// again then.
var errEarly = errors.New("rail: an answer came before its file was noted as sent")

// answer is what a file says about one payment.
type answer struct {
	trace string
	cents int // -1 when the file does not repeat it
	event Event
}

// Receive reads a file that came back, in one transaction. The same content a
// second time changes nothing. What it says about payments that are not ours, or
// that cannot be as things stand, is counted and logged.
func (r *Rails) Receive(ctx context.Context, name string, content []byte) error {
	answers, err := read(content)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrIncoming, err)
	}
	sum := sha256.Sum256(content)
	strangers := 0
	err = r.db.Write(ctx, func(tx *store.Tx) error {
		strangers = 0
		for _, a := range answers {
			known, err := r.apply(ctx, tx, a)
			if err != nil {
				return err
			}
			if !known {
				strangers++
			}
		}
		return r.insertReceived(ctx, tx, hex.EncodeToString(sum[:]), name, len(answers), strangers)
	})
	if errors.Is(err, errReadBefore) {
		return nil
	}
	if err == nil && strangers > 0 {
		r.log.Warn("rail: a file speaks of payments that do not fit ours", "file", name, "count", strangers)
	}
	return err
}

// apply lets an answer happen; known is false if no payment of ours fits it.
func (r *Rails) apply(ctx context.Context, tx *store.Tx, a answer) (known bool, err error) {
	if a.event.Type == "" {
		return true, nil // a notice: nothing changes
	}
	p, err := r.byTrace(ctx, tx, a.trace)
	if errors.Is(err, store.ErrNoRows) || err == nil && a.cents >= 0 && a.cents != p.Cents {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("rail: %w", err)
	}
	if p.State == Built {
		// We crashed before noting that the file was handed over, or somebody answers
		// what they cannot have seen. It is handed over first, or again.
		return false, errEarly
	}
	err = r.change(ctx, tx, p, a.event)
	if errors.Is(err, errNotNow) {
		return false, nil
	}
	return err == nil, err
}

// read finds out what a file is and what it says.
func read(content []byte) ([]answer, error) {
	if bytes.HasPrefix(bytes.TrimSpace(content), []byte("<")) {
		return readInstant(content)
	}
	got, err := nacha.ReadAnswers(content)
	if err != nil {
		return nil, err
	}
	var list []answer
	for _, b := range got.Returns {
		list = append(list, answer{b.Trace, b.Cents, Event{Type: EventReversed, Code: b.Code, Words: b.Words}})
	}
	for _, c := range got.Changes { // the deposit arrived; nothing of it changes
		list = append(list, answer{trace: c.Trace, cents: -1})
	}
	return list, nil
}

// reasons are words for the codes of a rejection.
var reasons = map[string]string{
	iso20022.ReasonWrongAccount:   "Invalid creditor account number",
	iso20022.ReasonClosedAccount:  "Closed creditor account",
	iso20022.ReasonBlockedAccount: "Blocked account",
	iso20022.ReasonWrongBank:      "Invalid creditor bank identifier",
	iso20022.ReasonNotAllowed:     "Transaction forbidden",
	iso20022.ReasonDuplicate:      "Duplicate payment",
}

func readInstant(content []byte) ([]answer, error) {
	s, err := iso20022.ParseStatus(content)
	if err != nil {
		if n, noticeErr := iso20022.ParseNotice(content); noticeErr == nil {
			return []answer{{trace: n.EndToEndID, cents: int(n.Cents)}}, nil
		}
		return nil, err
	}
	a := answer{trace: s.OriginalEndToEndID, cents: -1}
	switch s.Status {
	case iso20022.Settled:
		a.event = Event{Type: EventPosted}
	case iso20022.Rejected:
		a.event = Event{Type: EventFailed, Code: s.Reason, Words: reasons[s.Reason]}
	}
	return []answer{a}, nil
}
