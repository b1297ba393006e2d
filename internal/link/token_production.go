package link

import (
	"errors"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// prerequisites asks what production asks of the team of every token that connects
// an account: a use case in its customization (plaid-server-api.md section 14). A
// sandbox lets the token pass and keeps what production would refuse, which the
// record of a session tells. A token that repairs an Item asks for nothing new.
func prerequisites(c *team.Client, tok *Token) error {
	if tok.UpdateMode() {
		return nil
	}
	err := tok.Custom.UseCaseError(tok.AllProducts(), tok.CountryCodes)
	if c.Enforced {
		return err
	}
	if refused := (*plaid.Error)(nil); errors.As(err, &refused) {
		tok.Production = append(tok.Production, refused.Code)
	}
	if !c.Profile.Complete() {
		tok.Production = append(tok.Production, plaid.InstitutionRegistrationRequired.Code)
	}
	return nil
}

// productionOut is an error of production that the sandbox lets pass.
type productionOut struct {
	ErrorCode string `json:"error_code"`
	Text      string `json:"text"`
}

// productionOuts says what production would have refused the token of a session.
func productionOuts(codes []string) []productionOut {
	out := []productionOut{}
	for _, code := range codes {
		text := "production refuses the link token: its Link customization has no use case; choose one in the Data Transparency section of /dashboard or with /sandbox/team/customization/set"
		if code == plaid.InstitutionRegistrationRequired.Code {
			text = "production does not lead people to banks with pages of their own (OAuth): the application profile is not complete; see /dashboard or /sandbox/team/profile/get"
		}
		out = append(out, productionOut{code, text})
	}
	return out
}
