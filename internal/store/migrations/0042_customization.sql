-- +goose Up
-- settings is JSON: the look, the words and the rest of what a customization
-- changes. A logo is a PNG in base64 under a key that its bytes give, so that a
-- link token made before a change still finds the one it was made with.
ALTER TABLE team_customization ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';

CREATE TABLE team_logo (
    id         TEXT   NOT NULL PRIMARY KEY,
    client_id  TEXT   NOT NULL,
    png        TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX team_logo_client ON team_logo (client_id);

-- +goose Down
DROP TABLE team_logo;
ALTER TABLE team_customization DROP COLUMN settings;
