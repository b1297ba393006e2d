// A server-side program as many are: the official client, its own map of
// environments, keys from the variables that the guides use. It knows nothing of
// Glencheck.

import { Configuration, PlaidApi, PlaidEnvironments } from "plaid";

const client = new PlaidApi(
  new Configuration({
    basePath: PlaidEnvironments[process.env.PLAID_ENV],
    baseOptions: { headers: { "PLAID-CLIENT-ID": process.env.PLAID_CLIENT_ID, "PLAID-SECRET": process.env.PLAID_SECRET } },
  }),
);
const { data: made } = await client.sandboxPublicTokenCreate({ institution_id: "ins_109508", initial_products: ["auth"] });
const { data: item } = await client.itemPublicTokenExchange({ public_token: made.public_token });
const { data: auth } = await client.authGet({ access_token: item.access_token });
console.log(PlaidEnvironments[process.env.PLAID_ENV], auth.numbers.ach[0].account);
