-- +goose Up
-- Logins under way at the simulated bank. What the person has typed so far is
-- in sealed; version rises with each step.
CREATE TABLE sandbank_login (
    id             TEXT   NOT NULL PRIMARY KEY,
    institution_id TEXT   NOT NULL,
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    sealed         TEXT   NOT NULL
);
CREATE INDEX sandbank_login_expires ON sandbank_login (expires_at);

-- Permissions to read a person's accounts. id is the blind index of the grant,
-- status is live, expired or revoked; sealed says who gave it and is emptied
-- when it is revoked.
CREATE TABLE sandbank_grant (
    id             TEXT   NOT NULL PRIMARY KEY,
    institution_id TEXT   NOT NULL,
    status         TEXT   NOT NULL,
    created_at     BIGINT NOT NULL,
    sealed         TEXT   NOT NULL
);

-- +goose Down
DROP TABLE sandbank_grant;
DROP TABLE sandbank_login;
