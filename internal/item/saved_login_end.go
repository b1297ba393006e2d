package item

import (
	"context"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/store"
)

const (
	// expireSavedJob ends a saved login that nobody uses any more.
	expireSavedJob = "item.saved_login.expire"
	// revokeSavedJob has the bank take the grant of an ended one back.
	revokeSavedJob = "item.saved_login.revoke"
)

// endSaved ends a saved login inside tx: from now on nobody finds it. The bank is
// asked afterwards to take the grant back, as often as it needs.
func (s *Items) endSaved(ctx context.Context, tx *store.Tx, id string) error {
	err := tx.ExecOne(ctx, endSaved, id)
	if errors.Is(err, store.ErrNoRows) {
		return nil // it has ended before
	}
	if err != nil {
		return err
	}
	if err := s.jobs.Cancel(ctx, tx, expireSavedJob, id); err != nil {
		return err
	}
	return s.jobs.Schedule(ctx, tx, s.clock.Now(), revokeSavedJob, id, "0")
}

// endSavedOf ends the saved logins of a number and reports how many there were.
// With seeds false those that the sandbox itself has planted stay.
func (s *Items) endSavedOf(ctx context.Context, phone string, seeds bool) (ended int, err error) {
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		ended = 0
		list, err := s.savedIDs(ctx, tx, phone)
		if err != nil {
			return err
		}
		for id, l := range list {
			if l.Seeded && !seeds {
				continue
			}
			if err := s.endSaved(ctx, tx, id); err != nil {
				return err
			}
			ended++
		}
		return nil
	})
	return ended, err
}

// expireSaved is the job of a login that was not used for savedLife.
func (s *Items) expireSaved(ctx context.Context, tx *store.Tx, job schedule.Job) error {
	return s.endSaved(ctx, tx, job.Subject)
}

// revokeSaved is the job that has a bank take a grant back.
func (s *Items) revokeSaved(ctx context.Context, tx *store.Tx, job schedule.Job) error {
	return s.askAgain(ctx, tx, job, deleteSaved, func(ctx context.Context) error {
		var name, sealed string
		if err := s.db.QueryRow(ctx, selectGone, job.Subject).Scan(&name, &sealed); err != nil {
			return err
		}
		var kept keptLogin
		conn, err := s.connector(name)
		if err := errors.Join(err, s.vault.OpenJSON(sealed, sealedSaved+job.Subject, &kept)); err != nil {
			return err
		}
		return conn.Revoke(ctx, kept.Grant)
	})
}
