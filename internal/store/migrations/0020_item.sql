-- +goose Up

-- An Item: one login of one person at one institution, for one client. Columns
-- that hold what the person or the bank said are sealed (package vault): the
-- client's word for the user, the bank's grant, the webhook, the accounts, the
-- note of a removal. Lists are JSON text.
CREATE TABLE item (
    id              TEXT   NOT NULL PRIMARY KEY,
    client_id       TEXT   NOT NULL,
    client_user_id  TEXT   NOT NULL,
    user_id         TEXT   NOT NULL,
    institution_id  TEXT   NOT NULL,
    connector       TEXT   NOT NULL,
    link_session_id TEXT   NOT NULL,
    bank_grant      TEXT   NOT NULL,
    webhook         TEXT   NOT NULL,
    products        TEXT   NOT NULL,
    billed          TEXT   NOT NULL,
    consented       TEXT   NOT NULL,
    use_cases       TEXT   NOT NULL,
    auth_method     TEXT   NOT NULL,
    error_code      TEXT   NOT NULL,
    accounts        TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    login_until     BIGINT NOT NULL,
    removed_at      BIGINT NOT NULL,
    removed_reason  TEXT   NOT NULL,
    removed_note    TEXT   NOT NULL,
    revision        BIGINT NOT NULL,
    generation      BIGINT NOT NULL
);

-- Tokens are known by their blind index only. An Item has one access token for
-- each public token that was exchanged. Rotation ends all of them: it counts the
-- Item's generation up, and a token of an older generation is dead. No index
-- finds the tokens of an Item, so an exchange writes as little as it can.
CREATE TABLE access_token (
    token_index TEXT   NOT NULL PRIMARY KEY,
    item_id     TEXT   NOT NULL,
    generation  BIGINT NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE TABLE public_token (
    token_index TEXT   NOT NULL PRIMARY KEY,
    client_id   TEXT   NOT NULL,
    item_id     TEXT   NOT NULL,
    expires_at  BIGINT NOT NULL,
    used_at     BIGINT NOT NULL
);

-- +goose Down
DROP TABLE public_token;
DROP TABLE access_token;
DROP TABLE item;
