-- +goose Up

-- What the bank calls the grant of an Item when it tells that the person took access
-- back; '' where the bank tells no such thing.
ALTER TABLE item ADD COLUMN grant_id TEXT NOT NULL DEFAULT '';
CREATE INDEX item_grant ON item (grant_id) WHERE grant_id <> '';

-- +goose Down
DROP INDEX item_grant;
ALTER TABLE item DROP COLUMN grant_id;
