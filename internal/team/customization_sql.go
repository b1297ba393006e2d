package team

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// What insertCustomization does with one that has the same name.
const (
	keep    = `ON CONFLICT (client_id, name) DO NOTHING`
	replace = `ON CONFLICT (client_id, name) DO UPDATE SET language = excluded.language,
		country_codes = excluded.country_codes, account_select = excluded.account_select, settings = excluded.settings`
)

// insertCustomization stores a customization.
func insertCustomization(ctx context.Context, tx *store.Tx, clientID string, c Customization, conflict string) error {
	countries, err := json.Marshal(c.CountryCodes)
	if err != nil {
		return err
	}
	settings, err := json.Marshal(c.Settings)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO team_customization (client_id, name, language, country_codes, account_select, settings)
		VALUES ($1, $2, $3, $4, $5, $6) `+conflict,
		clientID, c.Name, c.Language, string(countries), string(c.AccountSelect), string(settings))
	return err
}

func readCustomizations(ctx context.Context, tx *store.Tx, id string) ([]Customization, error) {
	rows, err := tx.Query(ctx, `SELECT name, language, country_codes, account_select, settings
		FROM team_customization WHERE client_id = $1 ORDER BY name`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Customization
	for rows.Next() {
		var c Customization
		var countries, settings string
		if err := rows.Scan(&c.Name, &c.Language, &countries, &c.AccountSelect, &settings); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(settings), &c.Settings); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(countries), &c.CountryCodes); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// updateUseCases changes the use cases of a customization and nothing else of it.
func updateUseCases(ctx context.Context, tx *store.Tx, clientID string, c Customization, useCases []string) error {
	c.UseCases = useCases
	return insertCustomization(ctx, tx, clientID, c, replace)
}

// countOtherCustomizations counts those of a client that have another name.
func countOtherCustomizations(ctx context.Context, tx *store.Tx, clientID, name string) (n int64, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM team_customization WHERE client_id = $1 AND name <> $2`, clientID, name).Scan(&n)
	return n, err
}

func deleteCustomization(ctx context.Context, tx *store.Tx, clientID, name string) error {
	err := tx.ExecOne(ctx, `DELETE FROM team_customization WHERE client_id = $1 AND name = $2`, clientID, name)
	if errors.Is(err, store.ErrNoRows) {
		return errNoCustomization
	}
	return err
}

func insertLogo(ctx context.Context, tx *store.Tx, key, clientID, png string, now int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO team_logo (id, client_id, png, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at`, key, clientID, png, now)
	return err
}

func readLogo(ctx context.Context, db *store.DB, key string) (png string, err error) {
	err = db.QueryRow(ctx, `SELECT png FROM team_logo WHERE id = $1`, key).Scan(&png)
	return png, err
}

// deleteLogos forgets the logos of a client that no customization names and that
// are older than any link token that could.
func deleteLogos(ctx context.Context, tx *store.Tx, clientID string, before int64) error {
	old, err := readStrings(ctx, tx, `SELECT id FROM team_logo WHERE client_id = $1 AND created_at < $2 ORDER BY id`, clientID, before)
	if err != nil || old == nil {
		return err
	}
	named, err := readCustomizations(ctx, tx, clientID)
	if err != nil {
		return err
	}
	for _, key := range old {
		if slices.ContainsFunc(named, func(c Customization) bool { return c.Appearance.Logo == key }) {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM team_logo WHERE id = $1`, key); err != nil {
			return err
		}
	}
	return nil
}
