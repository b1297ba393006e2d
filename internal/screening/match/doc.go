// Package match finds the entries of watchlists that a name may mean. It knows no
// database, no HTTP and no clock.
//
// # What may be relied on
//
// A score is a pure function of two names, from 0 to 100. Search finds exactly the
// entries that comparing the query with every entry would find (Exhaustive, which the
// tests hold it to): the index only leaves out what cannot reach the threshold.
//
// # The score
//
// Both names are taken apart by package identity/match: case, accents, punctuation
// and titles do not matter, other scripts are read in Latin letters. The words of the
// two are paired, each pair is worth up to 100:
//
//	100  the same word; 97 but for particles: "van Gogh" and "Gogh"
//	 96  two spellings of one first name: Mohammed and Muhammad
//	 94  what sounds the same: Rasheed and Rashid
//	 92  the same consonants, one of the two being written in Arabic or Hebrew
//	 90  a first name and its short form: William and Bill
//	 80  the same consonants, three or more
//	 80  the beginning of a word, four letters or more
//	 75  an initial
//	74 to 92  a misspelling: the shorter the word, the less; 12 less for a first letter
//	 50  first names of different people that a letter tells apart: Mario and Maria
//
// The score is what the pairs are worth, of all words of both names: a word that the
// other side lacks costs its share. An initial weighs half a word, a word that many
// companies have a third. Words that stand in another order cost 3, another
// generation (Jr, Sr) 5, one that is missing 1, another legal form 3, one that is
// missing 1. Two words written as one, or one as two, are the same.
//
// A name has to share more than initials and common words with the other.
//
// # Decisions where nothing is documented
//
// Whether an entry is a hit is decided by its best name that is not weak. A date of
// birth that contradicts every one of the entry's takes 15 from the score, so that a
// namesake of another age needs a nearly equal name; one that nearly fits takes
// nothing. The number of a document that is the entry's own makes a hit whatever the
// name. Countries never make or prevent a hit: people move.
//
// A name is "match" from 90, "partial_match" from 70. A date of birth is partial within
// a year of the range, or with day and month exchanged; the number of a document is with
// one letter wrong. A name of a single word of fewer than four letters, or of initials, is weak by our own
// determination ("plaid").
package match
