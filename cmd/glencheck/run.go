package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/processor"
	"github.com/glencheck-dev/glencheck/internal/proxy"
	"github.com/glencheck-dev/glencheck/internal/server"
)

// runCommand are the flags of run, and the program it runs.
type runCommand struct {
	Addr      string `default:"127.0.0.1:0" help:"Where the sandbox listens too, beside the proxy: host and port, 0 for a free one."`
	PublicURL string `default:"https://cdn.plaid.com" placeholder:"URL" help:"What browsers reach Link by. As it is, they need the proxy too; give http://localhost and the port of --addr for a browser without."`
	ClientID  string `placeholder:"ID" help:"The client's id, for a program that has one written into it; else the sandbox's published one, in PLAID_CLIENT_ID."`
	Secret    string `placeholder:"SECRET" help:"The client's secret, likewise. Better given as GLENCHECK_SECRET."`
	Seed      uint64 `placeholder:"N" help:"Make ids that repeat themselves on each run."`
	Clock     string `enum:"real,manual" default:"real" help:"real, or manual: time stands still until it is moved."`
	LogLevel  string `enum:"debug,info,warn,error" default:"warn" help:"The least that the sandbox prints on standard error: debug, info (each call), warn or error."`

	Faults     string `placeholder:"FILE" help:"A file of faults to begin with: errors, latency, outages."`
	RateLimits string `enum:"off,plaid,plaid-production" default:"off" help:"Count calls by the documented limits of the sandbox (plaid) or of production (plaid-production)."`
	Chaos      string `enum:"off,mild" default:"off" help:"Let the sandbox do now and then what the API does not promise not to do."`

	RedirectURIs []string `name:"redirect-uri" placeholder:"URL" help:"Where banks may send people back to; may be repeated."`

	Offline bool `help:"Refuse every host beyond this machine that is not one of Plaid's, instead of passing it through."`
	Java    bool `help:"Also set JAVA_TOOL_OPTIONS, with a trust store; each Java prints a line about that."`
	NoHooks bool `help:"Leave NODE_OPTIONS and PYTHONPATH alone: only what follows HTTPS_PROXY is reached."`
	Quiet   bool `short:"q" help:"Print nothing of its own."`

	Command []string `arg:"" passthrough:"partial" name:"cmd" help:"The program and its arguments; -- before it is allowed."`
}

// Exit codes where the program itself gave none, as env and timeout have them.
const (
	exitFailed      = 125 // the sandbox or the proxy could not be started
	exitNotStarted  = 126
	exitNotFound    = 127
	exitSignalled   = 128 // and the number of the signal
	temporaryPrefix = "glencheck-run-"
)

// exitCode carries the code of a program out of Run: nothing more is printed.
type exitCode int

func (e exitCode) Error() string { return "exit code " + strconv.Itoa(int(e)) }

// Run runs the program until it ends. What ends it are its own ways and the
// signals that are passed on to it: a program may well live on
// after an interrupt, and then the sandbox does too.
func (c *runCommand) Run(errOut io.Writer) error {
	if len(c.Command) > 0 && c.Command[0] == "--" {
		c.Command = c.Command[1:]
	}
	if len(c.Command) == 0 {
		return &wrongUse{"run wants a program, for example: glencheck run -- npm test"}
	}
	r := &wrapped{command: c, say: errOut}
	if c.Quiet {
		r.say = io.Discard
	}
	defer r.stop()
	signals := watchSignals() // before there is anything to leave behind
	defer signals.stop()
	if err := r.start(errOut); err != nil {
		if errors.As(err, new(*server.UsageError)) {
			return err
		}
		fmt.Fprintln(errOut, "glencheck: "+err.Error())
		return exitCode(exitFailed)
	}
	code := r.run(signals)
	r.tell()
	r.stop()
	if code == 0 {
		return nil
	}
	return exitCode(code)
}

// wrapped is a program with the sandbox and the proxy around it.
type wrapped struct {
	command *runCommand
	say     io.Writer

	dir     string
	sandbox *server.Server
	end     context.CancelFunc
	ended   chan error
	proxy   *proxy.Proxy
	environ []string
}

