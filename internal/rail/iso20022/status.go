package iso20022

import (
	"encoding/xml"
	"errors"
	"time"
)

// TransactionStatus is an ExternalPaymentTransactionStatus1Code.
type TransactionStatus string

// What a receiving bank answers to an instant transfer.
const (
	Accepted TransactionStatus = "ACTC" // the message is in order, nothing is booked yet
	Settled  TransactionStatus = "ACSC" // booked: the money is there
	Rejected TransactionStatus = "RJCT"
)

// Reasons of a rejection (ExternalStatusReason1Code) that an account can give.
const (
	ReasonWrongAccount   = "AC03" // InvalidCreditorAccountNumber
	ReasonClosedAccount  = "AC07" // ClosedCreditorAccountNumber
	ReasonBlockedAccount = "AC06" // BlockedAccount
	ReasonWrongBank      = "RC04" // InvalidCreditorBankIdentifier
	ReasonNotAllowed     = "AG01" // TransactionForbidden
	ReasonDuplicate      = "DUPL" // DuplicatePayment
)

// Status is a pacs.002.001.10 about one transfer.
type Status struct {
	MessageID          string
	CreatedAt          time.Time
	OriginalMessageID  string // GrpHdr/MsgId of the transfer
	OriginalEndToEndID string
	OriginalTxID       string
	OriginalUETR       string
	Status             TransactionStatus
	Reason             string    // four letters or digits, with Rejected
	AcceptedAt         time.Time // when the bank took it, with Settled
}

type statusDocument struct {
	XMLName xml.Name `xml:"Document"`
	Space   string   `xml:"xmlns,attr,omitempty"`
	Header  struct {
		MessageID string `xml:"MsgId"`
		CreatedAt string `xml:"CreDtTm"`
	} `xml:"FIToFIPmtStsRpt>GrpHdr"`
	Original struct {
		MessageID string `xml:"OrgnlMsgId"`
		Name      string `xml:"OrgnlMsgNmId"`
	} `xml:"FIToFIPmtStsRpt>OrgnlGrpInfAndSts"`
	Transactions []statusXML `xml:"FIToFIPmtStsRpt>TxInfAndSts"`
}

type statusXML struct {
	EndToEnd   string     `xml:"OrgnlEndToEndId"`
	Tx         string     `xml:"OrgnlTxId"`
	UETR       string     `xml:"OrgnlUETR"`
	Status     string     `xml:"TxSts"`
	Reason     *reasonXML `xml:"StsRsnInf"`
	AcceptedAt string     `xml:"AccptncDtTm,omitempty"`
}

type reasonXML struct {
	Code string `xml:"Rsn>Cd"`
}

// transferName is how a status names the kind of message that it answers.
const transferName = "pacs.008.001.08"

// Check reports every field that the definition of the message, or its sense,
// would refuse.
func (s Status) Check() error {
	errs := []error{
		text("GrpHdr/MsgId", s.MessageID, 35),
		moment("GrpHdr/CreDtTm", s.CreatedAt),
		text("OrgnlMsgId", s.OriginalMessageID, 35),
		text("OrgnlEndToEndId", s.OriginalEndToEndID, 35),
		text("OrgnlTxId", s.OriginalTxID, 35),
		uetr("OrgnlUETR", s.OriginalUETR),
	}
	switch s.Status {
	case Accepted:
	case Settled:
		errs = append(errs, moment("AccptncDtTm", s.AcceptedAt))
	case Rejected:
		errs = append(errs, text("StsRsnInf/Rsn/Cd", s.Reason, 4))
	default:
		errs = append(errs, &FieldError{"TxSts", "is none of ACTC, ACSC, RJCT"})
	}
	return errors.Join(errs...)
}

// Marshal writes the message. Its error is that of Check.
func (s Status) Marshal() ([]byte, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	doc := statusDocument{Space: statusSpace}
	doc.Header.MessageID, doc.Header.CreatedAt = s.MessageID, dateTime(s.CreatedAt)
	doc.Original.MessageID, doc.Original.Name = s.OriginalMessageID, transferName
	tx := statusXML{EndToEnd: s.OriginalEndToEndID, Tx: s.OriginalTxID, UETR: s.OriginalUETR, Status: string(s.Status)}
	if s.Status == Rejected {
		tx.Reason = &reasonXML{s.Reason}
	}
	if s.Status == Settled {
		tx.AcceptedAt = dateTime(s.AcceptedAt)
	}
	doc.Transactions = []statusXML{tx}
	return write(doc)
}

// ParseStatus reads a pacs.002.001.10 about one transfer. An error is ErrMessage,
// or joins a FieldError for each field that is wrong.
func ParseStatus(message []byte) (Status, error) {
	var doc statusDocument
	if err := read(message, statusSpace, &doc); err != nil {
		return Status{}, err
	}
	if len(doc.Transactions) != 1 {
		return Status{}, &FieldError{"TxInfAndSts", "does not occur exactly once"}
	}
	if doc.Original.Name != transferName {
		return Status{}, &FieldError{"OrgnlMsgNmId", "is not " + transferName}
	}
	tx := doc.Transactions[0]
	s := Status{
		MessageID: doc.Header.MessageID, OriginalMessageID: doc.Original.MessageID,
		OriginalEndToEndID: tx.EndToEnd, OriginalTxID: tx.Tx, OriginalUETR: tx.UETR, Status: TransactionStatus(tx.Status),
	}
	var known bool
	if s.CreatedAt, known = parseTime(doc.Header.CreatedAt); !known {
		return Status{}, &FieldError{"GrpHdr/CreDtTm", "is not a time with its zone"}
	}
	if tx.AcceptedAt != "" {
		if s.AcceptedAt, known = parseTime(tx.AcceptedAt); !known {
			return Status{}, &FieldError{"AccptncDtTm", "is not a time with its zone"}
		}
	}
	if tx.Reason != nil {
		s.Reason = tx.Reason.Code
	}
	return s, s.Check()
}
