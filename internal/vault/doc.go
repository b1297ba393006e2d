// Package vault keeps personal data and secrets unreadable in the database.
//
// Seal encrypts a value with AES-256-GCM (Tink) and binds it to the id of its
// row, so that a sealed value moved to another row does not open. Index makes a
// blind index: an HMAC-SHA-256 by which a token can be found again without being
// stored. The keys for both are in the database, sealed by the key-encryption
// key that the operator gives with --kek. A sandbox without one uses a published
// key: its state stays one file, and what it holds is invented anyway.
//
// Rooms decide what is personal; package store holds what comes out of here as
// TEXT.
package vault
