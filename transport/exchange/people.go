package exchange

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
)

// A UserColumn is a column of a table of users.
type UserColumn int

// The columns there are. Roles, centers, lines, languages and skills hold several
// values, parted by commas or lines.
const (
	UserID UserColumn = iota
	UserLogin
	UserLastName
	UserFirstName
	UserPosition
	UserRoles
	UserCenters
	UserLines
	UserLanguages
	UserSkills
	UserCapacity
	UserDisabled
	userColumns
)

// userNames are read in both languages, and written in the one that is wanted.
var userNames = [userColumns][2]string{
	{"user_id", "идентификатор"}, {"login", "логин"}, {"last_name", "фамилия"}, {"first_name", "имя"}, {"position", "должность"},
	{"roles", "роли"}, {"centers", "колл-центры"}, {"lines", "группы"}, {"languages", "языки"}, {"skills", "навыки"},
	{"capacity", "диалогов одновременно"}, {"disabled", "отключён"},
}

// String is the column's name in English.
func (c UserColumn) String() string { return userNames[c][0] }

func userColumnOf(name string) (UserColumn, bool) {
	name = plainName(name)
	for c, names := range userNames {
		if name == plainName(names[0]) || name == plainName(names[1]) {
			return UserColumn(c), true
		}
	}
	return 0, false
}

// plainName is a name whatever its case, its ё and the blanks around it.
func plainName(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "ё", "е")
}

// A UserRow is a row of a table of users: what its cells say, without the columns
// that the table does not have.
type UserRow struct {
	Line  int
	Cells map[UserColumn]string
}

// ReadUsers reads a table of users, in UTF-8 with or without the mark, parted by
// commas, semicolons or tabs. What is wrong with it is told by lines.
func ReadUsers(text []byte) ([]UserRow, error) {
	s := openSheet[UserColumn](text)
	if s.csv == nil {
		return nil, s.faults.Err()
	}
	var rows []UserRow
	err := s.head(userColumnOf, UserColumn.String, UserLogin)
	for err == nil {
		cells, empty := map[UserColumn]string{}, false
		if empty, err = s.read(func(c UserColumn, cell string) { cells[c] = strings.TrimSpace(cell) }); err == nil && !empty {
			rows = append(rows, UserRow{s.line, cells})
		}
	}
	if err != io.EOF {
		s.fault("", err)
	}
	return rows, s.faults.Err()
}

// WriteUsers writes a table of users, with the columns' names in Russian or in
// English. The comma parts its columns.
func WriteUsers(to io.Writer, rows []UserRow, comma rune, russian bool) error {
	if _, err := to.Write(mark); err != nil {
		return err
	}
	t := csv.NewWriter(to)
	t.Comma = comma
	record := make([]string, userColumns)
	for c, names := range userNames {
		if record[c] = names[0]; russian {
			record[c] = names[1]
		}
	}
	if err := t.Write(record); err != nil {
		return err
	}
	for _, row := range rows {
		for c := range record {
			record[c] = guarded(row.Cells[UserColumn(c)])
		}
		if err := t.Write(record); err != nil {
			return err
		}
	}
	t.Flush()
	return t.Error()
}

// Words are the values of a cell that holds several.
func Words(cell string) []string { return words(cell) }

// Number reads a cell that holds a whole number; an empty one is 0.
func Number(cell string) (int32, error) { return small(cell) }

// Truth reads a cell that says yes or no; an empty one says no.
func Truth(cell string) (bool, error) {
	switch plainName(cell) {
	case "да", "yes", "+":
		return true, nil
	case "", "нет", "no", "-":
		return false, nil
	}
	yes, err := strconv.ParseBool(cell)
	if err != nil {
		return false, errors.New("this is yes or no")
	}
	return yes, nil
}

// SayTruth writes what [Truth] reads.
func SayTruth(yes, russian bool) string {
	switch {
	case yes && russian:
		return "да"
	case yes:
		return "yes"
	case russian:
		return "нет"
	}
	return "no"
}
