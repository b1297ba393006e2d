-- +goose Up

-- The page of a Hosted Link session. id is the blind index of the secret in the
-- page's address, token_id the link token that the page opens; expires_at is the
-- token's, so that both are forgotten at the same time.
CREATE TABLE link_hosted (
    id         TEXT   NOT NULL PRIMARY KEY,
    token_id   TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX link_hosted_expiry ON link_hosted (expires_at);

-- +goose Down
DROP TABLE link_hosted;
