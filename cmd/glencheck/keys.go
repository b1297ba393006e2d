package main

import (
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/server"
)

// keysCommands are what is done to keys while the server need not run.
type keysCommands struct {
	RotateWebhook rotateWebhookCommand `cmd:"" help:"Sign webhooks with a new key from now on; the old ones can still be looked up. Stop the server of a file first."`
}

// rotateWebhookCommand names the database.
type rotateWebhookCommand struct {
	DB  string `name:"db" default:"glencheck.db" help:"A file or postgres://user@host/name."`
	KEK string `name:"kek" placeholder:"FILE" help:"The key that encrypts the keys in the database, as the server has it."`
}

// Run makes the key and prints its id.
func (c *rotateWebhookCommand) Run(env *environment) error {
	id, err := server.RotateWebhookKey(env.ctx, c.DB, c.KEK)
	if err != nil {
		return err
	}
	fmt.Fprintln(env.out, id)
	return nil
}
