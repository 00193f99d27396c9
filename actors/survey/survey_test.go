package survey_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/survey"
)

// A slot of each type, as small as it can be.
func dictionary(captions ...string) *event.Slot {
	s := &event.Slot{SlotId: "d", Identifier: "d", Type: event.SlotType_DICTIONARY}
	for i, c := range captions {
		s.Entries = append(s.Entries, &event.DictionaryEntry{Id: string(rune('a' + i)), Caption: c})
	}
	return s
}

func of(t event.SlotType, pattern string) *event.Slot {
	return &event.Slot{SlotId: "s", Identifier: "s", Type: t, Pattern: pattern}
}

func between(least, most int64) *event.Slot {
	return &event.Slot{Type: event.SlotType_INTEGER, Least: &least, Most: &most}
}

const mask = "+7 (XXX) XXX-XX-XX"

// proves SL-02
func TestSL02_Check(t *testing.T) {
	for _, tt := range []struct {
		name  string
		slot  *event.Slot
		field string // of the refusal; empty for none
	}{
		{"a text", of(event.SlotType_TEXT, ""), ""},
		{"a dictionary", dictionary("Хорошо", "Плохо"), ""},
		{"a dictionary of nothing", dictionary(), "entries"},
		{"a caption twice", dictionary("Всё", "все!"), "entries"},
		{"signs alone", dictionary("+", "-"), ""},
		{"a caption of blanks", dictionary("Хорошо", " "), "entries"},
		{"an identifier twice", &event.Slot{Type: event.SlotType_DICTIONARY, Entries: []*event.DictionaryEntry{{Id: "a", Caption: "A"}, {Id: "A", Caption: "B"}}}, "entries"},
		{"too many values", dictionary(strings.Split(strings.Repeat("x ", 101), " ")...), "entries"},
		{"an integer", between(1, 1), ""},
		{"an integer of nothing", between(2, 1), "most"},
		{"a telephone", of(event.SlotType_PHONE, ""), ""},
		{"a mask", of(event.SlotType_PHONE, mask), ""},
		{"a mask of letters", of(event.SlotType_PHONE, "+7 NNN"), "pattern"},
		{"a mask of two", of(event.SlotType_PHONE, "XX"), "pattern"},
		{"a capture", of(event.SlotType_CAPTURE, `(\d+)`), ""},
		{"a capture of nothing", of(event.SlotType_CAPTURE, ""), "pattern"},
		{"a match", of(event.SlotType_MATCH, `(?i)да`), ""},
		{"what does not parse", of(event.SlotType_MATCH, `(`), "pattern"},
		{"what is no RE2", of(event.SlotType_MATCH, `(a)\1`), "pattern"},
		{"what is long", of(event.SlotType_MATCH, strings.Repeat("a", 1001)), "pattern"},
		{"what compiles to much", of(event.SlotType_MATCH, `((a{100}){100})`), "pattern"},
		{"what compiles to a little too much", of(event.SlotType_MATCH, `(abcdefghij){250}`), "pattern"},
		{"no such type", of(9, ""), "type"},
		{"no such kind", &event.Slot{Kind: 7}, "kind"},
		{"too patient", &event.Slot{Attempts: 11}, "attempts"},
	} {
		err := survey.Check(tt.slot)
		got := ""
		if e, ok := errors.AsType[*refusal.Error](err); ok {
			got = e.Field
		}
		if got != tt.field || (err == nil) != (tt.field == "") {
			t.Errorf("%s: refused for %q (%v), want %q", tt.name, got, err, tt.field)
		}
	}
}

