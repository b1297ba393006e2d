// Both sides of a processor token, with the official client and the names of Plaid's
// environments: the app of the guide hands an account to its partner (seed 000), and
// the partner looks whose it is. It knows nothing of Glencheck but the partner's keys.

import { Configuration, PlaidApi, PlaidEnvironments } from "plaid";

const as = (id, secret) =>
  new PlaidApi(
    new Configuration({
      basePath: PlaidEnvironments[process.env.PLAID_ENV],
      baseOptions: { headers: { "PLAID-CLIENT-ID": id, "PLAID-SECRET": secret, "Plaid-Version": "2020-09-14" } },
    }),
  );
const app = as(process.env.PLAID_CLIENT_ID, process.env.PLAID_SECRET);
const partner = as("616c6c6f79706172746e6572", "616c6c6f792d7365637265742d3135");

const { data: link } = await app.linkTokenCreate({
  user: { client_user_id: "user-id", phone_number: "+1 415 555 0123" },
  client_name: "Wonderwallet",
  products: ["identity"],
  country_codes: ["US"],
  language: "en",
  webhook: "https://sample-web-hook.com",
  redirect_uri: "https://domainname.com/oauth-page.html",
});
const { data: made } = await app.sandboxPublicTokenCreate({ institution_id: "ins_109508", initial_products: ["identity"] });
const { data: item } = await app.itemPublicTokenExchange({ public_token: made.public_token });
const { data: listed } = await app.accountsGet({ access_token: item.access_token });
const { account_id } = listed.accounts.find((a) => a.subtype === "checking");
const { data: token } = await app.processorTokenCreate({ access_token: item.access_token, account_id, processor: "alloy" });

const { processor_token } = token;
const { data: known } = await partner.processorIdentityGet({ processor_token });
const { data: numbers } = await partner.processorAuthGet({ processor_token });
const scores = [];
for (const legal_name of ["Alberta Bobbeth Charleson", "Alberta Charleson", "Ray Smith"]) {
  const { data } = await partner.processorIdentityMatch({ processor_token, user: { legal_name } });
  scores.push(data.account.legal_name.score);
}
const refused = await partner.identityGet({ access_token: item.access_token }).catch((e) => e.response.data.error_code);
console.log(link.link_token.split("-", 2).join("-"), processor_token.split("-", 2).join("-"), known.account.owners[0].names[0]);
console.log(numbers.numbers.ach.account, numbers.numbers.eft, scores[0] === 100 && scores[1] >= 70 && scores[1] < 100 && scores[2] < 50, refused);
