package survey

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"crafttalkd/actors/event"
)

// Conditions are written as
//
//	speed = good and staff != bad or known(phone)
//
// "and" binds closer than "or". A slot goes by its identifier; the comparisons
// are = != < > contains, known(slot) and unknown(slot). Whatever is no plain
// word stands in quotes, with \" and \\ inside.

// What conditions may be at most.
const (
	longestConditions = 10000
	mostConditions    = 100
)

// A SyntaxError says where conditions are wrong, and how.
type SyntaxError struct {
	At   int // the character, counted from one
	Text string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("character %d: %s", e.At, e.Text) }

// Parse reads conditions. Find returns a slot by its identifier. An empty text
// is no conditions.
func Parse(text string, find func(identifier string) (*event.Slot, bool)) ([]*event.ConditionSet, error) {
	if utf8.RuneCountInString(text) > longestConditions {
		return nil, &SyntaxError{At: 1, Text: fmt.Sprintf("conditions are at most %d characters", longestConditions)}
	}
	if !utf8.ValidString(text) {
		return nil, &SyntaxError{At: 1, Text: "this is no text"}
	}
	tokens, err := scan(text)
	if err != nil || tokens[0].kind == end {
		return nil, err
	}
	p := parser{tokens: tokens, find: find}
	return p.sets()
}

// Format writes conditions as [Parse] reads them. Find returns a slot by its id;
// one that is not there goes by its id.
func Format(sets []*event.ConditionSet, find func(id string) (*event.Slot, bool)) string {
	var out strings.Builder
	for i, set := range sets {
		if i > 0 {
			out.WriteString(" or ")
		}
		for j, c := range set.GetAll() {
			if j > 0 {
				out.WriteString(" and ")
			}
			name := c.GetSlotId()
			if s, ok := find(name); ok {
				name = s.GetIdentifier()
			}
			write(&out, c, quoted(name))
		}
	}
	return out.String()
}

func write(out *strings.Builder, c *event.Condition, name string) {
	switch c.GetComparison() {
	case event.Comparison_KNOWN:
		fmt.Fprintf(out, "known(%s)", name)
	case event.Comparison_UNKNOWN:
		fmt.Fprintf(out, "unknown(%s)", name)
	default:
		fmt.Fprintf(out, "%s %s %s", name, signs[c.GetComparison()], quoted(c.GetValue()))
	}
}

// signs are how comparisons are written.
var signs = map[event.Comparison]string{
	event.Comparison_EQUAL: "=", event.Comparison_NOT_EQUAL: "!=", event.Comparison_LESS: "<",
	event.Comparison_GREATER: ">", event.Comparison_CONTAINS: "contains",
}

