-- +goose Up
CREATE TABLE job (
    id       TEXT   NOT NULL PRIMARY KEY,
    kind     TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    payload  TEXT   NOT NULL,
    due_at   BIGINT NOT NULL,
    attempts BIGINT NOT NULL
);
CREATE INDEX job_due ON job (due_at, id);
CREATE INDEX job_subject ON job (kind, subject);

-- +goose Down
DROP TABLE job;
