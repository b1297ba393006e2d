-- +goose Up

-- A payment that leaves us. Who gets it (account, name) is sealed. state is
-- accepted, built (in a file), sent, posted, failed or reversed.
CREATE TABLE rail_payment (
    id          TEXT   NOT NULL PRIMARY KEY,
    client_id   TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    cents       BIGINT NOT NULL,
    payee       TEXT   NOT NULL,
    trace       TEXT   NOT NULL,
    file_id     TEXT   NOT NULL,
    settles_at  BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL
);
CREATE INDEX rail_payment_state ON rail_payment (state, kind, created_at);
CREATE INDEX rail_payment_trace ON rail_payment (trace);
CREATE INDEX rail_payment_file ON rail_payment (file_id);
CREATE INDEX rail_payment_subject ON rail_payment (subject);

-- A file of payments, made once: its content never changes, so that handing it
-- over a second time is the same act. Sealed until it is sent, then empty.
CREATE TABLE rail_file (
    id         TEXT   NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    claimed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at    BIGINT NOT NULL
);
CREATE INDEX rail_file_state ON rail_file (state, created_at);

-- What happened to a payment, in the order in which it became known. number is
-- the event_id of /bank_transfer/event/*.
CREATE TABLE rail_event (
    number     BIGINT NOT NULL PRIMARY KEY,
    payment_id TEXT   NOT NULL,
    client_id  TEXT   NOT NULL,
    type       TEXT   NOT NULL,
    code       TEXT   NOT NULL,
    words      TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX rail_event_client ON rail_event (client_id, number);

-- Files that came back, by the hash of their content: the second copy of one
-- changes nothing.
CREATE TABLE rail_received (
    hash        TEXT   NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL,
    answers     BIGINT NOT NULL,
    strangers   BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);

-- Numbers that count up: of events, of trace numbers. The row is the lock, so a
-- lower number is never committed after a higher one.
CREATE TABLE rail_counter (
    name   TEXT   NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL
);
INSERT INTO rail_counter (name, number) VALUES ('event', 0);
INSERT INTO rail_counter (name, number) VALUES ('trace', 0);

-- +goose Down
DROP TABLE rail_counter;
DROP TABLE rail_received;
DROP TABLE rail_event;
DROP TABLE rail_file;
DROP TABLE rail_payment;
