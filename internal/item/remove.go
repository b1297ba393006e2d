package item

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// ForgetFunc deletes what a room keeps of an Item, inside the transaction that
// removes the Item.
type ForgetFunc func(ctx context.Context, tx *store.Tx, itemID string) error

// OnRemove makes f part of every removal. Rooms call it when they are built.
func (s *Items) OnRemove(f ForgetFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget = append(s.forget, f)
}

// OnReselect makes f part of every change of which accounts an Item shares: what a
// room has asked the bank about the accounts before is to be asked anew.
func (s *Items) OnReselect(f ForgetFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reselect = append(s.reselect, f)
}

// Remove ends an Item: what is known of the person goes, and what stays is only
// enough to answer ITEM_NOT_FOUND to its tokens. Then the grant is ended at the
// bank. A bank that is down cannot keep a person's data here, so its refusal
// does not undo the removal: the grant stays sealed and a job asks again.
func (s *Items) Remove(ctx context.Context, itemID, reason, note string) error {
	sealed, err := s.seal(note, sealedNote+itemID)
	if err != nil {
		return err
	}
	s.mu.Lock()
	forget := s.forget
	s.mu.Unlock()
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		now := s.clock.Now()
		err := tx.ExecOne(ctx, removeItem, now.UnixMilli(), reason, sealed, itemID)
		if errors.Is(err, store.ErrNoRows) {
			return plaid.ItemNotFound // another call was faster
		}
		if err != nil {
			return err
		}
		for _, f := range forget {
			if err := f(ctx, tx, itemID); err != nil {
				return err
			}
		}
		s.Changed(tx, itemID)
		if err := s.jobs.Cancel(ctx, tx, loginJob, itemID); err != nil {
			return err
		}
		return s.jobs.Schedule(ctx, tx, now.Add(revokeAgain), revokeJob, itemID, "1")
	})
	if err != nil {
		return err
	}
	s.revoking.Add(1)
	s.askBank(context.WithoutCancel(ctx), revokeJob, clearGrant, itemID, func(ctx context.Context) error { return s.endGrant(ctx, itemID) })
	return nil
}

const (
	// revokeJob asks a bank again to end a grant.
	revokeJob = "item.revoke"
	// revokeAgain is the first wait between two tries; each later one is double,
	// up to a day.
	revokeAgain = time.Minute
	// revokeTries is when a bank is asked no more and the grant is thrown away:
	// after about three weeks.
	revokeTries = 30
	// revokeTimeout bounds one try.
	revokeTimeout = 15 * time.Second
)

// retryRevoke is the job of a removed Item.
func (s *Items) retryRevoke(ctx context.Context, tx *store.Tx, job schedule.Job) error {
	return s.askAgain(ctx, tx, job, clearGrant, func(ctx context.Context) error { return s.endGrant(ctx, job.Subject) })
}

// askAgain is a job that has a bank end a grant. It makes its own successor due
// before it tries, so that a process that dies in the middle leaves one; a try
// that succeeds cancels it. forget is the statement that lets go of the grant,
// also when the bank has been asked often enough.
func (s *Items) askAgain(ctx context.Context, tx *store.Tx, job schedule.Job, forget string, ask func(context.Context) error) error {
	tried, err := strconv.Atoi(job.Payload)
	if err != nil {
		return err
	}
	if tried >= revokeTries {
		_, err := tx.Exec(ctx, forget, job.Subject)
		return err
	}
	wait := min(revokeAgain<<min(tried, 11), 24*time.Hour)
	err = s.jobs.Schedule(ctx, tx, s.clock.Now().Add(wait), job.Kind, job.Subject, strconv.Itoa(tried+1))
	if err != nil {
		return err
	}
	tx.AfterCommit(func() {
		s.revoking.Add(1)
		go s.askBank(context.WithoutCancel(ctx), job.Kind, forget, job.Subject, ask) // a transaction must not wait for a bank
	})
	return nil
}

// askBank tries once. What goes wrong is left to the job.
func (s *Items) askBank(ctx context.Context, kind, forget, id string, ask func(context.Context) error) {
	defer s.revoking.Done()
	ctx, cancel := context.WithTimeout(ctx, revokeTimeout)
	defer cancel()
	if ask(ctx) != nil {
		return
	}
	_ = s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, forget, id); err != nil {
			return err
		}
		return s.jobs.Cancel(ctx, tx, kind, id)
	})
}

// endGrant has the bank end the grant of a removed Item.
func (s *Items) endGrant(ctx context.Context, itemID string) error {
	var name, sealed string
	if err := s.db.QueryRow(ctx, selectRevoke, itemID).Scan(&name, &sealed); err != nil {
		return err
	}
	if name == "" || sealed == "" {
		return nil
	}
	conn, err1 := s.connector(name)
	grant, err2 := s.openGrant(sealed, itemID)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	return conn.Revoke(ctx, grant)
}

// Wait returns when no call to a bank is under way that nobody waits for; the
// server calls it before it closes the database.
func (s *Items) Wait() { s.revoking.Wait() }
