package workflow

import (
	"fmt"
	"testing"
)

// BenchmarkDecide is a whole decision: the input's checks, the facts of two answers,
// six rules, the outcomes and the trace. The goal is 50 µs.
func BenchmarkDecide(b *testing.B) {
	v := compiled(b, ownership)
	c := Case{Input: person(), Now: day, Responses: map[string]Response{"plaid_account": accountOf("savings"), "plaid_identity_match": matched("60")}}
	b.ReportAllocs()
	for b.Loop() {
		if v.Decide(c).Status != Decided {
			b.Fatal("not decided")
		}
	}
}

// BenchmarkNeeds is the first round of a case, which ends with the sources to ask.
func BenchmarkNeeds(b *testing.B) {
	v := compiled(b, ownership)
	c := Case{Input: person(), Now: day}
	b.ReportAllocs()
	for b.Loop() {
		if v.Decide(c).Status != SourcesNeeded {
			b.Fatal("decided")
		}
	}
}

// BenchmarkReplay decides recorded cases again and compares the bytes.
func BenchmarkReplay(b *testing.B) {
	v := compiled(b, ownership)
	cases := make([]Case, 101)
	raws := make([][]byte, len(cases))
	for i := range cases {
		cases[i] = Case{Input: person(), Now: day, Responses: map[string]Response{"plaid_account": accountOf("savings"), "plaid_identity_match": matched(fmt.Sprint(i))}}
		raws[i], _ = v.Decide(cases[i]).Bytes()
	}
	n := 0
	for b.Loop() {
		if _, err := Replay(v, cases[n%101], raws[n%101]); err != nil {
			b.Fatal(err)
		}
		n++
	}
}
