-- +goose Up

-- Accounts of custom users that the simulated bank has told the numbers of, by the
-- blind index of the account number: what its network knows beside its data file.
-- sealed is the routing number and the names of the owners.
CREATE TABLE sandbank_known (
    account_index TEXT   NOT NULL PRIMARY KEY,
    known_at      BIGINT NOT NULL,
    sealed        TEXT   NOT NULL
);

-- +goose Down
DROP TABLE sandbank_known;
