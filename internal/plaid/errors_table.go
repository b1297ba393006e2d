package plaid

import "net/http"

// The table of errors: one row a code, in the wording of Plaid's error pages.
// Codes whose message names something are functions in error.go.

// INVALID_REQUEST: the request itself is wrong.
var (
	// InvalidBody is INVALID_BODY.
	InvalidBody = &Error{Type: invalidRequest, Code: "INVALID_BODY", Message: "body could not be parsed as JSON"}
	// InvalidHeaders is INVALID_HEADERS.
	InvalidHeaders = &Error{Type: invalidRequest, Code: "INVALID_HEADERS", Message: "the Content-Type header must be application/json"}
	// InvalidConfiguration is INVALID_CONFIGURATION.
	InvalidConfiguration = &Error{Type: invalidRequest, Code: "INVALID_CONFIGURATION", Message: "please ensure that the request body is formatted correctly"}
	// InvalidAccountNumber is INVALID_ACCOUNT_NUMBER.
	InvalidAccountNumber = &Error{Type: invalidRequest, Code: "INVALID_ACCOUNT_NUMBER", Message: "The provided account number was invalid."}
	// IncompatibleAPIVersion is INCOMPATIBLE_API_VERSION.
	IncompatibleAPIVersion = &Error{Type: invalidRequest, Code: "INCOMPATIBLE_API_VERSION", Message: "The public_key cannot be used for this endpoint as of version 2020-09-14 of the API. Please use the client_id and secret instead."}
	// NotFound is NOT_FOUND.
	NotFound = &Error{Type: invalidRequest, Code: "NOT_FOUND", Message: "not found", Status: http.StatusNotFound}
	// NoLongerAvailable is NO_LONGER_AVAILABLE.
	NoLongerAvailable = &Error{Type: invalidRequest, Code: "NO_LONGER_AVAILABLE", Message: "This endpoint has been discontinued as of version 2020-09-14 of the API.", Status: http.StatusNotFound}
)

// INVALID_INPUT: the request names something that does not fit.
var (
	// InvalidAPIKeys is INVALID_API_KEYS.
	InvalidAPIKeys = &Error{Type: invalidInput, Code: "INVALID_API_KEYS", Message: "invalid client_id or secret provided"}
	// InvalidAccessToken is INVALID_ACCESS_TOKEN.
	InvalidAccessToken = &Error{Type: invalidInput, Code: "INVALID_ACCESS_TOKEN", Message: "could not find matching access token"}
	// InvalidPublicToken is INVALID_PUBLIC_TOKEN.
	InvalidPublicToken = &Error{Type: invalidInput, Code: "INVALID_PUBLIC_TOKEN", Message: "could not find matching public token"}
	// InvalidProcessorToken is INVALID_PROCESSOR_TOKEN.
	InvalidProcessorToken = &Error{Type: invalidInput, Code: "INVALID_PROCESSOR_TOKEN", Message: "could not find matching processor token"}
	// InvalidLinkToken is INVALID_LINK_TOKEN.
	InvalidLinkToken = &Error{Type: invalidInput, Code: "INVALID_LINK_TOKEN", Message: "invalid link_token provided"}
	// InvalidAccountID is INVALID_ACCOUNT_ID.
	InvalidAccountID = &Error{Type: invalidInput, Code: "INVALID_ACCOUNT_ID", Message: "failed to find requested account ID for requested item"}
	// InvalidInstitution is INVALID_INSTITUTION.
	InvalidInstitution = &Error{Type: invalidInput, Code: "INVALID_INSTITUTION", Message: "invalid institution_id provided"}
	// InvalidLinkCustomization is INVALID_LINK_CUSTOMIZATION.
	InvalidLinkCustomization = &Error{Type: invalidInput, Code: "INVALID_LINK_CUSTOMIZATION", Message: "requested link customization is not set to update account selection"}
	// InvalidUserToken is INVALID_USER_TOKEN.
	InvalidUserToken = &Error{Type: invalidInput, Code: "INVALID_USER_TOKEN", Message: "could not find matching user token"}
	// InvalidUserID is INVALID_USER_ID.
	InvalidUserID = &Error{Type: invalidInput, Code: "INVALID_USER_ID", Message: "user.user_id must be a non-empty string"}
	// InvalidWebhookVerificationKeyID is INVALID_WEBHOOK_VERIFICATION_KEY_ID.
	InvalidWebhookVerificationKeyID = &Error{Type: invalidInput, Code: "INVALID_WEBHOOK_VERIFICATION_KEY_ID", Message: "invalid key_id provided. note that key_ids are specific to Plaid environments, and verification requests must be made to the same environment that the webhook was sent from"}
	// IncorrectDepositVerification is INCORRECT_DEPOSIT_VERIFICATION.
	IncorrectDepositVerification = &Error{Type: invalidInput, Code: "INCORRECT_DEPOSIT_VERIFICATION", Message: ""}
	// TooManyVerificationAttempts is TOO_MANY_VERIFICATION_ATTEMPTS.
	TooManyVerificationAttempts = &Error{Type: invalidInput, Code: "TOO_MANY_VERIFICATION_ATTEMPTS", Message: ""}
	// UnauthorizedEnvironment is UNAUTHORIZED_ENVIRONMENT.
	UnauthorizedEnvironment = &Error{Type: invalidInput, Code: "UNAUTHORIZED_ENVIRONMENT", Message: "you are not authorized to create items in this api environment. Go to the Dashboard (https://dashboard.plaid.com) to see which environments you are authorized for."}
	// UnauthorizedRouteAccess is UNAUTHORIZED_ROUTE_ACCESS.
	UnauthorizedRouteAccess = &Error{Type: invalidInput, Code: "UNAUTHORIZED_ROUTE_ACCESS", Message: "you are not authorized to access this route in this api environment."}
	// UserPermissionRevoked is USER_PERMISSION_REVOKED.
	UserPermissionRevoked = &Error{Type: invalidInput, Code: "USER_PERMISSION_REVOKED", Message: "the holder of this account has revoked their permission for your application to access it"}
	// ProductUnavailable is PRODUCT_UNAVAILABLE.
	ProductUnavailable = &Error{Type: invalidInput, Code: "PRODUCT_UNAVAILABLE", Message: "Additional products may not be added to this pre-authed item."}
	// DirectIntegrationNotEnabled is DIRECT_INTEGRATION_NOT_ENABLED.
	DirectIntegrationNotEnabled = &Error{Type: invalidInput, Code: "DIRECT_INTEGRATION_NOT_ENABLED", Message: "your client ID is only authorized to use Plaid Link. head to the docs (https://plaid.com/docs) to get started."}
)

