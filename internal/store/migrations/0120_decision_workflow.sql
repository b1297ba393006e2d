-- +goose Up

-- A workflow of an account. draft is the sealed document that is being written,
-- empty without one; live and shadow are numbers of versions, 0 for none.
CREATE TABLE decision_workflow (
    token      TEXT   NOT NULL PRIMARY KEY,
    account    TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    draft      TEXT   NOT NULL,
    live       BIGINT NOT NULL,
    shadow     BIGINT NOT NULL,
    latest     BIGINT NOT NULL,
    revision   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX decision_workflow_account ON decision_workflow (account, token);

-- A published version: it never changes, but that it retires. body is sealed.
CREATE TABLE decision_version (
    workflow     TEXT   NOT NULL,
    n            BIGINT NOT NULL,
    hash         TEXT   NOT NULL,
    body         TEXT   NOT NULL,
    published_by TEXT   NOT NULL,
    published_at BIGINT NOT NULL,
    retired_at   BIGINT NOT NULL,
    PRIMARY KEY (workflow, n)
);

-- +goose Down
DROP TABLE decision_version;
DROP TABLE decision_workflow;
