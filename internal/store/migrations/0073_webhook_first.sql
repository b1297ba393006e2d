-- +goose Up

-- What was never tried and is in nobody's hand, by what it is about: a newer notice
-- of the same subject goes behind it.
CREATE INDEX webhook_first ON webhook (subject) WHERE state = 'waiting' AND claimed_by = '' AND failures = 0;

-- +goose Down
DROP INDEX webhook_first;