// USER_ERROR.
var (
	// InvalidUserIdentityData is INVALID_USER_IDENTITY_DATA.
	InvalidUserIdentityData = &Error{Type: userError, Code: "INVALID_USER_IDENTITY_DATA", Message: "Invalid identity data.", Status: http.StatusForbidden}
)

// ITEM_ERROR: the person's login or accounts need attention.
var (
	// AccessNotGranted is ACCESS_NOT_GRANTED.
	AccessNotGranted = &Error{Type: itemError, Code: "ACCESS_NOT_GRANTED", Message: "access to this product was not granted for the account", Display: "The user did not grant the necessary permissions for this product on their account."}
	// InstantMatchFailed is INSTANT_MATCH_FAILED.
	InstantMatchFailed = &Error{Type: itemError, Code: "INSTANT_MATCH_FAILED", Message: "Item cannot be verified through Instant Match. Ensure you are correctly enabling all auth features in Link."}
	// InsufficientCredentials is INSUFFICIENT_CREDENTIALS.
	InsufficientCredentials = &Error{Type: itemError, Code: "INSUFFICIENT_CREDENTIALS", Message: "insufficient authorization was provided to complete the request", Display: "INSUFFICIENT_CREDENTIALS"}
	// InvalidCredentials is INVALID_CREDENTIALS.
	InvalidCredentials = &Error{Type: itemError, Code: "INVALID_CREDENTIALS", Message: "the provided credentials were not correct", Display: "The provided credentials were not correct. Please try again."}
	// InvalidMFA is INVALID_MFA.
	InvalidMFA = &Error{Type: itemError, Code: "INVALID_MFA", Message: "the provided MFA response(s) were not correct", Display: "The provided MFA responses were not correct. Please try again."}
	// InvalidSendMethod is INVALID_SEND_METHOD.
	InvalidSendMethod = &Error{Type: itemError, Code: "INVALID_SEND_METHOD", Message: "the provided MFA send_method was invalid"}
	// InvalidPhoneNumber is INVALID_PHONE_NUMBER.
	InvalidPhoneNumber = &Error{Type: itemError, Code: "INVALID_PHONE_NUMBER", Message: "the provided phone number was invalid", Display: "The provided phone number was invalid. Please try again."}
	// InvalidOTP is INVALID_OTP.
	InvalidOTP = &Error{Type: itemError, Code: "INVALID_OTP", Message: "the provided OTP was invalid", Display: "The provided OTP was invalid. Please try again."}
	// ProfileAuthenticationFailed is PROFILE_AUTHENTICATION_FAILED.
	ProfileAuthenticationFailed = &Error{Type: itemError, Code: "PROFILE_AUTHENTICATION_FAILED", Message: "the user failed to authenticate their phone number", Display: "Your phone number could not be verified. Please continue without it."}
	// InvalidUpdatedUsername is INVALID_UPDATED_USERNAME.
	InvalidUpdatedUsername = &Error{Type: itemError, Code: "INVALID_UPDATED_USERNAME", Message: "the username provided to /item/credentials/update does not match the original username for the item"}
	// ItemConcurrentlyDeleted is ITEM_CONCURRENTLY_DELETED.
	ItemConcurrentlyDeleted = &Error{Type: itemError, Code: "ITEM_CONCURRENTLY_DELETED", Message: "This item was deleted while the operation was in progress"}
	// ItemLocked is ITEM_LOCKED.
	ItemLocked = &Error{Type: itemError, Code: "ITEM_LOCKED", Message: "the account is locked. prompt the user to visit the institution's site and unlock their account", Display: "The given account has been locked by the financial institution. Please visit your financial institution's website to unlock your account."}
	// ItemLoginRequired is ITEM_LOGIN_REQUIRED.
	ItemLoginRequired = &Error{Type: itemError, Code: "ITEM_LOGIN_REQUIRED", Message: "the login details of this item have changed (credentials, MFA, or required user action) and a user login is required to update this information. use Link's update mode to restore the item to a good state"}
	// ItemNotFound is ITEM_NOT_FOUND.
	ItemNotFound = &Error{Type: itemError, Code: "ITEM_NOT_FOUND", Message: "The Item you requested cannot be found. This Item does not exist, has been previously removed via /item/remove, or has had access removed by the user."}
	// ItemNotSupported is ITEM_NOT_SUPPORTED.
	ItemNotSupported = &Error{Type: itemError, Code: "ITEM_NOT_SUPPORTED", Message: "this account is currently not supported", Display: "The given account is not currently supported for this financial institution. We apologize for the inconvenience."}
	// MFANotSupported is MFA_NOT_SUPPORTED.
	MFANotSupported = &Error{Type: itemError, Code: "MFA_NOT_SUPPORTED", Message: "this account requires a MFA type that we do not currently support for the institution", Display: "The multi-factor security features enabled on this account are not currently supported for this financial institution. We apologize for the inconvenience."}
	// NoAccounts is NO_ACCOUNTS.
	NoAccounts = &Error{Type: itemError, Code: "NO_ACCOUNTS", Message: "no valid accounts were found for this item", Display: "No valid accounts were found at the financial institution. Please visit your financial institution's website to confirm accounts are available."}
	// NoAuthAccounts is NO_AUTH_ACCOUNTS.
	NoAuthAccounts = &Error{Type: itemError, Code: "NO_AUTH_ACCOUNTS", Message: "There are no valid checking or savings account(s) associated with this Item. See https://plaid.com/docs/api/#item-errors for more."}
	// NoInvestmentAccounts is NO_INVESTMENT_ACCOUNTS.
	NoInvestmentAccounts = &Error{Type: itemError, Code: "NO_INVESTMENT_ACCOUNTS", Message: "There are no valid investment account(s) associated with this Item. See https://plaid.com/docs/api/#item-errors for more."}
	// NoLiabilityAccounts is NO_LIABILITY_ACCOUNTS.
	NoLiabilityAccounts = &Error{Type: itemError, Code: "NO_LIABILITY_ACCOUNTS", Message: "There are no valid liability account(s) associated with this Item. See https://plaid.com/docs/api/#item-errors for more."}
	// PasswordResetRequired is PASSWORD_RESET_REQUIRED.
	PasswordResetRequired = &Error{Type: itemError, Code: "PASSWORD_RESET_REQUIRED", Message: "user must reset their password", Display: "The user needs to reset their password for their account"}
	// ProductNotEnabled is PRODUCT_NOT_ENABLED.
	ProductNotEnabled = &Error{Type: itemError, Code: "PRODUCT_NOT_ENABLED", Message: "A requested product was not enabled for the current access token. Please ensure it is included when when initializing Link and create the Item again."}
	// ProductNotReady is PRODUCT_NOT_READY.
	ProductNotReady = &Error{Type: itemError, Code: "PRODUCT_NOT_READY", Message: "the requested product is not yet ready. please provide a webhook or try the request again later"}
	// UserSetupRequired is USER_SETUP_REQUIRED.
	UserSetupRequired = &Error{Type: itemError, Code: "USER_SETUP_REQUIRED", Message: "the account has not been fully set up. prompt the user to visit the issuing institution's site and finish the setup process", Display: "The given account is not fully setup. Please visit your financial institution's website to setup your account."}
	// UserInputTimeout is USER_INPUT_TIMEOUT.
	UserInputTimeout = &Error{Type: itemError, Code: "USER_INPUT_TIMEOUT", Message: "user must retry this operation", Display: "The application timed out waiting for user input"}
	// CountryNotSupported is COUNTRY_NOT_SUPPORTED.
	CountryNotSupported = &Error{Type: itemError, Code: "COUNTRY_NOT_SUPPORTED", Message: "the country of this account is not supported", Display: "The country of this account is not supported."}
)

