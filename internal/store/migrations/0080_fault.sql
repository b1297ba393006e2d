-- +goose Up
-- What a sandbox was told to break (package fault). sealed is the fault itself; seen
-- counts the calls that it was asked about, struck those that it broke.
CREATE TABLE fault (
    n       BIGINT NOT NULL PRIMARY KEY,
    origin  TEXT   NOT NULL,
    sealed  TEXT   NOT NULL,
    set_at  BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    seen    BIGINT NOT NULL,
    struck  BIGINT NOT NULL
);

-- +goose Down
DROP TABLE fault;
