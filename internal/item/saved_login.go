package item

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// savedLogin is a login at one bank that a person keeps with their telephone
// number, so that they can share its accounts with another app without logging in
// again. What they saved at all their banks is their profile.
type savedLogin struct {
	ID            string
	InstitutionID string
	Connector     string
	Seeded        bool // of one of the sandbox's own numbers
	keptLogin
}

// keptLogin is the sealed part.
type keptLogin struct {
	Grant institution.Grant `json:"grant"` // of the profile's own; no Item has it
	Refs  []string          `json:"refs"`  // of the accounts that were saved
}

// savedLife is how long a login stays without being used.
const savedLife = 365 * 24 * time.Hour

// savedLogins are those of a number, one for each bank, the newest first.
func (s *Items) savedLogins(ctx context.Context, phone string) ([]savedLogin, error) {
	all, err := s.selectSaved(ctx, phone)
	if err != nil {
		return nil, err
	}
	var newest []savedLogin
	seen := map[string]bool{}
	for _, l := range all {
		if !seen[l.InstitutionID] {
			seen[l.InstitutionID] = true
			newest = append(newest, l)
		}
	}
	return newest, nil
}

// saveLogin keeps a login with a number, in place of an older one at the same
// bank.
func (s *Items) saveLogin(ctx context.Context, tx *store.Tx, phone string, l savedLogin) error {
	old, err := s.savedIDs(ctx, tx, phone)
	if err != nil {
		return err
	}
	for id, was := range old {
		if was.InstitutionID == l.InstitutionID && !was.Seeded {
			if err := s.endSaved(ctx, tx, id); err != nil {
				return err
			}
		}
	}
	_, err = s.insertSaved(ctx, tx, phone, l)
	return err
}

// usedLogin notes that an Item was made with a saved login.
func (s *Items) usedLogin(ctx context.Context, tx *store.Tx, id string) error {
	now := s.clock.Now()
	if _, err := tx.Exec(ctx, touchSaved, now.UnixMilli(), id); err != nil {
		return err
	}
	if err := s.jobs.Cancel(ctx, tx, expireSavedJob, id); err != nil {
		return err
	}
	return s.jobs.Schedule(ctx, tx, now.Add(savedLife), expireSavedJob, id, "")
}
