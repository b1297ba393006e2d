// Command hardwired is a server-side program as many are: the official client,
// the environment that it has by name, keys from the variables that the guides
// use. It knows nothing of Glencheck (TestPlaidGoUnderRun runs it).
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/plaid/plaid-go/v41/plaid"
)

func main() {
	cfg := plaid.NewConfiguration()
	cfg.AddDefaultHeader("PLAID-CLIENT-ID", os.Getenv("PLAID_CLIENT_ID"))
	cfg.AddDefaultHeader("PLAID-SECRET", os.Getenv("PLAID_SECRET"))
	cfg.UseEnvironment(plaid.Sandbox)
	client, ctx := plaid.NewAPIClient(cfg).PlaidApi, context.Background()

	made, _, err := client.SandboxPublicTokenCreate(ctx).
		SandboxPublicTokenCreateRequest(*plaid.NewSandboxPublicTokenCreateRequest("ins_109508", []plaid.Products{plaid.PRODUCTS_AUTH})).Execute()
	if err != nil {
		log.Fatal(err)
	}
	item, _, err := client.ItemPublicTokenExchange(ctx).
		ItemPublicTokenExchangeRequest(*plaid.NewItemPublicTokenExchangeRequest(made.GetPublicToken())).Execute()
	if err != nil {
		log.Fatal(err)
	}
	auth, _, err := client.AuthGet(ctx).AuthGetRequest(*plaid.NewAuthGetRequest(item.GetAccessToken())).Execute()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(plaid.Sandbox, auth.GetNumbers().Ach[0].Account)
}
