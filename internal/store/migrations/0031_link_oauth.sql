-- +goose Up

-- People who went from a session to the pages of their bank. They come back with
-- a secret of that login, of which only the blind index is kept. Where the whole
-- page went (leads), what the bank sent back waits, sealed, until the app opens
-- Link once more with the id under return_index; opened_at says when what they brought was taken in.
CREATE TABLE link_oauth (
    state_index  TEXT    NOT NULL PRIMARY KEY,
    session_id   TEXT    NOT NULL,
    leads        BOOLEAN NOT NULL,
    return_index TEXT,
    sealed       TEXT    NOT NULL,
    opened_at    BIGINT  NOT NULL
);
CREATE UNIQUE INDEX link_oauth_return ON link_oauth (return_index);
CREATE INDEX link_oauth_session ON link_oauth (session_id);

-- +goose Down
DROP TABLE link_oauth;
