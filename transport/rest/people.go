package rest

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// userRoutes are the users. Manual: Администрирование пользователей.
func userRoutes() []*route {
	routes := users.routes()
	for _, rt := range routes {
		if rt.method == "GET" && rt.path == "/api/v1/users" {
			rt.verb, rt.summary = remembers((*call).listUsers), "Users, searched and sorted; all of them if nothing is asked"
			rt.params = append([]param{
				{name: "search", doc: "words that are all found in a user's names, login, id, position, centers, lines, languages or skills"},
				{name: "sort", doc: "a column: name, login, user_id, position, centers, lines, languages, skills, roles, capacity, disabled, at; with - before it downwards"},
				{name: "from", doc: "how many to leave out at the beginning"},
				{name: "limit", doc: "how many at most; 0 for all"},
			}, ifNoneMatch...)
		}
	}
	change := may(directory.ModifyUsers)
	return append(routes,
		&route{method: "PATCH", path: "/api/v1/users", summary: "Change several users in the same way: all of them, or none", may: change, verb: takes((*call).changeUsers)},
		&route{method: "GET", path: "/api/v1/users/:id/view", summary: "What a user may do and see now, as the server judges it", may: users.view, verb: answers((*call).viewAs)},
		&route{method: "GET", path: "/api/v1/export/users", summary: "All users as a table, which can be taken in again", act: audit.UsersExported, may: users.view,
			verb: verb{media: "text/csv", serve: (*call).exportUsers}, params: []param{separated, {name: "language", doc: "of the columns' names: en or ru; en if left out"}}},
		&route{method: "POST", path: "/api/v1/import/users", summary: "Take a table of users in: all of it, or nothing", may: change,
			verb: importing, params: []param{{name: "dry_run", doc: "true only says what would change"}}},
		&route{method: "POST", path: "/api/v1/users/:id/invitation", summary: "Make a link by which a user sets a password, once; told this once", may: letIn, verb: answers((*call).invite)},
		&route{method: "GET", path: "/api/v1/users/:id/invitation", summary: "Whether a user has a link that is good still; its token is told to nobody", may: letIn, verb: answers((*call).openInvitation)},
		&route{method: "DELETE", path: "/api/v1/users/:id/invitation", summary: "Withdraw the link that a user was given", act: audit.Uninvited, may: letIn, verb: does((*call).uninvite)},
		&route{method: "POST", path: "/api/v1/invitation", summary: "Whom a link invites", may: anyone, verb: takes((*call).invited)},
		&route{method: "POST", path: "/api/v1/invitation/password", summary: "Set the password of who is invited, and use the link up", may: anyone, verb: told((*call).accept)},
	)
}

var separated = param{name: "separator", doc: "of columns: comma or semicolon; comma if left out"}

// UserPage is some users, and how many there are.
type UserPage struct {
	Items []User `json:"items"`
	Total int    `json:"total" doc:"that were found"`
}

// A shownUser is a user with what the columns of the table say.
type shownUser struct {
	id    string
	entry directory.Entry[*event.User]
	cells map[string]string
}

func (c *call) listUsers() (out UserPage, err error) {
	q, d := c.r.URL.Query(), c.directory()
	from, err1 := c.between("from", 0, 0, furthest)
	limit, err2 := c.between("limit", 0, 0, furthest)
	if err := cmp.Or(err1, err2); err != nil {
		return out, err
	}
	column, down := strings.CutPrefix(q.Get("sort"), "-")
	found, err := findUsers(d, q.Get("search"), column)
	if err != nil {
		return out, err
	}
	if down {
		slices.Reverse(found)
	}
	out = UserPage{Items: []User{}, Total: len(found)}
	found = found[min(from, len(found)):]
	if limit > 0 {
		found = found[:min(limit, len(found))]
	}
	for _, u := range found {
		out.Items = append(out.Items, userOf(d, u.id, u.entry))
	}
	return out, nil
}

// findUsers returns those in whose cells all the words are, by a column; without
// one they are by their ids.
func findUsers(d directory.State, search, column string) ([]shownUser, error) {
	wanted := strings.Fields(plainText(search))
	cellsOf := cellsIn(d)
	var found []shownUser
	for _, id := range slices.Sorted(maps.Keys(d.Users)) {
		u := shownUser{id: id, entry: d.Users[id]}
		if len(wanted) > 0 || column != "" {
			u.cells = cellsOf(id, u.entry)
		}
		if all := u.text(); !slices.ContainsFunc(wanted, func(word string) bool { return !strings.Contains(all, word) }) {
			found = append(found, u)
		}
	}
	if column == "" || len(found) == 0 {
		return found, nil
	}
	if _, ok := found[0].cells[column]; !ok {
		return nil, refusal.Of("sort", "there is no column %q to sort by", column)
	}
	slices.SortStableFunc(found, func(a, b shownUser) int { return strings.Compare(a.cells[column], b.cells[column]) })
	return found, nil
}

// searched are the columns that a search looks into. Manual: При вводе в строку поиска.
var searched = []string{"name", "login", "user_id", "position", "centers", "lines", "languages", "skills"}

func (u shownUser) text() string {
	var b strings.Builder
	for _, column := range searched {
		b.WriteString(u.cells[column])
		b.WriteByte('\n')
	}
	return b.String()
}

// cellsIn returns what makes the cells of a user, by names as people read them.
func cellsIn(d directory.State) func(id string, e directory.Entry[*event.User]) map[string]string {
	position := namesIn(d.Positions, (*event.Position).GetName)
	center := namesIn(d.Centers, (*event.Center).GetName)
	line := namesIn(d.Lines, (*event.Line).GetName)
	language := namesIn(d.Languages, (*event.Language).GetName)
	skill := namesIn(d.Skills, (*event.Skill).GetName)
	return func(id string, e directory.Entry[*event.User]) map[string]string {
		u := e.Value
		return map[string]string{
			"name":     plainText(strings.TrimSpace(u.LastName + " " + u.FirstName)),
			"login":    plainText(u.Login),
			"user_id":  plainText(id),
			"position": position([]string{u.PositionId}),
			"centers":  center(u.CenterIds), "lines": line(u.LineIds), "languages": language(u.Languages), "skills": skill(u.Skills),
			"roles":    ordinal(len(u.Roles)),
			"capacity": ordinal(int(u.Capacity)),
			"disabled": strconv.FormatBool(u.Disabled),
			"at":       e.At.UTC().Format("2006-01-02T15:04:05.000000000"),
		}
	}
}

// namesIn returns what writes ids as names, each with its id: both can be searched
// for, and the name comes first.
func namesIn[M any](known map[string]directory.Entry[M], name func(M) string) func(ids []string) string {
	texts := make(map[string]string, len(known))
	for id, e := range known {
		texts[id] = plainText(cmp.Or(name(e.Value), id) + " " + id)
	}
	return func(ids []string) string {
		var list []string
		for _, id := range ids {
			list = append(list, cmp.Or(texts[id], plainText(id)))
		}
		slices.Sort(list)
		return strings.Join(list, ", ")
	}
}

// ordinal writes a number so that it sorts as one.
func ordinal(n int) string { return strconv.Itoa(1_000_000 + n) }

// plainText is a text whatever its case, and ё as е.
func plainText(s string) string { return strings.ReplaceAll(strings.ToLower(s), "ё", "е") }
