-- +goose Up

-- What people hand in of themselves during an Identity Verification: pictures of
-- documents, films of faces, each as it was uploaded, sealed. media is its media type.
-- They go with the redaction of their attempt.
CREATE TABLE idv_picture (
    id         TEXT   NOT NULL PRIMARY KEY,
    attempt_id TEXT   NOT NULL,
    media      TEXT   NOT NULL,
    sealed     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX idv_picture_attempt ON idv_picture (attempt_id);

-- +goose Down
DROP TABLE idv_picture;
