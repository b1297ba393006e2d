-- +goose Up

-- The account numbers of an Item, sealed: JSON with the four lists that
-- /auth/get answers.
CREATE TABLE auth_numbers (
    item_id    TEXT   NOT NULL PRIMARY KEY,
    numbers    TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE auth_numbers;