// proves SL-02
func TestSL02_Read(t *testing.T) {
	marks := dictionary("Хорошо", "Всё плохо", "+")
	for _, tt := range []struct {
		slot              *event.Slot
		text, press, want string // an empty want does not fit
	}{
		{of(event.SlotType_TEXT, ""), "  Москва ", "", "Москва"},
		{of(event.SlotType_TEXT, ""), " \n", "", ""},
		{marks, "хорошо!", "", "a"},
		{marks, "все плохо", "", "b"},
		{marks, "B", "", "b"},
		{marks, "+", "", "c"},
		{marks, "!", "", ""},
		{marks, "хорошо и плохо", "", ""},
		{marks, "Дальше", survey.Press("d", "b"), "b"},
		{marks, "Дальше", survey.Press("d", "x"), ""},
		{marks, "Хорошо", survey.Press("other", "b"), "a"},
		{between(1, 2000), "1 000", "", "1000"},
		{between(1, 2000), "+7", "", "7"},
		{between(-5, 5), "−5", "", "-5"},
		{between(1, 9), "10", "", ""},
		{between(1, 9), "0", "", ""},
		{between(1, 9), "пять", "", ""},
		{of(event.SlotType_INTEGER, ""), "99999999999999999999", "", ""},
		{of(event.SlotType_PHONE, ""), "8 (912) 345-67-89", "", "+79123456789"},
		{of(event.SlotType_PHONE, ""), "+44 20 7946 0958", "", "+442079460958"},
		{of(event.SlotType_PHONE, ""), "912345", "", ""},
		{of(event.SlotType_PHONE, ""), "позвоните 8 (912) 345-67-89", "", ""},
		{of(event.SlotType_PHONE, ""), "+7 000 000-00-00", "", ""},
		{of(event.SlotType_PHONE, mask), "8 912 345 67 89", "", "+79123456789"},
		{of(event.SlotType_PHONE, mask), "912 345-67-89", "", "+79123456789"},
		{of(event.SlotType_PHONE, mask), "+7(912)3456789", "", "+79123456789"},
		{of(event.SlotType_PHONE, mask), "+8 912 345 67 89", "", ""},
		{of(event.SlotType_PHONE, mask), "+1 912 345 67 89", "", ""},
		{of(event.SlotType_PHONE, mask), "912 345-67-8", "", ""},
		{of(event.SlotType_PHONE, "XX-XX-XX"), "22 33 44", "", "223344"},
		{of(event.SlotType_CAPTURE, `номер (\d{4})`), "мой номер 1234, да", "", "1234"},
		{of(event.SlotType_CAPTURE, `\d{4}`), "мой номер 1234", "", "1234"},
		{of(event.SlotType_CAPTURE, `x*`), "мой номер", "", ""},
		{of(event.SlotType_CAPTURE, `(`), "(", "", ""},
		{of(event.SlotType_MATCH, `(?i)iphone`), "Мой iPhone", "", "true"},
		{of(event.SlotType_MATCH, `(?i)iphone`), "Samsung", "", "false"},
		{of(event.SlotType_MATCH, `(?i)iphone`), " ", "", ""},
	} {
		got, ok := survey.Read(tt.slot, tt.text, tt.press)
		if ok != (tt.want != "") || ok && got != tt.want {
			t.Errorf("%v reads %q (%s) as %q, %v, want %q", tt.slot.Type, tt.text, tt.press, got, ok, tt.want)
		}
		if ok && !survey.Fits(tt.slot, got) {
			t.Errorf("%v has read %q and does not take it for its own", tt.slot.Type, got)
		}
	}
}

// proves SL-03
func TestSL03_Extract(t *testing.T) {
	phones := dictionary("Samsung", "Samsung Galaxy", "iPhone")
	for _, tt := range []struct {
		slot       *event.Slot
		text, want string
	}{
		{phones, "У меня samsung galaxy, старый", "b"},
		{phones, "У меня Samsung.", "a"},
		{phones, "Мой Samsungs", ""},
		{between(1, 9), "в 2024 году было 7 штук", "7"},
		{between(1, 9), "ничего", ""},
		{of(event.SlotType_PHONE, ""), "заказ 12, звоните 8 912 345-67-89 вечером", "+79123456789"},
		{of(event.SlotType_PHONE, mask), "заказ 12345, а телефон (912) 345 67 89", "+79123456789"},
		{of(event.SlotType_PHONE, mask), "заказ 12345, а телефон 912 345 67 89", "+79123456789"},
		{of(event.SlotType_CAPTURE, `\b(\d{4})\b`), "карта 1234", "1234"},
		{of(event.SlotType_MATCH, `iPhone`), "мой iPhone", "true"},
		{of(event.SlotType_MATCH, `iPhone`), "мой телефон", ""},
		{of(event.SlotType_TEXT, ""), "Что угодно", "Что угодно"},
	} {
		got, ok := survey.Extract(tt.slot, tt.text)
		if ok != (tt.want != "") || ok && got != tt.want {
			t.Errorf("%v finds %q, %v in %q, want %q", tt.slot.Type, got, ok, tt.text, tt.want)
		}
	}
}

