-- +goose Up
-- id is the blind index of the token: nothing else is needed to find it, and
-- nothing else has to be written to make one. spec is what the client asked for,
-- prefill what it said of the person, request what /link/token/get echoes; all
-- three are sealed.
CREATE TABLE link_token (
    id          TEXT   NOT NULL PRIMARY KEY,
    client_id   TEXT   NOT NULL,
    spec        TEXT   NOT NULL,
    prefill     TEXT   NOT NULL,
    request     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX link_token_expiry ON link_token (expires_at);

-- +goose Down
DROP TABLE link_token;
