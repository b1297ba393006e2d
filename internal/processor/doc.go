// Package processor hands accounts to partners: companies such as payment processors
// and decision services that read the data of one account with a token and with keys
// of their own.
//
// Its paths are /processor/token/create and its relatives for Apex Clearing and
// Stripe, /processor/token/permissions/set and get, /processor/token/webhook/update,
// what a partner reads (/processor/account, auth, balance and identity/get,
// /processor/identity/match), and in the sandbox /sandbox/processor_token/create and
// /sandbox/processor/stripe/redeem. The list of partners is plaid.Partners; whether a
// team has switched one on is package team's to know; whether an Item may be read, and
// what is read, is decided by the code that serves its access token (item.Data,
// auth.OfAccount, identity.OfAccount, identity.MatchAccount).
//
// # Tokens
//
// A token is one account of one Item for one processor. It is stored as a blind index,
// survives the rotation of access tokens, and ends with the Item: then it is answered
// ITEM_NOT_FOUND for ever. An account that the Item no longer shares, or that the
// person has taken back at the bank, is INVALID_ACCOUNT_ID.
//
// # Who may call
//
// A partner has keys of its own (Partners), those that the operator gives. A sandbox
// has alloy without being asked: with published keys where the client's are published
// too, else with a secret that nobody is told but the house itself. They work
// for the endpoints that are made with api.Partners, and for tokens of that partner; a
// token of another one does not exist for it (INVALID_PROCESSOR_TOKEN), and everything
// else is UNAUTHORIZED_ROUTE_ACCESS. In the sandbox the client that has made a token
// may call what its partner calls, to try it out; in production it is
// UNAUTHORIZED_ROUTE_ACCESS for a token of its own. Permissions are the client's alone
// to set, in every environment, and both may read them.
//
// # Decisions where nothing is documented
//
// A product that the token was narrowed not to have is INVALID_INPUT /
// INVALID_PRODUCT, and names the product. identity opens /processor/identity/match
// too, as it does for an access token, and processor_payments and processor_identity
// stand for auth and identity. /processor/account/get needs no product. Permissions may
// name products that the Item does not have yet.
//
// A token can be made while the Item's login needs repair and while a deposit is under
// way: nothing is read yet. What is read answers as for an access token
// (ITEM_LOGIN_REQUIRED, PRODUCT_NOT_READY). A name that is no processor is
// INVALID_FIELD. A partner that is documented for some countries answers
// ITEM_NOT_SUPPORTED for accounts elsewhere (Alloy and Ocrolus: United States).
// institution_id is "" for an account that was added without a login.
//
// Partners hear of what changes what they can read: errors and the end of the login,
// access taken back, the outcome of deposits, new numbers and owners, and the three
// notices of transactions that the document has for them. A body has account_id in
// place of item_id, no user_id, and of lists of accounts their own account alone; a
// narrowed token hears of its products only, and the partner of an account that was taken
// back hears that, and nothing afterwards. They are kept for /sandbox/webhook/* under
// the partner's client_id, or the client's where the partner has no keys.
//
// /sandbox/processor_token/create binds the first checking account to the partner that
// calls; where a client calls, to the sandbox's own partner. It is a lever: neither
// integrations nor countries matter. The Item of a partner's call is the sandbox's own
// client's.
//
// A token that Stripe takes can only come from Stripe. In the sandbox
// /processor/stripe/bank_account_token/create answers a token of Stripe's form after
// the checks of /auth/get, and /sandbox/processor/stripe/redeem plays Stripe: it
// answers once what Stripe would learn. In production the path answers NOT_SUPPORTED.
package processor
