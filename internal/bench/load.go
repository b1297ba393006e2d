package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

// request is one HTTP request ready to be written to a connection.
type request []byte

// post renders a POST of a JSON body as the official clients send it: keys in
// the headers.
func post(path, clientID, secret, body string) request {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"+
		"PLAID-CLIENT-ID: %s\r\nPLAID-SECRET: %s\r\nContent-Length: %d\r\n\r\n%s", path, clientID, secret, len(body), body)
}

// result is what one turn measured.
type result struct {
	rate     float64 // answers per second
	p50, p99 time.Duration
}

// conn is a keep-alive connection that reads answers with Content-Length.
type conn struct {
	net.Conn
	r    *bufio.Reader
	body []byte
}

func dial(addr string) (*conn, error) {
	c, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	return &conn{Conn: c, r: bufio.NewReaderSize(c, 16<<10)}, nil
}

var errStatus = errors.New("bench: the answer is neither 200 nor 201")

// do sends one request and returns the body of the answer, valid until the next
// call. An answer other than 200 and 201 is an error that carries its body.
func (c *conn) do(req request) ([]byte, error) {
	if _, err := c.Write(req); err != nil {
		return nil, err
	}
	length, ok := 0, false
	for line := 0; ; line++ {
		b, err := c.r.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		switch {
		case line == 0:
			ok = bytes.HasPrefix(b, []byte("HTTP/1.1 200 ")) || bytes.HasPrefix(b, []byte("HTTP/1.1 201 "))
		case len(b) == 2:
			c.body = slices.Grow(c.body[:0], length)[:length]
			if _, err := io.ReadFull(c.r, c.body); err != nil {
				return nil, err
			}
			if !ok {
				return nil, fmt.Errorf("%w: %s", errStatus, c.body)
			}
			return c.body, nil
		case bytes.HasPrefix(b, []byte("Content-Length: ")):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(b[len("Content-Length: "):]))); err != nil {
				return nil, err
			}
		}
	}
}

// load sends requests over conns connections for a while, or until next has no
// more: it returns the request to send on its n-th call by connection c, nil at
// the end.
func load(addr string, conns int, during time.Duration, next func(c, n int) request) (result, error) {
	var wg sync.WaitGroup
	took := make([][]time.Duration, conns)
	errs := make([]error, conns)
	elapsed := clock.Stopwatch()
	for i := range conns {
		wg.Go(func() { took[i], errs[i] = drive(addr, during, elapsed, func(n int) request { return next(i, n) }) })
	}
	wg.Wait()
	total := elapsed()
	if err := first(errs); err != nil {
		return result{}, err
	}
	all := slices.Concat(took...)
	if len(all) == 0 {
		return result{}, errors.New("bench: nothing was measured")
	}
	slices.Sort(all)
	return result{rate: float64(len(all)) / total.Seconds(), p50: all[len(all)/2], p99: all[len(all)*99/100]}, nil
}

// first is the first error: the others would say the same.
func first(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func drive(addr string, during time.Duration, elapsed func() time.Duration, next func(n int) request) ([]time.Duration, error) {
	c, err := dial(addr)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	var took []time.Duration
	for n := 0; elapsed() < during; n++ {
		req := next(n)
		if req == nil {
			break
		}
		one := clock.Stopwatch()
		if _, err := c.do(req); err != nil {
			return nil, err
		}
		took = append(took, one())
	}
	return took, nil
}

// median is the middle one of several turns, by rate.
func median(turns []result) result {
	slices.SortFunc(turns, func(a, b result) int { return int(a.rate - b.rate) })
	return turns[len(turns)/2]
}
