-- +goose Up

-- The latest webhook of an Item, for status.last_webhook of /item/get.
ALTER TABLE item ADD COLUMN last_webhook_code TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN last_webhook_at BIGINT NOT NULL DEFAULT 0;

-- AUTH webhooks are in table webhook with all others.
DROP TABLE auth_notice;

-- +goose Down
CREATE TABLE auth_notice (
    item_id TEXT   NOT NULL,
    n       BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    sealed  TEXT   NOT NULL,
    PRIMARY KEY (item_id, n)
);
ALTER TABLE item DROP COLUMN last_webhook_at;
ALTER TABLE item DROP COLUMN last_webhook_code;
