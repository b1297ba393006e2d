-- +goose Up

-- A session of Link: one person going once through the panes of one link token.
-- The browser holds a secret handle of which only the blind index is kept. The
-- columns token, state and result are sealed (package vault): they hold what
-- the client said of its user, what the bank granted, and the public token.
CREATE TABLE link_session (
    id            TEXT    NOT NULL PRIMARY KEY,
    handle_index  TEXT    NOT NULL,
    token_id      TEXT    NOT NULL,
    client_id     TEXT    NOT NULL,
    flow          TEXT    NOT NULL,
    token         TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    result        TEXT    NOT NULL,
    view          TEXT    NOT NULL,
    seq           BIGINT  NOT NULL,
    events        BIGINT  NOT NULL,
    last_event_at BIGINT  NOT NULL,
    wrong         BIGINT  NOT NULL,
    claim         TEXT    NOT NULL,
    claimed_at    BIGINT  NOT NULL,
    ending        TEXT    NOT NULL,
    cleanup       BOOLEAN NOT NULL,
    started_at    BIGINT  NOT NULL,
    expires_at    BIGINT  NOT NULL,
    finished_at   BIGINT  NOT NULL
);
CREATE UNIQUE INDEX link_session_handle ON link_session (handle_index);
CREATE INDEX link_session_token ON link_session (token_id, started_at);
CREATE INDEX link_session_ending ON link_session (ending, expires_at);
CREATE INDEX link_session_cleanup ON link_session (cleanup, finished_at);

-- What happened in a session: one row for the events of one step, sealed, as a
-- person may type anything into a search field. n counts the events before it.
CREATE TABLE link_event (
    session_id TEXT   NOT NULL,
    n          BIGINT NOT NULL,
    sealed     TEXT   NOT NULL,
    PRIMARY KEY (session_id, n)
);

-- Link tokens that have done their work. Only written where a token works once.
CREATE TABLE link_token_spent (
    token_id   TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL
);

-- +goose Down
DROP TABLE link_token_spent;
DROP TABLE link_event;
DROP TABLE link_session;
