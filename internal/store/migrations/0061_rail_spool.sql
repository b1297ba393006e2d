-- +goose Up

-- Which spool the payments of this database are handed over to: one row at most.
-- The directory holds the same id.
CREATE TABLE rail_spool (
    one TEXT NOT NULL PRIMARY KEY,
    id  TEXT NOT NULL
);

-- +goose Down
DROP TABLE rail_spool;
