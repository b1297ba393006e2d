package sandbank

import (
	"context"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

var _ institution.Holders = (*Bank)(nil)

// knownHolder is a routing number under which the network knows the holder of the
// stock accounts.
type knownHolder struct {
	Routing string `json:"routing"`
	Holder  string `json:"holder"`
}

// Holders says who is known to hold an account. Of the stock accounts the routing
// number decides (plaid-server-api.md section 11.6); of others the network has the
// names.
func (b *Bank) Holders(ctx context.Context, routing, number string) (institution.Owner, error) {
	r, err := b.Lookup(ctx, routing, number)
	if err != nil || r.Ended {
		return institution.Owner{}, err
	}
	for _, k := range b.data.Known {
		if k.Routing == routing && strings.HasPrefix(number, b.data.Countries["US"].Numbers.Prefix) {
			return b.data.Holders[k.Holder].owner(), nil
		}
	}
	return institution.Owner{Names: r.Owners}, nil
}
