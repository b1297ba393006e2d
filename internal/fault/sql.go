package fault

import (
	"context"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

const (
	insertFault  = "INSERT INTO fault (n, origin, sealed, set_at, ends_at, seen, struck) VALUES ($1, $2, $3, $4, $5, 0, 0)"
	selectFaults = "SELECT n, origin, sealed, set_at, ends_at, seen, struck FROM fault ORDER BY n"
	askFault     = "UPDATE fault SET seen = seen + 1 WHERE n = $1 RETURNING seen, struck"
	strikeFault  = "UPDATE fault SET struck = struck + 1 WHERE n = $1"
	deleteFault  = "DELETE FROM fault WHERE n = $1"
	deleteOf     = "DELETE FROM fault WHERE origin = $1"
	deleteAll    = "DELETE FROM fault"
	// newest tells other nodes that something was set or cleared.
	newest = "SELECT COALESCE(MAX(n), 0) * 1000 + COUNT(*) FROM fault"
)

// counter is the name under which the numbers of faults are counted.
const counter = "fault"

// sealedAs is what binds a sealed fault to its row.
func sealedAs(n int64) string { return fmt.Sprintf("fault:%d", n) }

// add stores a fault in tx and gives it its number.
func (f *Faults) add(ctx context.Context, tx *store.Tx, origin string, s Spec) (*Fault, error) {
	n, err := store.NextNumber(ctx, tx, counter)
	if err != nil {
		return nil, err
	}
	sealed, err := f.vault.SealJSON(s, sealedAs(n))
	if err != nil {
		return nil, err
	}
	a := &Fault{Spec: s, n: n, Origin: origin, setAt: f.clock.Now()}
	if s.ForSeconds > 0 {
		a.endsAt = a.setAt.Add(time.Duration(s.ForSeconds) * time.Second)
	}
	_, err = tx.Exec(ctx, insertFault, n, origin, sealed, clock.Millis(a.setAt), clock.Millis(a.endsAt))
	return a, err
}

// all reads every fault, those too that are over.
func (f *Faults) all(ctx context.Context) ([]*Fault, error) {
	rows, err := f.db.Query(ctx, selectFaults)
	if err != nil {
		return nil, fmt.Errorf("fault: %w", err)
	}
	defer rows.Close()
	list := []*Fault{}
	for rows.Next() {
		var a Fault
		var sealed string
		var set, ends int64
		if err := rows.Scan(&a.n, &a.Origin, &sealed, &set, &ends, &a.Seen, &a.Struck); err != nil {
			return nil, fmt.Errorf("fault: %w", err)
		}
		if err := f.vault.OpenJSON(sealed, sealedAs(a.n), &a.Spec); err != nil {
			return nil, fmt.Errorf("fault: %w", err)
		}
		a.setAt, a.endsAt = clock.FromMillis(set), clock.FromMillis(ends)
		list = append(list, &a)
	}
	return list, rows.Err()
}
