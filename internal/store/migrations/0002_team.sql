-- +goose Up
CREATE TABLE team_client (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    products   TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

-- Secrets are blind indexes of client_id and secret; several may be valid while
-- one replaces the other.
CREATE TABLE team_secret (
    secret_index TEXT   NOT NULL PRIMARY KEY,
    client_id    TEXT   NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX team_secret_client ON team_secret (client_id);

CREATE TABLE team_redirect_uri (
    client_id TEXT NOT NULL,
    uri       TEXT NOT NULL,
    PRIMARY KEY (client_id, uri)
);

CREATE TABLE team_customization (
    client_id      TEXT NOT NULL,
    name           TEXT NOT NULL,
    language       TEXT NOT NULL,
    country_codes  TEXT NOT NULL,
    account_select TEXT NOT NULL,
    PRIMARY KEY (client_id, name)
);

-- +goose Down
DROP TABLE team_customization;
DROP TABLE team_redirect_uri;
DROP TABLE team_secret;
DROP TABLE team_client;
