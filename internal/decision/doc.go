// Package decision is the partner of seed 000 on the other side of a processor
// token: a service that decides about people and businesses by rules, with people
// who review what rules cannot decide, in the form that Alloy's customers know
// (partner-decisions.md). It is a customer of our own public API, not a part of it:
// what it knows of an account it asks of /processor/* with credentials of its own.
//
// Its paths are those of package alloy below it, mounted at /partners/alloy/v1 and,
// on a listener of its own (--partner-addr), at /v1: a client changes its host and
// nothing else.
//
// # Who has what
//
//	workflow/           documents of workflows, their rules, deciding, replay: pure
//	workflows, evaluations, sources, replay, shadow
//	                    the store of workflows and what runs them
//	alloy/              the form of the API: routes, errors, strict bodies
//	credential, bearer  who calls
//	entity, note, document, monitoring
//	                    the people and businesses that are decided about
//	review              what waits for a person, and who takes it
//	journey             several steps of one application, some of which wait
//	hook                what the customer is told
//	audit               who did what, in a chain that shows a changed row
//
// # Decisions where nothing is documented
//
// An account of the API is a customer of ours, by the client_id of its Plaid keys:
// the inbox of its webhooks is one for both sides. Credentials are a token and a
// secret of 32 letters and digits, for the whole account or for one workflow; both
// are kept as blind indexes. A bearer token is a JWT (HS256) that lives for an hour
// on the server's clock; its key follows from the vault's and is kept nowhere. Wrong
// credentials are not counted, as those of the Plaid API are not: nobody guesses 190
// bits, and whoever shares an address with a wrong configuration would be locked out.
package decision
