// Package identity has what banks say of the owners of an account, and compares it
// with what a client knows.
//
// Its paths are /identity/get, /identity/match, /identity/documents/uploads/get,
// /sandbox/identity/document/explain and /sandbox/identity/match/explain. How two names, numbers or addresses are compared
// is in package match below, which knows no Items.
//
// # Decisions where nothing is documented
//
// /identity/match makes nothing a product of the Item: it is billed for each call.
// It works where the Item, the institution and the consent have identity_match or
// identity. Without a user, or with what is empty or null, the scores are null. A
// telephone number need not be one that a numbering plan knows, as those of the
// simulated bank are not; what has fewer than seven or more than fifteen digits is
// INVALID_FIELD. The owners are those of /identity/get, and are asked for once for
// both.
//
// An Item that was made without a login has no owners at a bank. /identity/match
// asks who is known to hold its numbers (Known); nobody known is
// PRODUCTS_NOT_SUPPORTED, as /identity/get is for all of them.
//
// Identity Match in Link (InLink) is switched on by the lowest scores of a
// customization. Every account that the person shares has to fit, in every part
// that both the customization and the link token's user have; what the bank lacks
// fits nothing. Without anything to compare neither event is told. A session whose
// accounts do not fit makes an Item of them and does not tell it: there is no
// onSuccess, as documented, and /link/token/get has the public token. The person
// may go on to another bank. The exit_status of IDENTITY_MATCH_BLOCK is
// requires_account_selection.
//
// # Identity Document Upload
//
// UploadFlow lets a person upload documents for one account (link-web.md section
// 4.16), /identity/documents/uploads/get tells what was read. How a file is read and
// what is looked for is in package document below; ocr runs the program that reads
// pictures. The views and events after UPLOAD_DOCUMENTS are those that the mobile SDKs
// and Document Income have. A file is read when it arrives, by at most two readings at
// a time, and is not kept; what was read waits in the session, sealed, until
// SUBMIT_DOCUMENTS stores it and its webhook in one transaction. Thus nothing is lost
// with the window, and what was not submitted goes with the session.
//
// ocr and risk_signals: documents are always read, and signs always looked for;
// parsing_configs says whether risk_insights are told. What the fields beside
// document_status of DOCUMENT_UPDATE_AVAILABLE are, and the status
// OCR_PROCESSING_FAILED, is not documented. In the sandbox the Item must have a webhook,
// as documented. The products of the Item stay as they are, as in the documented
// example. Numbers are compared when they are asked for, with those that auth has stored
// and not with tokenized ones, which no document shows. The documents of an account that
// the Item no longer has are dropped when the Item's are next read.
//
// # Neighbours
//
// Package item has the Items and asks who may call, and package institution says
// how a bank tells the owners. Verifying a person who has no bank behind him is the
// business of package idv.
package identity
