package team

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

func readClient(ctx context.Context, tx *store.Tx, id string) (*Client, error) {
	c := &Client{ID: id}
	var products, profile string
	var created int64
	err := tx.QueryRow(ctx, `SELECT name, products, profile, enforced, created_at FROM team_client WHERE id = $1`, id).
		Scan(&c.Name, &products, &profile, &c.Enforced, &created)
	if err != nil {
		return nil, err
	}
	c.created = clock.FromMillis(created)
	if err := json.Unmarshal([]byte(products), &c.Products); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(profile), &c.Profile); err != nil {
		return nil, err
	}
	if c.secrets, err = readStrings(ctx, tx, `SELECT secret_index FROM team_secret WHERE client_id = $1 ORDER BY secret_index`, id); err != nil {
		return nil, err
	}
	if c.RedirectURIs, err = readStrings(ctx, tx, `SELECT uri FROM team_redirect_uri WHERE client_id = $1 ORDER BY uri`, id); err != nil {
		return nil, err
	}
	if c.Customizations, err = readCustomizations(ctx, tx, id); err != nil {
		return nil, err
	}
	c.switched, err = readIntegrations(ctx, tx, id)
	return c, err
}

// readCaller finds the client of a pair of keys.
func readCaller(ctx context.Context, db *store.DB, clientID, secretIndex string) (api.Caller, error) {
	c := api.Caller{ClientID: clientID}
	err := db.QueryRow(ctx, `SELECT c.name FROM team_secret s JOIN team_client c ON c.id = s.client_id
		WHERE s.secret_index = $1 AND s.client_id = $2`, secretIndex, clientID).Scan(&c.Name)
	if errors.Is(err, store.ErrNoRows) {
		return api.Caller{}, plaid.InvalidAPIKeys
	}
	if err != nil {
		return api.Caller{}, err
	}
	return c, nil
}

func readStrings(ctx context.Context, tx *store.Tx, query string, args ...any) ([]string, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// writeClient stores a client or adds to it; its one secret becomes secretIndex.
func writeClient(ctx context.Context, tx *store.Tx, s Spec, secretIndex string, now int64) error {
	products, err := json.Marshal(s.Products)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO team_client (id, name, products, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET products = excluded.products`, s.ClientID, s.Name, string(products), now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM team_secret WHERE client_id = $1 AND secret_index <> $2`, s.ClientID, secretIndex); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO team_secret (secret_index, client_id, created_at) VALUES ($1, $2, $3)
		ON CONFLICT (secret_index) DO NOTHING`, secretIndex, s.ClientID, now); err != nil {
		return err
	}
	if err := insertRedirects(ctx, tx, s.ClientID, s.RedirectURIs); err != nil {
		return err
	}
	return writeCustomizations(ctx, tx, s)
}

func insertRedirects(ctx context.Context, tx *store.Tx, clientID string, uris []string) error {
	for _, uri := range uris {
		if _, err := tx.Exec(ctx, `INSERT INTO team_redirect_uri (client_id, uri) VALUES ($1, $2)
			ON CONFLICT (client_id, uri) DO NOTHING`, clientID, uri); err != nil {
			return err
		}
	}
	return nil
}

func deleteRedirects(ctx context.Context, tx *store.Tx, clientID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM team_redirect_uri WHERE client_id = $1`, clientID)
	return err
}

func deleteRedirect(ctx context.Context, tx *store.Tx, clientID, uri string) error {
	_, err := tx.Exec(ctx, `DELETE FROM team_redirect_uri WHERE client_id = $1 AND uri = $2`, clientID, uri)
	return err
}

func writeName(ctx context.Context, tx *store.Tx, clientID, name string) error {
	return tx.ExecOne(ctx, `UPDATE team_client SET name = $2 WHERE id = $1`, clientID, name)
}

func writeProfile(ctx context.Context, tx *store.Tx, clientID string, p Profile) error {
	profile, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return tx.ExecOne(ctx, `UPDATE team_client SET profile = $2 WHERE id = $1`, clientID, string(profile))
}

func writeCustomizations(ctx context.Context, tx *store.Tx, s Spec) error {
	for _, c := range s.Customizations {
		if err := insertCustomization(ctx, tx, s.ClientID, c, keep); err != nil {
			return err
		}
	}
	return nil
}
