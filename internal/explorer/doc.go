// Package explorer lets people try the APIs in a browser: Swagger UI over the OpenAPI
// document that package api makes from the endpoints, at /docs, and a page for the
// GraphQL of the contacts, at /docs/graphql. It owns these pages and the document at
// /openapi.json, and asks nobody but this server.
//
// Swagger UI comes as a Go module and is served from the program; the page and
// the script that starts it are ours, so that the page needs no inline script.
// It sets style attributes, which is why this page alone allows inline styles.
//
// The page for GraphQL is ours throughout (its script is web/graphql) and has no inline
// style either. It works with the schema that the server tells, and where it tells none,
// as in production unless asked to, the page says so. A key stands in its field and
// nowhere else, and what was run is remembered by the page alone: both are gone when it
// is closed, and nothing of either is in its address.
package explorer
