-- +goose Up

-- Who holds the accounts of an Item, sealed: JSON, one entry for each distinct
-- owner with the ids of the accounts that are his.
CREATE TABLE identity_owners (
    item_id    TEXT   NOT NULL PRIMARY KEY,
    owners     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE identity_owners;
