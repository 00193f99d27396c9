package spelling_test

import (
	"slices"
	"sync"
	"testing"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/transport/spelling"
)

func with(s directory.State, center string, words ...string) directory.State {
	for _, w := range words {
		s = directory.Apply(s, &event.DictionaryWordPut{Word: &event.DictionaryWord{Word: w, CenterId: center}})
	}
	return s
}

// proves OP-15: words of a center are right and suggested there, and nowhere else.
func TestOP15_OwnWords(t *testing.T) {
	d := spelling.New()
	s := with(with(directory.State{}, "north", "Крафтолёт"), "", "Зубрятник")
	north := func(center string) bool { return center == "north" }
	south := func(center string) bool { return center == "south" }
	for _, tt := range []struct {
		name, word string
		sees       func(string) bool
		known      bool
		suggested  string
	}{
		{"its own", "крафтолёт", north, true, ""},
		{"its own, misspelt", "крафталёт", north, false, "Крафтолёт"},
		{"another's", "крафтолёт", south, false, ""},
		{"everybody's", "ЗУБРЯТНИК", south, true, ""},
		{"everybody's, misspelt", "зубрятнек", south, false, "Зубрятник"},
	} {
		v := d.Reader(s, tt.sees).Check(tt.word, "ru")
		if v.Known != tt.known || tt.suggested != "" && !slices.Contains(v.Suggestions, tt.suggested) {
			t.Errorf("%s: %v", tt.name, v)
		}
		if tt.suggested == "" && slices.Contains(v.Suggestions, "Крафтолёт") {
			t.Errorf("%s: %v", tt.name, v)
		}
	}
	if !d.Reader(with(s, "north", "Свердлань"), north).Check("свердлань", "ru").Known {
		t.Error("a word that was added is not known")
	}
	s = directory.Apply(s, &event.DictionaryWordRemoved{Word: "Крафтолёт", CenterId: "north"})
	if d.Reader(s, north).Check("крафтолёт", "ru").Known {
		t.Error("a word that was taken out is known")
	}
}

// proves OP-15: the words of the knowledge base are taken as a whole, while
// others ask.
func TestOP15_WordsOfTheKnowledgeBase(t *testing.T) {
	d := spelling.New()
	nobody := func(string) bool { return false }
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				d.Reader(directory.State{}, nobody).Check("зубрятник", "ru")
			}
		})
	}
	d.SetWords([]string{"Крафтолёт"})
	d.SetWords([]string{"Зубрятник"})
	all.Wait()
	r := d.Reader(directory.State{}, nobody)
	if !r.Check("зубрятник", "ru").Known || r.Check("крафтолёт", "ru").Known {
		t.Error("the words are not those that were given last")
	}
}
