-- +goose Up

-- Webhooks of type AUTH that are due, sealed, in the transaction of the change that
-- they tell of. n counts those of an Item.
CREATE TABLE auth_notice (
    item_id TEXT   NOT NULL,
    n       BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    sealed  TEXT   NOT NULL,
    PRIMARY KEY (item_id, n)
);

-- +goose Down
DROP TABLE auth_notice;
