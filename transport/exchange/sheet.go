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

// A sheet is a table that is read row by row. Its columns are known by C.
type sheet[C comparable] struct {
	csv    *csv.Reader // nil if the text is none
	names  []C
	line   int // that the row begins in
	faults *knowledge.Faults
}

// openSheet begins to read a table.
func openSheet[C comparable](text []byte) *sheet[C] {
	s := &sheet[C]{faults: &knowledge.Faults{}}
	text = bytes.TrimPrefix(text, mark)
	if i := invalid(text); i >= 0 {
		s.faults.Add(1+bytes.Count(text[:i], []byte{'\n'}), "", "the file is not UTF-8")
		return s
	}
	s.csv = csv.NewReader(bytes.NewReader(text))
	s.csv.Comma, s.csv.FieldsPerRecord, s.csv.ReuseRecord = separator(text), -1, true
	return s
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

// fault notes what is wrong with the row, or with the file.
func (s *sheet[C]) fault(field string, err error) {
	line := max(s.line, 1)
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		line, err = wrong.StartLine, fmt.Errorf("this is no table: %w in column %d", wrong.Err, wrong.Column)
	}
	s.faults.Add(line, field, err.Error())
}

// head reads the names of the columns, of which one is needed. If they are wrong
// it is the end: the rows would be misunderstood.
func (s *sheet[C]) head(find func(name string) (C, bool), called func(C) string, need C) error {
	record, err := s.csv.Read()
	if err == io.EOF {
		return errors.New("the file is empty")
	}
	if err != nil {
		return err
	}
	for _, name := range record {
		c, ok := find(name)
		switch {
		case !ok:
			s.fault(strings.TrimSpace(name), errors.New("there is no such column"))
		case slices.Contains(s.names, c):
			s.fault(called(c), errors.New("the column is there twice"))
		}
		s.names = append(s.names, c)
	}
	if !slices.Contains(s.names, need) {
		return fmt.Errorf("there is no column %s", called(need))
	}
	if s.faults.Err() != nil {
		return io.EOF
	}
	return nil
}

// read reads a row, and reports whether nothing is in it. A cell without a column
// makes a row that is not taken.
func (s *sheet[C]) read(take func(c C, cell string)) (empty bool, err error) {
	record, err := s.csv.Read()
	if err != nil {
		return true, err
	}
	s.line, _ = s.csv.FieldPos(0)
	empty = true
	for i, cell := range record {
		cell = unguarded(cell)
		switch {
		case i < len(s.names):
			take(s.names[i], cell)
			empty = empty && cell == ""
		case cell != "":
			s.fault("", fmt.Errorf("cell %d has no column", i+1))
			return true, nil
		}
	}
	return empty, nil
}
