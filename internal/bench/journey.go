package bench

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

// direct measures calls of fn from several goroutines, without HTTP.
func direct(workers int, during time.Duration, fn func() error) (result, error) {
	return repeat(workers, during, func() (func() error, func(), error) { return fn, func() {}, nil })
}

// repeat runs what prepare makes over and over, in several goroutines.
func repeat(workers int, during time.Duration, prepare func() (fn func() error, end func(), err error)) (result, error) {
	var wg sync.WaitGroup
	took, errs := make([][]time.Duration, workers), make([]error, workers)
	elapsed := clock.Stopwatch()
	for i := range workers {
		wg.Go(func() {
			fn, end, err := prepare()
			if err != nil {
				errs[i] = err
				return
			}
			defer end()
			for errs[i] == nil && elapsed() < during {
				one := clock.Stopwatch()
				errs[i] = fn()
				took[i] = append(took[i], one())
			}
		})
	}
	wg.Wait()
	total := elapsed()
	if err := first(errs); err != nil {
		return result{}, err
	}
	all := slices.Concat(took...)
	slices.Sort(all)
	return result{rate: float64(len(all)) / total.Seconds(), p50: all[len(all)/2], p99: all[len(all)*99/100]}, nil
}

// journeyRows measures a test's whole way without a browser: public token,
// exchange, /auth/get and /identity/get, each durable where it writes.
func (b *bencher) journeyRows(_ context.Context, t *table) error {
	r, err := b.interleave(func() (result, error) {
		return repeat(16, b.opt.Turn, func() (func() error, func(), error) {
			c, err := dial(b.addr)
			if err != nil {
				return nil, nil, err
			}
			return func() error { return b.journey(c) }, func() { c.Close() }, nil
		})
	})
	if err != nil {
		return err
	}
	t.row("journey: public token, exchange, auth, identity; 16", perSecond(r[0]), "", "", "", true)
	return nil
}

func (b *bencher) journey(c *conn) error {
	token, err := b.newItem(c)
	if err != nil {
		return err
	}
	for _, path := range []string{"/auth/get", "/identity/get"} {
		if _, err := c.do(b.post(path, `{"access_token":"`+token+`"}`)); err != nil {
			return err
		}
	}
	return nil
}
