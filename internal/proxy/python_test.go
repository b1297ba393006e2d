package proxy

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestPythonHook runs a program whose connections follow no variable, as those of
// plaid-python do, beside a sitecustomize of its own.
func TestPythonHook(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed")
	}
	own := t.TempDir()
	if err := os.WriteFile(filepath.Join(own, "sitecustomize.py"), []byte("import builtins\nbuiltins.mine = 'and mine'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, nil)
	environ, _, err := Told{
		Proxy: p, CA: p.cfg.Authority, Dir: t.TempDir(), Hooks: true,
		Environ: append(os.Environ(), "PYTHONPATH="+own),
	}.Write()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", `
import asyncio, http.client, ssl
c = http.client.HTTPSConnection("Sandbox.Plaid.com")
c.request("GET", "/a")
print(c.getresponse().read().decode().strip(), mine)

async def main():
    r, w = await asyncio.open_connection("cdn.plaid.com", 443, ssl=True)
    w.write(b"GET /b HTTP/1.1\r\nHost: cdn.plaid.com\r\nConnection: close\r\n\r\n")
    print((await r.read()).decode().splitlines()[-1].strip())
    w.close()
asyncio.run(main())
`)
	cmd.Env = environ
	out, err := cmd.CombinedOutput()
	if want := "GET Sandbox.Plaid.com/a and mine\nGET cdn.plaid.com/b\n"; err != nil || string(out) != want {
		t.Errorf("%v\n%s", err, out)
	}
}
