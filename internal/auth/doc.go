// Package auth has the account numbers of Items: which accounts have them, how
// they were earned, and their sealed rows.
//
// Its paths are /auth/get, /auth/verify, /sandbox/item/set_verification_status,
// /sandbox/item/create_with_verification_status and /sandbox/item/text_messages/get.
// It owns what happens in Link where a login gives no account numbers, or where nobody logs in: the
// person types those of one account (Typed, pane_numbers.go, manual.go), and the ways in
// which they are believed have a file each (flow_<method>.go). CodeFlow is the later
// session in which a person brings the code of a deposit.
//
// # Decisions where nothing is documented
//
// Instant Match compares the last four digits with the mask, and the routing number
// with those of the bank, where they are known; a connector that can compare more
// is asked (institution.Matcher). Three forms that do not match end it with
// INSTANT_MATCH_FAILED, from where the person may log in anew. What cannot be a
// number at all is not counted. The numbers belong to the account that they were
// typed for: a person who chooses another one in update mode leaves the Item with
// NO_AUTH_ACCOUNTS.
//
// Automated Micro-deposits take over where Instant Match cannot say: the numbers
// that were typed end as the mask does, and the bank has nothing to compare them
// with, or knows others. No ERROR is told then, as the documented events have none.
// The name is asked for on the pane of the numbers, unless user.legal_name is known.
// One cent goes out as Same Day ACH in the transaction that makes the Item. A day
// later the statement of the account is read, at the bank and with the person's
// grant: the account is verified if the deposit is posted there under the name that
// it was sent with and the rail has not heard of its return; otherwise it is looked
// for every hour. So numbers of somebody else's account are never verified, though
// the cent has arrived. Seven days after the Item
// was made the wait ends with verification_expired, also for a deposit that came
// back. A return after that day changes nothing. Each change and its webhook
// are one transaction. PRODUCT_NOT_READY is the answer of /auth/get while an account waits, and after it
// has expired.
//
// Database Auth asks a network about numbers (judge). Those of a recognized account
// pass, unless it was closed or frozen; others pass with caution where they have the
// format of their bank and no administrative return; everything else fails. The
// numbers are handed out with whatever was said: the client decides. An Item of
// /auth/verify has no bank and no token, only its item_id; a checking account is
// taken for granted. Numbers that no account can have make none. While the network
// does not answer, /auth/verify is INTERNAL_SERVER_ERROR. name_match_score is null
// where there is nothing to compare. In Link a session goes from way to way (manuals,
// takeForm): Database Match, Database Auth, Instant, then Same Day Micro-deposits.
// What Database Auth may say is a rule of the customization; a silent network is
// database_insights_pending whatever the rule, and asked again by /auth/get. Without a
// further way the ERROR pane tells no error, as none is documented, and nothing is
// made.
//
// Instant Micro-deposits send the cent when the person authorizes it, before there is
// an Item: its events name the account_id that the account will have. A session pays
// to three accounts at most, and to each once, however often the pane is submitted,
// in whichever tab (auth_instant). The code is good for three tries in all, counted
// before they are compared; the same code twice in a row is one.
// INCORRECT_DEPOSIT_VERIFICATION is the ERROR of each, the third leads to an ERROR pane, and there is no
// Item. A rejection that is about the account leads back to the numbers; any other,
// a minute without an answer, and a person who does not see the cent lead to Same Day
// Micro-deposits, or to INSTITUTION_NOT_RESPONDING. The exit_status of the code's pane
// is requires_code, that of the pane before it requires_credentials. No kind of
// account is asked for where everything is on one pane: it is a checking account.
//
// Same Day Micro-deposits are for people who do not log in (manual.go): the way is
// decided by the routing number, so that others can take its place. NUMBERS has a pane
// for each thing that is asked, and no event between them but those of the two
// numbers. A routing number has to begin as those of banks in the United States do,
// or be one of the catalogue's. The exit_status of these panes is requires_credentials,
// that of the code's requires_code; closing asks first once numbers are typed. The
// deposit leaves in the transaction that makes the Item. Its code is drawn, and ABC in
// the sandbox; it has no end, as documented. A try counts once in the transaction that
// judges it, whatever becomes of the session; what cannot be a code costs none. The
// same code from two tabs verifies once and succeeds in both. A deposit that comes back
// ends the verification with verification_failed and without an error_code, as none is
// documented; one that comes back after the right code changes nothing. A message
// about the deposit is offered in the sandbox alone, as nothing could send it; it is
// due when the deposit posts, and its page is a Hosted Link page of 21 days. The
// webhook SMS_MICRODEPOSITS_VERIFICATION is due for codes that are entered there, and
// for a deposit that came back whose person had asked for a message.
//
// Its neighbours: package item has the Items and asks who may call, package
// institution says how a bank hands out numbers, and package rail pays into an
// account where a bank does not.
package auth
