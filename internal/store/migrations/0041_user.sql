-- +goose Up
-- identity is sealed; token_index is the blind index of a legacy user token.
CREATE TABLE team_user (
    id             TEXT   NOT NULL PRIMARY KEY,
    client_id      TEXT   NOT NULL,
    client_user_id TEXT   NOT NULL,
    token_index    TEXT,
    end_customer   TEXT   NOT NULL,
    identity       TEXT   NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL
);
CREATE UNIQUE INDEX team_user_client ON team_user (client_id, client_user_id);
CREATE UNIQUE INDEX team_user_token ON team_user (token_index);

-- +goose Down
DROP TABLE team_user;
