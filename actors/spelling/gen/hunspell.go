package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"crafttalkd/actors/spelling"
)

// An affix is one way to make a form of a word: what is taken off, what is put
// on, and what the word must look like there.
type affix struct {
	prefix, cross bool
	strip, add    string
	condition     []letters
}

// letters are what one place of a condition allows.
type letters struct {
	any, not bool
	of       string
}

func (l letters) allow(r rune) bool {
	return l.any || strings.ContainsRune(l.of, r) != l.not
}

// A dictionary is a dictionary of hunspell's kind, with what ours need of it:
// affixes of one level, words that are not suggested, words that are parts of
// others only.
type dictionary struct {
	affixes        map[rune][]affix
	cross          map[rune]bool // whether it goes with an affix at the other end
	noSuggest, not rune          // flags
}

// expand returns every form of every word of the dictionary in a folder, and
// of the words in a file of ours, if there is one.
func expand(dir, ours string) (out []spelling.Entry, err error) {
	d := dictionary{affixes: map[rune][]affix{}, cross: map[rune]bool{}}
	take := func(line string) error {
		out = append(out, d.forms(line)...)
		return nil
	}
	if err := eachLine(filepath.Join(dir, "index.aff"), d.affix); err != nil {
		return nil, err
	}
	if err := eachLine(filepath.Join(dir, "index.dic"), take); err != nil {
		return nil, err
	}
	if err := eachLine(ours, take); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return out, nil
}

// eachLine calls f for the lines of a file but the remarks.
func eachLine(name string, f func(string) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	s := bufio.NewScanner(file)
	for n := 1; s.Scan(); n++ {
		if line := strings.TrimSpace(s.Text()); line != "" && line[0] != '#' {
			if err := f(line); err != nil {
				return fmt.Errorf("%s:%d: %w", name, n, err)
			}
		}
	}
	return s.Err()
}

// affix reads one line of an affix file. What only suggestions of hunspell's
// own and compounds of digits need is passed over.
func (d *dictionary) affix(line string) error {
	f := strings.Fields(line)
	switch {
	case f[0] == "NOSUGGEST":
		d.noSuggest = flags(f[1])[0]
	case f[0] == "ONLYINCOMPOUND":
		d.not = flags(f[1])[0]
	case (f[0] == "SFX" || f[0] == "PFX") && len(f) == 4:
		d.cross[flags(f[1])[0]] = f[2] == "Y"
	case f[0] == "SFX", f[0] == "PFX":
		return d.rule(f)
	case f[0] == "FLAG", f[0] == "NEEDAFFIX", f[0] == "FORBIDDENWORD", f[0] == "COMPLEXPREFIXES":
		return fmt.Errorf("%s is not understood", f[0])
	}
	return nil
}

func (d *dictionary) rule(f []string) error {
	if len(f) < 5 || strings.Contains(f[3], "/") {
		return fmt.Errorf("the affix is not understood")
	}
	condition, err := conditionOf(f[4])
	if err != nil {
		return err
	}
	flag := flags(f[1])[0]
	d.affixes[flag] = append(d.affixes[flag], affix{f[0] == "PFX", d.cross[flag], unlessZero(f[2]), unlessZero(f[3]), condition})
	return nil
}

func unlessZero(s string) string {
	if s == "0" {
		return ""
	}
	return s
}

func flags(s string) []rune { return []rune(s) }

// conditionOf reads letters, points, and letters in brackets.
func conditionOf(s string) (out []letters, err error) {
	if s == "." {
		return nil, nil
	}
	for len(s) > 0 {
		switch r := []rune(s)[0]; r {
		case '.':
			out, s = append(out, letters{any: true}), s[1:]
		case '[':
			of, rest, ok := strings.Cut(s[1:], "]")
			if !ok {
				return nil, fmt.Errorf("the bracket is open in %q", s)
			}
			of, not := strings.CutPrefix(of, "^")
			out, s = append(out, letters{not: not, of: of}), rest
		default:
			out, s = append(out, letters{of: string(r)}), s[len(string(r)):]
		}
	}
	return out, nil
}

// forms returns the forms of one entry, such as "try/AGDS".
func (d *dictionary) forms(line string) (out []spelling.Entry) {
	word, has, _ := strings.Cut(line, "/")
	set := flags(has)
	if !isWord(word) || d.not != 0 && slices.Contains(set, d.not) {
		return nil
	}
	hidden := d.noSuggest != 0 && slices.Contains(set, d.noSuggest)
	say := func(form string) { out = append(out, spelling.Entry{Word: form, Hidden: hidden}) }
	say(word)
	stems := []string{word}
	for _, a := range d.of(set, true) {
		if form, ok := a.apply(word); ok {
			say(form)
			stems = append(stems, form)
		}
	}
	for _, a := range d.of(set, false) {
		for i, stem := range stems {
			if form, ok := a.apply(stem); ok && (i == 0 || a.cross) { // the first is the word without a prefix
				say(form)
			}
		}
	}
	return out
}

// isWord keeps numerals such as 1st out, which are not looked up, and the number
// of words that a dictionary begins with.
func isWord(s string) bool {
	return !strings.ContainsFunc(s, unicode.IsDigit)
}

// of returns the affixes that flags name, those before a word or those behind it.
func (d *dictionary) of(set []rune, prefix bool) (out []affix) {
	for _, flag := range set {
		for _, a := range d.affixes[flag] {
			if a.prefix == prefix {
				out = append(out, a)
			}
		}
	}
	return out
}

func (a affix) apply(word string) (string, bool) {
	if !a.fits([]rune(word)) {
		return "", false
	}
	if a.prefix {
		rest, ok := strings.CutPrefix(word, a.strip)
		return a.add + rest, ok
	}
	rest, ok := strings.CutSuffix(word, a.strip)
	return rest + a.add, ok
}

func (a affix) fits(word []rune) bool {
	if len(word) < len(a.condition) {
		return false
	}
	if !a.prefix {
		word = word[len(word)-len(a.condition):]
	}
	for i, l := range a.condition {
		if !l.allow(word[i]) {
			return false
		}
	}
	return true
}
