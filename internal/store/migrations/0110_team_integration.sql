-- +goose Up
-- The partners that a client has switched on or off. One without a row is as the
-- environment has it: on in the sandbox, off in production.
CREATE TABLE team_integration (
    client_id  TEXT    NOT NULL,
    processor  TEXT    NOT NULL,
    enabled    BOOLEAN NOT NULL,
    changed_at BIGINT  NOT NULL,
    PRIMARY KEY (client_id, processor)
);

-- +goose Down
DROP TABLE team_integration;
