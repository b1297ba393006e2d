package bench

import (
	"bytes"
	"context"
	"errors"
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

// journeyRows measures whole ways of a test, each durable where it writes: an
// Item without Link up to its numbers, its owners and a processor token, and a session of Link without
// a browser from its token to its public token.
func (b *bencher) journeyRows(_ context.Context, t *table) error {
	r, err := b.interleave(
		func() (result, error) { return b.ways(b.journey) },
		func() (result, error) { return b.ways(b.linkSession) },
		func() (result, error) { return b.ways(b.linkInOneCall(platypus)) },
		func() (result, error) { return b.ways(b.linkInOneCall(oauthBank)) },
		b.repairs,
	)
	if err != nil {
		return err
	}
	t.row("public token, exchange, auth, identity, processor token; 16 at once", perSecond(r[0]), "", "", "", true)
	t.row("Link token and whole headless session; 16 at once", perSecond(r[1]), "", "", ">= 300/s", r[1].rate >= 300)
	t.row("Link token and session in one call; 16 at once", perSecond(r[2]), "", "", ">= 300/s", r[2].rate >= 300)
	t.row("the same at a bank with OAuth; 16 at once", perSecond(r[3]), "", "", "", true)
	t.row("update mode in one call; 16 at once", perSecond(r[4]), "", "", "", true)
	return nil
}

// ways goes one way over and over on 16 connections.
func (b *bencher) ways(way func(*conn) error) (result, error) {
	return repeat(16, b.opt.Turn, func() (func() error, func(), error) {
		c, err := dial(b.addr)
		if err != nil {
			return nil, nil, err
		}
		return func() error { return way(c) }, func() { c.Close() }, nil
	})
}

// linkSession goes through Instant Auth: seven calls.
func (b *bencher) linkSession(c *conn) error {
	token, err := b.call(c, "/link/token/create", newLinkToken, "link_token")
	if err != nil {
		return err
	}
	session, err := b.call(c, "/sandbox/link/session/open", `{"link_token":"`+token+`"}`, "session")
	if err != nil {
		return err
	}
	var last []byte
	for _, step := range []string{
		`"action":"submit"`,
		`"action":"pick","value":"ins_109508"`,
		`"fields":{"username":"user_good","password":"pass_good"}`,
		`"fields":{"account":["a1"]}`,
		`"action":"submit"`,
	} {
		if last, err = c.do(b.post("/sandbox/link/session/step", `{"session":"`+session+`",`+step+`}`)); err != nil {
			return err
		}
	}
	if !bytes.Contains(last, []byte(`"public_token":"public-sandbox-`)) {
		return errors.New("bench: a Link session without a public token")
	}
	return nil
}

// Banks of the one-call sessions.
const (
	platypus  = "ins_109508"
	oauthBank = "ins_127287"
)

// linkInOneCall makes a link token and goes through its session in one call.
func (b *bencher) linkInOneCall(institution string) func(*conn) error {
	return func(c *conn) error {
		return b.complete(c, newLinkToken, `"institution_id":"`+institution+`","username":"user_good","password":"pass_good","accounts":{"all":true}`)
	}
}

// complete makes a link token and completes its session.
func (b *bencher) complete(c *conn, newToken, inputs string) error {
	token, err := b.call(c, "/link/token/create", newToken, "link_token")
	if err != nil {
		return err
	}
	out, err := c.do(b.post("/sandbox/link/session/complete", `{"link_token":"`+token+`","inputs":{`+inputs+`}}`))
	if err != nil {
		return err
	}
	if !bytes.Contains(out, []byte(`"kind":"success"`)) {
		return errors.New("bench: a Link session without success")
	}
	return nil
}

// repairs measures update mode: each connection repairs an Item of its own over
// and over, which stays in order between two repairs.
func (b *bencher) repairs() (result, error) {
	return repeat(16, b.opt.Turn, func() (func() error, func(), error) {
		c, err := dial(b.addr)
		if err != nil {
			return nil, nil, err
		}
		access, err := b.newItem(c)
		if err != nil {
			c.Close()
			return nil, nil, err
		}
		token := `{"client_name":"Wonderwallet","language":"en","country_codes":["US"],"user":{"client_user_id":"user-id"},"access_token":"` + access + `"}`
		return func() error { return b.complete(c, token, `"username":"user_good","password":"pass_good"`) }, func() { c.Close() }, nil
	})
}

func (b *bencher) journey(c *conn) error {
	token, err := b.newItem(c)
	if err != nil {
		return err
	}
	if _, err := c.do(b.post("/identity/get", `{"access_token":"`+token+`"}`)); err != nil {
		return err
	}
	numbers, err := c.do(b.post("/auth/get", `{"access_token":"`+token+`"}`))
	if err != nil {
		return err
	}
	_, rest, _ := bytes.Cut(numbers, []byte(`"account_id":"`))
	account, _, _ := bytes.Cut(rest, []byte(`"`))
	_, err = b.call(c, "/processor/token/create", `{"access_token":"`+token+`","account_id":"`+string(account)+`","processor":"alloy"}`, "processor_token")
	return err
}