// INSTITUTION_ERROR: the bank's side.
var (
	// InstitutionDown is INSTITUTION_DOWN.
	InstitutionDown = &Error{Type: institutionError, Code: "INSTITUTION_DOWN", Message: "this institution is not currently responding to this request. please try again soon", Display: "This financial institution is not currently responding to requests. We apologize for the inconvenience."}
	// InstitutionNotResponding is INSTITUTION_NOT_RESPONDING.
	InstitutionNotResponding = &Error{Type: institutionError, Code: "INSTITUTION_NOT_RESPONDING", Message: "this institution is not currently responding to this request. please try again soon", Display: "This financial institution is not currently responding to requests. We apologize for the inconvenience."}
	// InstitutionNotAvailable is INSTITUTION_NOT_AVAILABLE.
	InstitutionNotAvailable = &Error{Type: institutionError, Code: "INSTITUTION_NOT_AVAILABLE", Message: "this institution is not currently responding to this request. please try again soon", Display: "This financial institution is not currently responding to requests. We apologize for the inconvenience."}
	// InstitutionNoLongerSupported is INSTITUTION_NO_LONGER_SUPPORTED.
	InstitutionNoLongerSupported = &Error{Type: institutionError, Code: "INSTITUTION_NO_LONGER_SUPPORTED", Message: "this institution is no longer supported", Display: "This financial institution is no longer supported. We apologize for the inconvenience."}
	// InstitutionNotEnabledInEnvironment is INSTITUTION_NOT_ENABLED_IN_ENVIRONMENT.
	InstitutionNotEnabledInEnvironment = &Error{Type: institutionError, Code: "INSTITUTION_NOT_ENABLED_IN_ENVIRONMENT", Message: "Institution not enabled in this environment"}
	// UnauthorizedInstitution is UNAUTHORIZED_INSTITUTION.
	UnauthorizedInstitution = &Error{Type: institutionError, Code: "UNAUTHORIZED_INSTITUTION", Message: "not authorized to create items for this institution", Display: "You are not authorized to create items for this institution at this time."}
	// InstitutionRegistrationRequired is INSTITUTION_REGISTRATION_REQUIRED.
	InstitutionRegistrationRequired = &Error{Type: institutionError, Code: "INSTITUTION_REGISTRATION_REQUIRED", Message: "not yet registered to create items for this institution", Display: "You must register your application with this institution before you can create items for it."}
	// UnsupportedResponse is UNSUPPORTED_RESPONSE.
	UnsupportedResponse = &Error{Type: institutionError, Code: "UNSUPPORTED_RESPONSE", Message: "the data returned from the financial institution is not valid", Display: "The data returned from the financial institution is not valid."}
)

