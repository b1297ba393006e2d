-- +goose Up
-- Who is signed in to the dashboard. token_index is the blind index of the cookie,
-- key that of the secret the person signed in with: a session ends with it.
CREATE TABLE dashboard_session (
    token_index TEXT   NOT NULL PRIMARY KEY,
    client_id   TEXT   NOT NULL,
    secret_key  TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX dashboard_session_expires ON dashboard_session (expires_at);

-- +goose Down
DROP TABLE dashboard_session;
