package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
)

// decisionsCommands work on what the partner's service has exported, without a server
// and without its database.
type decisionsCommands struct {
	Verify decisionsVerify `cmd:"" help:"Come to a decision again from its exported record alone, and compare."`
	Test   decisionsTest   `cmd:"" help:"Compile the document of a workflow and run its own tests."`
}

type decisionsVerify struct {
	Records []string `arg:"" type:"existingfile" placeholder:"RECORD" help:"Files of GET …/v1/evaluations/{token}/record."`
}

// Run decides each record again. The first that differs ends it.
func (c *decisionsVerify) Run(env *environment) error {
	for _, name := range c.Records {
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		record, err := workflow.ParseRecord(raw)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		result, err := record.Verify()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		outcome := result.Outcome
		if outcome == "" {
			outcome = string(result.Status)
		}
		if _, err := fmt.Fprintf(env.out, "%s: %s, the same again\n", name, outcome); err != nil {
			return err
		}
	}
	return nil
}

type decisionsTest struct {
	Document string `arg:"" type:"existingfile" placeholder:"DOCUMENT" help:"The document of a workflow, as JSON."`
}

// Run prints what publishing the document would be refused for.
func (c *decisionsTest) Run(env *environment) error {
	raw, err := os.ReadFile(c.Document)
	if err != nil {
		return err
	}
	d, err := workflow.Parse(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Document, err)
	}
	v, err := workflow.Compile(d)
	if err != nil {
		return fmt.Errorf("%s does not compile:\n%w", c.Document, err)
	}
	failures := v.Test()
	for _, f := range failures {
		fmt.Fprintf(env.out, "%s: %s\n", f.Test, f.Message)
	}
	if len(failures) > 0 {
		return errors.New("a version is published only if its document passes its own tests")
	}
	_, err = fmt.Fprintf(env.out, "%s: %d rules, %d tests passed\nhash %s\n", d.Name, len(d.Rules), len(d.Tests), v.Hash)
	return err
}
