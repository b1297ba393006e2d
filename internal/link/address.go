package link

import (
	"context"
	"net/netip"
)

type addressKey struct{}

// withAddress notes where a request to the frame comes from.
func withAddress(ctx context.Context, remote string) context.Context {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return ctx
	}
	return context.WithValue(ctx, addressKey{}, at.Addr().Unmap().WithZone(""))
}

// AddressOf is the address that a person's browser reaches the server from, as the
// connection says it: what a header claims of it counts for nothing. It is not valid
// where no browser asks: in the headless driver.
func AddressOf(ctx context.Context) netip.Addr {
	at, _ := ctx.Value(addressKey{}).(netip.Addr)
	return at
}
