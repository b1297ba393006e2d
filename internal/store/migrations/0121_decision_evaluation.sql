-- +goose Up

-- An evaluation. status is workflow.Status; kind and outcome are empty before one.
-- journey is the application of a journey that it is a step of, empty otherwise.
-- sealed holds the input, the result and where the responses are.
CREATE TABLE decision_evaluation (
    token      TEXT    NOT NULL PRIMARY KEY,
    account    TEXT    NOT NULL,
    workflow   TEXT    NOT NULL,
    version    BIGINT  NOT NULL,
    hash       TEXT    NOT NULL,
    entity     TEXT    NOT NULL,
    journey    TEXT    NOT NULL,
    sandbox    BOOLEAN NOT NULL,
    status     TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    outcome    TEXT    NOT NULL,
    sealed     TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    updated_at BIGINT  NOT NULL,
    revision   BIGINT  NOT NULL
);
CREATE INDEX decision_evaluation_workflow ON decision_evaluation (workflow, created_at, token);
CREATE INDEX decision_evaluation_entity ON decision_evaluation (entity, created_at);

-- How each source of an evaluation was asked. subject is the blind index of what was
-- asked, by which an answer can be used again; address is where the answer is.
CREATE TABLE decision_source (
    evaluation TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    status     TEXT   NOT NULL,
    error_code TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    address    TEXT   NOT NULL,
    took_ms    BIGINT NOT NULL,
    asked_at   BIGINT NOT NULL,
    PRIMARY KEY (evaluation, name)
);
CREATE INDEX decision_source_subject ON decision_source (subject, asked_at);
CREATE INDEX decision_source_address ON decision_source (address);

-- The bytes of an answer, once for each content.
CREATE TABLE decision_response (
    address    TEXT   NOT NULL PRIMARY KEY,
    sealed     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

-- By what evaluations are counted (source history): blind indexes.
CREATE TABLE decision_velocity (
    evaluation TEXT    NOT NULL,
    field      TEXT    NOT NULL,
    value      TEXT    NOT NULL,
    denied     BOOLEAN NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (evaluation, field)
);
CREATE INDEX decision_velocity_value ON decision_velocity (value, created_at);

-- Requests that are answered once (Idempotency-Key). evaluation is empty for the
-- marks of the sandbox.
CREATE TABLE decision_request (
    id         TEXT   NOT NULL PRIMARY KEY,
    evaluation TEXT   NOT NULL,
    digest     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

-- What another version would have said beside the live one.
CREATE TABLE decision_shadow (
    evaluation TEXT    NOT NULL,
    workflow   TEXT    NOT NULL,
    version    BIGINT  NOT NULL,
    was        TEXT    NOT NULL,
    would      TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (evaluation, version)
);
CREATE INDEX decision_shadow_version ON decision_shadow (workflow, version);

-- +goose Down
DROP TABLE decision_shadow;
DROP TABLE decision_request;
DROP TABLE decision_velocity;
DROP TABLE decision_response;
DROP TABLE decision_source;
DROP TABLE decision_evaluation;
