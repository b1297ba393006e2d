// Package sandbank is the simulated bank behind every institution of the
// sandbox: its people, their accounts, account numbers and owners, its login
// with second factors, its own pages for OAuth logins, and the grants that a
// login yields. It implements institution.Connector and knows nothing of Plaid;
// it could as well run in a process of its own.
//
// Its data is bank.json, its pages are in page/, its tables are sandbank_login,
// sandbank_authorization and sandbank_grant. It has no API paths; Pages serves
// what is below /bank/.
//
// Neighbours: package institution has the catalogue and the interface; package
// item keeps the grants and shows what the bank says.
package sandbank
