package exchange

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// A column of a table. The first of its names is written, every one is read.
type column int

const (
	colKind column = iota
	colID
	colIdentifier
	colTitle
	colType
	colQuestions
	colPolicy
	colTopic
	colSlots
	colLine
	colLanguage
	colSkills
	colPriority
	colAnswerID
	colText
	colFiles
	colButtons
	colConditions
	colForCenters
	colForLines
	colForSkills
	colForLanguages
	colClass
	colSlotKind
	colQuestion
	colQuestionFiles
	colConfirmation
	colConfirmationFiles
	colEntries
	colPattern
	colExplanation
	colAttempts
	colLeast
	colMost
	columns
)

var columnNames = [columns][]string{
	colKind: {"kind", "вид"}, colID: {"id"}, colIdentifier: {"identifier", "идентификатор"}, colTitle: {"title", "название", "name"},
	colType: {"type", "тип"}, colQuestions: {"questions", "вопросы"}, colPolicy: {"policy", "политика"}, colTopic: {"topic", "тематика"},
	colSlots: {"slots", "слоты"}, colLine: {"line", "группа", "линия"}, colLanguage: {"language", "язык"}, colSkills: {"skills", "навыки"},
	colPriority: {"priority", "приоритет"}, colAnswerID: {"answer_id"}, colText: {"text", "ответ"}, colFiles: {"files", "вложения"},
	colButtons: {"buttons", "кнопки"}, colConditions: {"conditions", "условия"}, colForCenters: {"for_centers", "для центров"},
	colForLines: {"for_lines", "для групп", "для линий"}, colForSkills: {"for_skills", "для навыков"}, colForLanguages: {"for_languages", "для языков"},
	colClass: {"class", "класс"}, colSlotKind: {"slot_kind", "вид слота"}, colQuestion: {"question", "вопрос"},
	colQuestionFiles: {"question_files", "вложения вопроса"}, colConfirmation: {"confirmation", "уточнение"},
	colConfirmationFiles: {"confirmation_files", "вложения уточнения"}, colEntries: {"entries", "значения"}, colPattern: {"pattern", "выражение"},
	colExplanation: {"explanation", "пояснение"}, colAttempts: {"attempts", "попытки"}, colLeast: {"least", "не меньше"}, colMost: {"most", "не больше"},
}

// columnOf returns the column of a name.
func columnOf(name string) (column, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	for c, names := range columnNames {
		for _, n := range names {
			if n == name {
				return column(c), true
			}
		}
	}
	return 0, false
}

// The kinds of rows.
var (
	articleRow = []string{"article", "статья", ""}
	answerRow  = []string{"answer", "ответ"}
	slotRow    = []string{"slot", "слот"}
	typeRow    = []string{"type", "тип"}
)

// A row is one record of a table by its columns.
type row [columns]string

// has reports whether one of the columns says something.
func (r *row) has(cols ...column) bool {
	for _, c := range cols {
		if r[c] != "" {
			return true
		}
	}
	return false
}

// The columns of an answer, and of what slots, types and articles alone have.
var (
	answerColumns   = []column{colAnswerID, colText, colFiles, colButtons, colConditions, colForCenters, colForLines, colForSkills, colForLanguages}
	slotColumns     = []column{colClass, colSlotKind, colQuestion, colQuestionFiles, colConfirmation, colConfirmationFiles, colEntries, colPattern, colExplanation, colAttempts, colLeast, colMost}
	headColumns     = []column{colTitle, colType, colQuestions, colPolicy, colTopic, colSlots, colLine, colLanguage, colSkills, colPriority}
	articleColumns  = []column{colQuestions, colPolicy, colTopic, colSlots, colLine, colLanguage, colSkills, colPriority}
	audienceColumns = []column{colForCenters, colForLines, colForSkills, colForLanguages}
	routingColumns  = []column{colLine, colLanguage, colSkills, colPriority}
)

