// Every pane of Link, and how a person comes to it. A new pane joins with a line:
// a walk to it, and a look. tests/panes.test.mjs judges each look and lays each
// pane on the way out in every language; lib/sheets.mjs draws the looks. A pane that
// differs from another in words alone needs no look: a walk past it is enough.

import { at, bank, caller, check, close, code, deposited, dressed, embedded, enter, fill, hint, hold, hosted, inside, later, let_, login, look, lose, press, refuse, reload, says, sees, several, shut, stay, tab, update, walk } from "./walker.mjs";

/** The codes that a bank's login can end with and a pane has words for. */
export const CODES = [
  "ACCESS_NOT_GRANTED", "COUNTRY_NOT_SUPPORTED", "INSTITUTION_DOWN", "INSTITUTION_NOT_AVAILABLE", "INSTITUTION_NOT_RESPONDING",
  "INSTITUTION_NO_LONGER_SUPPORTED", "INSTITUTION_REGISTRATION_REQUIRED", "INSUFFICIENT_CREDENTIALS", "INTERNAL_SERVER_ERROR",
  "ITEM_NOT_SUPPORTED", "MFA_NOT_SUPPORTED", "NO_ACCOUNTS", "PASSWORD_RESET_REQUIRED", "RECAPTCHA_BAD",
  "UNAUTHORIZED_INSTITUTION", "UNSUPPORTED_RESPONSE", "USER_INPUT_TIMEOUT", "USER_SETUP_REQUIRED",
  "INVALID_SEND_METHOD", // the last: no way leads back from it
];

