-- +goose Up

-- Something that a customer says has happened to an entity. results is what came of
-- it: tokens of evaluations and of journey applications.
CREATE TABLE decision_event_request (
    token      TEXT   NOT NULL PRIMARY KEY,
    account    TEXT   NOT NULL,
    type       TEXT   NOT NULL,
    entity     TEXT   NOT NULL,
    external   TEXT   NOT NULL,
    sealed     TEXT   NOT NULL,
    results    TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX decision_event_request_entity ON decision_event_request (entity);
CREATE UNIQUE INDEX decision_event_request_external ON decision_event_request (account, external) WHERE external <> '';

-- What an event of a type starts: a workflow or a journey.
CREATE TABLE decision_event_source (
    account  TEXT NOT NULL,
    type     TEXT NOT NULL,
    workflow TEXT NOT NULL,
    journey  TEXT NOT NULL,
    PRIMARY KEY (account, type)
);

-- +goose Down
DROP TABLE decision_event_source;
DROP TABLE decision_event_request;
