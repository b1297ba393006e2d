package server

import (
	"reflect"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/rail"
	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
)

// RailConfig is how a production server pays micro-deposits: through files that a
// bank's transfer agent takes away. All of it is agreed with that bank.
type RailConfig struct {
	Spool string // directory for what is sent; no micro-deposits without it
	Inbox string // directory for what comes back; in/ of the spool

	ODFI, ODFIName         string        // the bank that originates: ABA routing number and name
	Operator, OperatorName string        // whom ACH files are addressed to; the Federal Reserve
	CompanyID              string        // the company identification of ACH batches
	Lead                   time.Duration // how long before the Federal Reserve's deadlines files are made

	Instant []string // the instant rails that the bank carries: rtp, fednow
	Company string   // who pays instant transfers
	Account string   // that they are paid from
	Member  string   // their clearing member; ODFI

	Webhook string // where BANK_TRANSFERS_EVENTS_UPDATE goes; nowhere
}

// The Federal Reserve as a receiver of ACH files.
const (
	fedRouting = "061000146"
	fedName    = "Federal Reserve Bank"
)

func (c RailConfig) originator() rail.Originator {
	o := rail.Originator{
		Bank: nacha.Bank{Routing: c.ODFI, Name: c.ODFIName}, Operator: nacha.Bank{Routing: c.Operator, Name: c.OperatorName},
		CompanyID: c.CompanyID, Lead: c.Lead, Company: c.Company, Account: c.Account, Member: c.Member,
	}
	if c.Operator == "" {
		o.Operator = nacha.Bank{Routing: fedRouting, Name: fedName}
	}
	for _, kind := range c.Instant {
		o.Instant = append(o.Instant, rail.Kind(kind))
	}
	return o
}

// given reports whether anything is set.
func (c RailConfig) given() bool { return !reflect.DeepEqual(c, RailConfig{}) }

// check refuses what no payment can be made with.
func (c RailConfig) check() error {
	switch {
	case !c.given():
		return nil
	case c.Spool == "":
		return usage("--rail-spool is needed with the other --rail flags: the directory that payment files are handed over in")
	case c.ODFI == "" || c.ODFIName == "" || c.CompanyID == "":
		return usage("--rail-spool needs --rail-odfi, --rail-odfi-name and --rail-company-id, as agreed with the bank")
	case (c.Operator == "") != (c.OperatorName == ""):
		return usage("--rail-operator and --rail-operator-name go together")
	case c.Lead < 0 || c.Lead > 12*time.Hour:
		return usage("--rail-lead must be between 0 and 12h")
	case len(c.Instant) > 0 && (c.Company == "" || c.Account == ""):
		return usage("--rail-instant needs --rail-company and --rail-account, which instant transfers are paid from")
	}
	if c.Webhook != "" && !plaid.WebhookOK(c.Webhook) {
		return usage("--rail-webhook %q is not an address such as https://example.com/webhook", c.Webhook)
	}
	for _, kind := range c.Instant {
		if !slices.Contains([]rail.Kind{rail.RTP, rail.FedNow}, rail.Kind(kind)) {
			return usage("--rail-instant %q is neither rtp nor fednow", kind)
		}
	}
	if err := c.originator().Check(); err != nil {
		return usage("no payment can be made with these --rail flags: %v", err)
	}
	return nil
}
