package directory

import (
	"fmt"
	"maps"
	"slices"
	"unicode"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// A UserFault is what is wrong with one user of many.
type UserFault struct {
	At  int // its place in the command
	Err error
}

// UserFaults is why none of many users was kept: at least one of them is wrong.
type UserFaults []UserFault

func (f UserFaults) Error() string {
	if len(f) == 1 {
		return f[0].Err.Error()
	}
	return fmt.Sprintf("%v; and %d more are wrong", f[0].Err, len(f)-1)
}

// Unwrap returns the first of them, so that the kind is known.
func (f UserFaults) Unwrap() error { return f[0].Err }

// putUser keeps one, as many are kept.
func putUser(s State, c Put, u *event.User, at *timestamppb.Timestamp) ([]event.Event, error) {
	events, err := putUsers(s, PutUsers{By: c.By, Users: []PutUser{{u, c.Revision, c.Any}}}, at)
	if faults, ok := err.(UserFaults); ok {
		return nil, faults[0].Err
	}
	return events, err
}

// putUsers keeps all of the users, or none. Each is compared with what all of them
// together will be: two may exchange their logins.
func putUsers(s State, c PutUsers, at *timestamppb.Timestamp) ([]event.Event, error) {
	if c.By == "" {
		return nil, refusal.Of("by", "a change has an author")
	}
	after := s
	after.Users = maps.Clone(s.Users)
	if after.Users == nil {
		after.Users = map[string]Entry[*event.User]{}
	}
	times := map[string]int{}
	for _, u := range c.Users {
		after.Users[u.User.UserId] = Entry[*event.User]{Value: u.User}
		times[u.User.UserId]++
	}
	owners, locked := ownersOf(after), letsIn(s) && !letsIn(after)
	var events []event.Event
	var faults UserFaults
	for i, p := range c.Users {
		u := proto.CloneOf(p.User)
		err := firstOf(checkUser(after, u), checkOwner(owners, u))
		switch {
		case times[u.UserId] > 1:
			err = refusal.Of("user_id", "the user %q is there twice", u.UserId)
		case err == nil && locked && mayModifyUsers(s.User(u.UserId)) && !mayModifyUsers(u):
			err = errLastAdmin()
		}
		put := Put{By: c.By, Entry: u, Revision: p.Revision, Any: p.Any}
		facts, err := keep(put, s.Users, "user", u.UserId, u, err, &event.UserPut{At: at, By: c.By, User: u, LoginCounts: true})
		if err != nil {
			faults = append(faults, UserFault{i, err})
		}
		events = append(events, facts...)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return events, nil
}

// letsIn reports whether somebody may modify users.
func letsIn(s State) bool {
	for _, e := range s.Users {
		if mayModifyUsers(e.Value) {
			return true
		}
	}
	return false
}

// ownersOf returns whose each login is, in whatever case.
func ownersOf(s State) map[string][]string {
	owners := make(map[string][]string, len(s.Users))
	for _, id := range slices.Sorted(maps.Keys(s.Users)) {
		login := folded(s.Users[id].Value.Login)
		owners[login] = append(owners[login], id)
	}
	return owners
}

func checkOwner(owners map[string][]string, u *event.User) error {
	for _, other := range owners[folded(u.Login)] {
		if other != u.UserId {
			return refusal.Of("login", "the login %q belongs to user %s", u.Login, other)
		}
	}
	return nil
}

// folded is one text for all that strings.EqualFold takes for the same.
func folded(s string) string {
	out := []rune(s)
	for i, r := range out {
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			out[i] = min(out[i], next)
		}
	}
	return string(out)
}
