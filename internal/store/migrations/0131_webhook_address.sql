-- +goose Up
-- Where a client wants webhooks that name no address of their own, such as those of
-- Identity Verification. sealed is the list of addresses.
CREATE TABLE webhook_address (
    client_id TEXT NOT NULL PRIMARY KEY,
    sealed    TEXT NOT NULL
);

-- +goose Down
DROP TABLE webhook_address;
