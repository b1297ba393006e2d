package sandbank

import (
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/sandbank/statement"
)

// statementDays is how many days a printed statement reaches back.
const statementDays = 30

// printed is the statement of an account as the bank prints it now.
func (b *Bank) printed(ctx context.Context, in institution.Institution, a account) (statement.Statement, error) {
	_ = b.fetch(ctx) // what does not come is not on the statement
	deposits, err := b.Statement(ctx, a.numbers.ACH.Account)
	if err != nil {
		return statement.Statement{}, err
	}
	now := b.clock.Now().UTC()
	s := statement.Statement{
		Bank: in.Name, Owners: a.owner.Names, Product: a.Name, Number: a.numbers.ACH.Account, Routing: a.numbers.ACH.Routing,
		From: now.AddDate(0, 0, -statementDays), Until: now, Printed: now,
	}
	if a.OfficialName != "" {
		s.Product = a.OfficialName
	}
	if len(a.owner.Addresses) > 0 {
		home := a.owner.Addresses[0]
		s.Address = []string{home.Street, strings.TrimSpace(home.City + ", " + home.Region + " " + home.PostalCode)}
	}
	var sum int64
	for _, d := range slices.Backward(deposits) {
		if d.State == depositPosted && d.ReceivedAt.After(s.From) {
			sum += d.Cents
			s.Entries = append(s.Entries, statement.Entry{Date: d.ReceivedAt.UTC(), Description: d.Description, Amount: "+" + money(d.Cents)})
		}
	}
	s.Opening, s.Closing = money(0), money(sum)
	if a.Current != nil {
		s.Opening, s.Closing = plus(a.Current.String(), 0), plus(a.Current.String(), sum)
	}
	return s, nil
}

// statementFile is the statement of an account to keep.
func (b *Bank) statementFile(w http.ResponseWriter, r *http.Request) {
	o, err := b.onlineOf(r.Context(), r.PathValue("handle"))
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	list := b.statements(o)
	n, err := strconv.Atoi(r.PathValue("account"))
	if err != nil || n < 0 || n >= len(list) || o.Number != "" { // by its number alone nobody sees whose account it is
		b.message(w, http.StatusNotFound, nowhere)
		return
	}
	in, _ := b.institutions.Get(home)
	s, err := b.printed(r.Context(), in, list[n])
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `attachment; filename="`+fileName("genuine", list[n].Mask, "pdf")+`"`)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(s.PDF())
}

func fileName(specimen, mask, ends string) string {
	name := "statement-" + mask
	if specimen != "genuine" {
		name += "-" + strings.ReplaceAll(specimen, "_", "-")
	}
	return name + "." + ends
}

// StatementPrint is the request of /sandbox/bank/statement/print.
type StatementPrint struct {
	// Username is the person, user_good unless given; Password is the configuration
	// of user_custom.
	Username string `json:"username" max:"200"`
	Password string `json:"password" max:"60000"`
	// Account is the number of one of the person's accounts or its last digits; the
	// first account that has a number unless given.
	Account       string `json:"account" max:"17"`
	InstitutionID string `json:"institution_id" max:"100"`
	// Specimen is what has been done to the statement; genuine unless given.
	Specimen string `json:"specimen" max:"40"`
}

// StatementPrinted is a file. Content is in base64.
type StatementPrinted struct {
	FileName    string `json:"file_name"`
	ContentType string `json:"content_type"`
	Content     string `json:"content"`
	Specimen    string `json:"specimen"`
	Says        string `json:"says"` // what has been done
}

// statementPrint prints, or forges, a statement.
func (b *Bank) statementPrint(ctx context.Context, _ api.Call, in StatementPrint) (StatementPrinted, error) {
	if in.Username == "" {
		in.Username = b.data.People[0].Username
	}
	if in.InstitutionID == "" {
		in.InstitutionID = home
	}
	if in.Specimen == "" {
		in.Specimen = "genuine"
	}
	bank, ok := b.institutions.Get(in.InstitutionID)
	if !ok || bank.Connector != Name {
		return StatementPrinted{}, plaid.InvalidInstitution
	}
	if _, known := b.data.person(in.Username); !known && in.Username != customUser {
		return StatementPrinted{}, plaid.InvalidField("username must be that of a person of the simulated bank")
	}
	v, err := b.visitor(in.Username, in.Password)
	if err != nil {
		return StatementPrinted{}, plaid.InvalidField("password cannot be used: " + err.Error())
	}
	list := slices.DeleteFunc(b.data.accounts(bank, v), func(a account) bool {
		return a.numbers == nil || a.numbers.ACH == nil || !strings.HasSuffix(a.numbers.ACH.Account, in.Account)
	})
	if len(list) == 0 {
		return StatementPrinted{}, plaid.InvalidField("account must be the number of an account of the person in the United States, or its last digits")
	}
	s, err := b.printed(ctx, bank, list[0])
	if err != nil {
		return StatementPrinted{}, err
	}
	raw, made, err := statement.Make(in.Specimen, s)
	if err != nil {
		return StatementPrinted{}, plaid.InvalidField("specimen must be one of [" + strings.Join(specimenNames(), ", ") + "]")
	}
	out := StatementPrinted{
		FileName: fileName(made.Name, list[0].Mask, made.Ends), ContentType: "application/pdf",
		Content: base64.StdEncoding.EncodeToString(raw), Specimen: made.Name, Says: made.Does,
	}
	if made.Ends == "jpg" {
		out.ContentType = "image/jpeg"
	}
	return out, nil
}

func specimenNames() []string {
	var names []string
	for _, s := range statement.Specimens() {
		names = append(names, s.Name)
	}
	return names
}
