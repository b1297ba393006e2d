package bench

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// small is the number of Items that growth is measured from.
const small = 1000

// growthRows measures /auth/get on a database of 1,000 Items and again, over as
// many Items in use, after it has grown to opt.Items; then Items picked from all
// of them, whose first call it is: they come from the disk, their numbers from
// the bank, and are stored. All Items are made through the API.
func growthRows(ctx context.Context, t *table, opt Options, db string) error {
	if opt.Items <= small {
		return fmt.Errorf("bench: growth needs more than %d Items", small)
	}
	b, err := open(ctx, opt, db)
	if err != nil {
		return err
	}
	defer b.close()
	tokens, err := b.fill(nil, small)
	if err != nil {
		return err
	}
	before, err := b.reads(tokens)
	if err != nil {
		return err
	}
	if tokens, err = b.fill(tokens, opt.Items); err != nil {
		return err
	}
	inUse, err := b.reads(tokens[:small])
	if err != nil {
		return err
	}
	first, err := b.reads(tokens[small:])
	if err != nil {
		return err
	}
	ratio := float64(inUse.p50) / float64(before.p50)
	t.row(fmt.Sprintf("/auth/get p50, %d -> %d Items, 1,000 in use", small, opt.Items),
		short(inUse.p50), short(before.p50), percent(ratio), "<= 130 %", ratio <= 1.3)
	t.row(fmt.Sprintf("first /auth/get of an Item p50, %d Items", opt.Items), short(first.p50), "", "", "", true)
	return b.restarts(ctx, t, opt, db)
}

// restarts compares the start on the grown file with that on a small one.
func (b *bencher) restarts(ctx context.Context, t *table, opt Options, db string) error {
	if opt.Exe == "" {
		return nil
	}
	if err := b.stop(); err != nil {
		return err
	}
	b.stop = func() error { return nil }
	once := func(path string) (time.Duration, error) {
		var all []time.Duration
		for range starts {
			s, err := start(ctx, opt.Exe, path)
			if err != nil {
				return 0, err
			}
			all = append(all, s.took)
		}
		return mid(all), nil
	}
	little, err := once(db + "-little")
	if err != nil {
		return err
	}
	grown, err := once(db)
	if err != nil {
		return err
	}
	ratio := float64(grown) / float64(little)
	t.row(fmt.Sprintf("start to first answer, %d Items", opt.Items), short(grown), short(little), percent(ratio), "<= 200 %", ratio <= 2)
	return nil
}

// reads measures /auth/get on one connection, each call for another token.
func (b *bencher) reads(tokens []string) (result, error) {
	reqs := make([]request, 0, min(len(tokens), 200_000))
	step := max(1, len(tokens)/cap(reqs))
	for i := 0; i < len(tokens) && len(reqs) < cap(reqs); i += step {
		reqs = append(reqs, b.post("/auth/get", `{"access_token":"`+tokens[i]+`"}`))
	}
	const stride = 7919 // a prime: visits them all in an order that is not theirs
	var at atomic.Int64
	next := func(int, int) request { return reqs[at.Add(stride)%int64(len(reqs))] }
	r, err := b.interleave(func() (result, error) { return load(b.addr, 1, b.opt.Turn, next) })
	if err != nil {
		return result{}, err
	}
	return r[0], nil
}

// fill makes Items until there are n.
func (b *bencher) fill(tokens []string, n int) ([]string, error) {
	const conns = 64
	var left atomic.Int64
	left.Store(int64(n - len(tokens)))
	made, errs := make([][]string, conns), make([]error, conns)
	var wg sync.WaitGroup
	for i := range conns {
		wg.Go(func() {
			c, err := dial(b.addr)
			if err != nil {
				errs[i] = err
				return
			}
			defer c.Close()
			for errs[i] == nil && left.Add(-1) >= 0 {
				var token string
				token, errs[i] = b.newItem(c)
				made[i] = append(made[i], token)
			}
		})
	}
	wg.Wait()
	if err := first(errs); err != nil {
		return nil, err
	}
	return append(tokens, slices.Concat(made...)...), nil
}
