package photo

import "fmt"

// Finding is one measure of a picture.
type Finding struct {
	Name      string  // a word for programs: blur, glare, recompression …
	Value     float64 // what was measured
	Threshold float64 // what it is held against
	Failed    bool    // on the bad side of the threshold
	Sentence  string  // for the person who reviews
}

// below is a finding that fails under its threshold.
func below(name string, value, threshold float64, bad, good string) Finding {
	return finding(name, value, threshold, value < threshold, bad, good)
}

// above is a finding that fails over its threshold.
func above(name string, value, threshold float64, bad, good string) Finding {
	return finding(name, value, threshold, value > threshold, bad, good)
}

func finding(name string, value, threshold float64, failed bool, bad, good string) Finding {
	f := Finding{Name: name, Value: value, Threshold: threshold, Failed: failed, Sentence: good}
	if failed {
		f.Sentence = bad
	}
	f.Sentence += fmt.Sprintf(" (%.3g; threshold %.3g)", value, threshold)
	return f
}