// A text is read as far as a pattern may be held against it.
func TestSL02_LongTexts(t *testing.T) {
	long := strings.Repeat("ё", 5000)
	if got, _ := survey.Read(of(event.SlotType_TEXT, ""), long, ""); len([]rune(got)) != 2000 {
		t.Errorf("%d characters are kept, want 2000", len([]rune(got)))
	}
	if _, ok := survey.Read(of(event.SlotType_CAPTURE, "z"), long+"z", ""); ok {
		t.Error("a pattern is held against more than 2000 characters")
	}
}

// proves SL-04
func TestSL04_Agreed(t *testing.T) {
	for text, want := range map[string][2]bool{
		"Да": {true, true}, "да, всё верно!": {true, true}, "Yes": {true, true}, "Нет": {false, true}, "неверно": {false, true},
		"Москва": {}, "да нет наверное": {}, "": {},
	} {
		if agrees, told := survey.Agreed("s", text, ""); agrees != want[0] || told != want[1] {
			t.Errorf("%q agrees %v, told %v, want %v", text, agrees, told, want)
		}
	}
	for press, want := range map[string][2]bool{survey.Confirm("s", true): {true, true}, survey.Confirm("s", false): {false, true}, survey.Confirm("other", true): {}} {
		if agrees, told := survey.Agreed("s", "Дальше", press); agrees != want[0] || told != want[1] {
			t.Errorf("pressing %s agrees %v, told %v, want %v", press, agrees, told, want)
		}
	}
}

// What people read for a value is not what is compared.
func TestSL02_Caption(t *testing.T) {
	russian, english := survey.In("ru"), survey.In("en-GB")
	for _, tt := range []struct {
		slot        *event.Slot
		value, want string
		words       survey.Words
	}{
		{dictionary("Хорошо"), "a", "Хорошо", russian},
		{of(event.SlotType_PHONE, mask), "+79123456789", "+7 (912) 345-67-89", russian},
		{of(event.SlotType_PHONE, ""), "+79123456789", "+7 912 345-67-89", russian},
		{of(event.SlotType_MATCH, "x"), "true", "Да", russian},
		{of(event.SlotType_MATCH, "x"), "false", "No", english},
		{of(event.SlotType_TEXT, ""), "Москва", "Москва", english},
	} {
		if got := survey.Caption(tt.slot, tt.value, tt.words); got != tt.want {
			t.Errorf("%v says %q for %q, want %q", tt.slot.Type, got, tt.value, tt.want)
		}
	}
}

