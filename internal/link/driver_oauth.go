package link

import (
	"context"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
)

// DriverOAuth is the request of /sandbox/link/session/oauth: what the person does
// on the pages of the simulated bank. Accounts are masks; without them all are
// shared.
type DriverOAuth struct {
	Session  string   `json:"session" required:"true" max:"200"`
	Decision string   `json:"decision" required:"true" enum:"allow,deny,error,close,timeout"`
	Username string   `json:"username" max:"200"`
	Password string   `json:"password" max:"60000"`
	Accounts []string `json:"accounts"`
}

// AwayReply says where a person is who went to the pages of their bank, or, when
// they have come back from there in place of the app's page, where they are led.
type AwayReply struct {
	URL string `json:"url,omitempty"`
	// ExpiresAt is when the bank gives up waiting.
	ExpiresAt string `json:"expires_at,omitempty"`
	// Redirect says that the whole page goes there, and not a window of its own.
	Redirect bool `json:"redirect,omitempty"`
	// ReceivedRedirectURI is what the app opens Link with once more.
	ReceivedRedirectURI string `json:"received_redirect_uri,omitempty"`
}

// away tells of a departure, for the frame and for the driver; nil for none.
func (t Turn) away() *AwayReply {
	a := t.Session.Memory.Away
	if a == nil || !a.Open || t.Screen == nil {
		return nil
	}
	return &AwayReply{URL: a.Way(), ExpiresAt: a.ExpiresAt.UTC().Format(time.RFC3339), Redirect: a.Back != ""}
}

// OAuth plays the person on the pages of the simulated bank.
func (d *Driver) OAuth(ctx context.Context, call api.Call, in DriverOAuth) (DriverAnswer, error) {
	turn, leads, err := d.sessions.Play(ctx, call.RequestID, in.Session, call.Caller.ClientID, Play{
		Decision: Decision(in.Decision), Username: in.Username, Password: in.Password, Accounts: in.Accounts,
	})
	out, err := turn.driver(err)
	if err == nil && leads != "" {
		out.OAuth = &AwayReply{ReceivedRedirectURI: leads}
	}
	return out, err
}
