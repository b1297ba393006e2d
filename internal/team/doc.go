// Package team owns the customers of the API: their keys, the products they may
// use, the redirect addresses they may name, their Link customizations, and the
// users they register.
//
// It serves /user/create, and in the sandbox /sandbox/team/customization/set, get,
// list and remove. The keys themselves are checked by package api, which
// asks Teams.Authenticate on every call; link tokens, which use most of what
// stands here, are in package link. Which partners a team has switched on stands
// here (Client.IntegrationOn); who they are is in package plaid, and what they may
// do in package processor.
//
// A customization belongs to link tokens: what it says is copied into each one
// when it is made (link.Token.Custom), so a change never reaches a session under
// way. A logo is stored beside it under a key that its pixels give, and stays a
// day after it was replaced, for the tokens that name it. Only pixels are kept:
// an image is drawn anew from what was sent.
//
// A secret is kept as a blind index only and can never be shown again. What a
// team tells about a person lies sealed.
package team
