-- +goose Up
-- Why Link did what it did, for the developer: one row for the remarks of one
-- step, sealed. n counts the events before it.
CREATE TABLE link_remark (
    id         TEXT   NOT NULL PRIMARY KEY,
    session_id TEXT   NOT NULL,
    n          BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    sealed     TEXT   NOT NULL
);
CREATE INDEX link_remark_session ON link_remark (session_id, n, at);

-- Sessions that were refused before they began, so that a developer can read
-- why. At most a few are kept of each token.
CREATE TABLE link_refusal (
    id         TEXT   NOT NULL PRIMARY KEY,
    token_id   TEXT   NOT NULL,
    client_id  TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    sealed     TEXT   NOT NULL
);
CREATE INDEX link_refusal_token ON link_refusal (token_id, at);
CREATE INDEX link_refusal_client ON link_refusal (client_id, at);
CREATE INDEX link_refusal_at ON link_refusal (at);

-- Up to which event the webhook EVENTS has told of a session that nobody goes on
-- with.
ALTER TABLE link_session ADD COLUMN reported BIGINT NOT NULL DEFAULT 0;
CREATE INDEX link_session_client ON link_session (client_id, started_at);

-- +goose Down
DROP INDEX link_session_client;
ALTER TABLE link_session DROP COLUMN reported;
DROP TABLE link_refusal;
DROP TABLE link_remark;
