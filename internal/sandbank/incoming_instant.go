package sandbank

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/rail/iso20022"
)

// pacs008 is the bank's own reading of an instant transfer: what it needs to
// credit an account, of whatever else may be in the message.
type pacs008 struct {
	XMLName  xml.Name
	Message  string `xml:"FIToFICstmrCdtTrf>GrpHdr>MsgId"`
	Transfer []struct {
		EndToEnd string `xml:"PmtId>EndToEndId"`
		Tx       string `xml:"PmtId>TxId"`
		UETR     string `xml:"PmtId>UETR"`
		Amount   struct {
			Currency string `xml:"Ccy,attr"`
			Value    string `xml:",chardata"`
		} `xml:"IntrBkSttlmAmt"`
		Name        string   `xml:"Cdtr>Nm"`
		Account     string   `xml:"CdtrAcct>Id>Othr>Id"`
		Bank        string   `xml:"CdtrAgt>FinInstnId>ClrSysMmbId>MmbId"`
		Remittances []string `xml:"RmtInf>Ustrd"`
	} `xml:"FIToFICstmrCdtTrf>CdtTrfTxInf"`
}

// maxTransfer bounds a message.
const maxTransfer = 64 << 10

// readTransfer reads a message with one transfer, which is due at once.
func readTransfer(content []byte, now time.Time) (incoming, error) {
	var m pacs008
	if len(content) > maxTransfer || xml.Unmarshal(content, &m) != nil || !strings.HasPrefix(m.XMLName.Space, "urn:iso:std:iso:20022:tech:xsd:pacs.008.") {
		return incoming{}, fmt.Errorf("%w: it is no pacs.008", errUnreadable)
	}
	if len(m.Transfer) != 1 {
		return incoming{}, fmt.Errorf("%w: an instant message carries one transfer", errUnreadable)
	}
	t := m.Transfer[0]
	cents, ok := centsOf(t.Amount.Value)
	if !ok || t.Amount.Currency != "USD" || t.Account == "" || t.EndToEnd == "" {
		return incoming{}, fmt.Errorf("%w: it does not say how much is for which account", errUnreadable)
	}
	return incoming{
		entry: entry{
			Account: t.Account, Routing: t.Bank, Name: t.Name, Description: strings.Join(t.Remittances, " "), Reference: t.EndToEnd,
		},
		cents: cents, posts: now, answers: instantAnswers{m.Message, t.Tx, t.UETR},
	}, nil
}

// maxCents is the most that the instant systems carry in one transfer: ten million
// dollars.
const maxCents = 10_000_000_00

// centsOf reads an amount of dollars with whole cents, above zero.
func centsOf(amount string) (int64, bool) {
	dollars, part, _ := strings.Cut(strings.TrimSpace(amount), ".")
	part = strings.TrimRight(part, "0")
	if len(part) > 2 || len(dollars) > 10 {
		return 0, false
	}
	cents, err := strconv.ParseUint(dollars+(part + "00")[:2], 10, 64)
	return int64(cents), err == nil && dollars != "" && cents > 0 && cents <= maxCents
}

// instantAnswers writes the reports about one transfer.
type instantAnswers struct{ message, tx, uetr string }

// accepted says that the money is there, and notifies of the booking.
func (a instantAnswers) accepted(b *Bank, d incoming, _ lever) ([]Answer, error) {
	s := a.status(b, d)
	s.Status, s.AcceptedAt = iso20022.Settled, d.posts
	report, err := a.write(b, s)
	if err != nil {
		return nil, err
	}
	notice, err := iso20022.Notice{
		MessageID: b.arrivals.Hex(32), CreatedAt: b.clock.Now(), Account: d.Account, Owner: d.Name, Routing: d.Routing, Reference: b.arrivals.Hex(16),
		BookedAt: d.posts, Cents: d.cents, EndToEndID: d.Reference, TxID: a.tx, UETR: a.uetr, Remittance: d.Description,
	}.Marshal()
	if err != nil {
		return nil, err
	}
	return append(report, Answer{b.arrivals.UUID() + ".camt054.xml", notice}), nil
}

// refused rejects the transfer.
func (a instantAnswers) refused(b *Bank, d incoming, l lever) ([]Answer, error) {
	s := a.status(b, d)
	s.Status, s.Reason = iso20022.Rejected, l.reason()
	return a.write(b, s)
}

func (a instantAnswers) status(b *Bank, d incoming) iso20022.Status {
	return iso20022.Status{
		MessageID: b.arrivals.Hex(32), CreatedAt: b.clock.Now(), OriginalMessageID: a.message,
		OriginalEndToEndID: d.Reference, OriginalTxID: a.tx, OriginalUETR: a.uetr,
	}
}

func (a instantAnswers) write(b *Bank, s iso20022.Status) ([]Answer, error) {
	out, err := s.Marshal()
	return []Answer{{b.arrivals.UUID() + ".pacs002.xml", out}}, err
}
