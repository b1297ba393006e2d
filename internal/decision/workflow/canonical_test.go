package workflow

import "testing"

// TestCanonical: the order of keys and white space do not change a hash, a value
// does.
func TestCanonical(t *testing.T) {
	a, err := canonical([]byte(`{ "b": 1.50, "a": {"y":"<é>", "x":[3,2]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"a":{"x":[3,2],"y":"<é>"},"b":1.50}`; string(a) != want {
		t.Errorf("%s", a)
	}
	b, _ := canonical([]byte(`{"a":{"x":[3,2],"y":"<é>"},"b":1.50}`))
	c, _ := canonical([]byte(`{"a":{"x":[2,3],"y":"<é>"},"b":1.50}`))
	if Digest(a) != Digest(b) || Digest(a) == Digest(c) {
		t.Error("the digests do not tell equal from different")
	}
}
