package glenchecktest

import "time"

// Faults break things on purpose (docs/faults.md).
type Faults struct{ s *Server }

// Fault is one that strikes calls of a path.
type Fault struct {
	// Path is one that Plaid documents (/auth/get), several (/item/*) or all (*).
	Path string

	// ErrorCode is what calls are answered with, such as ITEM_LOGIN_REQUIRED;
	// ErrorMessage replaces the code's own message. Disconnect closes the connection
	// without an answer instead.
	ErrorCode, ErrorMessage string
	Disconnect              bool
	// After lets the work be done first: only the answer is lost.
	After bool
	// Latency is how long calls wait, Jitter up to how much longer; in real time, at
	// most 50 seconds together, of which milliseconds count.
	Latency, Jitter time.Duration

	// ItemID and InstitutionID narrow it to calls about an Item, or about Items of an
	// institution and the institution itself.
	ItemID, InstitutionID string

	// Skip lets so many calls pass first, Count strikes so many then; 0 is all.
	Skip, Count int
	// Probability is how likely a call is struck, above 0 and up to 1; 0 is always.
	Probability float64
	// For is how long it lasts on the server's clock, in seconds; 0 is until Clear.
	For time.Duration
}

// Set breaks a path and returns the fault's id.
func (f *Faults) Set(fault Fault) (id string, err error) {
	in := map[string]any{"path": fault.Path}
	put := func(name string, value any, given bool) {
		if given {
			in[name] = value
		}
	}
	put("error_code", fault.ErrorCode, fault.ErrorCode != "")
	put("error_message", fault.ErrorMessage, fault.ErrorMessage != "")
	put("disconnect", true, fault.Disconnect)
	put("when", "after", fault.After)
	put("latency_ms", fault.Latency.Milliseconds(), fault.Latency != 0)
	put("jitter_ms", fault.Jitter.Milliseconds(), fault.Jitter != 0)
	put("skip", fault.Skip, fault.Skip != 0)
	put("count", fault.Count, fault.Count != 0)
	put("probability", fault.Probability, fault.Probability != 0)
	put("for_seconds", int64(fault.For/time.Second), fault.For != 0)
	only := map[string]string{}
	if fault.ItemID != "" {
		only["item_id"] = fault.ItemID
	}
	if fault.InstitutionID != "" {
		only["institution_id"] = fault.InstitutionID
	}
	put("only", only, len(only) > 0)
	return f.set(in)
}

// Outage makes an institution down, degraded, unsupported or healthy, and returns
// the fault's id.
func (f *Faults) Outage(institutionID, health string) (id string, err error) {
	return f.set(map[string]any{"outage": map[string]string{"institution_id": institutionID, "health": health}})
}

// RateLimits counts calls by the documented limits of plaid (the sandbox) or of
// plaid-production, and returns the fault's id.
func (f *Faults) RateLimits(profile string) (id string, err error) {
	return f.set(map[string]any{"rate_limits": profile})
}

// WebhookFault is one that strikes webhooks on their way.
type WebhookFault struct {
	Type, Code string // all, unless given
	// Do is drop, delay, duplicate, reorder (the next one goes first) or forge.
	Do string
	// Delay is how long delay puts them off on the server's clock, in seconds.
	Delay time.Duration
	// Copies is how many more come with duplicate; 0 is one.
	Copies int
	// Forgery is what is wrong with the signature, with forge: StaleIAT and its like.
	Forgery string
	// ItemID narrows it to webhooks about an Item.
	ItemID string
	// Skip lets so many pass first, Count strikes so many then; 0 is all.
	Skip, Count int
}

// Webhook breaks webhooks on their way and returns the fault's id.
func (f *Faults) Webhook(fault WebhookFault) (id string, err error) {
	hook := map[string]any{"do": fault.Do}
	in := map[string]any{"webhook": hook}
	put := func(to map[string]any, name string, value any, given bool) {
		if given {
			to[name] = value
		}
	}
	put(hook, "webhook_type", fault.Type, fault.Type != "")
	put(hook, "webhook_code", fault.Code, fault.Code != "")
	put(hook, "delay_seconds", int64(fault.Delay/time.Second), fault.Delay != 0)
	put(hook, "copies", fault.Copies, fault.Copies != 0)
	put(hook, "forgery", fault.Forgery, fault.Forgery != "")
	put(in, "only", map[string]string{"item_id": fault.ItemID}, fault.ItemID != "")
	put(in, "skip", fault.Skip, fault.Skip != 0)
	put(in, "count", fault.Count, fault.Count != 0)
	return f.set(in)
}

func (f *Faults) set(in map[string]any) (string, error) {
	var out struct {
		Fault struct {
			ID string `json:"fault_id"`
		}
	}
	err := f.s.Call("/sandbox/fault/set", in, &out)
	return out.Fault.ID, err
}

// Struck is how many calls a fault has struck so far.
func (f *Faults) Struck(id string) (int, error) {
	var out struct {
		Faults []struct {
			ID     string `json:"fault_id"`
			Struck int
		}
	}
	err := f.s.Call("/sandbox/fault/list", nil, &out)
	for _, fault := range out.Faults {
		if fault.ID == id {
			return fault.Struck, err
		}
	}
	return 0, err
}

// Clear mends the faults with these ids, without one all of them.
func (f *Faults) Clear(ids ...string) error {
	if len(ids) == 0 {
		return f.s.Call("/sandbox/fault/clear", nil, nil)
	}
	for _, id := range ids {
		if err := f.s.Call("/sandbox/fault/clear", map[string]string{"fault_id": id}, nil); err != nil {
			return err
		}
	}
	return nil
}
