// Package sandbank is the simulated bank behind every institution of the
// sandbox: its people, their accounts, account numbers and owners, its login
// with second factors, its own pages for OAuth logins, and the grants that a
// login yields. It implements institution.Connector and knows nothing of Plaid;
// it could as well run in a process of its own.
//
// It also receives: Deliver takes the files of the rails (ACH, pacs.008), puts
// each deposit on its account's statement, which online banking shows, and answers
// with returns, changes and reports, as a test has set the account (SetAccount).
// The bank keeps every account number and stands in for every routing number.
// What a deposit adds is on the statement only: balances that programs are told
// are those of bank.json or of the custom user.
//
// And it knows: Lookup is the network that Database Auth asks (institution.Network).
// It says what is documented for the documented numbers and refuses all others of
// their range, the stock accounts too; beside them it knows custom users' accounts.
//
// It prints: a person downloads the statement of an account as a PDF file, and
// /sandbox/bank/statement/print makes any Specimen of it (package statement), to be
// uploaded as a document.
//
// In online banking people see which apps have access, and take it back from one
// account or from all (Withdraw); the holder of the grant is told in the same
// transaction (institution.Portal). A grant whose last account goes ends whole. Grants
// that no app uses are not listed: of sessions that are not finished, and of saved
// logins.
//
// Its data is bank.json, its pages are in page/, its tables are sandbank_login,
// sandbank_authorization, sandbank_grant, and for deposits sandbank_file, _deposit,
// _answer, _lever and _online, for the network sandbank_known. Pages serves what is below /bank/, Endpoints its
// levers below /sandbox/bank/.
//
// Neighbours: package institution has the catalogue and the interface; package
// item keeps the grants and shows what the bank says.
package sandbank
