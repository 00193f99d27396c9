package rest

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/exchange"
)

// largestUsers is how many bytes a table of users may have.
const largestUsers = 8 << 20

var importing = verb{out: reflect.TypeFor[UsersChanged](), serve: (*call).importUsers}

// exportUsers hands all users out. Passwords are not among what is known of them.
func (c *call) exportUsers() error {
	comma, err := c.separator()
	if err != nil {
		return err
	}
	language := c.r.URL.Query().Get("language")
	if language != "" && language != "en" && language != "ru" {
		return refusal.Of("language", "the language is en or ru")
	}
	d, russian := c.directory(), language == "ru"
	var rows []exchange.UserRow
	for _, id := range slices.Sorted(maps.Keys(d.Users)) {
		u := d.User(id)
		rows = append(rows, exchange.UserRow{Cells: map[exchange.UserColumn]string{
			exchange.UserID: id, exchange.UserLogin: u.Login, exchange.UserLastName: u.LastName, exchange.UserFirstName: u.FirstName,
			exchange.UserPosition: u.PositionId, exchange.UserRoles: together(u.Roles), exchange.UserCenters: together(u.CenterIds),
			exchange.UserLines: together(u.LineIds), exchange.UserLanguages: together(u.Languages), exchange.UserSkills: together(u.Skills),
			exchange.UserCapacity: strconv.Itoa(int(u.Capacity)), exchange.UserDisabled: exchange.SayTruth(u.Disabled, russian),
		}})
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "users-"+c.config.System.Now().UTC().Format(time.DateOnly)+".csv"))
	c.w.WriteHeader(http.StatusOK)
	if err := exchange.WriteUsers(c.w, rows, comma, russian); err != nil {
		panic(http.ErrAbortHandler) // half a table must not look like a whole one
	}
	return nil
}

// importUsers takes a table in. What is wrong with the file itself refuses it;
// what is wrong with its users is told of each.
func (c *call) importUsers() error {
	dry := c.r.URL.Query().Get("dry_run")
	if dry != "" && dry != "true" && dry != "false" {
		return refusal.Of("dry_run", "this is true or false")
	}
	text, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, largestUsers))
	if err != nil {
		return brokenBody(err)
	}
	rows, err := exchange.ReadUsers(text)
	if err != nil {
		return placed(err)
	}
	if len(rows) > mostUsers {
		return refusal.New(refusal.Invalid, "at most %d users are changed at once", mostUsers)
	}
	wishes, read := make([]wishedUser, 0, len(rows)), readerOf(c.directory())
	for _, row := range rows {
		wishes = append(wishes, read.wish(row))
	}
	out, err := c.putUsers(wishes, dry == "true")
	if err != nil {
		return err
	}
	return c.write(http.StatusOK, out)
}

// A userReader makes users of rows. What a row does not say stays as it is.
type userReader struct {
	d       directory.State
	byLogin map[string]string
	places  map[exchange.UserColumn]map[string]string // names and ids to ids
}

func readerOf(d directory.State) userReader {
	r := userReader{d: d, byLogin: map[string]string{}}
	for id, e := range d.Users {
		r.byLogin[strings.ToLower(e.Value.Login)] = id
	}
	roles := map[string]string{}
	for _, role := range directory.Roles {
		roles[role] = role
	}
	r.places = map[exchange.UserColumn]map[string]string{
		exchange.UserPosition:  idsIn(d.Positions, (*event.Position).GetName),
		exchange.UserRoles:     roles,
		exchange.UserCenters:   idsIn(d.Centers, (*event.Center).GetName),
		exchange.UserLines:     idsIn(d.Lines, (*event.Line).GetName),
		exchange.UserLanguages: idsIn(d.Languages, (*event.Language).GetName),
		exchange.UserSkills:    idsIn(d.Skills, (*event.Skill).GetName),
	}
	return r
}

// idsIn returns the ids by what they are called; a name that several have is
// nobody's, and an id goes before a name.
func idsIn[M any](known map[string]directory.Entry[M], name func(M) string) map[string]string {
	out, several := map[string]string{}, map[string]bool{}
	for id, e := range known {
		if n := plainText(name(e.Value)); n != "" {
			several[n] = out[n] != ""
			out[n] = id
		}
	}
	maps.DeleteFunc(out, func(n, _ string) bool { return several[n] })
	for id := range known {
		out[plainText(id)] = id
	}
	return out
}

// wish returns the user that a row describes: who has the id, or else the login.
func (r userReader) wish(row exchange.UserRow) wishedUser {
	id := cmp.Or(row.Cells[exchange.UserID], r.byLogin[strings.ToLower(row.Cells[exchange.UserLogin])])
	old, known := r.d.Users[id]
	w := wishedUser{line: row.Line, user: &event.User{UserId: id, Roles: []string{directory.Login}}, revision: old.Revision}
	if known {
		w.user = proto.CloneOf(old.Value)
	}
	u := w.user
	r.text(row, exchange.UserLogin, &u.Login)
	r.text(row, exchange.UserLastName, &u.LastName)
	r.text(row, exchange.UserFirstName, &u.FirstName)
	position := []string{u.PositionId}
	r.several(&w, row, exchange.UserPosition, &position)
	if u.PositionId = ""; len(position) > 0 {
		u.PositionId = position[0]
	}
	if known || row.Cells[exchange.UserRoles] != "" { // somebody new of whom nothing is said may sign in
		r.several(&w, row, exchange.UserRoles, &u.Roles)
	}
	r.several(&w, row, exchange.UserCenters, &u.CenterIds)
	r.several(&w, row, exchange.UserLines, &u.LineIds)
	r.several(&w, row, exchange.UserLanguages, &u.Languages)
	r.several(&w, row, exchange.UserSkills, &u.Skills)
	r.rest(&w, row)
	return w
}

func (r userReader) text(row exchange.UserRow, c exchange.UserColumn, into *string) {
	if cell, ok := row.Cells[c]; ok {
		*into = cell
	}
}

// several reads a cell of names or ids. A position may have a comma in its name.
func (r userReader) several(w *wishedUser, row exchange.UserRow, c exchange.UserColumn, into *[]string) {
	cell, ok := row.Cells[c]
	if !ok {
		return
	}
	names := exchange.Words(cell)
	if c == exchange.UserPosition && cell != "" {
		names = []string{cell}
	}
	*into = nil
	for _, name := range names {
		id, ok := r.places[c][plainText(name)]
		if !ok {
			w.flaws = append(w.flaws, UserFlaw{c.String(), fmt.Sprintf("there is no %q here", name)})
			continue
		}
		if !slices.Contains(*into, id) {
			*into = append(*into, id)
		}
	}
}

func (r userReader) rest(w *wishedUser, row exchange.UserRow) {
	var err error
	if cell, ok := row.Cells[exchange.UserCapacity]; ok {
		if w.user.Capacity, err = exchange.Number(cell); err != nil {
			w.flaws = append(w.flaws, UserFlaw{exchange.UserCapacity.String(), err.Error()})
		}
	}
	if cell, ok := row.Cells[exchange.UserDisabled]; ok {
		if w.user.Disabled, err = exchange.Truth(cell); err != nil {
			w.flaws = append(w.flaws, UserFlaw{exchange.UserDisabled.String(), err.Error()})
		}
	}
}
