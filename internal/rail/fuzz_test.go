package rail

import (
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/rail/iso20022"
)

// FuzzRead: what comes back is believed as a whole, in words that a payment can take,
// or not at all.
func FuzzRead(f *testing.F) {
	p := Payment{Trace: "110000000000001", ID: "00000000-0000-4000-8000-000000000000"}
	f.Add(returnFile(f, p, "R03", 1))
	at := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	for _, status := range []iso20022.TransactionStatus{iso20022.Settled, iso20022.Rejected, iso20022.Accepted} {
		out, err := iso20022.Status{
			MessageID: "S", CreatedAt: at, OriginalMessageID: "M", OriginalEndToEndID: "E", OriginalTxID: "T",
			OriginalUETR: p.ID, Status: status, Reason: iso20022.ReasonWrongAccount, AcceptedAt: at,
		}.Marshal()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(out)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		list, err := read(in)
		if err != nil && list != nil || err == nil && len(list) == 0 {
			t.Fatalf("%d answers and %v", len(list), err)
		}
		for _, a := range list {
			if a.trace == "" || a.cents < -1 || a.event.Type != "" && after[a.event.Type] == "" {
				t.Fatalf("%+v", a)
			}
		}
	})
}
