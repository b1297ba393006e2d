// Package sandbank is the simulated bank behind every institution of the
// sandbox: its people, their accounts, account numbers and owners, its login
// with second factors, and the grants that a login yields. It implements
// institution.Connector and knows nothing of Plaid; it could as well run in a
// process of its own.
//
// Its data is bank.json, its tables are sandbank_login and sandbank_grant. It
// has no API paths.
//
// Neighbours: package institution has the catalogue and the interface; package
// item keeps the grants and shows what the bank says.
package sandbank
