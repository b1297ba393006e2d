-- +goose Up

-- Documents that people have uploaded for an account (Identity Document Upload):
-- what was read from each, sealed. content is a blind index of the file's bytes, by
-- which the same file is known again; the file itself is not kept.
-- upload is the upload that stored it last.
CREATE TABLE identity_document (
    id          TEXT   NOT NULL PRIMARY KEY,
    item_id     TEXT   NOT NULL,
    account_id  TEXT   NOT NULL,
    content     TEXT   NOT NULL,
    upload      TEXT   NOT NULL,
    sealed      TEXT   NOT NULL,
    uploaded_at BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX identity_document_content ON identity_document (item_id, account_id, content);

-- +goose Down
DROP TABLE identity_document;
