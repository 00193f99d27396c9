package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"crafttalkd/actors/knowledge"
)

var mark = []byte("\xef\xbb\xbf") // that a file is UTF-8; spreadsheets look for it

// ReadCSV reads a book that is written as a table. The first line names the
// columns; they are parted by commas, semicolons or tabs.
func ReadCSV(text []byte) (*Book, error) {
	r := &csvReader{faults: &knowledge.Faults{}, book: &Book{}}
	text = bytes.TrimPrefix(text, mark)
	if i := invalid(text); i >= 0 {
		r.faults.Add(1+bytes.Count(text[:i], []byte{'\n'}), "", "the file is not UTF-8")
		return r.book, r.faults.Err()
	}
	r.csv = csv.NewReader(bytes.NewReader(text))
	r.csv.Comma, r.csv.FieldsPerRecord, r.csv.ReuseRecord = separator(text), -1, true
	err := r.head()
	for err == nil {
		err = r.next()
	}
	if err != io.EOF {
		r.fault("", err)
	}
	return r.book, r.faults.Err()
}

// invalid returns where the first byte is that is no UTF-8; -1 for nowhere.
func invalid(text []byte) int {
	for i := 0; i < len(text); {
		c, n := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// separator is the sign that there is most of in the first line.
func separator(text []byte) rune {
	first, _, _ := bytes.Cut(text, []byte{'\n'})
	best := ','
	for _, c := range ";\t" {
		if bytes.Count(first, []byte(string(c))) > bytes.Count(first, []byte(string(best))) {
			best = c
		}
	}
	return best
}

type csvReader struct {
	csv    *csv.Reader
	names  []column
	line   int // that the record begins in
	faults *knowledge.Faults
	book   *Book
	under  bool // an article that answers may follow
}

// fault notes what is wrong with the record, or with the file.
func (r *csvReader) fault(field string, err error) {
	line := max(r.line, 1)
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		line, err = wrong.StartLine, fmt.Errorf("this is no table: %w in column %d", wrong.Err, wrong.Column)
	}
	r.faults.Add(line, field, err.Error())
}

// head reads the names of the columns. If they are wrong it is the end.
func (r *csvReader) head() error {
	record, err := r.csv.Read()
	if err == io.EOF {
		return errors.New("the file is empty")
	}
	if err != nil {
		return err
	}
	for _, name := range record {
		c, ok := columnOf(name)
		switch {
		case !ok:
			r.fault(strings.TrimSpace(name), errors.New("there is no such column"))
		case slices.Contains(r.names, c):
			r.fault(columnNames[c][0], errors.New("the column is there twice"))
		}
		r.names = append(r.names, c)
	}
	if !slices.Contains(r.names, colIdentifier) {
		return errors.New("there is no column identifier")
	}
	if r.faults.Err() != nil {
		return io.EOF // the rows would be misunderstood
	}
	return nil
}

func (r *csvReader) next() error {
	record, err := r.csv.Read()
	if err != nil {
		return err
	}
	r.line, _ = r.csv.FieldPos(0)
	var cells row
	empty := true
	for i, cell := range record {
		cell = unguarded(cell)
		switch {
		case i < len(r.names):
			cells[r.names[i]] = cell
			empty = empty && cell == ""
		case cell != "":
			r.fault("", fmt.Errorf("cell %d has no column", i+1))
			return nil
		}
	}
	if !empty {
		r.take(&cells)
	}
	return nil
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
