-- +goose Up
-- What people decide on the simulated bank's own pages. id is the blind index
-- of the handle in the page's form, code that of the authorization code. status
-- is open, granted, denied or spent; sealed says who asks for whose accounts and
-- is emptied when the code is spent.
CREATE TABLE sandbank_authorization (
    id             TEXT   NOT NULL PRIMARY KEY,
    institution_id TEXT   NOT NULL,
    status         TEXT   NOT NULL,
    code           TEXT   UNIQUE,
    created_at     BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    sealed         TEXT   NOT NULL
);
CREATE INDEX sandbank_authorization_expires ON sandbank_authorization (expires_at);

-- +goose Down
DROP TABLE sandbank_authorization;
