package item

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// What each sealed column is bound to, so that a sealed text cannot be moved to
// another row or another column. The Item's id follows.
const (
	sealedUser     = "item.client_user_id:"
	sealedGrant    = "item.bank_grant:"
	sealedWebhook  = "item.webhook:"
	sealedAccounts = "item.accounts:"
	sealedNote     = "item.removed_note:"
)

// Kinds of blind index.
const (
	accessToken = "access_token"
	publicToken = "public_token"
)

const itemColumns = `id, client_id, client_user_id, user_id, institution_id, connector,
 link_session_id, webhook, products, billed, consented, use_cases, auth_method, error_code,
 created_at, login_until, removed_at, revision, generation, logins, broken_at, last_webhook_code, last_webhook_at`

const (
	selectItem    = `SELECT ` + itemColumns + `, accounts FROM item WHERE id = $1`
	selectByToken = `SELECT ` + itemColumns + `, accounts FROM item
 WHERE id = (SELECT item_id FROM access_token WHERE token_index = $1)
 AND generation = (SELECT generation FROM access_token WHERE token_index = $1)`
	selectToken  = `SELECT item_id, generation FROM access_token WHERE token_index = $1`
	selectByUser = `SELECT ` + itemColumns + ` FROM item WHERE user_id = $1 AND client_id = $2 AND removed_at = 0`
	selectGrant  = `SELECT bank_grant FROM item WHERE id = $1 AND removed_at = 0`
	selectRevoke = `SELECT connector, bank_grant FROM item WHERE id = $1 AND removed_at <> 0`

	insertItem = `INSERT INTO item (id, client_id, client_user_id, user_id, institution_id, connector,
 link_session_id, bank_grant, webhook, products, billed, consented, use_cases, auth_method, error_code, accounts,
 created_at, login_until, removed_at, removed_reason, removed_note, revision, generation, grant_id)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', $15, $16, $17, 0, '', '', 0, 0, $18)`
	insertAccessToken = `INSERT INTO access_token (token_index, item_id, generation, created_at)
 SELECT $1, id, generation, $2 FROM item WHERE id = $3 AND removed_at = 0`
	insertPublicToken = `INSERT INTO public_token (token_index, client_id, item_id, expires_at, used_at)
 SELECT $1, client_id, id, $2, 0 FROM item WHERE id = $3 AND removed_at = 0`

	// lockItem takes the row for this transaction: whoever wants it too waits
	// here and then reads what this transaction left.
	lockItem = `UPDATE item SET revision = revision + 1 WHERE id = $1 AND removed_at = 0 RETURNING ` + itemColumns
	saveItem = `UPDATE item SET webhook = $1, products = $2, billed = $3, consented = $4, use_cases = $5,
 auth_method = $6, error_code = $7, login_until = $8, logins = $9, broken_at = $10,
 last_webhook_code = $11, last_webhook_at = $12 WHERE id = $13`
	selectLogin = `SELECT connector, bank_grant, accounts FROM item WHERE id = $1`
	saveLogin   = `UPDATE item SET bank_grant = $1, accounts = $2 WHERE id = $3`
	saveGrantID = `UPDATE item SET grant_id = $1 WHERE id = $2`
	// fillGrantID is for Items of an older version of this program.
	fillGrantID  = `UPDATE item SET grant_id = $1 WHERE id = $2 AND grant_id = ''`
	selectHolder = `SELECT id, client_id FROM item WHERE grant_id = $1 AND removed_at = 0`
	saveAccounts = `UPDATE item SET accounts = $1, revision = revision + 1
 WHERE id = $2 AND revision = $3 AND removed_at = 0`

	// usePublicToken is what makes a public token work once: of any number of
	// exchanges at the same time, one finds used_at still 0.
	usePublicToken = `UPDATE public_token SET used_at = $1
 WHERE token_index = $2 AND client_id = $3 AND used_at = 0 AND expires_at > $1 RETURNING item_id`
	sweepPublicTokens = `DELETE FROM public_token WHERE token_index IN
 (SELECT token_index FROM public_token WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)`
	// nextGeneration ends every access token of an Item, if the one that asks for
	// it is of the present generation.
	nextGeneration = `UPDATE item SET generation = generation + 1, revision = revision + 1
 WHERE id = $1 AND generation = $2 AND removed_at = 0`

	removeItem = `UPDATE item SET removed_at = $1, removed_reason = $2, removed_note = $3, accounts = '', webhook = '',
 client_user_id = '', revision = revision + 1 WHERE id = $4 AND removed_at = 0`
	clearGrant = `UPDATE item SET bank_grant = '' WHERE id = $1 AND removed_at <> 0`
)

