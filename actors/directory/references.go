package directory

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// A Use is what refers to an entry: an account, a center, a key, a line …
type Use struct{ Kind, ID string }

func (u Use) String() string { return u.Kind + " " + u.ID }

// Uses returns what refers to an entry, in order. Presets in positions count:
// they would preset what is no more.
func Uses(s State, kind, id string) []Use {
	var by []Use
	say := func(refers bool, kind, id string) {
		if refers {
			by = append(by, Use{kind, id})
		}
	}
	for _, k := range slices.Sorted(maps.Keys(s.Accounts)) {
		say(accountRefers(s.Accounts[k].Value, kind, id), "account", k)
	}
	for _, k := range slices.Sorted(maps.Keys(s.Centers)) {
		say(kind == "Calendar" && s.Centers[k].Value.CalendarId == id, "center", k)
	}
	for _, k := range slices.Sorted(maps.Keys(s.Keys)) {
		say(granted(s.Keys[k].Value, kind, id), "key", k)
	}
	for _, k := range slices.Sorted(maps.Keys(s.Lines)) {
		l := s.Lines[k].Value
		say(kind == "Center" && l.CenterId == id || kind == "Calendar" && l.CalendarId == id, "line", k)
	}
	for _, k := range slices.Sorted(maps.Keys(s.Phrases)) {
		say(addressed(s.Phrases[k].Value, kind, id), "phrase", k)
	}
	for _, k := range slices.Sorted(maps.Keys(s.Positions)) {
		say(granted(s.Positions[k].Value, kind, id), "position", k)
	}
	for _, k := range slices.Sorted(maps.Keys(s.Settings)) {
		say(kind == "Agent" && slices.Contains(s.Settings[k].Value.GetPolicy().GetAgents(), id), "settings", cmp.Or(k, "default"))
	}
	for _, k := range slices.Sorted(maps.Keys(s.Templates)) {
		say(addressed(s.Templates[k].Value, kind, id), "template", k)
	}
	for _, k := range slices.Sorted(maps.Keys(s.Topics)) {
		say(kind == "Topic" && s.Topics[k].Value.ParentId == id, "topic", k)
	}
	for _, k := range slices.Sorted(maps.Keys(s.Users)) {
		u := s.Users[k].Value
		say(granted(u, kind, id) || kind == "Position" && u.PositionId == id, "user", k)
	}
	for _, k := range slices.Sorted(maps.Keys(s.Webhooks)) {
		say(granted(s.Webhooks[k].Value, kind, id), "webhook", k)
	}
	return by
}

func accountRefers(a *event.Account, kind, id string) bool {
	r := a.Routing
	switch kind {
	case "Center":
		return a.CenterId == id
	case "Line":
		return r.GetLineId() == id
	case "Language":
		return r.GetLanguage() == id
	case "Skill":
		return slices.Contains(r.GetSkills(), id)
	case "Agent":
		return slices.Contains(a.Agents, id)
	}
	return false
}

// saying is a template or a phrase: it is for somebody, or for everybody.
type saying interface {
	GetCenterId() string
	GetLineId() string
	GetLanguage() string
}

func addressed(t saying, kind, id string) bool {
	switch kind {
	case "Center":
		return t.GetCenterId() == id
	case "Line":
		return t.GetLineId() == id
	case "Language":
		return t.GetLanguage() == id
	}
	return false
}

// grants is what a user, a key or a webhook has and a position presets.
type grants interface {
	GetRoles() []string
	GetCenterIds() []string
	GetLineIds() []string
	GetLanguages() []string
	GetSkills() []string
}

func granted(g grants, kind, id string) bool {
	switch kind {
	case "Center":
		return slices.Contains(g.GetCenterIds(), id)
	case "Line":
		return slices.Contains(g.GetLineIds(), id)
	case "Language":
		return slices.Contains(g.GetLanguages(), id)
	case "Skill":
		return slices.Contains(g.GetSkills(), id)
	}
	return false
}

// some writes a list of names, but not a long one.
func some(uses []Use) string {
	const most = 5
	var names []string
	for _, u := range uses {
		names = append(names, u.String())
	}
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// mayModifyUsers reports whether u can let others in.
func mayModifyUsers(u *event.User) bool {
	return MaySignIn(u) && slices.Contains(u.Roles, ModifyUsers)
}

// lastAdmin reports whether nobody but the user could let others in.
func lastAdmin(s State, id string) bool {
	if !mayModifyUsers(s.User(id)) {
		return false
	}
	for other, e := range s.Users {
		if other != id && mayModifyUsers(e.Value) {
			return false
		}
	}
	return true
}

func errLastAdmin() error {
	return refusal.New(refusal.Conflict, "this is the last user who may modify users")
}
