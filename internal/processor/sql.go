package processor

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Kinds of blind index.
const (
	processorToken = "processor_token"
	stripeToken    = "stripe_bank_account_token"
)

// sealedWebhook binds the sealed column to its row; the token's index follows.
const sealedWebhook = "processor_token.webhook:"

const grantColumns = `token_index, client_id, item_id, account_id, processor, products, webhook`

const (
	selectGrant     = `SELECT ` + grantColumns + ` FROM processor_token WHERE token_index = $1`
	selectListeners = `SELECT ` + grantColumns + ` FROM processor_token WHERE item_id = $1 AND webhook <> '' ORDER BY created_at, token_index`
	insertGrant     = `INSERT INTO processor_token (` + grantColumns + `, created_at, used_at) VALUES ($1, $2, $3, $4, $5, '[]', '', $6, 0)`
	saveProducts    = `UPDATE processor_token SET products = $1 WHERE token_index = $2`
	saveWebhook     = `UPDATE processor_token SET webhook = $1 WHERE token_index = $2`
	endWebhooks     = `UPDATE processor_token SET webhook = '' WHERE item_id = $1 AND webhook <> ''`
	// useGrant is what makes a token work once.
	useGrant = `UPDATE processor_token SET used_at = $1 WHERE token_index = $2 AND used_at = 0`
)

// scan reads the columns of grantColumns.
func (s *Processors) scan(row interface{ Scan(...any) error }) (*grant, error) {
	g := &grant{}
	var products, hook string
	if err := row.Scan(&g.index, &g.clientID, &g.itemID, &g.accountID, &g.processor, &products, &hook); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(products), &g.products); err != nil {
		return nil, err
	}
	if hook != "" {
		plain, err := s.Vault.Open(hook, sealedWebhook+g.index)
		if err != nil {
			return nil, err
		}
		g.webhook = string(plain)
	}
	return g, nil
}

// read is the grant of a token's index; store.ErrNoRows if there is none.
func (s *Processors) read(ctx context.Context, index string) (*grant, error) {
	return s.scan(s.DB.QueryRow(ctx, selectGrant, index))
}

// listeners are the grants of an Item whose partners want to hear of it.
func (s *Processors) listeners(ctx context.Context, tx *store.Tx, itemID string) ([]*grant, error) {
	rows, err := tx.Query(ctx, selectListeners, itemID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []*grant
	for rows.Next() {
		g, err := s.scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, g)
	}
	return list, rows.Err()
}

// insert makes a token of a kind inside tx, whose index alone is stored.
func (s *Processors) insert(ctx context.Context, tx *store.Tx, kind, token string, g grant) error {
	return tx.ExecOne(ctx, insertGrant, s.Vault.Index(kind, token), g.clientID, g.itemID, g.accountID, g.processor, s.Clock.Now().UnixMilli())
}

// newToken makes a processor token inside tx.
func (s *Processors) newToken(ctx context.Context, tx *store.Tx, g grant) (string, error) {
	token := plaid.NewToken(plaid.KindProcessor, s.Env, s.IDs.UUID())
	return token, s.insert(ctx, tx, processorToken, token, g)
}

// narrow stores the products of a token.
func (s *Processors) narrow(ctx context.Context, index string, products []string) error {
	if products == nil {
		products = []string{}
	}
	text, err := json.Marshal(products)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *store.Tx) error { return tx.ExecOne(ctx, saveProducts, string(text), index) })
}

// keepWebhook stores where a token's notices go, "" for nowhere.
func (s *Processors) keepWebhook(ctx context.Context, tx *store.Tx, index, url string) error {
	sealed := ""
	if url != "" {
		var err error
		if sealed, err = s.Vault.Seal([]byte(url), sealedWebhook+index); err != nil {
			return err
		}
	}
	return tx.ExecOne(ctx, saveWebhook, sealed, index)
}

// forget ends the webhooks of an Item that is being removed.
func (s *Processors) forget(ctx context.Context, tx *store.Tx, itemID string) error {
	_, err := tx.Exec(ctx, endWebhooks, itemID)
	return err
}

// use marks a token that works once; false if it was used before.
func (s *Processors) use(ctx context.Context, index string) (first bool, err error) {
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.ExecOne(ctx, useGrant, s.Clock.Now().UnixMilli(), index)
	})
	if errors.Is(err, store.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