// scanner is a row, of a query or of QueryRow.
type scanner interface{ Scan(...any) error }

// scanItem reads the columns of itemColumns and, into extra, those behind them.
func (s *Items) scanItem(row scanner, extra ...any) (Item, error) {
	var it Item
	var user, webhook, products, billed, consented, useCases string
	var created, until, removed, broken, told int64
	err := row.Scan(append([]any{
		&it.ID, &it.ClientID, &user, &it.UserID, &it.InstitutionID, &it.Connector,
		&it.LinkSessionID, &webhook, &products, &billed, &consented, &useCases, &it.AuthMethod, &it.ErrorCode,
		&created, &until, &removed, &it.revision, &it.generation, &it.Logins, &broken, &it.lastCode, &told,
	}, extra...)...)
	if err != nil {
		return Item{}, err
	}
	it.brokenAt, it.lastAt = clock.FromMillis(broken), clock.FromMillis(told)
	it.CreatedAt, it.LoginUntil, it.RemovedAt = clock.FromMillis(created), clock.FromMillis(until), clock.FromMillis(removed)
	return it, errors.Join(
		s.open(user, sealedUser+it.ID, &it.ClientUserID), s.open(webhook, sealedWebhook+it.ID, &it.Webhook),
		readList(products, &it.Products), readList(billed, &it.Billed),
		readList(consented, &it.Consented), readList(useCases, &it.UseCases))
}

// seal keeps "" as it is: there is nothing to hide, and a query may look for it.
func (s *Items) seal(plain, rowID string) (string, error) {
	if plain == "" {
		return "", nil
	}
	return s.vault.Seal([]byte(plain), rowID)
}

func (s *Items) open(sealed, rowID string, plain *string) error {
	if sealed == "" {
		return nil
	}
	b, err := s.vault.Open(sealed, rowID)
	*plain = string(b)
	return err
}

func listText(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	b, _ := json.Marshal(list) // strings always marshal
	return string(b)
}

func readList(text string, list *[]string) error {
	if text == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(text), list)
}

// insert stores a new Item with its accounts.
func (s *Items) insert(ctx context.Context, tx *store.Tx, it Item, grant institution.Grant, accounts []Account) error {
	user, err1 := s.seal(it.ClientUserID, sealedUser+it.ID)
	sealed, err2 := s.seal(string(grant), sealedGrant+it.ID)
	webhook, err3 := s.seal(it.Webhook, sealedWebhook+it.ID)
	listed, err4 := s.vault.SealJSON(accounts, sealedAccounts+it.ID)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, insertItem, it.ID, it.ClientID, user, it.UserID, it.InstitutionID, it.Connector,
		it.LinkSessionID, sealed, webhook, listText(it.Products), listText(it.Billed), listText(it.Consented),
		listText(it.UseCases), it.AuthMethod, listed, clock.Millis(it.CreatedAt), clock.Millis(it.LoginUntil),
		s.grantID(it.Connector, grant))
	return err
}

// lock reads an Item that tx is going to change.
func (s *Items) lock(ctx context.Context, tx *store.Tx, itemID string) (Item, error) {
	it, err := s.scanItem(tx.QueryRow(ctx, lockItem, itemID))
	if errors.Is(err, store.ErrNoRows) {
		return Item{}, plaid.ItemNotFound
	}
	return it, err
}

func (s *Items) save(ctx context.Context, tx *store.Tx, it Item) error {
	webhook, err := s.seal(it.Webhook, sealedWebhook+it.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, saveItem, webhook, listText(it.Products), listText(it.Billed), listText(it.Consented),
		listText(it.UseCases), it.AuthMethod, it.ErrorCode, clock.Millis(it.LoginUntil), it.Logins, clock.Millis(it.brokenAt),
		it.lastCode, clock.Millis(it.lastAt), it.ID)
	return err
}

// read finds one Item with its accounts; plaid.ItemNotFound is left to callers.
func (s *Items) read(row scanner) (*Snapshot, error) {
	var sealed string
	it, err := s.scanItem(row, &sealed)
	if err != nil {
		return nil, err
	}
	var all []Account
	if sealed != "" {
		if err := s.vault.OpenJSON(sealed, sealedAccounts+it.ID, &all); err != nil {
			return nil, fmt.Errorf("item: accounts of %s: %w", it.ID, err)
		}
	}
	return s.snapshot(it, all), nil
}
