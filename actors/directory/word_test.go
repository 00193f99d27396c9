package directory_test

import (
	"strconv"
	"testing"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// proves OP-15: a dictionary that is full takes no word more, and those that
// are in it can be changed and taken out.
func TestOP15_DictionaryIsBounded(t *testing.T) {
	s := directory.State{Words: map[string]directory.Entry[*event.DictionaryWord]{}}
	for i := range 10000 {
		word := "x" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676))
		s.Words[directory.WordKey("", word)] = directory.Entry[*event.DictionaryWord]{Value: &event.DictionaryWord{Word: word}}
	}
	if len(s.Words) != 10000 {
		t.Fatal(strconv.Itoa(len(s.Words)) + " words")
	}
	put := func(word string) error {
		_, err := directory.Decide(s, directory.Put{By: "oleg", Any: true, Entry: &event.DictionaryWord{Word: word}}, actortest.Epoch)
		return err
	}
	if err := put("more"); refusal.KindOf(err) != refusal.Conflict {
		t.Errorf("one more word: %v", err)
	}
	if err := put("XAAA"); err != nil {
		t.Errorf("a word that is there: %v", err)
	}
	s = do(t, s, directory.Remove{By: "oleg", Kind: "DictionaryWord", ID: "/xaaa"})
	if err := put("more"); err != nil {
		t.Errorf("a word in the place of another: %v", err)
	}
}
