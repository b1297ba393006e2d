-- +goose Up

-- Public tokens that have expired are swept away.
CREATE INDEX public_token_expires ON public_token (expires_at);

-- +goose Down
DROP INDEX public_token_expires;