// proves SL-06, KB-05
func TestSL06_Choose(t *testing.T) {
	c := func(slot string, how event.Comparison, value string) *event.Condition {
		return &event.Condition{SlotId: slot, Comparison: how, Value: value}
	}
	when := func(sets ...[]*event.Condition) *event.Answer {
		a := &event.Answer{}
		for _, s := range sets {
			a.Conditions = append(a.Conditions, &event.ConditionSet{All: s})
		}
		return a
	}
	known := func(slot string) (string, bool) {
		v, ok := map[string]string{"speed": "good", "count": "5", "town": "Нижний Новгород"}[slot]
		return v, ok
	}
	type set = []*event.Condition
	const eq, ne, lt, gt, in = event.Comparison_EQUAL, event.Comparison_NOT_EQUAL, event.Comparison_LESS, event.Comparison_GREATER, event.Comparison_CONTAINS
	for i, tt := range []struct {
		answer *event.Answer
		want   bool
	}{
		{when(), true},
		{when(set{c("speed", eq, "Good ")}), true},
		{when(set{c("speed", eq, "good"), c("staff", eq, "good")}), false},
		{when(set{c("staff", eq, "good")}, set{c("speed", eq, "good")}), true},
		{when(set{c("staff", ne, "bad")}), true},
		{when(set{c("speed", ne, "good")}), false},
		{when(set{c("count", gt, "4"), c("count", lt, "6")}), true},
		{when(set{c("count", gt, "5")}), false},
		{when(set{c("staff", lt, "5")}), false},
		{when(set{c("speed", gt, "4")}), false},
		{when(set{c("town", in, "новгород")}), true},
		{when(set{c("staff", in, "")}), false},
		{when(set{c("town", event.Comparison_KNOWN, "")}), true},
		{when(set{c("staff", event.Comparison_UNKNOWN, "")}), true},
		{when(set{c("town", event.Comparison_UNKNOWN, "")}), false},
		{when(set{c("town", 9, "")}), false},
	} {
		if got := survey.Holds(tt.answer, known); got != tt.want {
			t.Errorf("%d: %v holds %v, want %v", i, tt.answer.Conditions, got, tt.want)
		}
	}
	no := set{c("speed", eq, "bad")}
	s := &event.Survey{Answers: []*event.Answer{{AnswerId: "1", Conditions: when(no).Conditions}, {AnswerId: "2"}, {AnswerId: "3"}, {AnswerId: "4"}}}
	for _, tt := range []struct {
		policy event.AnswerPolicy
		draw   uint64
		want   string
	}{{event.AnswerPolicy_ALL_ANSWERS, 0, "234"}, {event.AnswerPolicy_FIRST_ANSWER, 2, "2"}, {event.AnswerPolicy_RANDOM_ANSWER, 4, "3"}, {event.AnswerPolicy_RANDOM_ANSWER, 1<<64 - 1, "2"}} {
		s.Policy, s.Draw = tt.policy, tt.draw
		got := ""
		for _, a := range survey.Choose(s, known) {
			got += a.AnswerId
		}
		if got != tt.want {
			t.Errorf("%v with draw %d chooses %s, want %s", tt.policy, tt.draw, got, tt.want)
		}
	}
	s.Answers = s.Answers[:1]
	if got := survey.Choose(s, known); got != nil {
		t.Errorf("chooses %v where none holds", got)
	}
}

// proves BT-07
func TestBT07_Redirect(t *testing.T) {
	for text, want := range map[string]string{
		"/redirect weatherbot": "weatherbot", "  /redirect\tweatherbot \n": "weatherbot", "/redirect operator": survey.Person, "/redirect Queue": survey.Person,
		"/redirect": survey.Person, "/redirect a b": "", "use /redirect bot": "", "/redirected bot": "", "": "",
	} {
		if got, ok := survey.Redirect(text); got != want || ok != (want != "") {
			t.Errorf("%q redirects to %q, %v, want %q", text, got, ok, want)
		}
	}
}

// slots of the texts below.
var slots = []*event.Slot{
	{SlotId: "1", Identifier: "speed", Type: event.SlotType_DICTIONARY, Entries: []*event.DictionaryEntry{{Id: "good"}, {Id: "very bad"}}},
	{SlotId: "2", Identifier: "число", Type: event.SlotType_INTEGER},
	{SlotId: "3", Identifier: "and", Type: event.SlotType_TEXT},
	{SlotId: "4", Identifier: "apple", Type: event.SlotType_MATCH},
	{SlotId: "5", Identifier: "known", Type: event.SlotType_TEXT},
}

func named(name string) (*event.Slot, bool) {
	i := slices.IndexFunc(slots, func(s *event.Slot) bool { return s.Identifier == name })
	if i < 0 {
		return nil, false
	}
	return slots[i], true
}

