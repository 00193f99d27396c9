package directory

import (
	"slices"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
)

// MaySignIn reports whether a user is let in, once it is clear who it is.
func MaySignIn(u *event.User) bool {
	return u != nil && !u.Disabled && slices.Contains(u.Roles, Login)
}

// userOf is the user of a fact. One of before the permission to sign in counted
// lets everybody in, as it was then: who was working goes on working, and has the
// permission from then on, until somebody takes it away.
func userOf(e *event.UserPut) *event.User {
	if e.LoginCounts || slices.Contains(e.User.Roles, Login) {
		return e.User
	}
	u := proto.CloneOf(e.User)
	u.Roles = append(u.Roles, Login)
	return u
}

// positionOf is the position of a fact: one of before the permission counted took
// it from nobody.
func positionOf(e *event.PositionPut) *event.Position {
	if e.LoginCounts || slices.Contains(e.Position.Roles, Login) {
		return e.Position
	}
	p := proto.CloneOf(e.Position)
	p.Roles = append(p.Roles, Login)
	return p
}
