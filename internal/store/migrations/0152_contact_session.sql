-- +goose Up

-- A session in which a contact is verified. contact_id is '' until it is known whom
-- it is about: a new contact is made when the verification comes to a good end.
-- given says that the client named the contact. person is the client_user_id of the
-- attempt, which is the session's own id.
CREATE TABLE contact_session (
    id           TEXT    NOT NULL PRIMARY KEY,
    client_id    TEXT    NOT NULL,
    org_id       TEXT    NOT NULL,
    number       BIGINT  NOT NULL,
    contact_id   TEXT    NOT NULL,
    given        BOOLEAN NOT NULL,
    key_id       TEXT    NOT NULL,
    template_id  TEXT    NOT NULL,
    attempt_id   TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    applied      BOOLEAN NOT NULL,
    seq          BIGINT  NOT NULL,
    created_at   BIGINT  NOT NULL,
    expires_at   BIGINT  NOT NULL,
    completed_at BIGINT  NOT NULL,
    UNIQUE (org_id, number)
);
CREATE INDEX contact_session_contact ON contact_session (contact_id, number);

-- +goose Down
DROP TABLE contact_session;