// words are the values of a cell that are parted by commas or lines.
func words(cell string) (out []string) {
	for _, w := range strings.FieldsFunc(cell, func(r rune) bool { return r == ',' || r == '\n' || r == ';' }) {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// lines are the values of a cell that stand in lines of their own.
func lines(cell string) (out []string) {
	for l := range strings.SplitSeq(cell, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// arrow parts the caption of a button from the article it leads to.
const arrow = " -> "

func readButtons(cell string) (out []Button, err error) {
	for _, l := range lines(cell) {
		i := strings.LastIndex(l, arrow)
		if i < 0 {
			return nil, errors.New("a button is written as: caption -> identifier")
		}
		out = append(out, Button{strings.TrimSpace(l[:i]), strings.TrimSpace(l[i+len(arrow):])})
	}
	return out, nil
}

func writeButtons(list []Button) string {
	var out []string
	for _, b := range list {
		out = append(out, b.Caption+arrow+b.Article)
	}
	return strings.Join(out, "\n")
}

// readEntries reads the values of a dictionary: "good = Well", or JSON where
// that would be read as something else.
func readEntries(cell string) (out []Entry, err error) {
	for _, l := range lines(cell) {
		if strings.HasPrefix(l, "{") {
			var e Entry
			if err := strictly(l, &e); err != nil {
				return nil, err
			}
			out = append(out, e)
			continue
		}
		id, caption, ok := strings.Cut(l, "=")
		if !ok {
			return nil, errors.New("a value is written as: identifier = caption")
		}
		out = append(out, Entry{strings.TrimSpace(id), strings.TrimSpace(caption)})
	}
	return out, nil
}

func writeEntries(list []Entry) string {
	var out []string
	for _, e := range list {
		l := e.ID + " = " + e.Caption
		if strings.ContainsAny(e.ID, "=\n") || strings.HasPrefix(l, "{") || strings.Contains(e.Caption, "\n") {
			l = asJSON(e)
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

// readFiles reads files: "https://… name" for a document, or JSON.
func readFiles(cell string) (out []File, err error) {
	for _, l := range lines(cell) {
		var f File
		if strings.HasPrefix(l, "{") {
			err = strictly(l, &f)
		} else {
			f.Source, f.Name, _ = strings.Cut(l, " ")
			f.Name = strings.TrimSpace(f.Name)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func writeFiles(list []File) string {
	var out []string
	for _, f := range list {
		l := strings.TrimSpace(f.Source + " " + f.Name)
		if f != (File{Name: f.Name, Source: f.Source}) || f.Source == "" || strings.ContainsAny(f.Name, "\n") {
			l = asJSON(f)
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and numbers
	}
	return string(b)
}

func strictly(text string, v any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil && d.More() {
		err = errors.New("something follows after the end")
	}
	if err != nil {
		return errors.New(reason(err))
	}
	return nil
}

func number(cell string) (*int64, error) {
	if cell = strings.TrimSpace(cell); cell == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(cell, 10, 64)
	if err != nil {
		return nil, errors.New("this is no whole number")
	}
	return &n, nil
}

// small reads a number that is none if it is missing.
func small(cell string) (int32, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(cell), 10, 32)
	if err != nil && strings.TrimSpace(cell) != "" {
		return 0, errors.New("this is no whole number")
	}
	return int32(n), nil
}

// guard is put before a cell that a spreadsheet would take for a formula, and
// before one that begins as a guarded one does.
const (
	guard    = "'"
	formulas = "=+-@\t"
)

func guarded(cell string) string {
	if needsGuard(cell) {
		return guard + cell
	}
	return cell
}

func unguarded(cell string) string {
	if rest, ok := strings.CutPrefix(cell, guard); ok && needsGuard(rest) {
		return rest
	}
	return cell
}

func needsGuard(cell string) bool {
	return cell != "" && strings.Contains(formulas, cell[:1]) || strings.HasPrefix(cell, guard) && needsGuard(cell[1:])
}
