-- +goose Up
-- profile is JSON: the application profile of the client. enforced says that a
-- sandbox asks of the client what production does.
ALTER TABLE team_client ADD COLUMN profile TEXT NOT NULL DEFAULT '{}';
ALTER TABLE team_client ADD COLUMN enforced BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE team_client DROP COLUMN enforced;
ALTER TABLE team_client DROP COLUMN profile;
