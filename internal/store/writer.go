package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// batchLimit bounds how many transactions share one commit, and so how long the
// first of them waits for the last.
const batchLimit = 128

// writer runs every write of a SQLite database on one connection. While a
// commit waits for the disk, new transactions queue; the next commit takes them
// all. Each has a savepoint, so an error of one does not touch the others.
type writer struct {
	conn  *sql.Conn
	stmts *statements
	queue chan *write
	done  chan struct{}

	mu     sync.RWMutex // guards closed against a send on the closed queue
	closed bool
}

// write is one transaction on its way through the writer.
type write struct {
	ctx    context.Context
	fn     func(*Tx) error
	tx     *Tx
	err    error
	panics any
	ready  chan struct{}
}

var errClosed = errors.New("store: the database is closed")

func newWriter(conn *sql.Conn) *writer {
	w := &writer{conn: conn, stmts: newStatements(conn.PrepareContext), queue: make(chan *write, batchLimit), done: make(chan struct{})}
	go w.loop()
	return w
}

// do hands fn to the writer and waits until it is durable or has failed.
func (w *writer) do(ctx context.Context, fn func(*Tx) error) error {
	job := &write{ctx: context.WithoutCancel(ctx), fn: fn, ready: make(chan struct{})}
	w.mu.RLock()
	if w.closed {
		w.mu.RUnlock()
		return errClosed
	}
	select {
	case w.queue <- job:
		w.mu.RUnlock()
	case <-ctx.Done():
		w.mu.RUnlock()
		return ctx.Err()
	}
	<-job.ready
	if job.panics != nil {
		panic(job.panics)
	}
	return job.err
}

func (w *writer) close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	<-w.done
	return w.conn.Close()
}

func (w *writer) loop() {
	defer close(w.done)
	batch := make([]*write, 0, batchLimit)
	for first := range w.queue {
		batch = append(batch[:0], first)
		w.commit(&batch)
		for _, job := range batch {
			close(job.ready)
		}
	}
}

// commit runs the batch's transactions, and those that arrive meanwhile, and
// commits them together.
func (w *writer) commit(batch *[]*write) {
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		fail(*batch, fmt.Errorf("store: begin: %w", err))
		return
	}
	for i := 0; i < len(*batch); i++ {
		if err := w.run((*batch)[i]); err != nil {
			w.exec("ROLLBACK")
			fail(*batch, err)
			return
		}
		if i == len(*batch)-1 && len(*batch) < batchLimit {
			w.more(batch)
		}
	}
	if err := w.exec("COMMIT"); err != nil {
		w.exec("ROLLBACK")
		fail(*batch, fmt.Errorf("store: commit: %w", err))
		return
	}
	for _, job := range *batch {
		if job.err == nil && job.panics == nil {
			job.tx.committed()
		}
	}
}

// more takes what waits in the queue, without waiting for it.
func (w *writer) more(batch *[]*write) {
	for len(*batch) < batchLimit {
		select {
		case job, ok := <-w.queue:
			if !ok {
				return
			}
			*batch = append(*batch, job)
		default:
			return
		}
	}
}

// run runs one transaction under its savepoint. Its own failure is kept in job;
// an error that it returns means the whole commit is lost, as when the disk is
// full and SQLite has rolled everything back by itself.
func (w *writer) run(job *write) error {
	if err := w.exec("SAVEPOINT job"); err != nil {
		return fmt.Errorf("store: savepoint: %w", err)
	}
	w.call(job)
	if job.err == nil && job.panics == nil {
		if err := w.exec("RELEASE job"); err != nil {
			return fmt.Errorf("store: release: %w", err)
		}
		return nil
	}
	if w.exec("ROLLBACK TO job") != nil {
		return fmt.Errorf("store: the transaction was rolled back: %w", job.err)
	}
	w.exec("RELEASE job")
	return nil
}

func (w *writer) call(job *write) {
	defer func() { job.panics = recover() }()
	job.tx = &Tx{run: onWriter{w}}
	job.err = job.fn(job.tx)
}

func (w *writer) exec(query string) error {
	st, err := w.stmts.get(context.Background(), query)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(context.Background())
	return err
}

// fail gives err to every transaction of a batch whose commit was lost. One
// that had failed by itself keeps its own error.
func fail(batch []*write, err error) {
	for _, job := range batch {
		if job.err == nil {
			job.err = err
		}
	}
}

// onWriter runs statements on the writer's connection. A caller's cancellation
// must not interrupt a connection that others share, so contexts lose theirs.
type onWriter struct{ w *writer }

func (r onWriter) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	st, err := r.w.stmts.get(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(context.WithoutCancel(ctx), args...)
}

func (r onWriter) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, err := r.w.stmts.get(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(context.WithoutCancel(ctx), args...)
}

func (r onWriter) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	st, err := r.w.stmts.get(ctx, query)
	if err != nil {
		return r.w.conn.QueryRowContext(context.WithoutCancel(ctx), query, args...) // repeats the error in the Row
	}
	return st.QueryRowContext(context.WithoutCancel(ctx), args...)
}
