-- +goose Up
-- States of the sandbox that are kept under a name (package snapshot). content is
-- a whole state file, base64. This table is no part of a state.
CREATE TABLE snapshot (
    name     TEXT   NOT NULL PRIMARY KEY,
    content  TEXT   NOT NULL,
    items    BIGINT NOT NULL,
    saved_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE snapshot;
