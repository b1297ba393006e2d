-- +goose Up

-- Files of payments that the simulated bank has taken: a name it has seen is not
-- paid again.
CREATE TABLE sandbank_file (
    name        TEXT   NOT NULL PRIMARY KEY,
    received_at BIGINT NOT NULL
);

-- Deposits that came in by a rail, by the blind index of the account number.
-- sealed is the entry on the statement. state is pending, posted or returned.
CREATE TABLE sandbank_deposit (
    id            TEXT   NOT NULL PRIMARY KEY,
    account_index TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    cents         BIGINT NOT NULL,
    received_at   BIGINT NOT NULL,
    posts_at      BIGINT NOT NULL,
    sealed        TEXT   NOT NULL
);
CREATE INDEX sandbank_deposit_account ON sandbank_deposit (account_index, received_at);
CREATE INDEX sandbank_deposit_state ON sandbank_deposit (state, posts_at);

-- What the bank has to say about deposits: returns, notifications of change and
-- reports, each a file that waits to be fetched from ready_at on.
CREATE TABLE sandbank_answer (
    name     TEXT   NOT NULL PRIMARY KEY,
    content  TEXT   NOT NULL,
    ready_at BIGINT NOT NULL
);
CREATE INDEX sandbank_answer_ready ON sandbank_answer (ready_at);

-- Accounts that do not simply take deposits, and (with an empty account) how the
-- bank's rails are.
CREATE TABLE sandbank_lever (
    account_index TEXT   NOT NULL PRIMARY KEY,
    state         TEXT   NOT NULL,
    delay_ms      BIGINT NOT NULL,
    sealed        TEXT   NOT NULL
);

-- People who are signed in to online banking, by the blind index of the handle
-- in the address of their pages.
CREATE TABLE sandbank_online (
    id         TEXT   NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL,
    sealed     TEXT   NOT NULL
);
CREATE INDEX sandbank_online_expires ON sandbank_online (expires_at);

-- +goose Down
DROP TABLE sandbank_online;
DROP TABLE sandbank_lever;
DROP TABLE sandbank_answer;
DROP TABLE sandbank_deposit;
DROP TABLE sandbank_file;
