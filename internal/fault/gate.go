package fault

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Watching reports whether anything is set.
func (f *Faults) Watching() bool { return f.set.Load() != nil }

// Pass counts a request, and lets each fault have its turn.
func (f *Faults) Pass(ctx context.Context, asked api.Asked, serve func() (any, error)) (any, error) {
	s := f.set.Load()
	if s == nil || !plaid.IsPath(asked.Path) {
		return serve()
	}
	r := request{Asked: asked, faults: f, ctx: ctx}
	now := f.clock.Now()
	if s.stale(now) {
		defer f.prune()
	}
	limits, chaos := s.general(now)
	for _, name := range limits {
		if err := f.limits.count(name, &r); err != nil {
			return nil, err
		}
	}
	b, err := f.strike(&r, s.paths)
	if err != nil {
		return nil, err
	}
	if b.late > 0 && clock.Delay(ctx, b.late) != nil {
		return nil, ctx.Err()
	}
	if b.end != nil {
		if b.when == after {
			serve() // what became of it is what the client does not hear
		}
		return nil, b.end
	}
	if chaos {
		if e := f.weather.refuse(f.Seed, asked); e != nil {
			return nil, e
		}
	}
	return serve()
}

// Answered lets chaos rewrite an answer.
func (f *Faults) Answered(path string, body []byte) []byte {
	s := f.set.Load()
	if s == nil || !plaid.IsPath(path) {
		return body
	}
	if _, chaos := s.general(f.clock.Now()); !chaos {
		return body
	}
	return f.weather.rewrite(f.Seed, body)
}

// stale reports whether something in the set is over.
func (s *set) stale(now time.Time) bool {
	over := func(a *Fault) bool { return a.ended(now) }
	return slices.ContainsFunc(s.paths, over) || slices.ContainsFunc(s.outages, over) || slices.ContainsFunc(s.webhooks, over) || slices.ContainsFunc(s.others, over)
}

// general is what is set for every path: the names of limits, and chaos.
func (s *set) general(now time.Time) (limits []string, chaos bool) {
	for _, a := range s.others {
		switch {
		case a.ended(now):
		case a.Chaos != "":
			chaos = true
		case !slices.Contains(limits, a.RateLimits):
			limits = append(limits, a.RateLimits)
		}
	}
	return limits, chaos
}

// request is a request with what it is about, which is looked up once and only
// if a fault or a limit asks.
type request struct {
	api.Asked
	faults *Faults
	ctx    context.Context

	looked            bool
	item, institution string
}

func (r *request) about() (item, institution string) {
	if !r.looked {
		r.item, r.institution = r.faults.Item(r.ctx, r.Asked)
		if r.institution == "" {
			r.institution = r.Text("institution_id")
		}
		r.looked = true
	}
	return r.item, r.institution
}

// touches reports whether a fault is about this request.
func (a *Fault) touches(r *request) bool {
	if !a.reaches(r.Path) || a.Only.ClientID != "" && a.Only.ClientID != r.Caller.ClientID {
		return false
	}
	if a.Only.ItemID == "" && a.Only.InstitutionID == "" {
		return true
	}
	item, institution := r.about()
	return (a.Only.ItemID == "" || a.Only.ItemID == item) && (a.Only.InstitutionID == "" || a.Only.InstitutionID == institution)
}

// blow is what the faults make of a request.
type blow struct {
	late time.Duration
	end  error // nil: it is served
	when string
}

// strike asks each fault that is about the request, until one ends it.
func (f *Faults) strike(r *request, list []*Fault) (blow, error) {
	var b blow
	now := f.clock.Now()
	for _, a := range list {
		if a.ended(now) || !a.touches(r) {
			continue
		}
		call, hits, err := f.ask(r.ctx, a)
		if err != nil {
			return b, err
		}
		if !hits {
			continue
		}
		b.late += time.Duration(a.LatencyMS)*time.Millisecond +
			time.Duration(f.draw(a.n, call, 1)*float64(a.JitterMS))*time.Millisecond
		switch {
		case a.Disconnect:
			b.end, b.when = api.ErrCutOff, a.When
		case a.ErrorCode != "":
			b.end, b.when = a.problem(), a.When
		}
		if b.end != nil {
			break
		}
	}
	b.late = min(b.late, wait*time.Millisecond)
	return b, nil
}

// ask counts a call and decides whether the fault strikes, in one transaction, so
// that of many calls at once, on any node, as many are struck as should be.
func (f *Faults) ask(ctx context.Context, a *Fault) (call int64, hits bool, err error) {
	last := false
	err = f.db.Write(ctx, func(tx *store.Tx) error {
		hits, last = false, false
		var struck int64
		err := tx.QueryRow(ctx, askFault, a.n).Scan(&call, &struck)
		if errors.Is(err, store.ErrNoRows) {
			last = true // cleared meanwhile
			return nil
		}
		if err != nil {
			return err
		}
		if a.Count > 0 && struck >= a.Count {
			last = true
			return nil
		}
		if call <= a.Skip || a.Probability != nil && f.draw(a.n, call, 0) >= *a.Probability {
			return nil
		}
		hits, last = true, a.Count > 0 && struck+1 >= a.Count
		return tx.ExecOne(ctx, strikeFault, a.n)
	})
	if err == nil && last {
		a.over.Store(true)
		f.prune()
	}
	return call, hits, err
}

// draw is a number from 0 up to 1. With a seed it depends on its arguments alone.
func (f *Faults) draw(fault, call, which int64) float64 {
	return chance(f.Seed, uint64(fault)<<40^uint64(call)<<2^uint64(which))
}

// apart keeps these draws apart from the ids that a server makes of the same seed.
const apart = 0x6661756c74 // "fault"

func chance(seed, at uint64) float64 {
	if seed != 0 {
		seed ^= apart
	}
	return float64(binary.LittleEndian.Uint64(clock.NewIDs(seed, at).Bytes(8))>>11) / (1 << 53)
}
