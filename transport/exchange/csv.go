package exchange

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ReadCSV reads a book that is written as a table. The first line names the
// columns; they are parted by commas, semicolons or tabs.
func ReadCSV(text []byte) (*Book, error) {
	r := &csvReader{sheet: openSheet[column](text), book: &Book{}}
	if r.csv == nil {
		return r.book, r.faults.Err()
	}
	err := r.head(columnOf, func(c column) string { return columnNames[c][0] }, colIdentifier)
	for err == nil {
		err = r.next()
	}
	if err != io.EOF {
		r.fault("", err)
	}
	return r.book, r.faults.Err()
}

type csvReader struct {
	*sheet[column]
	book  *Book
	under bool // an article that answers may follow
}

func (r *csvReader) next() error {
	var cells row
	empty, err := r.read(func(c column, cell string) { cells[c] = cell })
	if err == nil && !empty {
		r.take(&cells)
	}
	return err
}

// take puts a row where it belongs.
func (r *csvReader) take(c *row) {
	kind := strings.ToLower(strings.TrimSpace(c[colKind]))
	is := func(names []string) bool { return slices.Contains(names, kind) }
	switch {
	case is(typeRow):
		r.under = false
		r.strange(c, answerColumns, slotColumns, articleColumns)
		r.book.Types = append(r.book.Types, Type{line: r.line, ID: c[colID], Identifier: c[colIdentifier], Name: c[colTitle]})
	case is(slotRow):
		r.under = false
		r.strange(c, answerColumns, articleColumns)
		r.book.Slots = append(r.book.Slots, r.slot(c))
	case is(answerRow):
		r.strange(c, slotColumns, headColumns)
		r.more(c)
	case is(articleRow):
		r.under = true
		r.strange(c, slotColumns)
		r.book.Articles = append(r.book.Articles, r.article(c))
	default:
		r.fault("kind", fmt.Errorf("%q is not one of article, answer, slot, type", c[colKind]))
	}
}

// strange notes cells that say something a row of this kind does not have.
func (r *csvReader) strange(c *row, lists ...[]column) {
	for _, list := range lists {
		for _, x := range list {
			if c[x] != "" {
				r.fault(columnNames[x][0], errors.New("a row of this kind has nothing here"))
			}
		}
	}
}

// more adds an answer to the article above.
func (r *csvReader) more(c *row) {
	n := len(r.book.Articles)
	if !r.under || n == 0 {
		r.fault("kind", errors.New("an answer follows its article"))
		return
	}
	a := &r.book.Articles[n-1]
	if name := strings.TrimSpace(c[colIdentifier]); name != "" && name != strings.TrimSpace(a.Identifier) {
		r.fault("identifier", fmt.Errorf("the article above is %q", a.Identifier))
	}
	a.Answers = append(a.Answers, r.answer(c))
}

func (r *csvReader) article(c *row) Article {
	a := Article{line: r.line, ID: c[colID], Identifier: c[colIdentifier], Title: c[colTitle], Type: strings.TrimSpace(c[colType]),
		Questions: lines(c[colQuestions]), Policy: strings.TrimSpace(c[colPolicy]), Topic: strings.TrimSpace(c[colTopic]), Slots: words(c[colSlots])}
	if c.has(routingColumns...) {
		a.Routing = &Routing{Line: strings.TrimSpace(c[colLine]), Language: strings.TrimSpace(c[colLanguage]), Skills: words(c[colSkills])}
		a.Routing.Priority = read(r, c, colPriority, small)
	}
	if c.has(answerColumns...) {
		a.Answers = []Answer{r.answer(c)}
	}
	return a
}

func (r *csvReader) answer(c *row) Answer {
	n := Answer{line: r.line, ID: c[colAnswerID], Text: c[colText], Conditions: c[colConditions]}
	n.Files = read(r, c, colFiles, readFiles)
	n.Buttons = read(r, c, colButtons, readButtons)
	if c.has(audienceColumns...) {
		n.For = &Audience{words(c[colForCenters]), words(c[colForLines]), words(c[colForSkills]), words(c[colForLanguages])}
	}
	return n
}

func (r *csvReader) slot(c *row) Slot {
	s := Slot{line: r.line, ID: c[colID], Identifier: c[colIdentifier], Name: c[colTitle], Class: c[colClass], Type: strings.TrimSpace(c[colType]),
		Kind: strings.TrimSpace(c[colSlotKind]), Pattern: c[colPattern], Explanation: c[colExplanation],
		Question: r.prompt(c, colQuestion, colQuestionFiles), Confirmation: r.prompt(c, colConfirmation, colConfirmationFiles)}
	s.Entries = read(r, c, colEntries, readEntries)
	s.Attempts = read(r, c, colAttempts, small)
	s.Least, s.Most = read(r, c, colLeast, number), read(r, c, colMost, number)
	return s
}

func (r *csvReader) prompt(c *row, text, files column) *Prompt {
	if !c.has(text, files) {
		return nil
	}
	return &Prompt{c[text], read(r, c, files, readFiles)}
}

// read reads a cell, and notes what is wrong with it.
func read[V any](r *csvReader, c *row, x column, how func(string) (V, error)) V {
	v, err := how(c[x])
	if err != nil {
		r.fault(columnNames[x][0], err)
	}
	return v
}
