package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
)

// Requests of a sandbox journey.
const (
	newPublicToken = `{"institution_id":"ins_109508","initial_products":["auth","identity"]}`
	newLinkToken   = `{"client_name":"Wonderwallet","language":"en","country_codes":["US"],"user":{"client_user_id":"user-id"},"products":["auth"]}`
)

// call makes one request and reads one text of its answer.
func (b *bencher) call(c *conn, path, body, field string) (string, error) {
	raw, err := c.do(b.post(path, body))
	if err != nil {
		return "", err
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		return "", err
	}
	s, ok := out[field].(string)
	if !ok {
		return "", fmt.Errorf("bench: %s answered no %s", path, field)
	}
	return s, nil
}

func (b *bencher) newItem(c *conn) (accessToken string, err error) {
	public, err := b.call(c, "/sandbox/public_token/create", newPublicToken, "public_token")
	if err != nil {
		return "", err
	}
	return b.call(c, "/item/public_token/exchange", `{"public_token":"`+public+`"}`, "access_token")
}

// readRows sets /auth/get against a server that answers the same bytes without
// looking at the request.
func (b *bencher) readRows(_ context.Context, t *table) error {
	c, err := dial(b.addr)
	if err != nil {
		return err
	}
	defer c.Close()
	token, err := b.newItem(c)
	if err != nil {
		return err
	}
	req := b.post("/auth/get", `{"access_token":"`+token+`"}`)
	answer, err := c.do(req)
	if err != nil {
		return err
	}
	beside, err := startBare([]byte(string(answer)), nil)
	if err != nil {
		return err
	}
	defer beside.close()
	same := func(int, int) request { return req }
	for _, conns := range []int{1, 16, 64} {
		r, err := b.interleave(
			func() (result, error) { return load(b.addr, conns, b.opt.Turn, same) },
			func() (result, error) { return load(beside.addr, conns, b.opt.Turn, same) },
		)
		if err != nil {
			return err
		}
		work := fmt.Sprintf("/auth/get, %d connections", conns)
		t.rates(work, r[0], r[1], 0.6)
		slower := float64(r[0].p99) / float64(r[1].p99)
		t.row(work+", p99", short(r[0].p99), short(r[1].p99), percent(slower), "<= 200 %", slower <= 2)
	}
	return nil
}

// writeRows sets the durable calls against one-row group commits: behind a bare
// server, and called directly, which is the engine's own limit.
func (b *bencher) writeRows(ctx context.Context, t *table) error {
	s, err := newScratch(ctx, b.srv.Store(), "bench_scratch")
	if err != nil {
		return err
	}
	var n atomic.Int64
	write := func(ctx context.Context) error { return s.write(ctx, n.Add(1)) }
	beside, err := startBare([]byte(`{"request_id":"m8MDnv9okwxFNBV"}`), write)
	if err != nil {
		return err
	}
	defer beside.close()
	const conns = 64
	link := b.post("/link/token/create", newLinkToken)
	r, err := b.interleave(
		func() (result, error) {
			return load(b.addr, conns, b.opt.Turn, func(int, int) request { return link })
		},
		func() (result, error) { return b.exchanges(conns) },
		func() (result, error) {
			return load(beside.addr, conns, b.opt.Turn, func(int, int) request { return link })
		},
		func() (result, error) { return direct(conns, b.opt.Turn, func() error { return write(ctx) }) },
	)
	if err != nil {
		return err
	}
	t.rates("/link/token/create, durable, 64 connections", r[0], r[2], 0.7)
	t.rates("/item/public_token/exchange, durable, 64 conns", r[1], r[2], 0.7)
	t.rates("one-row group commit behind bare HTTP / called", r[2], r[3], 0)
	return nil
}

// exchanges measures exchanges of public tokens made beforehand: as many as fit
// the turn at the rate at which they can be made.
func (b *bencher) exchanges(conns int) (result, error) {
	ready := make([][]request, conns)
	errs := make([]error, conns)
	var wg sync.WaitGroup
	for i := range conns {
		wg.Go(func() { ready[i], errs[i] = b.publicTokens(200) })
	}
	wg.Wait()
	if err := first(errs); err != nil {
		return result{}, err
	}
	return load(b.addr, conns, b.opt.Turn, func(c, n int) request {
		if n >= len(ready[c]) {
			return nil
		}
		return ready[c][n]
	})
}

func (b *bencher) publicTokens(n int) ([]request, error) {
	c, err := dial(b.addr)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	out := make([]request, n)
	for i := range out {
		public, err := b.call(c, "/sandbox/public_token/create", newPublicToken, "public_token")
		if err != nil {
			return nil, err
		}
		out[i] = b.post("/item/public_token/exchange", `{"public_token":"`+public+`"}`)
	}
	return out, nil
}
