// Package workflow is the pure core of decisions: documents that say how to decide,
// and the function that does. It has no clock, no storage and no network; what it is
// given is all it knows, and the same input always gives the same bytes.
//
//	v, err := workflow.Compile(document)
//	result := v.Decide(case)
//
// A Document has an input schema, sources of data, rules in CEL and a list of
// outcomes over the rules' tags and score. Compile refuses what does not compile
// (with its place), what reads a field that does not exist, what may cost too much,
// and a rule that may meet missing data without saying what it counts as then.
//
// # Sources are asked when they are needed
//
// Rules are evaluated partially: one that reads a source without a response is
// unknown, unless the rest of its condition settles it. The outcomes are read from
// the top; the sources that the first undecided outcome waits for are Needs. So an
// applicant whom the input alone denies costs no call. Sources that one outcome
// needs are named together and can be asked side by side.
//
// # Missing data
//
// Reading a field without a value is an error of CEL, which && and || absorb where
// the other side decides. Otherwise the rule's own policy says what it counts as:
// block, hit or pass. Where a blocked rule stands before an outcome the result is
// Partial with the document's fallback, an outcome of kind review. If a source has
// failed, nothing is approved: a denial that rests on other data stands, everything
// else is Partial.
//
// # Decisions where nothing is documented
//
// Amounts are whole hundredths, dates are days of the calendar, scores are integers:
// there are no fractions in the language. There are no maps, no time zones and no
// clock in it either; today is the day of the case in UTC. Texts are cut at 512
// characters and lists at 64 entries before rules see them, which is what bounds the
// estimate of a rule's cost. The hash of a version is the SHA-256 of its document in
// canonical JSON: keys sorted, no white space.
//
// A change of the language or of how facts are taken out of an answer needs a new
// number of Engine beside the old one, or replays of old records would differ.
//
// Neighbour: package decision keeps workflows and evaluations, and asks the sources.
package workflow
