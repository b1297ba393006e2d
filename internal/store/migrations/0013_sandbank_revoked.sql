-- +goose Up

-- A grant that was revoked leaves nothing behind: it is answered like one that the
-- bank never gave.
DELETE FROM sandbank_grant WHERE status = 'revoked';

-- +goose Down
SELECT 1;
