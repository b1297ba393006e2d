package plaid

import "strings"

// Token kinds, the first word of a token.
const (
	KindLink      = "link"
	KindPublic    = "public"
	KindAccess    = "access"
	KindProcessor = "processor"
	KindUser      = "user"
)

// NewToken builds a token of the form kind-environment-uuid
// (plaid-server-api.md section 4).
func NewToken(kind, env, uuid string) string { return kind + "-" + env + "-" + uuid }

// TokenOK reports whether a token has the shape of its kind and belongs to env.
// A token of another environment is not well-formed here.
func TokenOK(kind, env, token string) bool {
	rest, ok := strings.CutPrefix(token, kind+"-"+env+"-")
	return ok && uuidOK(rest)
}

func uuidOK(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return false
			}
		}
	}
	return true
}

// AccountIDOK reports whether id has the shape of an account or Item id: 37
// letters and digits without 0, O and Y. An id of another shape is
// INVALID_FIELD, one of this shape that is not on the Item INVALID_ACCOUNT_ID.
func AccountIDOK(id string) bool {
	if len(id) != 37 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		switch {
		case c == '0' || c == 'O' || c == 'Y':
			return false
		case c >= '1' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
		default:
			return false
		}
	}
	return true
}
