package exchange

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"crafttalkd/store/view/articles"
)

// WriteCSV writes the base as a table, row by row. The comma parts its columns;
// spreadsheets of some countries want a semicolon.
func WriteCSV(to io.Writer, base *articles.Base, comma rune) error {
	if _, err := to.Write(mark); err != nil {
		return err
	}
	t := table{csv.NewWriter(to)}
	t.Comma = comma
	var names row
	for c := range names {
		names[c] = columnNames[c][0]
	}
	if err := t.Write(names[:]); err != nil {
		return err
	}
	w := writer{base}
	for _, x := range base.Types() {
		if err := t.typeRow(w.typeOf(x)); err != nil {
			return err
		}
	}
	for _, x := range base.Slots() {
		if err := t.slotRow(w.slotOf(x)); err != nil {
			return err
		}
	}
	for _, x := range base.Sorted(articles.ByIdentifier) {
		if err := t.articleRows(w.articleOf(x)); err != nil {
			return err
		}
	}
	t.Flush()
	return t.Error()
}

type table struct{ *csv.Writer }

func (t table) put(r row) error {
	for i, cell := range r {
		r[i] = guarded(cell)
	}
	return t.Write(r[:])
}

func (t table) typeRow(x Type) error {
	return t.put(row{colKind: typeRow[0], colID: x.ID, colIdentifier: x.Identifier, colTitle: x.Name})
}

func (t table) slotRow(x Slot) error {
	r := row{colKind: slotRow[0], colID: x.ID, colIdentifier: x.Identifier, colTitle: x.Name, colType: x.Type, colClass: x.Class, colSlotKind: x.Kind,
		colEntries: writeEntries(x.Entries), colPattern: x.Pattern, colExplanation: x.Explanation, colLeast: digits(x.Least), colMost: digits(x.Most)}
	if x.Attempts != 0 {
		r[colAttempts] = strconv.Itoa(int(x.Attempts))
	}
	if p := x.Question; p != nil {
		r[colQuestion], r[colQuestionFiles] = p.Text, writeFiles(p.Files)
	}
	if p := x.Confirmation; p != nil {
		r[colConfirmation], r[colConfirmationFiles] = p.Text, writeFiles(p.Files)
	}
	return t.put(r)
}

func digits(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// articleRows are an article with its first answer, and a row for each other.
func (t table) articleRows(x Article) error {
	r := row{colKind: articleRow[0], colID: x.ID, colIdentifier: x.Identifier, colTitle: x.Title, colType: x.Type,
		colQuestions: strings.Join(x.Questions, "\n"), colPolicy: x.Policy, colTopic: x.Topic, colSlots: strings.Join(x.Slots, ", ")}
	if p := x.Routing; p != nil {
		r[colLine], r[colLanguage], r[colSkills] = p.Line, p.Language, strings.Join(p.Skills, ", ")
		if p.Priority != 0 {
			r[colPriority] = strconv.Itoa(int(p.Priority))
		}
	}
	for i, n := range x.Answers {
		if i > 0 {
			r = row{colKind: answerRow[0], colIdentifier: x.Identifier}
		}
		r.answer(n)
		if err := t.put(r); err != nil {
			return err
		}
	}
	if len(x.Answers) == 0 {
		return t.put(r)
	}
	return nil
}

func (r *row) answer(n Answer) {
	r[colAnswerID], r[colText], r[colFiles], r[colButtons], r[colConditions] = n.ID, n.Text, writeFiles(n.Files), writeButtons(n.Buttons), n.Conditions
	if u := n.For; u != nil {
		r[colForCenters], r[colForLines] = strings.Join(u.Centers, ", "), strings.Join(u.Lines, ", ")
		r[colForSkills], r[colForLanguages] = strings.Join(u.Skills, ", "), strings.Join(u.Languages, ", ")
	}
}