func (r *wrapped) start(log io.Writer) (err error) {
	c := r.command
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return &wrongUse{err.Error()}
	}
	ctx, end := context.WithCancel(context.Background())
	r.end = end
	r.sandbox, err = server.New(ctx, server.Config{
		Addr: c.Addr, PublicURL: c.PublicURL, DB: ":memory:", ClientID: c.ClientID, Secret: c.Secret, Seed: c.Seed,
		Manual: c.Clock == "manual", RedirectURIs: c.RedirectURIs, Faults: c.Faults, RateLimits: c.RateLimits, Chaos: c.Chaos,
		Processors: []processor.Credentials{processor.Published}, Log: server.NewConsole(log, level),
	})
	if err != nil {
		return err
	}
	r.ended = make(chan error, 1)
	go func() { r.ended <- r.sandbox.Run(ctx) }()
	ca, err := proxy.NewAuthority(clock.Real().Now())
	if err != nil {
		return err
	}
	r.proxy, err = proxy.Start(proxy.Config{Authority: ca, Handler: r.sandbox.Handler(), Offline: c.Offline, Upstream: outside})
	if err != nil {
		return err
	}
	if r.dir, err = temporary(); err != nil {
		return err
	}
	return r.prepare(ca)
}

// outside is the proxy that this environment already has for an address.
func outside(u *url.URL) (*url.URL, error) { return http.ProxyFromEnvironment(&http.Request{URL: u}) }

// prepare writes what the program needs into the directory of this run.
func (r *wrapped) prepare(ca *proxy.Authority) (err error) {
	c := r.command
	secret := c.Secret
	if secret == "" {
		secret = server.SandboxSecret
	}
	told := proxy.Told{
		Proxy: r.proxy, CA: ca, Environ: os.Environ(), Dir: r.dir, Offline: c.Offline, Hooks: !c.NoHooks, Java: c.Java,
		Set: map[string]string{
			"PLAID_CLIENT_ID": r.sandbox.ClientID(), "PLAID_SECRET": secret, "PLAID_ENV": server.Sandbox,
			"GLENCHECK_URL": "http://" + r.sandbox.Addr(),
		},
	}
	var warnings []string
	if r.environ, warnings, err = told.Write(); err != nil {
		return err
	}
	for _, w := range warnings {
		fmt.Fprintln(r.say, "glencheck: "+w)
	}
	return nil
}

// run runs the program and returns its exit code.
func (r *wrapped) run(signals *signals) int {
	path, err := exec.LookPath(r.command.Command[0])
	if err != nil {
		fmt.Fprintf(r.say, "glencheck: %v\n", err)
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
			return exitNotFound
		}
		return exitNotStarted
	}
	cmd := exec.Command(path, r.command.Command[1:]...)
	cmd.Args[0] = r.command.Command[0]
	cmd.Env = r.environ
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	p, err := startProgram(cmd)
	if err != nil {
		fmt.Fprintf(r.say, "glencheck: %v\n", err)
		return exitNotStarted
	}
	return p.wait(signals)
}

// tell says what came of it, where that may explain why the program failed.
func (r *wrapped) tell() {
	if refused := r.proxy.Refused(); len(refused) > 0 {
		fmt.Fprintln(r.say, "glencheck: refused, since --offline was given: "+strings.Join(refused, ", "))
	}
	if r.proxy.Answered() == 0 {
		fmt.Fprintln(r.say, "glencheck: no call came to the sandbox; docs/run.md says what each runtime needs")
	}
}

// stop takes everything away again; a second call does nothing.
func (r *wrapped) stop() {
	if r.proxy != nil {
		r.proxy.Close()
	}
	if r.end != nil {
		r.end()
	}
	if r.ended != nil {
		<-r.ended
	}
	if r.dir != "" {
		os.RemoveAll(r.dir)
	}
	*r = wrapped{command: r.command, say: r.say}
}

// temporary makes the directory of this run. What runs have left that were killed
// without a chance to clear up is cleared first.
func temporary() (string, error) {
	old, _ := filepath.Glob(filepath.Join(os.TempDir(), temporaryPrefix+"*-*"))
	for _, dir := range old {
		id, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), temporaryPrefix), "-")
		if pid, err := strconv.Atoi(id); err == nil && pid != os.Getpid() && !processLives(pid) {
			os.RemoveAll(dir)
		}
	}
	return os.MkdirTemp("", fmt.Sprintf("%s%d-", temporaryPrefix, os.Getpid()))
}
