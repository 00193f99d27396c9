package exchange

import (
	"crafttalkd/actors/event"
)

// A Book is what a file says.
type Book struct {
	Types    []Type
	Slots    []Slot
	Articles []Article
}

// A Type is a type of articles as a file says it.
type Type struct {
	line       int
	ID         string `json:"id,omitempty"`
	Identifier string `json:"identifier"`
	Name       string `json:"name,omitempty"`
}

// A Slot is a slot as a file says it.
type Slot struct {
	line         int
	ID           string  `json:"id,omitempty"`
	Identifier   string  `json:"identifier"`
	Name         string  `json:"name,omitempty"`
	Class        string  `json:"class,omitempty"`
	Type         string  `json:"type,omitempty"` // text, dictionary, integer, phone, capture, match
	Kind         string  `json:"kind,omitempty"` // asked, inferred
	Question     *Prompt `json:"question,omitempty"`
	Confirmation *Prompt `json:"confirmation,omitempty"`
	Entries      []Entry `json:"entries,omitempty"`
	Pattern      string  `json:"pattern,omitempty"`
	Explanation  string  `json:"explanation,omitempty"`
	Attempts     int32   `json:"attempts,omitempty"`
	Least        *int64  `json:"least,omitempty"`
	Most         *int64  `json:"most,omitempty"`
}

// A Prompt is what a slot says.
type Prompt struct {
	Text  string `json:"text,omitempty"`
	Files []File `json:"files,omitempty"`
}

// An Entry is one value of a dictionary.
type Entry struct {
	ID      string `json:"id"`
	Caption string `json:"caption"`
}

// An Article is an article as a file says it.
type Article struct {
	line       int
	ID         string   `json:"id,omitempty"`
	Identifier string   `json:"identifier"`
	Title      string   `json:"title,omitempty"`
	Type       string   `json:"type,omitempty"`
	Questions  []string `json:"questions,omitempty"`
	Policy     string   `json:"policy,omitempty"` // all, first, random
	Routing    *Routing `json:"routing,omitempty"`
	Topic      string   `json:"topic,omitempty"`
	Slots      []string `json:"slots,omitempty"`
	Answers    []Answer `json:"answers,omitempty"`
}

// Routing is what a conversation asks for from an article on.
type Routing struct {
	Line     string   `json:"line,omitempty"`
	Language string   `json:"language,omitempty"`
	Skills   []string `json:"skills,omitempty"`
	Priority int32    `json:"priority,omitempty"`
}

// An Answer is an answer as a file says it.
type Answer struct {
	line       int
	ID         string    `json:"id,omitempty"`
	Text       string    `json:"text,omitempty"`
	Files      []File    `json:"files,omitempty"`
	Buttons    []Button  `json:"buttons,omitempty"`
	For        *Audience `json:"for,omitempty"`
	Conditions string    `json:"conditions,omitempty"`
}

// A Button leads to another article, by its identifier.
type Button struct {
	Caption string `json:"caption"`
	Article string `json:"article"`
}

// An Audience is whom an answer is for.
type Audience struct {
	Centers   []string `json:"centers,omitempty"`
	Lines     []string `json:"lines,omitempty"`
	Skills    []string `json:"skills,omitempty"`
	Languages []string `json:"languages,omitempty"`
}

// A File is a file of the knowledge base by its hash, or a document by its
// address.
type File struct {
	ID     string `json:"id,omitempty"`
	Name   string `json:"name,omitempty"`
	Mime   string `json:"mime,omitempty"`
	Size   int64  `json:"size,omitempty"`
	Blob   string `json:"blob,omitempty"`
	Source string `json:"source,omitempty"`
}

// A naming is a list of words that a file has for the values of an enum. The
// first of each is written, every one is read.
type naming[E ~int32] map[E][]string

var (
	slotTypes = naming[event.SlotType]{
		event.SlotType_TEXT: {"text", "текст"}, event.SlotType_DICTIONARY: {"dictionary", "словарь"}, event.SlotType_INTEGER: {"integer", "число"},
		event.SlotType_PHONE: {"phone", "телефон"}, event.SlotType_CAPTURE: {"capture", "выражение"}, event.SlotType_MATCH: {"match", "совпадение"},
	}
	slotKinds = naming[event.SlotKind]{event.SlotKind_ASKED: {"asked", "обычный"}, event.SlotKind_INFERRED: {"inferred", "скрытый"}}
	policies  = naming[event.AnswerPolicy]{
		event.AnswerPolicy_ALL_ANSWERS: {"all", "все"}, event.AnswerPolicy_FIRST_ANSWER: {"first", "первое"}, event.AnswerPolicy_RANDOM_ANSWER: {"random", "случайное"},
	}
)
