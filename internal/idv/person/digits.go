package person

// weighted is the sum of digits times weights.
func weighted(digits string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * int(digits[i]-'0')
	}
	return sum
}

// luhn reports whether the last digit is the check digit of ISO/IEC 7812-1.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// cpf checks the two digits of Brazil's CPF; eleven equal digits are none.
func cpf(v string) bool {
	equal := true
	for i := range 11 {
		equal = equal && v[i] == v[0]
	}
	first := weighted(v, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
	second := weighted(v, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
	return !equal && first == int(v[9]-'0') && second == int(v[10]-'0')
}

// rutDigit is the check character of a Chilean number.
func rutDigit(body string) byte {
	sum := 0
	for i := range len(body) {
		sum += (2 + i%6) * int(body[len(body)-1-i]-'0')
	}
	return "0K987654321"[sum%11]
}

// nitDigit is the check digit of a Colombian NIT.
func nitDigit(body string) byte {
	weights, sum := []int{3, 7, 13, 17, 19, 23, 29, 37, 41}, 0
	for i := range len(body) {
		sum += weights[i] * int(body[len(body)-1-i]-'0')
	}
	return "01987654321"[sum%11]
}

// dniLetter is the letter of a Spanish number.
func dniLetter(digits string) byte { return "TRWAGMYFPDXBNJZSQVHLCKE"[number(digits)%23] }

// myNumberDigit is the check digit of a Japanese individual number.
func myNumberDigit(body string) byte {
	r := weighted(body, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11
	if r <= 1 {
		return '0'
	}
	return byte('0' + 11 - r)
}

// kimlik checks the two digits of a Turkish number.
func kimlik(v string) bool {
	odd := weighted(v, 1, 0, 1, 0, 1, 0, 1, 0, 1)
	even := weighted(v, 0, 1, 0, 1, 0, 1, 0, 1)
	tenth := ((7*odd-even)%10 + 10) % 10
	return v[0] != '0' && tenth == int(v[9]-'0') && (odd+even+tenth)%10 == int(v[10]-'0')
}

// lettersThenDigits reports whether v is one or two letters and then n digits.
func lettersThenDigits(v string, n int) bool {
	letters := len(v) - n
	if letters < 1 || letters > 2 || !digitsOnly(v[letters:]) {
		return false
	}
	for i := range letters {
		if v[i] < 'A' || v[i] > 'Z' {
			return false
		}
	}
	return true
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func upper(b byte) byte {
	if 'a' <= b && b <= 'z' {
		return b - 'a' + 'A'
	}
	return b
}
