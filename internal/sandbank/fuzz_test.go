package sandbank

import (
	"errors"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

// FuzzParse: the bank credits what a file says in whole, with amounts that a rail can
// carry, or takes none of it.
func FuzzParse(f *testing.F) {
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	f.Add(achFile(f, now, number, "42"))
	f.Add(transfer(f, now, number))
	b := &Bank{clock: clock.Manual(now)}
	f.Fuzz(func(t *testing.T, in []byte) {
		list, err := b.parse(in)
		if err != nil {
			if !errors.Is(err, errUnreadable) {
				t.Fatal(err)
			}
			return
		}
		for _, d := range list {
			if d.cents < 0 || d.cents > maxCents || d.answers == nil || d.posts.IsZero() {
				t.Fatalf("%d cents, %v", d.cents, d.posts)
			}
		}
	})
}
