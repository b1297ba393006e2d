-- +goose Up
-- spec is what the client asked for, prefill the sealed personal part of it,
-- request what /link/token/get echoes.
CREATE TABLE link_token (
    id          TEXT   NOT NULL PRIMARY KEY,
    token_index TEXT   NOT NULL,
    client_id   TEXT   NOT NULL,
    spec        TEXT   NOT NULL,
    prefill     TEXT   NOT NULL,
    request     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX link_token_token ON link_token (token_index);
CREATE INDEX link_token_expiry ON link_token (expires_at);

-- +goose Down
DROP TABLE link_token;
