package main

import (
	"github.com/glencheck-dev/glencheck/internal/server"
)

// auditCommands look into the trails of who did what, while the server need not run.
type auditCommands struct {
	Verify auditVerifyCommand `cmd:"" help:"Find lines of the audit trails that were changed, removed or put in between; exit code 1 if there are any. Stop the server of a file first."`
	Export auditExportCommand `cmd:"" help:"Write the audit trails as lines of JSON."`
}

// auditDatabase names the database.
type auditDatabase struct {
	DB  string `name:"db" default:"glencheck.db" help:"A file or postgres://user@host/name."`
	KEK string `name:"kek" placeholder:"FILE" help:"The key that encrypts the keys in the database, as the server has it."`
}

type auditVerifyCommand struct {
	auditDatabase
	Expect []string `placeholder:"HASH" help:"The last hash of a trail as an earlier verification printed it: the end of a trail cannot have been cut off where it is still there. May be repeated."`
}

// Run prints the last hash of each account, and what does not hold.
func (c *auditVerifyCommand) Run(env *environment) error {
	return server.VerifyAudit(env.ctx, c.DB, c.KEK, c.Expect, env.out)
}

type auditExportCommand struct {
	auditDatabase
	Content bool `help:"Write what was before and after, too: that is personal."`
}

// Run writes the trails.
func (c *auditExportCommand) Run(env *environment) error {
	return server.ExportAudit(env.ctx, c.DB, c.KEK, c.Content, env.out)
}
