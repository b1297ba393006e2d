-- +goose Up

-- A token that hands one account of an Item to a partner (processor). It is known by
-- its blind index only. products is JSON text, [] for all that the Item has. webhook
-- is sealed, '' for none. used_at is for tokens that are good for one use (Stripe's),
-- 0 until then. The rows of a removed Item stay, so that its tokens are answered
-- ITEM_NOT_FOUND.
CREATE TABLE processor_token (
    token_index TEXT   NOT NULL PRIMARY KEY,
    client_id   TEXT   NOT NULL,
    item_id     TEXT   NOT NULL,
    account_id  TEXT   NOT NULL,
    processor   TEXT   NOT NULL,
    products    TEXT   NOT NULL,
    webhook     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    used_at     BIGINT NOT NULL
);
-- Whom a notice about an Item is told.
CREATE INDEX processor_token_webhook ON processor_token (item_id) WHERE webhook <> '';

-- +goose Down
DROP TABLE processor_token;
