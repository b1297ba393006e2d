package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/glencheck-dev/glencheck/internal/bench"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/server"
)

// version is what --version and the first screen print.
const version = "0.1.0-dev"

// commands is what the command line knows. A flag --public-url is also the
// environment variable GLENCHECK_PUBLIC_URL.
type commands struct {
	Serve     serveCommand      `cmd:"" help:"Serve the API, Link and Link Demo on one address."`
	Demo      demoCommand       `cmd:"" help:"Link an account in the terminal against a server in memory; fail if anything is not as it should be."`
	Run       runCommand        `cmd:"" help:"Run a program that is hard-wired to Plaid's host names, unchanged, with a sandbox in memory behind them."`
	State     stateCommands     `cmd:"" help:"Save the state of a running sandbox, bring it back, or take it to its start."`
	Bench     benchCommand      `cmd:"" help:"Measure the server beside what the machine could do without it."`
	Decisions decisionsCommands `cmd:"" help:"Verify decisions of the partner's service and test its workflows, on files."`
	Spool     spoolCommand      `cmd:"" help:"See what waits and what was set aside in the spool of a production server."`
	Keys      keysCommands      `cmd:"" help:"Rotate keys."`
	Audit     auditCommands     `cmd:"" help:"Verify or export the trail of who did what at the partner's service."`

	Version kong.VersionFlag `help:"Print the version." env:"-"`
}

// environment is what a command may use of the process it runs in.
type environment struct {
	ctx     context.Context // ends when the user asks the program to stop
	out     io.Writer
	started func() float64 // milliseconds since the program started
}

func main() {
	watch := clock.Stopwatch()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	started := func() float64 { return float64(watch().Microseconds()) / 1000 }
	os.Exit(run(&environment{ctx, os.Stdout, started}, os.Args[1:], os.Stderr))
}

// run runs one command line and returns the exit code.
func run(env *environment, args []string, errOut io.Writer) (code int) {
	parser, err := kong.New(&commands{},
		kong.Name("glencheck"),
		kong.Description("Verify bank accounts and identities on your own machines, through the API you already use."),
		kong.DefaultEnvars("GLENCHECK"),
		kong.Vars{"version": "glencheck " + version, "parts": strings.Join(bench.Parts, ", ")},
		kong.UsageOnError(),
		kong.Writers(env.out, errOut),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.Bind(env),
		kong.BindTo(errOut, (*io.Writer)(nil)),
	)
	if err != nil {
		panic(err) // the commands above do not fit together
	}
	defer func() {
		if p := recover(); p != nil {
			asked, ok := p.(exit)
			if !ok {
				panic(p)
			}
			code = int(asked)
		}
	}()
	ctx, err := parser.Parse(args)
	if err != nil {
		return complain(errOut, &wrongUse{err.Error() + "; see glencheck --help"})
	}
	return complain(errOut, ctx.Run())
}

// exit carries the exit code of --help and --version out of the parser.
type exit int

type wrongUse struct{ text string }

func (e *wrongUse) Error() string { return e.text }

// complain prints an error in one or two lines and returns the exit code.
func complain(w io.Writer, err error) int {
	if err == nil {
		return 0
	}
	var code exitCode
	if errors.As(err, &code) {
		return int(code)
	}
	fmt.Fprintln(w, "glencheck: "+strings.TrimSpace(err.Error()))
	if errors.As(err, new(*server.UsageError)) || errors.As(err, new(*wrongUse)) {
		return 2
	}
	return 1
}
