package plaid

import (
	"net/url"
	"strings"
)

// maxWebhook is the longest address of a receiver that is kept, in bytes.
const maxWebhook = 2048

// WebhookOK reports whether s can be the address of a webhook receiver: an
// absolute http or https URL without white space.
func WebhookOK(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" &&
		!strings.ContainsAny(s, " \t\r\n") && len(s) <= maxWebhook
}
