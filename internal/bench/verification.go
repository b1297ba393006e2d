package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/idv/document"
	"github.com/glencheck-dev/glencheck/internal/idv/person"
	"github.com/glencheck-dev/glencheck/internal/idv/photo"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie"
	"github.com/glencheck-dev/glencheck/internal/idv/specimen"
)

// kycTemplate compares people with a data source and asks them nothing.
const kycTemplate = "idvtmp_KycSourceAAAA1"

// fullUser is whom a client may know everything of.
const fullUser = `{"name":{"given_name":"Leslie","family_name":"Knope"},"date_of_birth":"1975-01-18","email_address":"leslie@example.com",` +
	`"phone_number":"+12345678909","address":{"street":"123 Main St.","street2":"Apt 4","city":"Pawnee","region":"IN","postal_code":"46001","country":"US"},` +
	`"id_number":{"type":"us_ssn","value":"123456789"}}`

// verificationRows measures Identity Verification: its API beside bare servers, and by
// themselves what its steps consist of.
func (b *bencher) verificationRows(ctx context.Context, t *table) error {
	for _, rows := range []func(context.Context, *table) error{b.attemptRows, validationRow, screeningRows, documentRow} {
		if err := rows(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// attemptRows sets /identity_verification/get beside a server that answers the same
// bytes, and create, each of another person, beside one that commits a row: of people
// who wait to be asked, and of people whose checks follow a second later, so that those
// of the ones before run meanwhile.
func (b *bencher) attemptRows(ctx context.Context, t *table) error {
	c, err := dial(b.addr)
	if err != nil {
		return err
	}
	defer c.Close()
	var n atomic.Int64
	create := func(consent bool) func(int, int) request {
		return func(int, int) request {
			return b.post("/identity_verification/create", `{"client_user_id":"bench-`+strconv.FormatInt(n.Add(1), 10)+
				`","template_id":"`+kycTemplate+`","is_shareable":false,"gave_consent":`+strconv.FormatBool(consent)+`,"user":`+fullUser+`}`)
		}
	}
	asked, checked := create(false), create(true)
	raw, err := c.do(checked(0, 0))
	if err != nil {
		return err
	}
	var made struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(raw, &made); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	get := b.post("/identity_verification/get", `{"identity_verification_id":"`+made.ID+`"}`)
	answer, err := c.do(get)
	if err != nil {
		return err
	}
	reads, err := startBare(slices.Clone(answer), nil)
	if err != nil {
		return err
	}
	defer reads.close()
	s, err := newScratch(ctx, b.srv.Store(), "bench_scratch_attempts")
	if err != nil {
		return err
	}
	var rows atomic.Int64
	writes, err := startBare(slices.Clone(answer), func(ctx context.Context) error { return s.write(ctx, rows.Add(1)) })
	if err != nil {
		return err
	}
	defer writes.close()
	const conns = 64
	turns := func(addr string, next func(int, int) request) turn {
		return func() (result, error) { return load(addr, conns, b.opt.Turn, next) }
	}
	same := func(int, int) request { return get }
	busy := func() (result, error) {
		r, err := load(b.addr, conns, b.opt.Turn, checked)
		if err != nil {
			return r, err
		}
		return r, b.allChecked(ctx, c, checked(0, 0))
	}
	r, err := b.interleave(turns(b.addr, same), turns(reads.addr, same), turns(b.addr, asked), busy, turns(writes.addr, asked))
	if err != nil {
		return err
	}
	t.rates("/identity_verification/get, 64 connections", r[0], r[1], 0.5)
	t.rates("/identity_verification/create, durable, 64 conns", r[2], r[4], 0.5)
	t.rates("the same, with the checks of those before", r[3], r[4], 0.5)
	return nil
}

// allChecked waits until the checks of all attempts have run, so that they are in no
// other candidate's turn: one more attempt is made, whose turn comes last.
func (b *bencher) allChecked(ctx context.Context, c *conn, create request) error {
	var last struct{ ID, Status string }
	raw, err := c.do(create)
	for err == nil {
		if err = json.Unmarshal(raw, &last); err != nil || last.Status != "active" {
			break
		}
		if err = clock.Real().Wait(ctx, clock.Real().Now().Add(20*time.Millisecond)); err == nil {
			raw, err = c.do(b.post("/identity_verification/get", `{"identity_verification_id":"`+last.ID+`"}`))
		}
	}
	return err
}

// validationRow checks all that a client may say of a person, by the rules of their
// country and the check digits of their number.
func validationRow(_ context.Context, t *table) error {
	var in person.Input
	if err := json.Unmarshal([]byte(fullUser), &in); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	kind, _ := person.IDTypeOf(in.IDNumber.Type)
	now := clock.Real().Now()
	took := make([]time.Duration, 20_000)
	for i := range took {
		watch := clock.Stopwatch()
		if _, err := in.Check("user", now, person.Policy{}); err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		if kind.Contradiction(in.IDNumber.Value, *in.DateOfBirth) != person.Fine {
			return errors.New("bench: the number contradicts the birthday")
		}
		took[i] = watch()
	}
	p50 := mid(took)
	t.row("validation of a full user object, p50", short(p50), "", "", "<= 30 µs", p50 <= 30*time.Microsecond)
	return nil
}

// documentRow reads a passport as a step of Identity Verification does: the picture is
// taken in, measured and read, and the face on it is found.
func documentRow(ctx context.Context, t *table) error {
	now := clock.Real().Now()
	files, err := specimen.Print(specimen.Order{Person: specimen.Leslie, Category: document.Passport, Now: now})
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	desk := photo.NewDesk(photo.DefaultLimits)
	var took []time.Duration
	for range 5 {
		watch := clock.Stopwatch()
		p, err := desk.Open(ctx, files[0].JPEG)
		if err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		read, err := reader.Builtin{}.Read(ctx, p.Gray, now)
		if err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		p.Quality()
		p.Forensics()
		p.Outline()
		_, face := selfie.Portrait(p.Gray.Image())
		took = append(took, watch())
		if read.MRZ == nil || !face {
			return errors.New("bench: the passport could not be read")
		}
	}
	each := mid(took)
	t.row(fmt.Sprintf("a passport read, %d kB", len(files[0].JPEG)/1000), short(each), "", "", "<= 1500 ms", each <= 1500*time.Millisecond)
	return nil
}
