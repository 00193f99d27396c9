package survey

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"unicode/utf8"

	"crafttalkd/actors/refusal"
)

// What a pattern may be at most, and how much of a text it is held against.
const (
	longestPattern = 1000
	mostProgram    = 2000 // instructions
	longestRead    = 2000
)

// compile returns the pattern ready for use, or refuses it.
func compile(pattern string) (*regexp.Regexp, error) {
	switch {
	case pattern == "":
		return nil, refusal.Of("pattern", "the regular expression is missing")
	case !utf8.ValidString(pattern) || utf8.RuneCountInString(pattern) > longestPattern:
		return nil, refusal.Of("pattern", "a regular expression is at most %d characters", longestPattern)
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, refusal.Of("pattern", "%s", fault(err))
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, refusal.Of("pattern", "%s", fault(err))
	}
	if len(program.Inst) > mostProgram {
		return nil, refusal.Of("pattern", "the regular expression is too large: %d steps, and %d are allowed", len(program.Inst), mostProgram)
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, refusal.Of("pattern", "%s", fault(err))
	}
	return re, nil
}

// fault says what is wrong with a pattern, and where.
func fault(err error) string {
	if e, ok := errors.AsType[*syntax.Error](err); ok {
		return "the regular expression is wrong: " + e.Code.String() + " in " + e.Expr
	}
	return err.Error()
}

// captured returns the part of the text that the pattern's first group matches,
// or all that matches if there is no group or it took no part.
func captured(pattern, text string) (string, bool) {
	re, err := compile(pattern)
	if err != nil {
		return "", false
	}
	found := re.FindStringSubmatch(text)
	switch {
	case found == nil:
		return "", false
	case len(found) > 1 && found[1] != "":
		return found[1], true
	}
	return found[0], found[0] != ""
}

// matches tells whether the pattern is anywhere in the text.
func matches(pattern, text string) bool {
	re, err := compile(pattern)
	return err == nil && re.MatchString(text)
}

// shortened returns the beginning of a text, as much as is read of it.
func shortened(text string) string {
	n := 0
	for i := range text {
		if n == longestRead {
			return text[:i]
		}
		n++
	}
	return text
}
