-- +goose Up

-- A mutation that was sent with an Idempotency-Key and has changed something. owner is
-- the API key, request the blind index of its Idempotency-Key, digest that of what it
-- asked for. sealed is its answer, '' until it is known.
CREATE TABLE contact_once (
    owner      TEXT   NOT NULL,
    request    TEXT   NOT NULL,
    digest     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    sealed     TEXT   NOT NULL,
    PRIMARY KEY (owner, request)
);
CREATE INDEX contact_once_created ON contact_once (created_at);

-- +goose Down
DROP TABLE contact_once;
