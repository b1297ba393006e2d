package clienttest

import (
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/plaid/plaid-go/v41/tests" // what is run here

	"github.com/glencheck-dev/glencheck/internal/server"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// officialTests are the official Go client's own tests of what Glencheck
// serves. The others are tests of products that it does not have yet
// (docs/coverage.md); a line here comes with the endpoint.
var officialTests = []string{
	"TestAccountsGet", "TestBalancesGet", "TestAuthGet", "TestIdentityGet", "TestCategoriesGet",
	"TestProcessorCreateApexToken", "TestProcessorCreateDwollaToken",
	"TestInstitutionsGet", "TestInstitutionsSearch", "TestInstitutionsGetById",
	"TestItemGet", "TestItemRemove", "TestItemWebhookUpdate", "TestItemAccessTokenInvalidate",
	"TestItemPublicTokenCreate", "TestItemPublicTokenExchange", "TestItemImportWithoutOptions", "TestItemImportWithOptions",
	"TestLinkTokenCreateRequired", "TestLinkTokenCreateOptional", "TestLinkTokenCreateThenGet", "TestLinkTokenCreateThenGet_ExtendedAuth",
	"TestSandboxItemResetLogin", "TestWebhookVerificationKeyGet",
	"TestIdentityVerification",
	"TestMonitor",
}

// TestOfficialGoClient runs plaid-go's own tests, unmodified, against a server
// behind a proxy that checks every answer against the OpenAPI document. Each
// test is a process of its own, as its authors run them.
func TestOfficialGoClient(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the official client's tests")
	}
	contract := official(t)
	binary := filepath.Join(t.TempDir(), "official.test")
	if out, err := exec.Command("go", "test", "-c", "-o", binary, "github.com/plaid/plaid-go/v41/tests").CombinedOutput(); err != nil {
		t.Fatalf("building the official tests: %v\n%s", err, out)
	}
	s := servertest.Start(t, servertest.RealClock())
	target, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range officialTests {
		t.Run(name, func(t *testing.T) {
			check := &Transport{Contract: contract}
			proxy := httptest.NewServer(check.Proxy(target))
			defer proxy.Close()
			cmd := exec.Command(binary, "-test.run", "^"+name+"$", "-test.v", "-test.count", "1")
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(),
				"CLIENT_ID="+server.SandboxClientID, "SECRET="+server.SandboxSecret, "PLAID_ENV=sandbox", "PLAID_API_URI="+proxy.URL)
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "--- PASS: "+name) {
				t.Errorf("the official test fails: %v\n%s", err, out)
			}
			for _, p := range check.Problems() {
				t.Error(p)
			}
			if check.Checked() == 0 {
				t.Error("the test made no call that could be checked")
			}
		})
	}
}
