-- +goose Up

-- Credentials of the partner's API. workflow is empty for those of a whole account.
CREATE TABLE decision_key (
    token_index  TEXT   NOT NULL PRIMARY KEY,
    account      TEXT   NOT NULL,
    workflow     TEXT   NOT NULL,
    secret_index TEXT   NOT NULL,
    created_at   BIGINT NOT NULL
);

-- +goose Down
DROP TABLE decision_key;
