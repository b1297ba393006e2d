// Package graph is the form in which contacts are spoken about: GraphQL over HTTP
// (contacts-graphql.md sections 1 and 6). It reads a request, finds out whose key it
// carries, refuses what is too large before anything is run, and gives every error a
// stable code. What the operations do it does not know.
//
// # Limits
//
// A document is measured on its text, with its fragments expanded and before the
// schema sees it: nesting, selections, aliases, fields at the root, mutations and
// cost. The cost is one for each field, times the page size of each list around it.
// Introspection may be nested deeper than other operations, as the standard query of
// every explorer is.
//
// # Decisions where nothing is documented
//
// Only POST is served and only one operation a request, no lists of them. Unknown
// members of the body are ignored. A document that cannot be parsed or is not valid
// answers 200, as clients of the documented API expect, and 400 to those that accept
// application/graphql-response+json. A request that exceeds a limit has the code
// QUERY_TOO_COMPLEX and extensions.limit says which. An Idempotency-Key is for mutations:
// one that has changed something is answered as then, byte by byte, for 24 hours, with
// header Idempotency-Replayed; one that has changed nothing can be sent again. The key
// belongs to the API key. The answer is sealed meanwhile, with any secret that it tells. There are no CORS headers: the
// key of this API has no business in a browser.
package graph
