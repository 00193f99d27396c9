package rest

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

// mostUsers is how many are changed at once.
const mostUsers = 10_000

// ChangeUsers is a change of several users. What is left out stays as it is.
type ChangeUsers struct {
	Users      []ChosenUser `json:"users" need:"yes"`
	DryRun     bool         `json:"dry_run" doc:"only says what would change"`
	PositionID *string      `json:"position_id" doc:"empty takes it away"`
	ByPosition ByPosition   `json:"by_position"`
	Add        SomeGrants   `json:"add"`
	Remove     SomeGrants   `json:"remove"`
	Disabled   *bool        `json:"disabled"`
}

// ChosenUser is one of them, as the asker has seen it.
type ChosenUser struct {
	UserID   string `json:"user_id" need:"yes"`
	Revision uint64 `json:"revision" need:"yes"`
}

// ByPosition sets what the user's position presets. Manual: «Установить роли в
// соответствии с должностью».
type ByPosition struct {
	Roles  bool `json:"roles"`
	Places bool `json:"places" doc:"centers, lines, languages and skills"`
}

// SomeGrants are some of what a user has.
type SomeGrants struct {
	Roles     []string `json:"roles"`
	CenterIDs []string `json:"center_ids"`
	LineIDs   []string `json:"line_ids"`
	Languages []string `json:"languages"`
	Skills    []string `json:"skills"`
}

// UsersChanged is what became of a change of several users, or would.
type UsersChanged struct {
	DryRun  bool          `json:"dry_run"`
	Done    bool          `json:"done" doc:"all of them were changed; otherwise none was"`
	New     int           `json:"new"`
	Changed int           `json:"changed"`
	Wrong   int           `json:"wrong"`
	Items   []UserOutcome `json:"items"`
}

// UserOutcome is what became of one of them.
type UserOutcome struct {
	Line    int          `json:"line" doc:"of the file; 0 if there is none"`
	UserID  string       `json:"user_id"`
	Name    string       `json:"name"`
	Outcome string       `json:"outcome" doc:"new, changed, same or wrong"`
	Faults  []UserFlaw   `json:"faults"`
	Changes []UserChange `json:"changes"`
	Held    int          `json:"held" doc:"conversations that go back to their queues, as the user is disabled"`
}

// UserFlaw is what is wrong with a user.
type UserFlaw struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// UserChange is what changes of a user.
type UserChange struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// The outcomes.
const (
	outcomeNew     = "new"
	outcomeChanged = "changed"
	outcomeSame    = "same"
	outcomeWrong   = "wrong"
)

// A wishedUser is a user as somebody wants it to be.
type wishedUser struct {
	line     int
	user     *event.User
	revision uint64
	flaws    []UserFlaw
}

func (c *call) changeUsers(in ChangeUsers) (UsersChanged, error) {
	d := c.directory()
	if len(in.Users) > mostUsers {
		return UsersChanged{}, refusal.Of("users", "at most %d users are changed at once", mostUsers)
	}
	var wishes []wishedUser
	for _, chosen := range in.Users {
		w := wishedUser{user: &event.User{UserId: chosen.UserID}, revision: chosen.Revision}
		if old := d.User(chosen.UserID); old != nil {
			w.user = in.of(d, old)
		} else {
			w.flaws = []UserFlaw{{"user_id", "there is no such user any more"}}
		}
		wishes = append(wishes, w)
	}
	return c.putUsers(wishes, in.DryRun)
}

// of returns a user as it is after the change.
func (in ChangeUsers) of(d directory.State, old *event.User) *event.User {
	u := proto.CloneOf(old)
	if in.PositionID != nil {
		u.PositionId = *in.PositionID
	}
	if p := d.Positions[u.PositionId].Value; p != nil {
		if in.ByPosition.Roles {
			u.Roles = p.Roles
		}
		if in.ByPosition.Places {
			u.CenterIds, u.LineIds, u.Languages, u.Skills = p.CenterIds, p.LineIds, p.Languages, p.Skills
		}
	}
	u.Roles = mixed(u.Roles, in.Add.Roles, in.Remove.Roles)
	u.CenterIds = mixed(u.CenterIds, in.Add.CenterIDs, in.Remove.CenterIDs)
	u.LineIds = mixed(u.LineIds, in.Add.LineIDs, in.Remove.LineIDs)
	u.Languages = mixed(u.Languages, in.Add.Languages, in.Remove.Languages)
	u.Skills = mixed(u.Skills, in.Add.Skills, in.Remove.Skills)
	if in.Disabled != nil {
		u.Disabled = *in.Disabled
	}
	return u
}

