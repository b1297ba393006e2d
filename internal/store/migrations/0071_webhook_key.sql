-- +goose Up

-- The keys that sign webhooks, the newest with the highest n. The private half is
-- sealed. expired_at is 0 for the one in use.
CREATE TABLE webhook_key (
    id         TEXT   NOT NULL PRIMARY KEY,
    n          BIGINT NOT NULL UNIQUE,
    sealed     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expired_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE webhook_key;
