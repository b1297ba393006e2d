// Package institution owns the list of banks and what every bank must be able
// to do for us: the catalogue (one data file), its search, health and marks,
// and the Connector interface with its conformance suite (institutiontest).
//
// Its paths are /institutions/get, /institutions/get_by_id,
// /institutions/search and /categories/get.
//
// Neighbours: package sandbank is the simulated bank behind the Connector
// interface, institution/fdx will be the real ones; package item keeps what a
// finished login yields.
package institution
