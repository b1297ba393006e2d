package sandbank

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Answer is a file that the bank has to say about deposits.
type Answer struct {
	Name    string
	Content []byte
}

// ErrRailsDown is what Deliver answers while the bank's rails are down.
var ErrRailsDown = errors.New("sandbank: the bank takes no files at the moment")

// errUnreadable is behind the error of a file that the bank cannot read.
var errUnreadable = errors.New("sandbank: this file cannot be read")

// incoming is what a file asks the bank to credit, and how the bank answers.
type incoming struct {
	entry
	cents   int64
	posts   time.Time // when it is due to be on the account
	answers answerer
}

// answerer writes what the bank says about a deposit.
type answerer interface {
	accepted(b *Bank, d incoming, l lever) ([]Answer, error)
	refused(b *Bank, d incoming, l lever) ([]Answer, error)
}

// Deliver takes a file of payments from a rail: an ACH file or a pacs.008. It is
// parsed, each entry is put on its account's statement or returned, and the
// answers wait for Collect, all in one transaction. A file of a name that the
// bank has seen changes nothing.
func (b *Bank) Deliver(ctx context.Context, name string, content []byte) error {
	rails, err := b.lever(ctx, b.db, "")
	if err != nil {
		return err
	}
	if rails.State == railsDown {
		return ErrRailsDown
	}
	list, err := b.parse(content)
	if err != nil {
		return err
	}
	return b.db.Write(ctx, func(tx *store.Tx) error {
		err := tx.ExecOne(ctx, insertFile, name, clock.Millis(b.clock.Now()))
		if errors.Is(err, store.ErrNoRows) {
			return nil // it was here before
		}
		if err != nil {
			return fmt.Errorf("sandbank: file: %w", err)
		}
		for _, d := range list {
			if err := b.credit(ctx, tx, d, rails.Delay); err != nil {
				return fmt.Errorf("sandbank: deposit: %w", err)
			}
		}
		return nil
	})
}

// parse tells the two kinds of files apart.
func (b *Bank) parse(content []byte) ([]incoming, error) {
	if bytes.HasPrefix(bytes.TrimSpace(content), []byte("<")) {
		d, err := readTransfer(content, b.clock.Now())
		return []incoming{d}, err
	}
	return readACH(content)
}

// credit decides about one deposit as its account stands.
func (b *Bank) credit(ctx context.Context, tx *store.Tx, d incoming, delay time.Duration) error {
	l, err := b.lever(ctx, tx, d.Account)
	if err != nil {
		return err
	}
	state, decide := depositPending, d.answers.accepted
	if l.refuses() {
		state, decide = depositReturned, d.answers.refused
		d.Return = l.returnCode()
	}
	d.posts = d.posts.Add(delay + l.Delay)
	if err := b.post(ctx, tx, state, d.cents, d.posts, d.entry); err != nil {
		return err
	}
	answers, err := decide(b, d, l)
	if err != nil {
		return err
	}
	return b.say(ctx, tx, answers, d.posts)
}

// say keeps answers until they are fetched, from a time on.
func (b *Bank) say(ctx context.Context, tx *store.Tx, answers []Answer, from time.Time) error {
	for _, a := range answers {
		sealed, err := b.vault.Seal(a.Content, "sandbank_answer:"+a.Name)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, insertAnswer, a.Name, sealed, clock.Millis(from)); err != nil {
			return err
		}
	}
	return nil
}

// Collect lists the answers whose time has come, the oldest first. They stay
// until they are acknowledged.
func (b *Bank) Collect(ctx context.Context) ([]Answer, error) {
	rows, err := b.db.Query(ctx, selectAnswers, clock.Millis(b.clock.Now()), mostAnswers)
	if err != nil {
		return nil, fmt.Errorf("sandbank: answers: %w", err)
	}
	defer rows.Close()
	var list []Answer
	for rows.Next() {
		var a Answer
		var sealed string
		if err := rows.Scan(&a.Name, &sealed); err != nil {
			return nil, fmt.Errorf("sandbank: answers: %w", err)
		}
		if a.Content, err = b.vault.Open(sealed, "sandbank_answer:"+a.Name); err != nil {
			return nil, fmt.Errorf("sandbank: answers: %w", err)
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// mostAnswers bounds what is fetched at a time.
const mostAnswers = 500

// Acknowledge forgets an answer that was read.
func (b *Bank) Acknowledge(ctx context.Context, name string) error {
	return b.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, deleteAnswer, name)
		return err
	})
}