func byID(id string) (*event.Slot, bool) {
	i := slices.IndexFunc(slots, func(s *event.Slot) bool { return s.SlotId == id })
	if i < 0 {
		return nil, false
	}
	return slots[i], true
}

// proves SL-06
func TestSL06_Parse(t *testing.T) {
	for _, tt := range []struct{ text, again string }{
		{"", ""},
		{" speed=good ", "speed = good"},
		{"speed = good AND число>-4 or known( speed ) and unknown(apple)", "speed = good and число > -4 or known(speed) and unknown(apple)"},
		{`"and" contains "a \"b\" \\ c" or "known" != x`, `"and" contains "a \"b\" \\ c" or "known" != x`},
		{`speed != "very bad"`, `speed != "very bad"`},
		{"apple = true", "apple = true"},
		{`known("and")`, `known("and")`},
	} {
		sets, err := survey.Parse(tt.text, named)
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		if got := survey.Format(sets, byID); got != tt.again {
			t.Errorf("%q is written again as %q, want %q", tt.text, got, tt.again)
		}
	}
}

// proves SL-06
func TestSL06_ParseSaysWhere(t *testing.T) {
	for _, tt := range []struct {
		text string
		at   int
	}{
		{"speed", 6}, {"speed = ", 9}, {"= good", 1}, {"speed = good speed", 14}, {"speed = good and", 17}, {"скорость = good", 1},
		{"число = много", 9}, {"speed = fair", 9}, {"speed < good", 9}, {"число contains 4", 16}, {"apple = да", 9}, {`known(speed`, 12}, {"known(good)", 7},
		{`"and" = "x`, 9}, {"speed ! good", 7}, {"(speed = good)", 1}, {"speed = good; число = 1", 13}, {`"and" = ""`, 9}, {"known = known(", 14},
		{strings.Repeat("known(speed) or ", 100) + "known(speed)", 1601}, {strings.Repeat(" ", 10001), 1}, {"speed = \xff", 1},
	} {
		sets, err := survey.Parse(tt.text, named)
		e, ok := errors.AsType[*survey.SyntaxError](err)
		if !ok || e.At != tt.at || sets != nil {
			t.Errorf("%.40q: %v with %v, want a fault at character %d", tt.text, err, sets, tt.at)
		}
	}
}

// FuzzParse holds that what is read is written as it is read again, and that
// every fault is within the text.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"speed = good and число > 4 or unknown(apple)", `"and" contains "a\"b"`, "known(", "!= \\", `speed = "very bad" or`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sets, err := survey.Parse(text, named)
		if err != nil {
			if e, ok := errors.AsType[*survey.SyntaxError](err); !ok || e.At < 1 || e.At > len([]rune(text))+1 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		written := survey.Format(sets, byID)
		again, err := survey.Parse(written, named)
		if err != nil || survey.Format(again, byID) != written {
			t.Fatalf("%q is written as %q, which is read as %v, %v", text, written, again, err)
		}
	})
}

// FuzzPattern holds that any pattern is refused, or reads and finds without
// harm, and that what is found fits.
func FuzzPattern(f *testing.F) {
	f.Add(`(\d{4})`, "карта 1234")
	f.Add(`(?i)iphone|айфон`, "Мой айФон")
	f.Add(`((a{1,30}){1,30}){1,30}`, "aaaa")
	f.Add(`(|a|b)*$`, "\xff\x00")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		for _, kind := range []event.SlotType{event.SlotType_CAPTURE, event.SlotType_MATCH, event.SlotType_PHONE} {
			s := of(kind, pattern)
			if survey.Check(s) != nil {
				continue
			}
			if v, ok := survey.Extract(s, text); ok && !survey.Fits(s, v) {
				t.Errorf("%v %q finds %q in %q, which does not fit", kind, pattern, v, text)
			}
			if v, ok := survey.Read(s, text, ""); ok && !survey.Fits(s, v) {
				t.Errorf("%v %q reads %q in %q, which does not fit", kind, pattern, v, text)
			}
		}
	})
}
