-- +goose Up

-- Where a client is told of new events of its payments.
CREATE TABLE rail_webhook (
    client_id TEXT NOT NULL PRIMARY KEY,
    url       TEXT NOT NULL
);

-- +goose Down
DROP TABLE rail_webhook;
