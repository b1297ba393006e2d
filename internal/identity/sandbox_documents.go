package identity

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/identity/document"
	"github.com/glencheck-dev/glencheck/internal/identity/match"
	"github.com/glencheck-dev/glencheck/internal/item"
)

// explainedDocument is all that is known of a document.
type explainedDocument struct {
	DocumentID string          `json:"document_id"`
	AccountID  string          `json:"account_id"`
	FileType   document.Kind   `json:"file_type"`
	Bytes      int             `json:"bytes"`
	TextFrom   document.Source `json:"text_from"` // "" where nobody could read it
	Found      explainedFound  `json:"found"`
	// Numbers are compared with those on file: which of the two kinds they are.
	NumberMatch *bool `json:"is_account_number_match"`
	// Owners are the scores of the document's owners against those that the bank, or
	// the network, has on file; null where nobody has any.
	Owners    *Explained       `json:"owners"`
	RiskScore *int             `json:"risk_score"`
	Signals   []riskSignal     `json:"risk_signals"`
	Checks    []document.Check `json:"checks"`
}

// explainedFound is what stands in a document.
type explainedFound struct {
	DocumentType   string             `json:"document_type"`
	Institution    string             `json:"institution"`
	Owners         []string           `json:"owners"`
	Addresses      []document.Address `json:"addresses"`
	AccountNumbers []string           `json:"account_numbers"` // • stands for digits that are masked
	PeriodStart    string             `json:"period_start"`
	PeriodEnd      string             `json:"period_end"`
	Issued         string             `json:"issued"`
}

type explainDocumentsResponse struct {
	Documents []explainedDocument `json:"documents"`
}

// explainDocuments tells everything that was found, what was looked for, and what was
// not, whether or not risk signals were asked for.
func (s *Identity) explainDocuments(ctx context.Context, call api.Call, in item.AccountsRequest) (explainDocumentsResponse, error) {
	sn, picked, docs, err := s.uploadedTo(ctx, call, in)
	if err != nil {
		return explainDocumentsResponse{}, err
	}
	onFile, err := s.onFile(ctx, sn)
	if err != nil {
		return explainDocumentsResponse{}, err
	}
	held, _, err := s.Held(ctx, sn)
	if err != nil {
		held = nil // a bank that is down, or an account that nobody knows: there is nothing to compare with
	}
	out := explainDocumentsResponse{Documents: []explainedDocument{}}
	for _, a := range picked {
		for _, d := range docs {
			if d.accountID == a.ID {
				out.Documents = append(out.Documents, d.explained(onFile[a.ID], held[a.ID]))
			}
		}
	}
	return out, nil
}

func (d storedDocument) explained(onFile []string, held match.Person) explainedDocument {
	f := d.Findings
	out := explainedDocument{
		DocumentID: d.id, AccountID: d.accountID, FileType: d.Kind, Bytes: d.Bytes, TextFrom: d.Text,
		Found: explainedFound{
			DocumentType: f.Type, Institution: f.Institution, Owners: orNone(f.Owners), Addresses: orNone(f.Addresses), AccountNumbers: orNone(f.Accounts),
			PeriodStart: dayOf(f.From), PeriodEnd: dayOf(f.Until), Issued: dayOf(f.Issued),
		},
		NumberMatch: numberMatch(f.Accounts, onFile), RiskScore: d.Score, Signals: make([]riskSignal, len(d.Signals)), Checks: d.Checks,
	}
	for i, x := range d.Signals {
		out.Signals[i] = riskSignal{x.Type, x.Risk, x.Detail, x.Page}
	}
	if len(held.Names) > 0 && len(f.Owners) > 0 {
		e := explained("", match.Best(PersonOf(ownerOf(f)), held))
		out.Owners = &e
	}
	return out
}

func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func dayOf(d document.Date) string {
	if d == (document.Date{}) || !d.Valid {
		return ""
	}
	return d.Time().Format("2006-01-02")
}