// SANDBOX_ERROR.
var (
	// SandboxWebhookInvalid is SANDBOX_WEBHOOK_INVALID.
	SandboxWebhookInvalid = &Error{Type: sandboxError, Code: "SANDBOX_WEBHOOK_INVALID", Message: "Webhook for this item is either not set up, or invalid. Please update the item's webhook and try again."}
)

// ASSET_REPORT_ERROR: only in a webhook that the sandbox fires.
var (
	// AssetDataUnavailable is DATA_UNAVAILABLE.
	AssetDataUnavailable = &Error{Type: "ASSET_REPORT_ERROR", Code: "DATA_UNAVAILABLE", Message: "unable to pull sufficient data for all items to generate this report. please see the \"causes\" field for more details"}
)

// RECAPTCHA_ERROR.
var (
	// RecaptchaRequired is RECAPTCHA_REQUIRED.
	RecaptchaRequired = &Error{Type: recaptchaError, Code: "RECAPTCHA_REQUIRED", Message: "This request requires additional verification. Please resubmit the request after completing the challenge"}
	// RecaptchaBad is RECAPTCHA_BAD.
	RecaptchaBad = &Error{Type: recaptchaError, Code: "RECAPTCHA_BAD", Message: "The provided challenge response was denied. Please try again"}
)

