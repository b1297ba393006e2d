// Package team owns the customers of the API: their keys, the products they may
// use, the redirect addresses they may name, their Link customizations, and the
// users they register.
//
// It serves /user/create. The keys themselves are checked by package api, which
// asks Teams.Authenticate on every call; link tokens, which use most of what
// stands here, are in package link; the partners that a team may switch on are
// in package processor.
//
// A secret is kept as a blind index only and can never be shown again. What a
// team tells about a person lies sealed.
package team
