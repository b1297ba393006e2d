-- +goose Up

-- An organisation, which contacts belong to. client_id is its agency: the API client
-- for which people are verified. number is the order in which a client made them.
CREATE TABLE contact_org (
    id          TEXT    NOT NULL PRIMARY KEY,
    client_id   TEXT    NOT NULL,
    number      BIGINT  NOT NULL,
    name        TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    template_id TEXT    NOT NULL,
    overwrite   BOOLEAN NOT NULL,
    created_at  BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL,
    UNIQUE (client_id, number)
);

-- A key of the GraphQL API, found by its blind index. org_id is '' for a key of the
-- agency. revoked_at is 0 while it works.
CREATE TABLE contact_key (
    id           TEXT   NOT NULL PRIMARY KEY,
    client_id    TEXT   NOT NULL,
    org_id       TEXT   NOT NULL,
    number       BIGINT NOT NULL,
    key_index    TEXT   NOT NULL UNIQUE,
    name         TEXT   NOT NULL,
    scopes       TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    revoked_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    UNIQUE (client_id, number)
);

-- A contact. What is personal is sealed. number is the order in which an
-- organisation's contacts were made, seq counts the changes of one.
CREATE TABLE contact (
    id         TEXT   NOT NULL PRIMARY KEY,
    org_id     TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    status     TEXT   NOT NULL,
    seq        BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    sealed     TEXT   NOT NULL,
    UNIQUE (org_id, number)
);

-- What a contact can be found by, as blind indexes: the words of the name, the
-- email address, the phone number.
CREATE TABLE contact_term (
    org_id     TEXT NOT NULL,
    term       TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    PRIMARY KEY (org_id, term, contact_id)
);
CREATE INDEX contact_term_contact ON contact_term (contact_id);

-- One change of a contact: who did what, in which session, with what was there
-- before and after, sealed. That of a deletion holds nothing personal and is all
-- that is left.
CREATE TABLE contact_change (
    contact_id TEXT   NOT NULL,
    n          BIGINT NOT NULL,
    org_id     TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    session_id TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    sealed     TEXT   NOT NULL,
    PRIMARY KEY (contact_id, n)
);

-- +goose Down
DROP TABLE contact_change;
DROP TABLE contact_term;
DROP TABLE contact;
DROP TABLE contact_key;
DROP TABLE contact_org;