// mixed is a list with some added that were not there, and some taken out.
func mixed(list, add, remove []string) []string {
	out := slices.Clone(list)
	for _, id := range add {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return slices.DeleteFunc(out, func(id string) bool { return slices.Contains(remove, id) })
}

// putUsers keeps all of the users or none, and says of each what is new or wrong.
// The sessions of who is disabled end.
func (c *call) putUsers(wishes []wishedUser, dry bool) (UsersChanged, error) {
	d := c.directory()
	cmd, users := directory.PutUsers{By: c.by()}, []*event.User{}
	for i, w := range wishes {
		if err := covered(c, d.User(w.user.UserId), w.user); err != nil && len(w.flaws) == 0 {
			wishes[i].flaws = []UserFlaw{flawOf(err)}
		}
		cmd.Users, users = append(cmd.Users, directory.PutUser{User: w.user, Revision: w.revision}), append(users, w.user)
	}
	_, err := directory.Decide(d, cmd, c.config.System.Now())
	if err := blame(wishes, err); err != nil {
		return UsersChanged{}, err
	}
	out, err := c.outcomes(d, wishes)
	if err != nil || dry || out.Wrong > 0 {
		out.DryRun = dry
		return out, err
	}
	if err := blame(wishes, c.change(cmd)); err != nil {
		return UsersChanged{}, err
	}
	if slices.ContainsFunc(wishes, func(w wishedUser) bool { return len(w.flaws) > 0 }) {
		return c.outcomes(d, wishes) // somebody was faster
	}
	out.Done = true
	return out, c.leave(users...)
}

// leave shuts out who is disabled now, also who was so before: what broke off is
// done by being asked for once more.
func (c *call) leave(users ...*event.User) error {
	var out []string
	for _, u := range users {
		if u.Disabled {
			out = append(out, u.UserId)
		}
	}
	return c.config.Auth.ShutOut(out...)
}

// blame notes what the directory says is wrong with which of them. Anything else
// comes back.
func blame(wishes []wishedUser, err error) error {
	faults, ok := errors.AsType[directory.UserFaults](err)
	if !ok {
		return err
	}
	for _, f := range faults {
		if w := &wishes[f.At]; len(w.flaws) == 0 {
			w.flaws = []UserFlaw{flawOf(f.Err)}
		}
	}
	return nil
}

func flawOf(err error) UserFlaw {
	flaw := UserFlaw{Detail: err.Error()}
	if e, ok := errors.AsType[*refusal.Error](err); ok {
		flaw = UserFlaw{e.Field, e.Text}
	}
	return flaw
}

func (c *call) outcomes(d directory.State, wishes []wishedUser) (UsersChanged, error) {
	out := UsersChanged{Items: []UserOutcome{}}
	for _, w := range wishes {
		old := d.User(w.user.UserId)
		o := UserOutcome{Line: w.line, UserID: w.user.UserId, Name: strings.TrimSpace(w.user.LastName + " " + w.user.FirstName),
			Outcome: outcomeSame, Faults: list(w.flaws), Changes: changesOf(old, w.user)}
		switch {
		case len(w.flaws) > 0:
			o.Outcome, o.Changes = outcomeWrong, []UserChange{}
			out.Wrong++
		case old == nil:
			o.Outcome = outcomeNew
			out.New++
		case !proto.Equal(old, w.user):
			o.Outcome = outcomeChanged
			out.Changed++
		}
		if o.Outcome == outcomeChanged && w.user.Disabled && !old.Disabled {
			duty, err := c.duty(old)
			if err != nil {
				return UsersChanged{}, err
			}
			o.Held = len(duty.Held)
		}
		out.Items = append(out.Items, o)
	}
	return out, nil
}

// changesOf says field by field what becomes of a user.
func changesOf(old, now *event.User) []UserChange {
	out := []UserChange{}
	say := func(field, before, after string) {
		if before != after {
			out = append(out, UserChange{field, before, after})
		}
	}
	say("login", old.GetLogin(), now.Login)
	say("last_name", old.GetLastName(), now.LastName)
	say("first_name", old.GetFirstName(), now.FirstName)
	say("position_id", old.GetPositionId(), now.PositionId)
	before, after := grantsOf(auth.Grantee(old)), grantsOf(now)
	say("roles", together(before.Roles), together(after.Roles))
	say("center_ids", together(before.CenterIDs), together(after.CenterIDs))
	say("line_ids", together(before.LineIDs), together(after.LineIDs))
	say("languages", together(before.Languages), together(after.Languages))
	say("skills", together(before.Skills), together(after.Skills))
	say("capacity", strconv.Itoa(int(old.GetCapacity())), strconv.Itoa(int(now.Capacity)))
	say("disabled", strconv.FormatBool(old.GetDisabled()), strconv.FormatBool(now.Disabled))
	return out
}

func together(ids []string) string { return strings.Join(ids, ", ") }
