-- +goose Up
-- The window in which a person goes to their bank sets out from a page of this
-- server, found under go_index, which gives the browser a secret: who comes back
-- without it is somebody else. Both are blind indexes; a departure without go_index
-- is tied to no browser.
ALTER TABLE link_oauth ADD COLUMN go_index TEXT;
ALTER TABLE link_oauth ADD COLUMN browser_index TEXT;
CREATE UNIQUE INDEX link_oauth_go ON link_oauth (go_index);

-- +goose Down
DROP INDEX link_oauth_go;
ALTER TABLE link_oauth DROP COLUMN browser_index;
ALTER TABLE link_oauth DROP COLUMN go_index;