export const walks = [
  walk("consent, banks, login", {},
    look("consent"), press("summary"), look("consent-open"), press(),
    at("SELECT_INSTITUTION"), look("institutions"),
    fill("#search-input-input", "platypus"), sees("#aut-ins_132361"), look("institutions-search"),
    fill("#search-input-input", "no bank has this name"), says("No bank by that name"), look("institutions-empty"),
    fill("#search-input-input", ""), press("#aut-ins_109508"),
    at("CREDENTIAL"), look("credentials"), press(), sees("[role=alert]"), look("credentials-missing"),
    login("pass_goo"), sees("#aut-input-1-input[aria-invalid=true]"), look("credentials-wrong"),
    close, look("exit"), stay,
    hold, login("pass_good"), at("LOADING"), look("loading"), let_,
    at("SELECT_ACCOUNT"), look("accounts"), press(), sees("[role=alert]"), look("accounts-missing"),
    press('[data-testid="account-0000"]'), press('[data-testid="account-1111"]'), press(), at("CONNECTED"), look("connected")),

  walk("accounts: one", { link_customization_name: "single" }, enter("pass_good"), at("SELECT_ACCOUNT"), look("accounts-single")),
  walk("accounts: all", { link_customization_name: "all" }, enter("pass_good"), at("SELECT_ACCOUNT"), look("accounts-all")),
  walk("accounts: one kind", { account_filters: { credit: { account_subtypes: ["credit card"] } }, products: ["identity"] },
    enter("pass_good"), at("SELECT_ACCOUNT"), look("accounts-filtered")),

  walk("a device, a code", {}, enter("mfa_device"), at("MFA"), look("mfa-device"), check("fieldset input"), press(),
    sees(".code-input"), look("mfa-code"), press("#aut-secondary-button"), says("A new code is on its way"), look("mfa-code-again"),
    fill(".code-input", "9999"), sees(".code-input[aria-invalid=true]"), look("mfa-code-wrong")),
  walk("questions", {}, enter("mfa_questions_1_3"), at("MFA"), look("mfa-questions"), press(), sees("[role=alert]"), look("mfa-questions-missing"),
    hint, fill("#aut-input-0-input", "no"), press(), sees("[aria-invalid=true]"), look("mfa-questions-wrong"),
    press('[data-testid="link-back"]'), login("mfa_questions_2_3"), at("MFA"), hint, press(), says("answer_1_")),
  walk("selections", {}, enter("mfa_selections_1_2_3"), at("MFA"), look("mfa-selections"), press(), sees("[role=alert]"), look("mfa-selections-missing")),

  walk("a check for robots", {}, enter('{"recaptcha":"bad"}'), at("RECAPTCHA"), look("recaptcha"), press(), sees("[role=alert]"), look("recaptcha-missing"),
    hint, press(), says("The check didn’t work"), look("recaptcha-wrong")),

  walk("a login is renewed", update({ update: { account_selection_enabled: true } }), at("CREDENTIAL"), look("update-credentials"),
    login("anything", "user_yuppie"), sees("#aut-input-0-input[aria-invalid=true]"), look("update-other-user"), close, look("update-exit"), stay,
    login("error_NO_ACCOUNTS"), at("ERROR"), look("update-error"), press(),
    login("pass_good"), at("SELECT_ACCOUNT"), look("update-accounts"), press(), at("CONNECTED"), look("update-connected")),
  walk("more products", update({ additional_consented_products: ["identity", "transactions", "liabilities", "investments"] }, { good: true }),
    at("CONSENT"), look("update-consent"), press(), at("CONNECTED"), look("update-consented")),

  walk("a returning user", caller("+14155550012"), press(), at("VERIFY_PHONE"), look("code"),
    code("000000"), sees("#otp-code-input-input[aria-invalid=true]"), look("code-wrong"), press('[data-testid="link-back"]'),
    at("SUBMIT_PHONE"), look("phone-known"), fill("#phone-input", "1"), press(), sees("#phone-input[aria-invalid=true]"), look("phone-wrong"),
    fill("#phone-input", "415-555-0012"), press(), at("VERIFY_PHONE"), press("#aut-secondary-button"), says("A new code is on its way"), look("code-again"),
    hint, at("SELECT_SAVED_INSTITUTION"), look("saved-banks"), press("#aut-ins_109508"), at("SELECT_SAVED_ACCOUNT"), look("saved-accounts"),
    press('[data-testid="link-back"]'), at("SELECT_SAVED_INSTITUTION"), press("#aut-secondary-button"), at("SELECT_INSTITUTION"),
    press("#aut-ins_109509"), login("pass_good"), at("SELECT_ACCOUNT"), press('[data-testid="account-0000"]'), press(), at("CONNECTED"), look("save")),
  walk("a number that is asked for", dressed("returning", { returning_user: true }), press(), at("SUBMIT_PHONE"), look("phone")),
  walk("a code that is wrong too often", caller("+14155550015"), press(), at("VERIFY_PHONE"),
    ...["000000", "111111"].map((digits) => [code(digits), sees("#otp-code-input-input[aria-invalid=true]"), fill("#otp-code-input-input", "")]),
    code("222222"), at("ERROR"), look("code-ended")),

  walk("a bank with pages of its own", {}, bank("ins_127287"), at("OAUTH"), look("oauth"), press(), sees("a#aut-button"), look("oauth-waiting"),
    shut, says("was closed before you were done"), look("oauth-closed")),
  walk("a bank with pages of its own and a long name, in German", { language: "de" }, bank("ins_132241", "app2app"), at("OAUTH"), look("oauth-german"),
    press(), sees("a#aut-button"), look("oauth-german-waiting")),
  walk("a bank with pages of its own, inside an app", {}, inside, bank("ins_127287"), at("OAUTH"), press(), at("ERROR"), look("oauth-inside-app")),

  walk("numbers that are typed", { products: ["auth"] }, bank("ins_109512", "houndstooth"), login("pass_good"), at("SELECT_ACCOUNT"), press('[data-testid="account-1111"]'), press(),
    at("NUMBERS"), look("numbers"), press(), sees("[role=alert]"), look("numbers-missing"),
    fill("#device-input", "021000021"), fill("#account-number-input", "1111222233331112"), press(), sees("[aria-invalid=true]"), look("numbers-wrong")),

  walk("numbers and a deposit", { products: ["auth"], auth: { automated_microdeposits_enabled: true } }, bank("ins_109512", "houndstooth"), login("microdeposits_good"), at("SELECT_ACCOUNT"), press("label.choice"), press(),
    at("NUMBERS"), look("numbers-deposit"), fill("#device-input", "021000021"), fill("#account-number-input", "1111222233330000"), press(), sees("[role=alert]"), look("numbers-deposit-missing"),
    fill("#name-input", "Alberta Charleson"), press(), at("CONNECTED"), look("numbers-deposit-connected")),
  walk("an account is missing", { products: ["transactions", "investments"] }, enter("pass_good"), at("SELECT_ACCOUNT"), press("label.choice"), press(), says("Holdings and trades")),
  walk("numbers instead of a login", { products: ["auth"], auth: { same_day_microdeposits_enabled: true } }, press(), at("SELECT_INSTITUTION"), look("institutions-manual"),
    fill("#search-input-input", "no bank has this name"), says("or enter your account numbers"), look("institutions-manual-empty"), press("#aut-secondary-button"),
    at("NUMBERS"), look("manual-routing"), fill("#device-input", "021000022"), press(), sees("[aria-invalid=true]"), look("manual-routing-wrong"),
    fill("#device-input", "021200339"), press(), at("NUMBERS_SELECT_INSTITUTION"), look("manual-banks"), press("#aut-secondary-button"),
    sees("#account-number-confirmation"), look("manual-account"), fill("#account-number-input", "1111222233330000"), fill("#account-number-confirmation", "111122223333000"), press(), sees("[aria-invalid=true]"), look("manual-account-wrong"),
    hint, press(), sees("#name-input"), look("manual-holder"), hint, press(), sees("#account-subtype"), look("manual-kind"), press("#account-subtype-0"), press(), says("Is everything right?"), look("manual-authorize"),
    close, look("manual-exit"), stay, press(), at("SAME_DAY_MICRODEPOSIT_AUTHORIZED"), look("manual-on-its-way"), press(), at("CONNECTED"), look("manual-connected")),
  walk("the way is chosen first", { products: ["auth"], auth: { same_day_microdeposits_enabled: true, auth_type_select_enabled: true } }, press(), at("SELECT_AUTH_TYPE"), look("auth-type"),
    press("#flow-type-instant"), at("SELECT_INSTITUTION"), press("#aut-ins_109508"), login("error_INSTITUTION_DOWN"), at("ERROR"), look("error-manual"), close, look("exit-manual"), press('.sheet [data-action="instead"]'), at("NUMBERS")),
  walk("a deposit within seconds", { products: ["auth"] }, bank("ins_135858", "windowpane"), at("NUMBERS"), look("instant-form"), press(), sees("[role=alert]"), look("instant-form-missing"),
    hint, fill("#device-input", "110000000"), press(), says("Payments within seconds"), look("instant-form-wrong"), fill("#device-input", "333333334"), press(),
    at("INSTANT_MICRODEPOSIT_AUTHORIZED"), look("instant-sent"), press(), at("INSTANT_MICRODEPOSIT_VERIFICATION"), look("instant-code"),
    fill("#deposit-code-input", "abd"), sees("#deposit-code-input[aria-invalid=true]"), look("instant-code-wrong"), fill("#deposit-code-input", "abe"), says("You have 1 try left"),
    fill("#deposit-code-input", "abf"), at("ERROR"), look("instant-code-last")),
  walk("a deposit that is not seen", { products: ["auth"], auth: { same_day_microdeposits_enabled: true } }, bank("ins_135858", "windowpane"), hint, press(),
    at("INSTANT_MICRODEPOSIT_AUTHORIZED"), press(), at("INSTANT_MICRODEPOSIT_VERIFICATION"), look("instant-code-missing"), press("#aut-secondary-button"), sees("#account-subtype"), look("instant-slower")),
  walk("numbers that nobody knows", { products: ["auth"], auth: { database_insights_enabled: true } }, press(), press("#aut-secondary-button"), at("NUMBERS"), look("database-form"),
    hint, fill("#account-number-input", "1111222233332222"), press(), at("ERROR"), look("numbers-unverified")),

  walk("the code of a deposit", deposited(), at("SAME_DAY_MICRODEPOSIT_VERIFICATION"), look("deposit-code"), press(), sees("[role=alert]"), look("deposit-code-missing"),
    fill("#deposit-code-input", "XYZ"), says("You have 2 tries left"), look("deposit-code-wrong"), hint, at("CONNECTED"), look("deposit-connected")),
  walk("too many codes", deposited(), ...["AAA", "BBB"].map((code, n) => [at("SAME_DAY_MICRODEPOSIT_VERIFICATION"), fill("#deposit-code-input", code), says(n ? "You have 1 try left" : "You have 2 tries left")]),
    fill("#deposit-code-input", "CCC"), at("ERROR"), look("deposit-locked")),
  walk("a deposit that came back", deposited({ back: true }), at("ERROR"), look("deposit-returned")),

  walk("an account of somebody else", dressed("owners", { identity_match: { legal_name: 70 } }, { products: ["identity"], user: { client_user_id: "user-id", legal_name: "Ray Charles" } }),
    enter("pass_good"), at("SELECT_ACCOUNT"), press("label.choice"), press(), at("IDENTITY_MATCH_BLOCK"), look("owner-block"), press(), at("SELECT_INSTITUTION")),
  walk("a slow bank", {}, bank("ins_132363", "unhealthy"), at("ERROR"), look("bank-degraded")),
  walk("a bank that is down", {}, bank("ins_132361", "unhealthy"), at("ERROR"), look("bank-down")),
  walk("a bank no longer supported", {}, bank("ins_133402", "unsupported"), at("ERROR"), look("bank-retired")),
  walk("a bank without the product", {}, bank("ins_135858", "windowpane"), at("ERROR"), look("bank-filtered")),
  walk("a locked login", {}, enter("error_ITEM_LOCKED"), at("ERROR"), look("error-ITEM_LOCKED")),
  walk("errors of a login", {}, bank("ins_109508"), CODES.map((code, n) => [n ? [press('[data-testid="link-back"]'), at("SELECT_INSTITUTION"), press("#aut-ins_109508")] : [], login(`error_${code}`), at("ERROR"), look(`error-${code}`, { brief: true })])),

  walk("several banks", several, enter("pass_good"), at("SELECT_ACCOUNT"), press('[data-testid="account-0000"]'), press(), at("CONNECTED"), look("several-one"),
    press("#aut-secondary-button"), press("#aut-ins_109511"), at("CREDENTIAL"), close, look("several-exit"), stay, login("pass_good"), at("SELECT_ACCOUNT"), press('[data-testid="account-1111"]'), press(), at("CONNECTED"), look("several-two"),
    press("#aut-secondary-button"), at("SELECT_INSTITUTION"), look("several-banks")),
  walk("what data is for", dressed("transparent", {
    appearance: { company_name: "Wonderwallet & Söhne" },
    data_transparency: { use_cases: ["Do business accounting and tax preparation", "Verify your identity and prevent fraud", "Facilitate business-to-business payments"] },
  }, { products: ["auth", "identity", "transactions"], additional_consented_products: ["investments", "liabilities", "signal", "statements"] }),
    look("consent-transparent"), enter("pass_good"), at("SELECT_ACCOUNT"), look("accounts-transparent"),
    press('[data-testid="link-back"]'), at("SELECT_INSTITUTION"), press("#aut-ins_127287"), at("OAUTH"), look("oauth-transparent")),
  walk("a team's own colour and words", dressed("orange", { language: "en", country_codes: ["US"], appearance: { accent_color: "#ff8800" }, texts: [{ pane: "CONSENT", title: "Add your bank to Wonderwallet", lead: "It takes a minute.", button: "Choose a bank" }] }),
    look("consent-orange"), bank("ins_109508"), at("CREDENTIAL"), look("credentials-orange")),

  walk("the server is away", {}, bank("ins_109508"), at("CREDENTIAL"), lose, login("pass_good"), says("No connection"), look("notice-offline")),
  walk("the server fails", {}, bank("ins_109508"), at("CREDENTIAL"), refuse, login("pass_good"), sees(".ref"), look("notice-failed")),
  tab("a tab of its own", {}, look("tab-consent"), enter("pass_good"), at("SELECT_ACCOUNT"), press('[data-testid="account-0000"]'), press(),
    at("CONNECTED"), look("tab-connected"), press(), says("You can close this window"), look("tab-ended-success")),
  tab("a tab that is left", {}, press('[data-testid="link-close"]'), says("Nothing was connected"), look("tab-ended-exit")),
  tab("a tab without a token", null, look("tab-incomplete")),
  hosted("a page of its own", { completion_redirect_uri: "https://wonderwallet.example/linked" }, look("hosted-consent"), enter("pass_good"), at("SELECT_ACCOUNT"),
    press('[data-testid="account-0000"]'), press(), at("CONNECTED"), look("hosted-connected")),
  hosted("a page that is left", {}, press('[data-testid="link-close"]'), says("Nothing was connected"), look("hosted-left")),
  hosted("a page that has expired", { url_lifetime_seconds: 60 }, later(61), reload, look("hosted-expired", { part: true })),
  embedded("the search in an app's page, and numbers", "300x350", { products: ["auth"], auth: { same_day_microdeposits_enabled: true, auth_type_select_enabled: true } }, look("embedded-manual", { part: true })),
  embedded("the search in an app's page", "300x350", {}, look("embedded", { part: true }), fill("#search-input-input", "platypus"), sees("#aut-ins_132361"), look("embedded-search", { part: true }),
    fill("#search-input-input", "no bank has this name"), says("No bank by that name"), look("embedded-empty", { part: true })),
];
