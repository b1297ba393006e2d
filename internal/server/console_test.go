package server

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"
)

func TestConsole(t *testing.T) {
	var out bytes.Buffer
	log := NewConsole(&out, slog.LevelInfo)
	at := time.Date(2026, 1, 5, 14, 2, 11, 0, time.Local)
	print := func(level slog.Level, msg string, attrs ...slog.Attr) {
		r := slog.NewRecord(at, level, msg, 0)
		r.AddAttrs(attrs...)
		if h := log.Handler(); h.Enabled(context.Background(), level) {
			if err := h.Handle(context.Background(), r); err != nil {
				t.Fatal(err)
			}
		}
	}
	request := func(path string, status int, ms float64) {
		print(slog.LevelInfo, requestMessage, slog.String(keyMethod, "POST"), slog.String(keyPath, path), slog.Int(keyStatus, status), slog.Float64(keyMillis, ms))
	}
	request("/link/token/create", 200, 1.24)
	request("/item/public_token/exchange", 200, 14.4)
	request("/sandbox/item/set_verification_status", 400, 0.049)
	print(slog.LevelDebug, "not printed")
	print(slog.LevelError, "cannot write", slog.Any("error", errors.New("no space\nleft")), slog.String("request_id", "abc"))
	print(slog.LevelInfo, linkMessage, slog.String("outcome", "connected"), slog.Float64("seconds", 21.43), slog.String("institution", "First Platypus Bank"))
	print(slog.LevelInfo, linkMessage, slog.String("outcome", "left at requires_credentials"), slog.Float64("seconds", 4), slog.String("error_code", "ITEM_LOCKED"))
	print(slog.LevelInfo, "stopping")
	want := `14:02:11  POST /link/token/create            200   1.2 ms
14:02:11  POST /item/public_token/exchange   200    14 ms
14:02:11  POST /sandbox/item/set_verification_status  400   0.0 ms
14:02:11  error  cannot write  error="no space\nleft"  request_id=abc
14:02:11  link  connected                    First Platypus Bank, 21.4 s
14:02:11  link  left at requires_credentials 4.0 s  error_code=ITEM_LOCKED
14:02:11  stopping
`
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
