package main

import (
	"os"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/bench"
)

// benchCommand are the flags of bench.
type benchCommand struct {
	Dir   string        `default:"." type:"existingdir" help:"Where the databases go: on the disk that is to be measured."`
	Turn  time.Duration `default:"2s" help:"How long one turn of a candidate lasts."`
	Turns int           `default:"5" help:"How many turns each candidate gets; the median counts."`
	Items int           `default:"0" help:"Also grow a database to this many Items, for example 1000000 (minutes, gigabytes)."`
	Only  string        `placeholder:"PART" help:"Measure one part: ${parts}."`
}

// Run prints the table of docs/benchmarks.md.
func (c *benchCommand) Run(env *environment) error {
	if c.Turns < 1 || c.Turn <= 0 {
		return &wrongUse{"--turns and --turn must be positive"}
	}
	if c.Only != "" && !slices.Contains(bench.Parts, c.Only) {
		return &wrongUse{"--only must be one of " + strings.Join(bench.Parts, ", ")}
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	return bench.Run(env.ctx, bench.Options{Dir: c.Dir, Turn: c.Turn, Turns: c.Turns, Items: c.Items, Only: c.Only, Exe: exe, Out: env.out})
}
