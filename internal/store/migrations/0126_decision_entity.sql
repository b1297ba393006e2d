-- +goose Up

-- A person or a business that is decided about. sealed holds the details; it is
-- empty once they were purged. merged_into is the token of the entity that this one
-- became part of, empty otherwise. outcome is that of the latest decision.
CREATE TABLE decision_entity (
    token       TEXT    NOT NULL PRIMARY KEY,
    account     TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    sandbox     BOOLEAN NOT NULL,
    parent      TEXT    NOT NULL,
    sealed      TEXT    NOT NULL,
    merged_into TEXT    NOT NULL,
    archived    BOOLEAN NOT NULL,
    outcome     TEXT    NOT NULL,
    created_at  BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL,
    revision    BIGINT  NOT NULL
);
CREATE INDEX decision_entity_merged ON decision_entity (merged_into) WHERE merged_into <> '';

-- What an account calls an entity. The first one that it got is its primary one.
CREATE TABLE decision_external (
    account    TEXT    NOT NULL,
    id_index   TEXT    NOT NULL,
    entity     TEXT    NOT NULL,
    sealed     TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    main       BOOLEAN NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (account, id_index)
);
CREATE INDEX decision_external_entity ON decision_external (entity);

-- By what an entity can be found again: blind indexes of its numbers and addresses.
CREATE TABLE decision_entity_key (
    entity     TEXT   NOT NULL,
    field      TEXT   NOT NULL,
    value      TEXT   NOT NULL,
    account    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (entity, field, value)
);
CREATE INDEX decision_entity_key_value ON decision_entity_key (account, field, value, created_at);

-- A note about an entity or a review.
CREATE TABLE decision_note (
    token      TEXT   NOT NULL PRIMARY KEY,
    account    TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    entity     TEXT   NOT NULL,
    sealed     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX decision_note_subject ON decision_note (subject, created_at);
CREATE INDEX decision_note_entity ON decision_note (entity);

-- A document of an entity: described first (size 0), uploaded then.
CREATE TABLE decision_document (
    token       TEXT   NOT NULL PRIMARY KEY,
    account     TEXT   NOT NULL,
    entity      TEXT   NOT NULL,
    sealed      TEXT   NOT NULL,
    content     TEXT   NOT NULL,
    size        BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    uploaded_at BIGINT NOT NULL
);
CREATE INDEX decision_document_entity ON decision_document (entity, created_at);

-- Who did what: a chain for each account, in which each line holds the hash of the
-- one before it. digest stands for what sealed holds, so that the chain holds when
-- that is purged.
CREATE TABLE decision_audit (
    account TEXT   NOT NULL,
    n       BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    actor   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    object  TEXT   NOT NULL,
    sealed  TEXT   NOT NULL,
    digest  TEXT   NOT NULL,
    hash    TEXT   NOT NULL,
    PRIMARY KEY (account, n)
);
CREATE INDEX decision_audit_object ON decision_audit (object);

-- The last line of each chain.
CREATE TABLE decision_audit_head (
    account TEXT   NOT NULL PRIMARY KEY,
    n       BIGINT NOT NULL,
    hash    TEXT   NOT NULL
);

-- +goose Down
DROP TABLE decision_audit_head;
DROP TABLE decision_audit;
DROP TABLE decision_document;
DROP TABLE decision_note;
DROP TABLE decision_entity_key;
DROP TABLE decision_external;
DROP TABLE decision_entity;
