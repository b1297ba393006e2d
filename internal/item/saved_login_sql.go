package item

import (
	"context"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/store"
)

const (
	selectSaved = `SELECT id, institution_id, connector, seeded, sealed FROM saved_login
 WHERE phone_index = $1 AND gone = FALSE ORDER BY saved_at DESC, institution_id`
	listSaved   = `SELECT id, institution_id, seeded FROM saved_login WHERE phone_index = $1 AND gone = FALSE`
	insertSaved = `INSERT INTO saved_login (id, phone_index, institution_id, connector, sealed, seeded, gone, saved_at, used_at)
 VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7, $7) ON CONFLICT DO NOTHING`
	touchSaved  = `UPDATE saved_login SET used_at = $1 WHERE id = $2 AND gone = FALSE`
	endSaved    = `UPDATE saved_login SET gone = TRUE WHERE id = $1 AND gone = FALSE`
	selectGone  = `SELECT connector, sealed FROM saved_login WHERE id = $1 AND gone = TRUE`
	deleteSaved = `DELETE FROM saved_login WHERE id = $1 AND gone = TRUE`
)

// sealedSaved is what the sealed column is bound to; the login's id follows.
const sealedSaved = "saved_login.sealed:"

// phoneIndex finds the logins of a number. Those of one environment are none of
// another's.
func (s *Items) phoneIndex(phone string) string {
	return s.vault.Index("saved_login.phone."+s.env, phone)
}

func (s *Items) selectSaved(ctx context.Context, phone string) ([]savedLogin, error) {
	rows, err := s.db.Query(ctx, selectSaved, s.phoneIndex(phone))
	if err != nil {
		return nil, fmt.Errorf("item: saved logins: %w", err)
	}
	defer rows.Close()
	var list []savedLogin
	for rows.Next() {
		var l savedLogin
		var sealed string
		if err := rows.Scan(&l.ID, &l.InstitutionID, &l.Connector, &l.Seeded, &sealed); err != nil {
			return nil, fmt.Errorf("item: saved logins: %w", err)
		}
		if err := s.vault.OpenJSON(sealed, sealedSaved+l.ID, &l.keptLogin); err != nil {
			return nil, fmt.Errorf("item: saved login: %w", err)
		}
		list = append(list, l)
	}
	return list, rows.Err()
}

// savedIDs lists the logins of a number inside tx, without what is sealed.
func (s *Items) savedIDs(ctx context.Context, tx *store.Tx, phone string) (map[string]savedLogin, error) {
	rows, err := tx.Query(ctx, listSaved, s.phoneIndex(phone))
	if err != nil {
		return nil, fmt.Errorf("item: saved logins: %w", err)
	}
	defer rows.Close()
	list := map[string]savedLogin{}
	for rows.Next() {
		var l savedLogin
		if err := rows.Scan(&l.ID, &l.InstitutionID, &l.Seeded); err != nil {
			return nil, fmt.Errorf("item: saved logins: %w", err)
		}
		list[l.ID] = l
	}
	return list, rows.Err()
}

// insertSaved reports whether the login was stored: a seed is only once.
func (s *Items) insertSaved(ctx context.Context, tx *store.Tx, phone string, l savedLogin) (bool, error) {
	l.ID = s.ids.UUID()
	sealed, err := s.vault.SealJSON(l.keptLogin, sealedSaved+l.ID)
	if err != nil {
		return false, err
	}
	now := s.clock.Now()
	result, err := tx.Exec(ctx, insertSaved, l.ID, s.phoneIndex(phone), l.InstitutionID, l.Connector, sealed, l.Seeded, now.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("item: save a login: %w", err)
	}
	if n, err := result.RowsAffected(); n == 0 || err != nil {
		return false, err
	}
	return true, s.jobs.Schedule(ctx, tx, now.Add(savedLife), expireSavedJob, l.ID, "")
}
