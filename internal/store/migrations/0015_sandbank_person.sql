-- +goose Up

-- Whose a grant is, by a blind index, for the page of online banking that lists the
-- apps with access. Grants made before are on nobody's list.
ALTER TABLE sandbank_grant ADD COLUMN person TEXT NOT NULL DEFAULT '';
CREATE INDEX sandbank_grant_person ON sandbank_grant (person, created_at) WHERE person <> '';

-- +goose Down
DROP INDEX sandbank_grant_person;
ALTER TABLE sandbank_grant DROP COLUMN person;
