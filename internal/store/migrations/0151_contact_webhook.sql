-- +goose Up

-- A subscription of an agency (its client_id) or an organisation to events. The
-- address and the secrets are sealed. events is a list of names between spaces.
CREATE TABLE contact_webhook (
    id         TEXT    NOT NULL PRIMARY KEY,
    client_id  TEXT    NOT NULL,
    owner_id   TEXT    NOT NULL,
    number     BIGINT  NOT NULL,
    events     TEXT    NOT NULL,
    enabled    BOOLEAN NOT NULL,
    created_at BIGINT  NOT NULL,
    updated_at BIGINT  NOT NULL,
    sealed     TEXT    NOT NULL,
    UNIQUE (client_id, number)
);
CREATE INDEX contact_webhook_owner ON contact_webhook (owner_id, number);

-- What was sent to a subscription. The delivery itself is in table webhook, under
-- the same id.
CREATE TABLE contact_notice (
    webhook_id TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    id         TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (webhook_id, number)
);

-- +goose Down
DROP TABLE contact_notice;
DROP TABLE contact_webhook;
