// Package explorer is the API explorer: Swagger UI over the OpenAPI document
// that package api makes from the endpoints. It owns the pages at /docs and the
// document at /openapi.json, and asks nobody but this server.
//
// Swagger UI comes as a Go module and is served from the program; the page and
// the script that starts it are ours, so that the page needs no inline script.
// It sets style attributes, which is why this page alone allows inline styles.
package explorer
