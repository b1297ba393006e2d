package rail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/rail/iso20022"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// NotBelieved is the error of a file that changed nothing: it cannot be read, it
// was read before under another name, or no payment of ours fits it.
type NotBelieved struct {
	Reason  string
	garbled bool // rather than out of place
}

// Error is the reason, which repeats nothing of the file.
func (e *NotBelieved) Error() string { return "rail: " + e.Reason }

// errEarly says that an answer waits for its file to be noted as sent. It is read
// again then.
var errEarly = errors.New("rail: an answer came before its file was noted as sent")

// answer is what a file says about one payment.
type answer struct {
	trace string
	cents int // -1 when the file does not repeat it
	event Event
	note  string // the code of a notification of change
}

// Receive reads a file that came back, in one transaction. The same file a second
// time changes nothing. What it says about payments that are not ours, or that
// cannot be as things stand, is counted and logged; a file of nothing else is
// NotBelieved.
func (r *Rails) Receive(ctx context.Context, name string, content []byte) error {
	answers, err := read(content)
	if err != nil {
		return &NotBelieved{Reason: "it cannot be read: " + err.Error(), garbled: true}
	}
	strangers := 0
	err = r.db.Write(ctx, func(tx *store.Tx) error {
		strangers = 0
		// The hash comes first: nothing of a file that was read before is applied.
		if err := r.insertReceived(ctx, tx, fingerprint(content), name, len(answers)); err != nil {
			return err
		}
		for _, a := range answers {
			known, err := r.apply(ctx, tx, a)
			if err != nil {
				return err
			}
			if !known {
				strangers++
			}
		}
		if strangers == len(answers) {
			return &NotBelieved{Reason: fmt.Sprintf("it speaks of %d payments, and none of them is one of ours that it fits", strangers)}
		}
		return r.noteStrangers(ctx, tx, fingerprint(content), strangers)
	})
	if errors.Is(err, errReadBefore) {
		return r.readBefore(ctx, name, content)
	}
	if err == nil && strangers > 0 {
		r.log.Warn("rail: a file speaks of payments that do not fit ours", "file", name, "count", strangers, "of", len(answers))
	}
	return err
}

// readBefore tells a file that we did not acknowledge, because we stopped, from a
// copy of it.
func (r *Rails) readBefore(ctx context.Context, name string, content []byte) error {
	as, at, err := r.received(ctx, fingerprint(content))
	if err != nil {
		return fmt.Errorf("rail: %w", err)
	}
	if as == name {
		return nil
	}
	return &NotBelieved{Reason: fmt.Sprintf("it was read before, as %s on %s", as, at.Format(time.DateTime))}
}

// apply lets an answer happen; known is false if no payment of ours fits it.
func (r *Rails) apply(ctx context.Context, tx *store.Tx, a answer) (known bool, err error) {
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
	if a.event.Type == "" {
		if a.note != "" {
			r.log.Info("rail: the receiving bank asks for other data next time", "payment", p.ID, "code", a.note)
		}
		return true, nil // a notice: nothing changes
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
		list = append(list, answer{trace: b.Trace, cents: b.Cents, event: Event{Type: EventReversed, Code: b.Code, Words: b.Words}})
	}
	for _, c := range got.Changes { // the deposit arrived; nothing of it changes
		list = append(list, answer{trace: c.Trace, cents: -1, note: c.Code})
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
