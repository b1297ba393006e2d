package server

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Keys of a request's log line. Only these and the ones that rooms give on
// purpose reach a log: never a header, a query string or a body.
const (
	keyMethod = "method"
	keyPath   = "path"
	keyStatus = "status"
	keyMillis = "ms"
)

const requestMessage = "request"

// linkMessage is how package link begins the line of a session that has ended.
const linkMessage = "link"

// NewConsole returns a log for people to read: one line per request, the time
// of day first, columns that stay in place.
//
//	14:02:11  POST /link/token/create            200   1.2 ms
func NewConsole(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(&console{out: w, level: level, mu: new(sync.Mutex)})
}

type console struct {
	out   io.Writer
	level slog.Leveler
	mu    *sync.Mutex // one line at a time; shared by all WithAttrs
	attrs []slog.Attr
}

// Enabled reports whether lines of this level are printed.
func (c *console) Enabled(_ context.Context, l slog.Level) bool { return l >= c.level.Level() }

// WithAttrs returns a console that adds attrs to each line.
func (c *console) WithAttrs(attrs []slog.Attr) slog.Handler {
	next := *c
	next.attrs = append(append([]slog.Attr(nil), c.attrs...), attrs...)
	return &next
}

// WithGroup returns the console itself: its lines have no structure to name.
func (c *console) WithGroup(string) slog.Handler { return c }

var lines = sync.Pool{New: func() any { return new([]byte) }}

// Handle prints one line.
func (c *console) Handle(_ context.Context, r slog.Record) error {
	buf := lines.Get().(*[]byte)
	defer lines.Put(buf)
	b := r.Time.Local().AppendFormat((*buf)[:0], time.TimeOnly)
	b = append(b, "  "...)
	switch r.Message {
	case requestMessage:
		b = appendRequest(b, r)
	case linkMessage:
		b = appendLink(b, r)
	default:
		b = c.appendPlain(b, r)
	}
	b = append(b, '\n')
	*buf = b
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.out.Write(b)
	return err
}

// appendRequest lines up the four facts of a request; what else was given
// follows them.
func appendRequest(b []byte, r slog.Record) []byte {
	var method, path string
	var status int64
	var ms float64
	var rest []slog.Attr
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case keyMethod:
			method = a.Value.String()
		case keyPath:
			path = a.Value.String()
		case keyStatus:
			status = a.Value.Int64()
		case keyMillis:
			ms = a.Value.Float64()
		default:
			rest = append(rest, a)
		}
		return true
	})
	start := len(b)
	b = append(b, method...)
	b = append(b, ' ')
	b = append(b, path...)
	for len(b)-start < 33 {
		b = append(b, ' ')
	}
	b = append(b, "  "...)
	b = strconv.AppendInt(b, status, 10)
	b = append(b, fmt.Sprintf("%6s ms", millis(ms))...)
	return appendAttrs(b, rest)
}

// appendLink tells how a Link session ended, at which bank, after how long.
func appendLink(b []byte, r slog.Record) []byte {
	var outcome, bank string
	var seconds float64
	var rest []slog.Attr
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "outcome":
			outcome = a.Value.String()
		case "institution":
			bank = a.Value.String() + ", "
		case "seconds":
			seconds = a.Value.Float64()
		default:
			rest = append(rest, a)
		}
		return true
	})
	b = append(b, fmt.Sprintf("link  %-28s %s%.1f s", outcome, bank, seconds)...)
	return appendAttrs(b, rest)
}

// millis has one decimal below ten, where it tells something.
func millis(ms float64) string {
	if ms < 9.95 {
		return strconv.FormatFloat(ms, 'f', 1, 64)
	}
	return strconv.FormatFloat(ms, 'f', 0, 64)
}

func (c *console) appendPlain(b []byte, r slog.Record) []byte {
	if r.Level >= slog.LevelWarn || r.Level < slog.LevelInfo {
		b = append(b, strings.ToLower(r.Level.String())...)
		b = append(b, "  "...)
	}
	b = append(b, r.Message...)
	b = appendAttrs(b, c.attrs)
	var own []slog.Attr
	r.Attrs(func(a slog.Attr) bool { own = append(own, a); return true })
	return appendAttrs(b, own)
}

func appendAttrs(b []byte, attrs []slog.Attr) []byte {
	for _, a := range attrs {
		b = append(b, "  "...)
		b = append(b, a.Key...)
		b = append(b, '=')
		v := a.Value.Resolve().String()
		if strings.ContainsAny(v, " \"\n\r\t\x1b") {
			v = strconv.Quote(v)
		}
		b = append(b, v...)
	}
	return b
}
