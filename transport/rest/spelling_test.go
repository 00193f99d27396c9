package rest_test

import (
	"fmt"
	"strings"
	"testing"

	"crafttalkd/actors/event"
)

// proves OP-15: any operator's words are looked up, in their order, and not
// too many of them.
func TestOP15_WordsAreLookedUp(t *testing.T) {
	inHouse(t, func(h *house) {
		got := h.as("oleg", "POST", "/api/v1/spelling", `{"language":"ru","words":["привет","превет","ghbdtn","АБВГД"]}`).want(200)
		for i, want := range []string{"привет true []", "превет false привет", "ghbdtn false привет", "АБВГД true []"} {
			first := fmt.Sprint(got.field("words", i, "suggestions"))
			if s := got.field("words", i, "suggestions").([]any); len(s) > 0 {
				first = s[0].(string)
			}
			if line := fmt.Sprint(got.field("words", i, "word"), got.field("words", i, "known"), " ", first); strings.ReplaceAll(line, " ", "") != strings.ReplaceAll(want, " ", "") {
				t.Errorf("word %d: %s, want %s", i, line, want)
			}
		}
		h.as("oleg", "POST", "/api/v1/spelling", `{"words":[]}`).want(200)
		h.as("oleg", "POST", "/api/v1/spelling", `{"language":"ru"}`).want(422)
		h.as("oleg", "POST", "/api/v1/spelling", `{"words":[`+strings.Repeat(`"a",`, 100)+`"a"]}`).want(422)
		if long := strings.Repeat("ы", 5000); h.as("oleg", "POST", "/api/v1/spelling", `{"words":["`+long+`"]}`).want(200).field("words", 0, "known") != true {
			t.Error("what is longer than words are is looked up")
		}
	})
}

// known tells what a user is told of a word.
func (h *house) known(user, word string) bool {
	h.t.Helper()
	return h.as(user, "POST", "/api/v1/spelling", `{"language":"ru","words":["`+word+`"]}`).want(200).field("words", 0, "known").(bool)
}

// proves OP-15: a word that an operator puts in is right for the whole center,
// and for no other.
func TestOP15_DictionaryOfTheCenter(t *testing.T) {
	inHouse(t, func(h *house) {
		h.operator(&event.User{UserId: "mila", Login: "mila", CenterIds: []string{"shop"}, LineIds: []string{"help"}})
		if h.known("mila", "крафтолёт") {
			t.Fatal("the word is known before it is put in")
		}
		for range 2 { // the second time is not news
			if got := h.as("oleg", "PUT", "/api/v1/dictionary/Крафтолёт", `{"center_id":"shop"}`).want(200); got.field("by") != "oleg" {
				t.Errorf("it is by %v", got.field("by"))
			}
		}
		if !h.known("mila", "крафтолёт") || h.known("lena", "крафтолёт") {
			t.Error("the word is not the center's own")
		}
		if got := h.as("mila", "GET", "/api/v1/dictionary", "").want(200); got.field("items", 0, "word") != "Крафтолёт" {
			t.Errorf("the dictionary is %s", got.Body)
		}
		if got := h.as("lena", "GET", "/api/v1/dictionary", "").want(200); len(got.field("items").([]any)) > 0 {
			t.Errorf("another center sees %s", got.Body)
		}
		h.as("oleg", "PUT", "/api/v1/dictionary/слово", `{"center_id":"bank"}`).want(422)
		h.as("oleg", "PUT", "/api/v1/dictionary/слово", `{}`).want(422)
		h.as("oleg", "PUT", "/api/v1/dictionary/два%20слова", `{"center_id":"shop"}`).want(422)
		h.as("boss", "PUT", "/api/v1/dictionary/Зубрятник", `{}`).want(200)
		if !h.known("lena", "зубрятник") {
			t.Error("everybody's word is not known to everybody")
		}
	})
}

// proves OP-15: who has put a word in takes it out, and who may modify the
// configuration; nobody learns what others have.
func TestOP15_WordsAreTakenOut(t *testing.T) {
	inHouse(t, func(h *house) {
		h.operator(&event.User{UserId: "mila", Login: "mila", CenterIds: []string{"shop"}, LineIds: []string{"help"}})
		const one = "/api/v1/dictionary/крафтолёт"
		put := func() { h.as("oleg", "PUT", one, `{"center_id":"shop"}`).want(200) }
		put()
		h.as("mila", "DELETE", one+"?center_id=shop", "").want(403)
		h.as("lena", "DELETE", one+"?center_id=shop", "").want(204)
		h.as("rival", "DELETE", one+"?center_id=shop", "").want(204)
		h.as("oleg", "DELETE", one, "").want(204) // everybody's, which it is not
		if !h.known("oleg", "крафтолёт") {
			t.Fatal("the word was taken out by who may not")
		}
		h.as("oleg", "DELETE", one+"?center_id=shop", "").want(204)
		put()
		h.as("boss", "DELETE", one+"?center_id=shop", "").want(204)
		if h.known("oleg", "крафтолёт") {
			t.Error("the word was not taken out")
		}
	})
}
