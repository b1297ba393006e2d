-- +goose Up
-- Watchlists (package screening). A list is replaced as a whole; digest says which
-- contents it has. Its entries are public: they are compressed and not sealed.
CREATE TABLE screening_list (
    code      TEXT   NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    digest    TEXT   NOT NULL,
    source    TEXT   NOT NULL,
    entries   BIGINT NOT NULL,
    loaded_at BIGINT NOT NULL
);

CREATE TABLE screening_list_part (
    code TEXT   NOT NULL,
    part BIGINT NOT NULL,
    body TEXT   NOT NULL,
    PRIMARY KEY (code, part)
);

CREATE TABLE screening_program (
    client_id  TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    PRIMARY KEY (client_id, id)
);

-- Whom is looked for is sealed. number counts all screenings; seq counts the changes
-- of one. origin is what made it, so that nothing makes two: an attempt's id, for
-- example, or the screening's own.
CREATE TABLE screening (
    id             TEXT   NOT NULL PRIMARY KEY,
    client_id      TEXT   NOT NULL,
    kind           TEXT   NOT NULL,
    program_id     TEXT   NOT NULL,
    client_user_id TEXT   NOT NULL,
    assignee       TEXT   NOT NULL,
    status         TEXT   NOT NULL,
    number         BIGINT NOT NULL UNIQUE,
    seq            BIGINT NOT NULL,
    origin         TEXT   NOT NULL,
    sealed         TEXT   NOT NULL,
    UNIQUE (client_id, origin)
);
CREATE INDEX screening_by_program ON screening (client_id, program_id, number);
CREATE INDEX screening_by_user ON screening (client_id, client_user_id, number);

-- What a screening was before each change.
CREATE TABLE screening_history (
    screening_id TEXT   NOT NULL,
    seq          BIGINT NOT NULL,
    sealed       TEXT   NOT NULL,
    PRIMARY KEY (screening_id, seq)
);

CREATE TABLE screening_hit (
    id            TEXT   NOT NULL PRIMARY KEY,
    screening_id  TEXT   NOT NULL,
    number        BIGINT NOT NULL,
    code          TEXT   NOT NULL,
    uid           TEXT   NOT NULL,
    review_status TEXT   NOT NULL,
    sealed        TEXT   NOT NULL,
    UNIQUE (screening_id, code, uid),
    UNIQUE (screening_id, number)
);

CREATE TABLE screening_review (
    id           TEXT   NOT NULL PRIMARY KEY,
    screening_id TEXT   NOT NULL,
    number       BIGINT NOT NULL,
    sealed       TEXT   NOT NULL,
    UNIQUE (screening_id, number)
);

-- +goose Down
DROP TABLE screening_review;
DROP TABLE screening_hit;
DROP TABLE screening_history;
DROP TABLE screening;
DROP TABLE screening_program;
DROP TABLE screening_list_part;
DROP TABLE screening_list;
