package bench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// bare is a net/http server without any of our code between a request and its
// answer, but for what before does.
type bare struct {
	addr string
	srv  *http.Server
}

// startBare answers every request with the bytes of answer, after it has read
// the body and run before.
func startBare(answer []byte, before func(context.Context) error) (*bare, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	length := strconv.Itoa(len(answer))
	srv := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		if before != nil {
			if err := before(r.Context()); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", length)
		w.Write(answer)
	})}
	go srv.Serve(l)
	return &bare{addr: l.Addr().String(), srv: srv}, nil
}

func (b *bare) close() { b.srv.Close() }

// scratch is a table of one-row transactions, the least that a durable write can
// be.
type scratch struct {
	db     *store.DB
	insert string
}

func newScratch(ctx context.Context, db *store.DB, table string) (scratch, error) {
	return scratch{db, "INSERT INTO " + table + " (id, body) VALUES ($1, $2)"}, db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "CREATE TABLE "+table+" (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL)")
		return err
	})
}

// scratchBody is about the size of a stored token row.
const scratchBody = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// write commits row n under a random-looking key of 64 characters: tokens are kept
// under such keys, and keys in order would cost the engine much less.
func (s scratch) write(ctx context.Context, n int64) error {
	sum := sha256.Sum256(strconv.AppendInt(nil, n, 10))
	id := hex.EncodeToString(sum[:])
	return s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, s.insert, id, scratchBody)
		return err
	})
}
