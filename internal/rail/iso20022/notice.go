package iso20022

import (
	"encoding/xml"
	"errors"
	"time"
)

// Notice is a camt.054.001.08 about one credit that a bank booked.
type Notice struct {
	MessageID  string
	CreatedAt  time.Time
	Account    string // the account number that was credited
	Owner      string // its owner, "" if the bank does not say
	Routing    string // ABA routing number of the bank
	Reference  string // AcctSvcrRef: the bank's own reference of the booking
	BookedAt   time.Time
	Cents      int64
	EndToEndID string // of the transfer
	TxID       string
	UETR       string
	Remittance string // what the statement says
}

type noticeDocument struct {
	XMLName xml.Name `xml:"Document"`
	Space   string   `xml:"xmlns,attr,omitempty"`
	Header  struct {
		MessageID string `xml:"MsgId"`
		CreatedAt string `xml:"CreDtTm"`
	} `xml:"BkToCstmrDbtCdtNtfctn>GrpHdr"`
	Notices []noticeXML `xml:"BkToCstmrDbtCdtNtfctn>Ntfctn"`
}

type noticeXML struct {
	ID        string `xml:"Id"`
	CreatedAt string `xml:"CreDtTm"`
	Account   struct {
		Number   string `xml:"Id>Othr>Id"`
		Currency string `xml:"Ccy"`
		Owner    *party `xml:"Ownr"`
		Bank     agent  `xml:"Svcr"`
	} `xml:"Acct"`
	Entries []entryXML `xml:"Ntry"`
}

type entryXML struct {
	Amount    amount   `xml:"Amt"`
	Side      string   `xml:"CdtDbtInd"`
	Status    string   `xml:"Sts>Cd"`
	BookedAt  string   `xml:"BookgDt>DtTm"`
	Reference string   `xml:"AcctSvcrRef"`
	Code      bankCode `xml:"BkTxCd>Domn"`
	Details   struct {
		EndToEnd   string `xml:"Refs>EndToEndId"`
		UETR       string `xml:"Refs>UETR"`
		Tx         string `xml:"Refs>TxId"`
		Remittance string `xml:"RmtInf>Ustrd"`
	} `xml:"NtryDtls>TxDtls"`
}

// bankCode is a bank transaction code: payments, received real-time credit
// transfer, domestic.
type bankCode struct {
	Domain    string `xml:"Cd"`
	Family    string `xml:"Fmly>Cd"`
	SubFamily string `xml:"Fmly>SubFmlyCd"`
}

// Check reports every field that the definition of the message would refuse.
func (n Notice) Check() error {
	errs := []error{
		text("GrpHdr/MsgId", n.MessageID, 35),
		moment("GrpHdr/CreDtTm", n.CreatedAt),
		text("Acct/Id/Othr/Id", n.Account, 34),
		routing("Acct/Svcr", n.Routing),
		text("Ntry/AcctSvcrRef", n.Reference, 35),
		moment("Ntry/BookgDt/DtTm", n.BookedAt),
		positive("Ntry/Amt", n.Cents),
		text("Refs/EndToEndId", n.EndToEndID, 35),
		text("Refs/TxId", n.TxID, 35),
		uetr("Refs/UETR", n.UETR),
		text("RmtInf/Ustrd", n.Remittance, 140),
	}
	if n.Owner != "" {
		errs = append(errs, text("Acct/Ownr/Nm", n.Owner, 140))
	}
	return errors.Join(errs...)
}

// Marshal writes the message. Its error is that of Check.
func (n Notice) Marshal() ([]byte, error) {
	if err := n.Check(); err != nil {
		return nil, err
	}
	doc := noticeDocument{Space: noticeSpace}
	doc.Header.MessageID, doc.Header.CreatedAt = n.MessageID, dateTime(n.CreatedAt)
	x := noticeXML{ID: n.MessageID, CreatedAt: dateTime(n.CreatedAt)}
	x.Account.Number, x.Account.Currency, x.Account.Bank = n.Account, "USD", bank(n.Routing)
	if n.Owner != "" {
		x.Account.Owner = &party{n.Owner}
	}
	e := entryXML{
		Amount: dollars(n.Cents), Side: "CRDT", Status: "BOOK", BookedAt: dateTime(n.BookedAt), Reference: n.Reference,
		Code: bankCode{"PMNT", "RRCT", "DMCT"},
	}
	e.Details.EndToEnd, e.Details.UETR, e.Details.Tx, e.Details.Remittance = n.EndToEndID, n.UETR, n.TxID, n.Remittance
	x.Entries = []entryXML{e}
	doc.Notices = []noticeXML{x}
	return write(doc)
}

// ParseNotice reads a camt.054.001.08 about one booked credit. An error is
// ErrMessage, or joins a FieldError for each field that is wrong.
func ParseNotice(message []byte) (Notice, error) {
	var doc noticeDocument
	if err := read(message, noticeSpace, &doc); err != nil {
		return Notice{}, err
	}
	if len(doc.Notices) != 1 || len(doc.Notices[0].Entries) != 1 {
		return Notice{}, &FieldError{"Ntfctn/Ntry", "does not occur exactly once"}
	}
	x, e := doc.Notices[0], doc.Notices[0].Entries[0]
	if e.Side != "CRDT" || e.Status != "BOOK" {
		return Notice{}, &FieldError{"Ntry", "is not a booked credit"}
	}
	n := Notice{
		MessageID: doc.Header.MessageID, Account: x.Account.Number, Routing: x.Account.Bank.Member, Reference: e.Reference,
		EndToEndID: e.Details.EndToEnd, TxID: e.Details.Tx, UETR: e.Details.UETR, Remittance: e.Details.Remittance,
	}
	if x.Account.Owner != nil {
		n.Owner = x.Account.Owner.Name
	}
	var known bool
	if n.CreatedAt, known = parseTime(doc.Header.CreatedAt); !known {
		return Notice{}, &FieldError{"GrpHdr/CreDtTm", "is not a time with its zone"}
	}
	if n.BookedAt, known = parseTime(e.BookedAt); !known {
		return Notice{}, &FieldError{"Ntry/BookgDt/DtTm", "is not a time with its zone"}
	}
	if n.Cents, known = e.Amount.cents(); !known {
		return Notice{}, &FieldError{"Ntry/Amt", "is not an amount in USD"}
	}
	return n, n.Check()
}
