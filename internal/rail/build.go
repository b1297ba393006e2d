package rail

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/rail/iso20022"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// mostDeposits bounds one ACH file.
const mostDeposits = 500

// build puts accepted payments into files, until none is left.
func (r *Rails) build(ctx context.Context) error {
	for _, kind := range []Kind{SameDayACH, RTP, FedNow} {
		most := mostDeposits
		if kind != SameDayACH {
			most = 1 // an instant message carries one transfer
		}
		for {
			n := 0
			err := r.db.Write(ctx, func(tx *store.Tx) (err error) {
				n, err = r.buildOne(ctx, tx, kind, most)
				return err
			})
			if errors.Is(err, errTaken) {
				continue // another node was faster
			}
			if err != nil {
				return fmt.Errorf("rail: build: %w", err)
			}
			if n == 0 {
				break
			}
		}
	}
	return nil
}

// buildOne makes one file and reports how many payments it took.
func (r *Rails) buildOne(ctx context.Context, tx *store.Tx, kind Kind, most int) (int, error) {
	list, err := r.accepted(ctx, tx, kind, most)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	now := r.clock.Now()
	f := file{kind: kind, createdAt: now}
	if kind == SameDayACH {
		f.id, f.content, err = r.sameDay(ctx, tx, list, now)
	} else {
		f.id, f.content, err = r.instant(&list[0], now)
	}
	if err != nil {
		return 0, err
	}
	for _, p := range list {
		p.State, p.FileID, p.ChangedAt = Built, f.id, now
		if err := r.place(ctx, tx, p); err != nil {
			return 0, err
		}
		if kind != SameDayACH {
			continue
		}
		if err := r.cfg.Scheduler.Schedule(ctx, tx, p.SettlesAt, settleJob, p.ID, ""); err != nil {
			return 0, err
		}
	}
	return len(list), r.insertFile(ctx, tx, f)
}

// sameDay makes an ACH file of deposits and notes their trace numbers.
func (r *Rails) sameDay(ctx context.Context, tx *store.Tx, list []Payment, now time.Time) (id string, content []byte, err error) {
	f := r.newFile(now)
	for i := range list {
		n, err := r.count(ctx, tx, "trace")
		if err != nil {
			return "", nil, err
		}
		d := r.deposit(list[i], n)
		f.Deposits, f.Modifier = append(f.Deposits, d), modifier(n)
		list[i].Trace, list[i].SettlesAt = f.TraceNumber(d), f.Window.Settles
	}
	content, err = f.Marshal()
	return fmt.Sprintf("%s-%s.ach", now.Format("20060102"), list[0].Trace), content, err
}

func (r *Rails) newFile(now time.Time) nacha.File {
	o := r.cfg.Originator
	return nacha.File{Origin: o.Bank, Destination: o.Operator, CreatedAt: now, Modifier: 'A', Window: nacha.NextWindow(now.Add(o.Lead))}
}

// deposit is a payment as an entry of an ACH file; n counts all entries ever
// made.
func (r *Rails) deposit(p Payment, n int64) nacha.Deposit {
	to := p.payee.Payee
	return nacha.Deposit{
		Trace: int((n-1)%9_999_999) + 1, CompanyName: p.payee.Statement, CompanyID: r.cfg.Originator.CompanyID, Cents: p.Cents,
		Routing: to.Routing, Account: to.Account, Savings: to.Savings, Name: to.Name, Reference: compact(p.ID)[:15],
	}
}

// try makes the file of a payment and throws it away: an order that fits no file
// is refused before it is accepted, and cannot hold up the others later.
func (r *Rails) try(p Payment, now time.Time) (err error) {
	if p.Kind == SameDayACH {
		f := r.newFile(now)
		f.Deposits = []nacha.Deposit{r.deposit(p, 1)}
		_, err = f.Marshal()
	} else {
		_, _, err = r.instant(&p, now)
	}
	return err
}

// modifier tells files of one day apart, as far as a letter or digit can; their
// names do so fully.
func modifier(n int64) byte { return "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[n%36] }

// instant makes the message of one transfer.
func (r *Rails) instant(p *Payment, now time.Time) (id string, content []byte, err error) {
	o := r.cfg.Originator
	p.Trace = compact(p.ID)
	t := iso20022.Transfer{
		MessageID: p.Trace, CreatedAt: now, Clearing: iso20022.RTP,
		EndToEndID: p.Trace, TxID: p.Trace, UETR: p.ID, Cents: int64(p.Cents),
		DebtorName: o.Company, DebtorAccount: o.Account, DebtorRouting: o.member(),
		CreditorName: p.payee.Payee.Name, CreditorNumber: p.payee.Payee.Account, CreditRouting: p.payee.Payee.Routing,
		Remittance: p.payee.Statement + " " + nacha.Description,
	}
	if p.Kind == FedNow {
		t.Clearing = iso20022.FedNow
	}
	content, err = t.Marshal()
	return fmt.Sprintf("%s-%s.pacs008.xml", now.Format("20060102"), p.Trace), content, err
}

// compact is a UUID without its dashes: 32 characters.
func compact(id string) string { return strings.ReplaceAll(id, "-", "") }
