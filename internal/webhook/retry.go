package webhook

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// The retries of scheme Plaid (plaid-server-api.md section 12.2): after 30 s, then
// each time after four times as long, and never later than a day after the first
// try. That makes six.
const (
	retryFirst  = 30 * time.Second
	retryFactor = 4
	retryWithin = 24 * time.Hour
)

// retryAfter is the wait after a number of failures.
func retryAfter(failures int64, age time.Duration) (time.Duration, bool) {
	wait := retryFirst
	for range failures - 1 {
		if wait *= retryFactor; wait > retryWithin {
			return 0, false
		}
	}
	return wait, age+wait <= retryWithin
}

// The cut-off: "no retries if over 90 % of the last 24 h were rejected". One
// rejected try of one is 100 %, so it counts from some number of tries on.
const (
	cutPercent = 90
	cutFrom    = 20
	cutWithin  = 24 // hours
)

// again is when a delivery that has failed is tried next.
func (o *Outbox) again(ctx context.Context, tx *store.Tx, d *Delivery, failures int64) (due int64, again bool, err error) {
	now := o.clock.Now()
	wait, again := o.schemes[d.Scheme].Retry(failures, now.Sub(d.CreatedAt))
	if !again {
		return 0, false, nil
	}
	if _, own := o.schemes[d.Scheme].(Witness); own {
		return roundUp(clock.Millis(now.Add(wait))), true, nil
	}
	var tries, rejected int64
	if err := tx.QueryRow(ctx, sumTries, d.ClientID, d.receiver, hourOf(now)-cutWithin).Scan(&tries, &rejected); err != nil {
		return 0, false, err
	}
	if tries >= cutFrom && rejected*100 > tries*cutPercent {
		return 0, false, nil
	}
	return roundUp(clock.Millis(now.Add(wait))), true, nil
}

// roundUp moves a time to the next whole second: retries that are due together
// are searched for together.
func roundUp(ms int64) int64 { return (ms + 999) / 1000 * 1000 }

func hourOf(t time.Time) int64 { return t.Unix() / 3600 }

func compareText(a, b string) int { return strings.Compare(a, b) }

func compareTallies(a, b tally) int {
	return cmp.Or(strings.Compare(a.client, b.client), strings.Compare(a.receiver, b.receiver), cmp.Compare(a.hour, b.hour))
}
