-- +goose Up

-- Deposits whose code a person has to bring back, one of an Item. sealed holds the
-- code; state is waiting, verified, locked or returned; attempts counts codes that
-- were tried, and last_try names the request that tried the last one.
CREATE TABLE auth_deposit (
    item_id    TEXT   NOT NULL PRIMARY KEY,
    account_id TEXT   NOT NULL,
    payment_id TEXT   NOT NULL UNIQUE,
    state      TEXT   NOT NULL,
    attempts   BIGINT NOT NULL,
    last_try   TEXT   NOT NULL,
    sealed     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE auth_deposit;
