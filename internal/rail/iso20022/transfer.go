package iso20022

import (
	"encoding/xml"
	"errors"
	"strings"
	"time"
)

// Clearing is the system that settles an instant payment: an
// ExternalCashClearingSystem1Code.
type Clearing string

// The two instant systems of the United States.
const (
	RTP    Clearing = "TCH" // The Clearing House, RTP
	FedNow Clearing = "FDN" // Federal Reserve Banks, FedNow
)

// Transfer is a pacs.008.001.08 with one credit transfer in US dollars.
type Transfer struct {
	MessageID  string    // GrpHdr/MsgId, up to 35 characters, never used twice
	CreatedAt  time.Time // GrpHdr/CreDtTm
	Clearing   Clearing
	EndToEndID string // PmtId/EndToEndId, up to 35 characters: the payment, through all banks
	TxID       string // PmtId/TxId, up to 35 characters
	UETR       string // PmtId/UETR, a UUID of version 4
	Cents      int64  // IntrBkSttlmAmt

	DebtorName     string // up to 140 characters
	DebtorAccount  string // up to 34
	DebtorRouting  string // ABA routing number of the sending bank
	CreditorName   string
	CreditorNumber string // account number at the receiving bank
	CreditRouting  string // ABA routing number of the receiving bank
	Remittance     string // RmtInf/Ustrd, up to 140: what the statement says
}

type transferDocument struct {
	XMLName xml.Name    `xml:"Document"`
	Space   string      `xml:"xmlns,attr,omitempty"`
	Message transferXML `xml:"FIToFICstmrCdtTrf"`
}

// transferXML has its elements in the order of the definition.
type transferXML struct {
	Header struct {
		MessageID string `xml:"MsgId"`
		CreatedAt string `xml:"CreDtTm"`
		Count     string `xml:"NbOfTxs"`
		Total     amount `xml:"TtlIntrBkSttlmAmt"`
		Date      string `xml:"IntrBkSttlmDt"`
		Settled   struct {
			Method string `xml:"SttlmMtd"`
			System string `xml:"ClrSys>Cd"`
		} `xml:"SttlmInf"`
	} `xml:"GrpHdr"`
	Transfers []creditXML `xml:"CdtTrfTxInf"`
}

type creditXML struct {
	ID struct {
		EndToEnd string `xml:"EndToEndId"`
		Tx       string `xml:"TxId,omitempty"`
		UETR     string `xml:"UETR,omitempty"`
	} `xml:"PmtId"`
	Kind struct {
		Instrument string `xml:"LclInstrm>Prtry"`
	} `xml:"PmtTpInf"`
	Amount          amount  `xml:"IntrBkSttlmAmt"`
	Charges         string  `xml:"ChrgBr"`
	From            agent   `xml:"InstgAgt"`
	To              agent   `xml:"InstdAgt"`
	Debtor          party   `xml:"Dbtr"`
	DebtorAccount   account `xml:"DbtrAcct"`
	DebtorAgent     agent   `xml:"DbtrAgt"`
	CreditorAgent   agent   `xml:"CdtrAgt"`
	Creditor        party   `xml:"Cdtr"`
	CreditorAccount account `xml:"CdtrAcct"`
	Remittance      string  `xml:"RmtInf>Ustrd,omitempty"`
}

// Check reports every field that the definition of the message would refuse.
func (t Transfer) Check() error {
	var clearing error
	if t.Clearing != RTP && t.Clearing != FedNow {
		clearing = &FieldError{"GrpHdr/SttlmInf/ClrSys/Cd", "is neither TCH nor FDN"}
	}
	return errors.Join(
		text("GrpHdr/MsgId", t.MessageID, 35),
		moment("GrpHdr/CreDtTm", t.CreatedAt),
		clearing,
		text("PmtId/EndToEndId", t.EndToEndID, 35),
		text("PmtId/TxId", t.TxID, 35),
		uetr("PmtId/UETR", t.UETR),
		positive("IntrBkSttlmAmt", t.Cents),
		text("Dbtr/Nm", t.DebtorName, 140),
		text("DbtrAcct/Id/Othr/Id", t.DebtorAccount, 34),
		routing("DbtrAgt", t.DebtorRouting),
		text("Cdtr/Nm", t.CreditorName, 140),
		text("CdtrAcct/Id/Othr/Id", t.CreditorNumber, 34),
		routing("CdtrAgt", t.CreditRouting),
		text("RmtInf/Ustrd", t.Remittance, 140),
	)
}

// Marshal writes the message. Its error is that of Check.
func (t Transfer) Marshal() ([]byte, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	doc := transferDocument{Space: transferSpace}
	h := &doc.Message.Header
	h.MessageID, h.CreatedAt, h.Count = t.MessageID, dateTime(t.CreatedAt), "1"
	h.Total, h.Date = dollars(t.Cents), t.CreatedAt.UTC().Format(time.DateOnly)
	h.Settled.Method, h.Settled.System = "CLRG", string(t.Clearing)

	c := creditXML{Amount: dollars(t.Cents), Charges: "SLEV", Remittance: t.Remittance}
	c.ID.EndToEnd, c.ID.Tx, c.ID.UETR = t.EndToEndID, t.TxID, t.UETR
	c.Kind.Instrument = "STANDARD"
	c.From, c.To = bank(t.DebtorRouting), bank(t.CreditRouting)
	c.Debtor, c.DebtorAccount, c.DebtorAgent = party{t.DebtorName}, account{t.DebtorAccount}, bank(t.DebtorRouting)
	c.Creditor, c.CreditorAccount, c.CreditorAgent = party{t.CreditorName}, account{t.CreditorNumber}, bank(t.CreditRouting)
	doc.Message.Transfers = []creditXML{c}
	return write(doc)
}

// ParseTransfer reads a pacs.008.001.08 with one transfer. An error is
// ErrMessage, or joins a FieldError for each field that is wrong.
func ParseTransfer(message []byte) (Transfer, error) {
	var doc transferDocument
	if err := read(message, transferSpace, &doc); err != nil {
		return Transfer{}, err
	}
	if len(doc.Message.Transfers) != 1 {
		return Transfer{}, &FieldError{"CdtTrfTxInf", "does not occur exactly once"}
	}
	h, c := doc.Message.Header, doc.Message.Transfers[0]
	t := Transfer{
		MessageID: h.MessageID, Clearing: Clearing(h.Settled.System),
		EndToEndID: c.ID.EndToEnd, TxID: c.ID.Tx, UETR: strings.ToLower(c.ID.UETR),
		DebtorName: c.Debtor.Name, DebtorAccount: c.DebtorAccount.Number, DebtorRouting: c.DebtorAgent.Member,
		CreditorName: c.Creditor.Name, CreditorNumber: c.CreditorAccount.Number, CreditRouting: c.CreditorAgent.Member,
		Remittance: c.Remittance,
	}
	var known bool
	if t.CreatedAt, known = parseTime(h.CreatedAt); !known {
		return Transfer{}, &FieldError{"GrpHdr/CreDtTm", "is not a time with its zone"}
	}
	if t.Cents, known = c.Amount.cents(); !known {
		return Transfer{}, &FieldError{"IntrBkSttlmAmt", "is not an amount in USD"}
	}
	return t, t.Check()
}
