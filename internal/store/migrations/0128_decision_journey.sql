-- +goose Up

-- A journey and the number of the version that new applications follow.
CREATE TABLE decision_journey (
    token      TEXT   NOT NULL PRIMARY KEY,
    account    TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    live       BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX decision_journey_account ON decision_journey (account, created_at);

-- A version never changes; hash is that of the document.
CREATE TABLE decision_journey_version (
    journey      TEXT   NOT NULL,
    n            BIGINT NOT NULL,
    hash         TEXT   NOT NULL,
    document     TEXT   NOT NULL,
    published_by TEXT   NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (journey, n)
);

-- Somebody's way through a journey. status is what the latest event has made of it.
-- sealed holds the names that the account gave it, what it said of it and its
-- headers; external and group_id are blind indexes.
CREATE TABLE decision_application (
    token      TEXT    NOT NULL PRIMARY KEY,
    account    TEXT    NOT NULL,
    journey    TEXT    NOT NULL,
    version    BIGINT  NOT NULL,
    status     TEXT    NOT NULL,
    outcome    TEXT    NOT NULL,
    sandbox    BOOLEAN NOT NULL,
    awaits     BOOLEAN NOT NULL,
    external   TEXT    NOT NULL,
    group_id   TEXT    NOT NULL,
    rerun_of   TEXT    NOT NULL,
    root       TEXT    NOT NULL,
    sealed     TEXT    NOT NULL,
    events     BIGINT  NOT NULL,
    created_at BIGINT  NOT NULL,
    updated_at BIGINT  NOT NULL,
    closed_at  BIGINT  NOT NULL
);
CREATE INDEX decision_application_journey ON decision_application (account, journey, created_at);
CREATE UNIQUE INDEX decision_application_group ON decision_application (account, journey, group_id) WHERE group_id <> '';
CREATE INDEX decision_application_rerun ON decision_application (rerun_of) WHERE rerun_of <> '';

-- One entity of an application: at which node it stands. visit counts the nodes that
-- it has come to; lease is who runs its workflow, until lease_until.
CREATE TABLE decision_application_entity (
    token       TEXT   NOT NULL PRIMARY KEY,
    application TEXT   NOT NULL,
    entity      TEXT   NOT NULL,
    place       BIGINT NOT NULL,
    branch      TEXT   NOT NULL,
    node        TEXT   NOT NULL,
    visit       BIGINT NOT NULL,
    status      TEXT   NOT NULL,
    outcome     TEXT   NOT NULL,
    evaluation  TEXT   NOT NULL,
    tries       BIGINT NOT NULL,
    lease       TEXT   NOT NULL,
    lease_until BIGINT NOT NULL,
    sealed      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX decision_application_entity_application ON decision_application_entity (application, place);
CREATE INDEX decision_application_entity_entity ON decision_application_entity (entity);

-- What has happened in an application, and the status that it had then.
CREATE TABLE decision_application_event (
    application   TEXT   NOT NULL,
    n             BIGINT NOT NULL,
    token         TEXT   NOT NULL,
    type          TEXT   NOT NULL,
    entity        TEXT   NOT NULL,
    entity_app    TEXT   NOT NULL,
    node          TEXT   NOT NULL,
    evaluation    TEXT   NOT NULL,
    outcome       TEXT   NOT NULL,
    reasons       TEXT   NOT NULL,
    entity_status TEXT   NOT NULL,
    status        TEXT   NOT NULL,
    at            BIGINT NOT NULL,
    PRIMARY KEY (application, n)
);

-- +goose Down
DROP TABLE decision_application_event;
DROP TABLE decision_application_entity;
DROP TABLE decision_application;
DROP TABLE decision_journey_version;
DROP TABLE decision_journey;
