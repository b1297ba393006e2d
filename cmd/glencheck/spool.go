package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/glencheck-dev/glencheck/internal/rail"
)

// spoolCommand looks into the directory that production hands payment files over
// in. The server may run meanwhile.
type spoolCommand struct {
	Dir     string `arg:"" placeholder:"DIR" help:"The directory of serve --rail-spool."`
	Inbox   string `placeholder:"DIR" help:"That of serve --rail-inbox."`
	Release string `placeholder:"NAME" help:"Let a file of the quarantine be read once more."`
}

// Run prints what waits and what was set aside, or releases a file.
func (c *spoolCommand) Run(env *environment) error {
	if _, err := os.Stat(c.Dir); err != nil {
		return &wrongUse{err.Error()}
	}
	s, err := rail.NewSpool(c.Dir, c.Inbox)
	if err != nil {
		return err
	}
	if c.Release != "" {
		if err := s.Release(c.Release); err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.out, "%s will be read again.\n", c.Release)
		return err
	}
	st, err := s.State()
	if err != nil {
		return err
	}
	return printSpool(env.out, st)
}

func printSpool(w io.Writer, st rail.SpoolState) error {
	list := func(title string, names []string) {
		fmt.Fprintf(w, "%s: %d\n", title, len(names))
		for _, name := range names {
			fmt.Fprintf(w, "  %s\n", name)
		}
	}
	list("Waiting for the transfer agent", st.Out)
	list("Waiting to be read", st.In)
	fmt.Fprintf(w, "In quarantine: %d\n", len(st.Quarantined))
	for _, q := range st.Quarantined {
		if _, err := fmt.Fprintf(w, "  %s  %s\n    %s\n", q.At.UTC().Format(time.DateTime), q.Name, q.Reason); err != nil {
			return err
		}
	}
	return nil
}
