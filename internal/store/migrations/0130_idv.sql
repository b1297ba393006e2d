-- +goose Up
-- Identity Verification (package idv). A template of a client is versioned: a new
-- version is a new row. Built-in templates are not in the database.
CREATE TABLE idv_template (
    client_id   TEXT   NOT NULL,
    template_id TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    body        TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (client_id, template_id, version)
);

-- One attempt of a person to be verified. number counts the attempts of a person at
-- a template, from 1; seq counts the changes of the row. What the attempt knows of
-- the person, and how its steps stand, is sealed.
CREATE TABLE idv_attempt (
    id             TEXT   NOT NULL PRIMARY KEY,
    client_id      TEXT   NOT NULL,
    client_user_id TEXT   NOT NULL,
    template_id    TEXT   NOT NULL,
    number         BIGINT NOT NULL,
    status         TEXT   NOT NULL,
    seq            BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    sealed         TEXT   NOT NULL,
    UNIQUE (client_id, client_user_id, template_id, number)
);

-- +goose Down
DROP TABLE idv_attempt;
DROP TABLE idv_template;
