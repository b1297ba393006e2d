-- +goose Up
-- One row for each link token with which somebody has logged in at a bank. Whoever
-- logs in changes it first, so that logins with one token count each other one after
-- another (package link, MaxWrong).
CREATE TABLE link_token_login (
    token_id TEXT   NOT NULL PRIMARY KEY,
    tries    BIGINT NOT NULL
);

-- +goose Down
DROP TABLE link_token_login;