// quoted returns a word as it is, and in quotes whatever else would be read as
// something else.
func quoted(word string) string {
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 && !reserved(word) {
		return word
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(word) + `"`
}

func reserved(word string) bool {
	switch strings.ToLower(word) {
	case "and", "or", "contains", "known", "unknown":
		return true
	}
	return false
}

// plain tells whether a character may be part of a word without quotes.
func plain(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("_-.:+", r)
}

type kind uint8

const (
	end  kind = iota
	word      // a word or what stands in quotes
	sign      // = != < > ( )
)

// A token is a piece of the text. Only a word without quotes can be a keyword.
type token struct {
	kind   kind
	text   string
	quoted bool
	at     int
}

func (t token) is(keyword string) bool {
	return t.kind == word && !t.quoted && strings.EqualFold(t.text, keyword)
}

// scan cuts a text into tokens, the last of which is the end.
func scan(text string) ([]token, error) {
	var out []token
	runes := []rune(text)
	for i := 0; i < len(runes); {
		r, at := runes[i], i+1
		switch {
		case unicode.IsSpace(r):
			i++
		case r == '"':
			value, n, ok := inQuotes(runes[i:])
			if !ok {
				return nil, &SyntaxError{At: at, Text: "the quote is not closed"}
			}
			out = append(out, token{kind: word, text: value, quoted: true, at: at})
			i += n
		case r == '!' && i+1 < len(runes) && runes[i+1] == '=':
			out = append(out, token{kind: sign, text: "!=", at: at})
			i += 2
		case strings.ContainsRune("=<>()", r):
			out = append(out, token{kind: sign, text: string(r), at: at})
			i++
		case plain(r):
			n := i
			for n < len(runes) && plain(runes[n]) {
				n++
			}
			out = append(out, token{kind: word, text: string(runes[i:n]), at: at})
			i = n
		default:
			return nil, &SyntaxError{At: at, Text: fmt.Sprintf("%q is not expected", r)}
		}
	}
	return append(out, token{kind: end, at: len(runes) + 1}), nil
}

// inQuotes returns what stands in the quotes that runes begin with, and how many
// characters that took.
func inQuotes(runes []rune) (value string, n int, ok bool) {
	var out strings.Builder
	for i := 1; i < len(runes); i++ {
		switch {
		case runes[i] == '"':
			return out.String(), i + 1, true
		case runes[i] == '\\' && i+1 < len(runes):
			i++
		}
		out.WriteRune(runes[i])
	}
	return "", 0, false
}

// A parser reads tokens one after the other.
type parser struct {
	tokens []token
	find   func(string) (*event.Slot, bool)
	count  int
}

func (p *parser) take() token {
	t := p.tokens[0]
	if t.kind != end {
		p.tokens = p.tokens[1:]
	}
	return t
}

// expect takes a sign, or says that it is missing.
func (p *parser) expect(text string) error {
	if t := p.take(); t.kind != sign || t.text != text {
		return &SyntaxError{At: t.at, Text: fmt.Sprintf("%s is expected", text)}
	}
	return nil
}

func (p *parser) sets() (out []*event.ConditionSet, err error) {
	set := &event.ConditionSet{}
	for {
		c, err := p.condition()
		if err != nil {
			return nil, err
		}
		set.All = append(set.All, c)
		switch t := p.take(); {
		case t.kind == end:
			return append(out, set), nil
		case t.is("and"):
		case t.is("or"):
			out, set = append(out, set), &event.ConditionSet{}
		default:
			return nil, &SyntaxError{At: t.at, Text: "and, or, or the end is expected"}
		}
	}
}

func (p *parser) condition() (*event.Condition, error) {
	t := p.take()
	if p.count++; p.count > mostConditions {
		return nil, &SyntaxError{At: t.at, Text: fmt.Sprintf("there are at most %d conditions", mostConditions)}
	}
	next := p.tokens[0]
	switch called := next.kind == sign && next.text == "("; {
	case called && t.is("known"):
		return p.whether(event.Comparison_KNOWN)
	case called && t.is("unknown"):
		return p.whether(event.Comparison_UNKNOWN)
	}
	slot, err := p.slot(t)
	if err != nil {
		return nil, err
	}
	comparison, err := p.comparison()
	if err != nil {
		return nil, err
	}
	value := p.take()
	if value.kind != word {
		return nil, &SyntaxError{At: value.at, Text: "a value is expected"}
	}
	c := &event.Condition{SlotId: slot.GetSlotId(), Comparison: comparison, Value: value.text}
	if err := CheckCondition(c, slot); err != nil {
		return nil, &SyntaxError{At: value.at, Text: err.Error()}
	}
	return c, nil
}

func (p *parser) whether(c event.Comparison) (*event.Condition, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	slot, err := p.slot(p.take())
	if err != nil {
		return nil, err
	}
	return &event.Condition{SlotId: slot.GetSlotId(), Comparison: c}, p.expect(")")
}

func (p *parser) slot(t token) (*event.Slot, error) {
	if t.kind != word {
		return nil, &SyntaxError{At: t.at, Text: "a slot is expected"}
	}
	s, ok := p.find(t.text)
	if !ok {
		return nil, &SyntaxError{At: t.at, Text: "there is no slot " + t.text}
	}
	return s, nil
}

func (p *parser) comparison() (event.Comparison, error) {
	t := p.take()
	for c, s := range signs {
		if t.kind == sign && t.text == s || t.is(s) {
			return c, nil
		}
	}
	return 0, &SyntaxError{At: t.at, Text: "a comparison is expected: = != < > contains"}
}
