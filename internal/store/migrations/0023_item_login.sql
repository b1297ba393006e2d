-- +goose Up

-- logins counts the renewals of an Item's login: what the bank was asked under an
-- older one may not hold under the next. broken_at is when the present error
-- began, 0 for none. Items of users that the client has registered are found by
-- user.
ALTER TABLE item ADD COLUMN logins BIGINT NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN broken_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX item_user ON item (user_id) WHERE user_id <> '';

-- +goose Down
DROP INDEX item_user;
ALTER TABLE item DROP COLUMN broken_at;
ALTER TABLE item DROP COLUMN logins;
