-- +goose Up

-- Where an account is told what happens: address and credentials are sealed. types
-- is a JSON list, empty for all of them.
CREATE TABLE decision_hook (
    account    TEXT    NOT NULL PRIMARY KEY,
    sealed     TEXT    NOT NULL,
    types      TEXT    NOT NULL,
    enabled    BOOLEAN NOT NULL,
    updated_at BIGINT  NOT NULL
);

-- The failures in a row of an account's receiver, at most the last hundred.
CREATE TABLE decision_hook_failure (
    account TEXT   NOT NULL,
    n       BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (account, n)
);

-- How an account wants reviews to go.
CREATE TABLE decision_setting (
    account   TEXT    NOT NULL PRIMARY KEY,
    lease     BIGINT  NOT NULL,
    sla       BIGINT  NOT NULL,
    four_eyes BOOLEAN NOT NULL
);

-- A person who reviews.
CREATE TABLE decision_agent (
    token       TEXT    NOT NULL PRIMARY KEY,
    account     TEXT    NOT NULL,
    email_index TEXT    NOT NULL,
    sealed      TEXT    NOT NULL,
    active      BOOLEAN NOT NULL,
    created_at  BIGINT  NOT NULL
);
CREATE UNIQUE INDEX decision_agent_email ON decision_agent (account, email_index);

-- A reason that a review may give for an outcome. kind is adverse_action or empty.
CREATE TABLE decision_review_reason (
    account    TEXT   NOT NULL,
    outcome    TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account, outcome, reason)
);

-- What waits for a person. state is open, second (waits for the second pair of
-- eyes), decided or withdrawn. claimed_by is the agent who has it in hand until
-- claimed_until. proposed_* is what the first of two agents decided.
CREATE TABLE decision_review (
    token            TEXT    NOT NULL PRIMARY KEY,
    account          TEXT    NOT NULL,
    entity           TEXT    NOT NULL,
    evaluation       TEXT    NOT NULL,
    journey          TEXT    NOT NULL,
    application      TEXT    NOT NULL,
    node             TEXT    NOT NULL,
    workflow         TEXT    NOT NULL,
    workflow_name    TEXT    NOT NULL,
    sandbox          BOOLEAN NOT NULL,
    state            TEXT    NOT NULL,
    assignee         TEXT    NOT NULL,
    claimed_by       TEXT    NOT NULL,
    claimed_until    BIGINT  NOT NULL,
    four_eyes        BOOLEAN NOT NULL,
    proposed_by      TEXT    NOT NULL,
    proposed_outcome TEXT    NOT NULL,
    outcome          TEXT    NOT NULL,
    reasons          TEXT    NOT NULL,
    decided_by       TEXT    NOT NULL,
    opened_at        BIGINT  NOT NULL,
    started_at       BIGINT  NOT NULL,
    decided_at       BIGINT  NOT NULL,
    due_at           BIGINT  NOT NULL
);
CREATE INDEX decision_review_queue ON decision_review (account, state, opened_at, token);
CREATE INDEX decision_review_entity ON decision_review (entity);
CREATE INDEX decision_review_evaluation ON decision_review (evaluation);
CREATE INDEX decision_review_application ON decision_review (application);

-- +goose Down
DROP TABLE decision_review;
DROP TABLE decision_review_reason;
DROP TABLE decision_agent;
DROP TABLE decision_setting;
DROP TABLE decision_hook_failure;
DROP TABLE decision_hook;
