-- +goose Up

-- A webhook on its way to one receiver. Where it goes and what it says are sealed
-- together; receiver is the blind index of the address's origin. state is waiting,
-- delivered, failed or dropped. claimed_by is the node that has it in hand.
-- claims counts how often one took it, failures how often a receiver did not.
CREATE TABLE webhook (
    id          TEXT   NOT NULL PRIMARY KEY,
    client_id   TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    scheme      TEXT   NOT NULL,
    type        TEXT   NOT NULL,
    code        TEXT   NOT NULL,
    receiver    TEXT   NOT NULL,
    sealed      TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    claimed_by  TEXT   NOT NULL,
    claims      BIGINT NOT NULL,
    failures    BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    number      BIGINT NOT NULL,
    finished_at BIGINT NOT NULL
);
-- What nobody has in hand, by its time and by its receiver: retries that are not
-- due yet are behind the end of every search.
CREATE INDEX webhook_due ON webhook (due_at, number) WHERE state = 'waiting' AND claimed_by = '';
CREATE INDEX webhook_receiver ON webhook (receiver, due_at, number) WHERE state = 'waiting' AND claimed_by = '';
CREATE INDEX webhook_claimed ON webhook (claimed_by) WHERE state = 'waiting' AND claimed_by <> '';
CREATE INDEX webhook_client ON webhook (client_id, created_at, number);
CREATE INDEX webhook_subject ON webhook (subject, created_at, number);
CREATE INDEX webhook_created ON webhook (created_at);

-- One try to deliver. status is that of the answer, 0 without one; error says in a
-- few words what was wrong.
CREATE TABLE webhook_attempt (
    webhook_id TEXT   NOT NULL,
    n          BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    took       BIGINT NOT NULL,
    status     BIGINT NOT NULL,
    error      TEXT   NOT NULL,
    PRIMARY KEY (webhook_id, n)
);

-- How many tries a receiver of a client had in an hour, and how many it rejected.
CREATE TABLE webhook_hour (
    client_id TEXT   NOT NULL,
    receiver  TEXT   NOT NULL,
    hour      BIGINT NOT NULL,
    tries     BIGINT NOT NULL,
    rejected  BIGINT NOT NULL,
    PRIMARY KEY (client_id, receiver, hour)
);
CREATE INDEX webhook_hour_hour ON webhook_hour (hour);

-- A process that delivers. One whose beat stands still has died.
CREATE TABLE webhook_node (
    id   TEXT   NOT NULL PRIMARY KEY,
    beat BIGINT NOT NULL
);

-- +goose Down
DROP TABLE webhook_node;
DROP TABLE webhook_hour;
DROP TABLE webhook_attempt;
DROP TABLE webhook;