// OAUTH_ERROR.
var (
	// IncorrectOAuthNonce is INCORRECT_OAUTH_NONCE.
	IncorrectOAuthNonce = &Error{Type: oauthError, Code: "INCORRECT_OAUTH_NONCE", Message: "nonce does not match"}
	// IncorrectLinkToken is INCORRECT_LINK_TOKEN.
	IncorrectLinkToken = &Error{Type: oauthError, Code: "INCORRECT_LINK_TOKEN", Message: "link token does not match original link token"}
	// OAuthStateIDNotFound is OAUTH_STATE_ID_NOT_FOUND.
	OAuthStateIDNotFound = &Error{Type: oauthError, Code: "OAUTH_STATE_ID_NOT_FOUND", Message: "the provided oauth_state_id wasn't found", Status: http.StatusNotFound}
	// OAuthStateIDAlreadyProcessed is OAUTH_STATE_ID_ALREADY_PROCESSED.
	OAuthStateIDAlreadyProcessed = &Error{Type: oauthError, Code: "OAUTH_STATE_ID_ALREADY_PROCESSED", Message: "", Status: http.StatusAlreadyReported}
)

// API_ERROR: our side.
var (
	// InternalServerError is INTERNAL_SERVER_ERROR.
	InternalServerError = &Error{Type: apiError, Code: "INTERNAL_SERVER_ERROR", Message: "an unexpected error occurred", Status: http.StatusInternalServerError}
	// PlannedMaintenance is PLANNED_MAINTENANCE.
	PlannedMaintenance = &Error{Type: apiError, Code: "PLANNED_MAINTENANCE", Message: "the Plaid API is temporarily unavailable due to planned maintenance. visit https://status.plaid.com/ for more information", Status: http.StatusServiceUnavailable}
)

// RATE_LIMIT_EXCEEDED (plaid-server-api.md section 3.6). The wording of a limit on
// one Item is documented; that of a client's limit on institutions is too, and the
// others follow its form (package fault).
var (
	// AccountsLimit is ACCOUNTS_LIMIT.
	AccountsLimit = limited("ACCOUNTS_LIMIT", itemLimited)
	// BalanceLimit is BALANCE_LIMIT.
	BalanceLimit = limited("BALANCE_LIMIT", itemLimited)
	// AccountsBalanceGetLimit is ACCOUNTS_BALANCE_GET_LIMIT.
	AccountsBalanceGetLimit = limited("ACCOUNTS_BALANCE_GET_LIMIT", `rate limit exceeded for attempts to access "accounts balance get". please try again later`)
	// AuthLimit is AUTH_LIMIT.
	AuthLimit = limited("AUTH_LIMIT", itemLimited)
	// IdentityLimit is IDENTITY_LIMIT.
	IdentityLimit = limited("IDENTITY_LIMIT", itemLimited)
	// InstitutionsGetLimit is INSTITUTIONS_GET_LIMIT.
	InstitutionsGetLimit = limited("INSTITUTIONS_GET_LIMIT", `rate limit exceeded for attempts to access "institutions get". please try again later`)
	// InstitutionsGetByIDLimit is INSTITUTIONS_GET_BY_ID_LIMIT.
	InstitutionsGetByIDLimit = limited("INSTITUTIONS_GET_BY_ID_LIMIT", `rate limit exceeded for attempts to access "institutions get by id". please try again later`)
	// ItemGetLimit is ITEM_GET_LIMIT.
	ItemGetLimit = limited("ITEM_GET_LIMIT", itemLimited)
	// RateLimit is RATE_LIMIT.
	RateLimit = limited("RATE_LIMIT", itemLimited)
	// InstitutionRateLimit is INSTITUTION_RATE_LIMIT.
	InstitutionRateLimit = limited("INSTITUTION_RATE_LIMIT", "The institution is currently receiving too many requests. Please try again later.")
	// CreditsExhausted is CREDITS_EXHAUSTED.
	CreditsExhausted = limited("CREDITS_EXHAUSTED", "Free usage exhausted, please request full Production access to continue using this product")
)

