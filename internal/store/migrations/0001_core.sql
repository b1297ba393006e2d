-- +goose Up
CREATE TABLE meta (
    name   TEXT   NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL
);

-- The keys that seal personal data, themselves sealed by the key-encryption key.
CREATE TABLE vault_key (
    id         TEXT   NOT NULL PRIMARY KEY,
    sealed     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE vault_key;
DROP TABLE meta;
