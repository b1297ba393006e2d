package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/glencheck-dev/glencheck/internal/egress"
	"github.com/glencheck-dev/glencheck/internal/idv"
)

// gateway is a service of the operator's own that is called with JSON. Its address
// may be a private one: nobody but the operator names it.
type gateway struct {
	address string
	client  *http.Client
}

// Bounds of a call to a gateway.
const (
	gatewayTime   = 10 * time.Second
	gatewayAnswer = 1 << 20
)

func newGateway(address string) gateway {
	return gateway{address, &http.Client{
		Transport:     egress.New(true).Transport(4),
		Timeout:       gatewayTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// call posts a value and reads the answer into another, unless that is nil. An error
// says nothing of what was sent.
func (g gateway) call(ctx context.Context, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := g.client.Do(req)
	if err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("gateway: it answers %d", resp.StatusCode)
	}
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, gatewayAnswer)).Decode(out); err != nil {
		return fmt.Errorf("gateway: the answer is not the JSON that it should be: %w", err)
	}
	return nil
}

// source is a data source of kyc_check at an address: it is sent the user object and
// answers {"people": [...]}, records as in a file of people.
type source struct{ gateway }

// People asks who the person may be.
func (s source) People(ctx context.Context, u idv.User) ([]idv.Record, error) {
	var out struct {
		People []idv.Record `json:"people"`
	}
	err := s.call(ctx, u, &out)
	return out.People, err
}

// texts hands text messages to an address, as {"to": "+12345678909", "text": "…"}.
type texts struct{ gateway }

// Send hands a message over.
func (t texts) Send(ctx context.Context, to, text string) error {
	return t.call(ctx, map[string]string{"to": to, "text": text}, nil)
}
