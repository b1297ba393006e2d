-- +goose Up

-- A login that a person keeps with their telephone number (package item). The
-- number itself is stored nowhere: phone_index is its blind index. sealed holds
-- the bank's grant and which accounts were saved. A login that is gone is only
-- waiting for the bank to take the grant back.
CREATE TABLE saved_login (
    id             TEXT    NOT NULL PRIMARY KEY,
    phone_index    TEXT    NOT NULL,
    institution_id TEXT    NOT NULL,
    connector      TEXT    NOT NULL,
    sealed         TEXT    NOT NULL,
    seeded         BOOLEAN NOT NULL,
    gone           BOOLEAN NOT NULL,
    saved_at       BIGINT  NOT NULL,
    used_at        BIGINT  NOT NULL
);

CREATE INDEX saved_login_phone ON saved_login (phone_index);

-- The sandbox's own numbers have each of their logins once.
CREATE UNIQUE INDEX saved_login_seed ON saved_login (phone_index, institution_id) WHERE seeded = TRUE AND gone = FALSE;

-- +goose Down
DROP TABLE saved_login;
