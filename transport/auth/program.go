package auth

import "crafttalkd/actors/event"

// A Grantee has permissions and limits: a user, a key, a webhook.
type Grantee interface {
	GetRoles() []string
	GetCenterIds() []string
	GetLineIds() []string
	GetLanguages() []string
	GetSkills() []string
}

// Program returns a program as the user that [Can] and [InScope] are about, so
// that there is one rule for all.
func Program(name string, g Grantee) *event.User {
	return &event.User{UserId: name, Roles: g.GetRoles(), CenterIds: g.GetCenterIds(), LineIds: g.GetLineIds(),
		Languages: g.GetLanguages(), Skills: g.GetSkills()}
}