const itemLimited = "rate limit exceeded for attempts to access this item. please try again later"

func limited(code, message string) *Error {
	return &Error{Type: rateLimit, Code: code, Message: message, Status: http.StatusTooManyRequests}
}

// Format errors share a code with the error of a token that does not exist; only
// the message tells them apart (plaid-server-api.md section 3.2).
var (
	// InvalidAccessTokenFormat refuses an access token of the wrong shape.
	InvalidAccessTokenFormat = InvalidAccessToken.WithMessage("provided access token is in an invalid format. expected format: access-<environment>-<identifier>")
	// InvalidPublicTokenFormat refuses a public token of the wrong shape.
	InvalidPublicTokenFormat = InvalidPublicToken.WithMessage("provided public token is in an invalid format. expected format: public-<environment>-<identifier>")
	// InvalidProcessorTokenFormat refuses a processor token of the wrong shape.
	InvalidProcessorTokenFormat = InvalidProcessorToken.WithMessage("provided processor token is in an invalid format. expected format: processor-<environment>-<identifier>")
)

// table finds an error by its code.
var table = func() map[string]*Error {
	m := map[string]*Error{}
	for _, e := range []*Error{
		InvalidBody, InvalidHeaders, InvalidConfiguration, InvalidAccountNumber,
		IncompatibleAPIVersion, NotFound, NoLongerAvailable, InvalidAPIKeys, InvalidAccessToken,
		InvalidPublicToken, InvalidProcessorToken, InvalidLinkToken, InvalidAccountID,
		InvalidInstitution, InvalidLinkCustomization, InvalidUserToken, InvalidUserID,
		InvalidWebhookVerificationKeyID, IncorrectDepositVerification, TooManyVerificationAttempts,
		UnauthorizedEnvironment, UnauthorizedRouteAccess, UserPermissionRevoked, ProductUnavailable,
		DirectIntegrationNotEnabled, InvalidUserIdentityData, AccessNotGranted, InstantMatchFailed,
		InsufficientCredentials, InvalidCredentials, InvalidMFA, InvalidSendMethod, InvalidPhoneNumber,
		InvalidOTP, ProfileAuthenticationFailed, InvalidUpdatedUsername, ItemConcurrentlyDeleted, ItemLocked, ItemLoginRequired,
		ItemNotFound, ItemNotSupported, MFANotSupported, NoAccounts, NoAuthAccounts, NoInvestmentAccounts, NoLiabilityAccounts,
		PasswordResetRequired, ProductNotEnabled, ProductNotReady, UserSetupRequired, UserInputTimeout,
		CountryNotSupported, InstitutionDown, InstitutionNotResponding, InstitutionNotAvailable,
		InstitutionNoLongerSupported, InstitutionNotEnabledInEnvironment, UnauthorizedInstitution,
		InstitutionRegistrationRequired, UnsupportedResponse, SandboxWebhookInvalid, RecaptchaRequired,
		RecaptchaBad, IncorrectOAuthNonce, IncorrectLinkToken, OAuthStateIDNotFound,
		OAuthStateIDAlreadyProcessed, InternalServerError, PlannedMaintenance,
		AccountsLimit, BalanceLimit, AccountsBalanceGetLimit, AuthLimit, IdentityLimit, InstitutionsGetLimit,
		InstitutionsGetByIDLimit, ItemGetLimit, RateLimit, InstitutionRateLimit, CreditsExhausted,
	} {
		m[e.Code] = e
	}
	return m
}()
