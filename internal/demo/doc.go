// Package demo owns the Link Demo: a page on which a person picks a flow, opens
// Link, and sees each call as an application would make it.
//
// Paths: GET /demo (the page; ?flow= chooses), POST /demo/api/token,
// POST /demo/api/finish and, for Hosted Link, POST /demo/api/result (what the
// application's own server would do). The calls
// go through the public API with the sandbox client's keys, and what is shown is
// what was sent and answered. The page uses the served link-initialize.js like
// any other page; its script is web/demo, its look web/css. The package holds no
// state and knows no other room; server mounts it in a sandbox only.
package demo
