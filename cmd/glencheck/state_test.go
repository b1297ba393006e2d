package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// TestStateCommands save a running sandbox, reset it and bring it back.
func TestStateCommands(t *testing.T) {
	s := servertest.Start(t)
	file := filepath.Join(t.TempDir(), "linked.state")
	public := s.Call(t, "/sandbox/public_token/create", map[string]any{"institution_id": "ins_109508", "initial_products": []string{"auth"}}).Text("public_token")
	access := s.Call(t, "/item/public_token/exchange", map[string]any{"public_token": public}).Text("access_token")
	for _, step := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"state", "save", file}, 0, "saved in " + file + ": 1 Items"},
		{[]string{"state", "reset"}, 0, "back at the start: 0 Items"},
		{[]string{"state", "load", file}, 0, "loaded from " + file + ": 1 Items"},
		{[]string{"state", "load", file + "x"}, 1, "no such file"},
		{[]string{"state", "reset", "--secret", "wrong"}, 1, "invalid client_id or secret"},
	} {
		code, out, errOut := command(t, append(step.args, "--url", s.URL)...)
		if code != step.code || !strings.Contains(out+errOut, step.want) {
			t.Errorf("%v: exit %d, %s%s", step.args, code, out, errOut)
		}
	}
	s.Call(t, "/auth/get", map[string]any{"access_token": access})
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if code, _, errOut := command(t, "state", "reset", "--url", "http://127.0.0.1:1"); code != 1 || !strings.Contains(errOut, "no sandbox answers") {
		t.Errorf("exit %d, %s", code, errOut)
	}
}
