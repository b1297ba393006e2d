package item

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
)

type forgetRequest struct {
	PhoneNumber string `json:"phone_number" required:"true" max:"40"`
}

type forgetResponse struct {
	Forgotten int `json:"forgotten"` // saved logins
}

// forgetPhone ends everything that is saved with a number, whoever saved it: the
// sandbox's people belong to no client.
func (s *Items) forgetPhone(ctx context.Context, _ api.Call, in forgetRequest) (forgetResponse, error) {
	phone, err := team.CheckPhone(in.PhoneNumber, "US")
	if err != nil {
		return forgetResponse{}, plaid.InvalidField("phone_number must be a telephone number, in E.164 or as it is written in the United States")
	}
	n, err := s.endSavedOf(ctx, phone, true)
	return forgetResponse{n}, err
}
