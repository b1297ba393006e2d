package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/server"
)

// stateCommands save the state of a sandbox that runs, and bring it back.
type stateCommands struct {
	Save  saveCommand  `cmd:"" help:"Save the state of a running sandbox in a file."`
	Load  loadCommand  `cmd:"" help:"Bring a running sandbox into the state of a file."`
	Reset resetCommand `cmd:"" help:"Take a running sandbox back to its start."`
}

// running is the sandbox that a command speaks to.
type running struct {
	URL      string `name:"url" default:"http://127.0.0.1:8484" help:"Where the sandbox is."`
	ClientID string `placeholder:"ID" help:"The client's id; the published one unless given."`
	Secret   string `placeholder:"SECRET" help:"The client's secret; the published one unless given. Better given as GLENCHECK_SECRET."`
}

type saveCommand struct {
	running `embed:""`
	File    string `arg:"" help:"The file to write."`
}

type loadCommand struct {
	running `embed:""`
	File    string `arg:"" help:"The file to read."`
}

type resetCommand struct {
	running `embed:""`
}

// stateAnswer is what the endpoints of /sandbox/state answer.
type stateAnswer struct {
	State        string `json:"state"`
	Items        int    `json:"items"`
	Now          string `json:"now"`
	ErrorMessage string `json:"error_message"`
}

// Run saves.
func (c *saveCommand) Run(env *environment) error {
	a, err := c.call(env.ctx, "save", struct{}{})
	if err != nil {
		return err
	}
	file, err := base64.StdEncoding.DecodeString(a.State)
	if err != nil {
		return fmt.Errorf("the server's answer has no state: %w", err)
	}
	if err := os.WriteFile(c.File, file, 0o600); err != nil { // as secret as the database
		return err
	}
	a.print(env.out, "saved in "+c.File)
	return nil
}

// Run loads.
func (c *loadCommand) Run(env *environment) error {
	file, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	a, err := c.call(env.ctx, "load", map[string]string{"state": base64.StdEncoding.EncodeToString(file)})
	if err == nil {
		a.print(env.out, "loaded from "+c.File)
	}
	return err
}

// Run resets.
func (c *resetCommand) Run(env *environment) error {
	a, err := c.call(env.ctx, "reset", struct{}{})
	if err == nil {
		a.print(env.out, "back at the start")
	}
	return err
}

func (a stateAnswer) print(w io.Writer, what string) {
	fmt.Fprintf(w, "%s: %d Items, the clock at %s\n", what, a.Items, a.Now)
}

// call asks the sandbox for something.
func (r running) call(ctx context.Context, what string, in any) (a stateAnswer, err error) {
	body, err := json.Marshal(in)
	if err != nil {
		return a, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(r.URL, "/")+"/sandbox/state/"+what, bytes.NewReader(body))
	if err != nil {
		return a, &wrongUse{"--url: " + err.Error()}
	}
	id, secret := r.ClientID, r.Secret
	if id == "" {
		id = server.SandboxClientID
	}
	if secret == "" {
		secret = server.SandboxSecret
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("PLAID-CLIENT-ID", id)
	req.Header.Set("PLAID-SECRET", secret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return a, fmt.Errorf("no sandbox answers at %s: %w", r.URL, err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		return a, fmt.Errorf("what answers at %s is no Glencheck: %w", r.URL, err)
	}
	if resp.StatusCode != http.StatusOK {
		return a, errors.New(a.ErrorMessage)
	}
	return a, nil
}
