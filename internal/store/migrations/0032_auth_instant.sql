-- +goose Up

-- Instant deposits whose code somebody is about to type in Link: at most one for each
-- account number of a session, however often and wherever the step is repeated.
-- number_index is the blind index of the account; sealed is the code; last_try the blind
-- index of the last code that was tried, which counts once.
CREATE TABLE auth_instant (
    session_id   TEXT   NOT NULL,
    number_index TEXT   NOT NULL,
    account_id   TEXT   NOT NULL,
    payment_id   TEXT   NOT NULL,
    sent_at      BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    last_try     TEXT   NOT NULL,
    sealed       TEXT   NOT NULL,
    PRIMARY KEY (session_id, number_index)
);

-- +goose Down
DROP TABLE auth_instant;
