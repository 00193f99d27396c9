package directory

import (
	"maps"
	"regexp"
	"strings"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

const (
	maxWord       = 40    // characters in a word of the dictionary
	maxDictionary = 10000 // words in it
)

// oneWord is letters, which hyphens and apostrophes may stand between.
var oneWord = regexp.MustCompile(`^\p{L}[\p{L}\p{M}]*([-'’]\p{L}[\p{L}\p{M}]*)*$`)

// WordKey is what a word of a center is found by, in whatever case. Each center
// has its own, and everybody's are those of the center "".
func WordKey(center, word string) string { return center + "/" + strings.ToLower(word) }

func checkWord(s State, w *event.DictionaryWord) error {
	if utf8.RuneCountInString(w.Word) > maxWord || !oneWord.MatchString(w.Word) {
		return refusal.Of("word", "a word is at most %d letters, with hyphens and apostrophes between them", maxWord)
	}
	if _, there := s.Words[WordKey(w.CenterId, w.Word)]; !there && len(s.Words) >= maxDictionary {
		return refusal.New(refusal.Conflict, "the dictionary has %d words, and takes no more", maxDictionary)
	}
	if w.CenterId == "" {
		return nil
	}
	return checkAll(s.Centers, "center_id", "center", []string{w.CenterId})
}

// withoutWordsOf returns the words that are not a center's. They go with the
// center, as its settings do: nobody would take them out one by one.
func withoutWordsOf(words map[string]Entry[*event.DictionaryWord], center string) map[string]Entry[*event.DictionaryWord] {
	words = maps.Clone(words)
	maps.DeleteFunc(words, func(_ string, e Entry[*event.DictionaryWord]) bool { return e.Value.CenterId == center })
	return words
}
