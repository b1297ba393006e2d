-- +goose Up

-- The dashboard lists the attempts of a client: those that wait for a person from the
-- oldest on, the others from the newest. (No index by client and time: planners would
-- go through all attempts of a client by it, to find those of one person in order.)
CREATE INDEX idv_attempt_by_status ON idv_attempt (client_id, status, created_at, id);

-- What a person has decided about an attempt in the dashboard. number is the seq of
-- the attempt that the decision has led to. Rows are added and never changed, but for
-- why, which is sealed, and emptied when what is personal is removed.
CREATE TABLE idv_decision (
    attempt_id TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    by_client  TEXT   NOT NULL,
    verb       TEXT   NOT NULL,
    step       TEXT   NOT NULL,
    why        TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, number)
);

-- +goose Down
DROP TABLE idv_decision;
DROP INDEX idv_attempt_by_status;
