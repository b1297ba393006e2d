// Package contact owns organisations, their contacts, and the verification of a
// contact inside a page of the organisation's own (seed 002, contacts-graphql.md).
//
// Its API is GraphQL: schema.graphql says what there is, package graph below how it is
// asked for. It is at /graphql and, on a listener of its own (--graph-addr), at the
// root, where documented clients post.
//
// # Who has what
//
//	contact, change     people, what they can be found by, what became of them
//	session, completion one verification, and what it makes of a contact
//	org, key            who asks
//	hook                who is told, how that is signed, what was sent
//	page, scalar, node  the form of answers
//	resolver            the operations
//	element, demo       the script of <contact-idv-session> (its source is web/contact)
//	graph/              GraphQL over HTTP, its limits and errors
//
// # Decisions where nothing is documented
//
// An agency is an API client, by its client_id. A key belongs to an agency or to one
// of its organisations and has scopes; it is kept as a blind index. Of what belongs to
// another agency nothing is told (NOT_FOUND); of another organisation of the same
// agency it is told that the key is not for it (FORBIDDEN). A key makes no key that may
// do more than itself. The key that the server was started with has the id
// server:<client_id>; a start with another one ends it.
//
// The element tells "complete" by the last of Link's events that ends a verification,
// as Link's onSuccess comes for a failed one too. Its events carry nothing (null).
//
// Ids are bare KSUIDs, and opaque where a client sends one.
//
// What is personal is sealed. A contact can be found by whole words only, as what it
// can be found by is kept as blind indexes, different ones for each organisation.
// Contacts are listed by the order in which they were made, the latest first, and a
// cursor is a place in that order: what is made meanwhile comes before the first page
// and moves nothing. hasPreviousPage behind a cursor, and hasNextPage before one, are
// true.
//
// A session is one verification: its id is the client_user_id of the attempt, so that
// a contact can be verified again at the same template. Its token lives for 30 minutes
// and ends with the attempt. package idv tells of each change of an attempt in the
// transaction of the change (Attempted): the contact is made there.
//
// A name that nobody gave is made of the given and the family name, and follows them.
// A deleted contact is gone, with its history; that it was deleted, by whom and when,
// is all that is left.
//
// Webhooks of application.status.changed.v1 cannot be subscribed to: there are no
// applications here. An organisation is active or suspended, and says so in
// org.status.changed.v1; the other events are ours. The requestId of a try follows
// from the delivery and the number of the try, so that the history can show what was
// sent. A webhook that is deleted or disabled is sent nothing more, also of what was
// on its way. There is no jitter: retries are due on whole seconds of the server's
// clock, so that a test can say when.
package contact
