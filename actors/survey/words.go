package survey

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"crafttalkd/actors/event"
)

// Words are what a survey says where its author has said nothing.
type Words struct {
	Yes, No      string
	Confirmation string // {value} is what is known
	Mistaken     map[event.SlotType]string
}

// In returns the words in a language, by its tag. They are Russian where we
// have no others.
func In(language string) Words {
	if base, _, _ := strings.Cut(strings.ToLower(language), "-"); base == "en" {
		return english()
	}
	return russian()
}

func russian() Words {
	return Words{
		Yes: "Да", No: "Нет",
		Confirmation: "Ранее вы указали: {value}. Верно?",
		Mistaken: map[event.SlotType]string{
			event.SlotType_TEXT:       "Пожалуйста, ответьте текстом.",
			event.SlotType_DICTIONARY: "Пожалуйста, выберите один из вариантов.",
			event.SlotType_INTEGER:    "Пожалуйста, введите целое число.",
			event.SlotType_PHONE:      "Не похоже на номер телефона.",
			event.SlotType_CAPTURE:    "Не получилось разобрать ответ.",
			event.SlotType_MATCH:      "Пожалуйста, ответьте текстом.",
		},
	}
}

func english() Words {
	return Words{
		Yes: "Yes", No: "No",
		Confirmation: "You have told us before: {value}. Is that right?",
		Mistaken: map[event.SlotType]string{
			event.SlotType_TEXT:       "Please answer with a text.",
			event.SlotType_DICTIONARY: "Please choose one of the options.",
			event.SlotType_INTEGER:    "Please enter a whole number.",
			event.SlotType_PHONE:      "This does not look like a phone number.",
			event.SlotType_CAPTURE:    "We could not make that out.",
			event.SlotType_MATCH:      "Please answer with a text.",
		},
	}
}

// The words for yes and no, in every language that a survey speaks.
var (
	yes = [...]string{"да", "верно", "да верно", "все верно", "да все верно", "правильно", "ага", "подтверждаю", "yes", "y", "yep", "right", "ok", "ок"}
	no  = [...]string{"нет", "неверно", "нет неверно", "неправильно", "не верно", "no", "n", "nope", "wrong"}
)

// confirmPrefix begins what the buttons of a confirmation send.
const confirmPrefix = "confirm:"

// Confirm returns what a button sends that says whether the known value of a
// slot may be used.
func Confirm(slot string, may bool) string {
	return confirmPrefix + slot + ":" + strconv.FormatBool(may)
}

// Asks tells whether a button belongs to the question for a slot.
func Asks(slot, pressed string) bool {
	s, _, ok := Pressed(pressed)
	return ok && s == slot || pressed == Confirm(slot, true) || pressed == Confirm(slot, false)
}

// Agreed tells whether the customer says yes or no to what is known of a slot,
// in words or by a button.
func Agreed(slot, text, pressed string) (agrees, told bool) {
	switch pressed {
	case Confirm(slot, true):
		return true, true
	case Confirm(slot, false):
		return false, true
	}
	text = fold(text)
	for _, w := range yes {
		if text == w {
			return true, true
		}
	}
	for _, w := range no {
		if text == w {
			return false, true
		}
	}
	return false, false
}

// Mentions tells whether a phrase is in a text as whole words, whatever the
// case of the letters, the punctuation, and whether ё is written.
func Mentions(text, phrase string) bool {
	phrase = fold(phrase)
	return phrase != "" && strings.Contains(" "+fold(text)+" ", " "+phrase+" ")
}

// fold returns the words of a text as they are compared.
func fold(text string) string {
	text = strings.ReplaceAll(strings.ToLower(norm.NFC.String(text)), "ё", "е")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}), " ")
}
