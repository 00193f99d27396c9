package rest

import (
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/wall"
	"crafttalkd/transport/auth"
)

// UserView is what a user may do and see.
type UserView struct {
	UserID      string    `json:"user_id"`
	SignsIn     bool      `json:"signs_in" doc:"is not disabled, and has a password and the permission login"`
	Roles       []string  `json:"roles" doc:"permissions that count now: a disabled user has none"`
	Acts        []UserAct `json:"acts"`
	Scope       UserScope `json:"scope"`
	Open        UserOpen  `json:"open"`
	Held        int       `json:"held" doc:"conversations that the user keeps now"`
	OnReception bool      `json:"on_reception"`
}

// UserAct is something that can be done, and whether the user may do it.
type UserAct struct {
	Name    string `json:"name"`
	Allowed bool   `json:"allowed"`
}

// UserScope is whose conversations are the user's business. A list that is empty
// limits nothing.
type UserScope struct {
	Everywhere bool     `json:"everywhere"`
	Nowhere    bool     `json:"nowhere"`
	Serves     bool     `json:"serves" doc:"queues give the user conversations"`
	CenterIDs  []string `json:"center_ids"`
	LineIDs    []string `json:"line_ids"`
	Languages  []string `json:"languages"`
	Skills     []string `json:"skills"`
}

// UserOpen is how many open conversations are within that now.
type UserOpen struct {
	Waiting   int `json:"waiting"`
	Served    int `json:"served"`
	Automatic int `json:"automatic"`
}

// acts are what people ask about, each by the call that does it: who may make the
// call may do it.
var acts = []struct{ name, method, path string }{
	{"read_conversations", "GET", "/api/v1/conversations/:id"},
	{"transfer", "GET", "/api/v1/workplace/transfer"},
	{"view_customer", "GET", "/api/v1/customers/:id"},
	{"change_customer", "PATCH", "/api/v1/customers/:id"},
	{"begin_conversation", "POST", "/api/v1/customers/:id/conversations"},
	{"invite_link", "POST", "/api/v1/customers/:id/links"},
	{"ticket", "PUT", "/api/v1/conversations/:id/ticket"},
	{"send_mail", "POST", "/api/v1/conversations/:id/mail"},
	{"erase_customer", "POST", "/api/v1/customers/:id/erasures"},
	{"search_history", "GET", "/api/v1/history"},
	{"export_history", "GET", "/api/v1/history/export"},
	{"monitor", "GET", "/api/v1/monitoring"},
	{"assign", "POST", "/api/v1/conversations/:id/assign"},
	{"operator_offline", "POST", "/api/v1/operators/:id/offline"},
	{"statistics", "GET", "/api/v1/statistics"},
	{"read_knowledge", "GET", "/api/v1/kb/search"},
	{"change_knowledge", "PUT", "/api/v1/articles/:id"},
	{"teach_bot", "POST", "/api/v1/bot/train"},
	{"change_settings", "PUT", "/api/v1/settings/:id"},
	{"view_users", "GET", "/api/v1/users"},
	{"change_users", "PUT", "/api/v1/users/:id"},
	{"change_keys", "PUT", "/api/v1/keys/:id"},
	{"own_password", "POST", "/api/v1/password"},
}

// buttons are what is shown by one permission alone.
var buttons = []struct{ name, role string }{
	{"send_files", directory.SendFiles},
	{"send_pics", directory.SendPics},
	{"say_dissatisfied", directory.ModifyUserDissatisfaction},
}

// viewAs judges a user by what judges everybody's calls. Nobody signs in by it.
func (c *call) viewAs() (UserView, error) {
	d := c.directory()
	u := d.User(c.id())
	if u == nil {
		return UserView{}, refusal.New(refusal.NotFound, "there is no user %q", c.id())
	}
	_, able := d.Passwords[u.UserId]
	out := UserView{UserID: u.UserId, SignsIn: able && directory.MaySignIn(u), Roles: []string{}, Scope: scopeOf(u), Acts: c.acts(u)}
	for _, role := range directory.Roles {
		if auth.Can(u, role) {
			out.Roles = append(out.Roles, role)
		}
	}
	if c.config.Open != nil {
		open := c.config.Open(u)
		out.Open = UserOpen{open[wall.Waiting], open[wall.Served], open[wall.Automatic]}
	}
	duty, err := c.duty(u)
	out.Held, out.OnReception = len(duty.Held), duty.Presence == event.Presence_ONLINE.String() && duty.Connected
	return out, err
}

func scopeOf(u *event.User) UserScope {
	nowhere := u.Disabled || len(u.CenterIds)+len(u.LineIds) == 0 && !auth.Everywhere(u)
	return UserScope{Everywhere: auth.Everywhere(u), Nowhere: nowhere, Serves: !u.Disabled && len(u.LineIds) > 0,
		CenterIDs: list(u.CenterIds), LineIDs: list(u.LineIds), Languages: list(u.Languages), Skills: list(u.Skills)}
}

func (c *call) acts(u *event.User) (out []UserAct) {
	as := asker{user: u}
	if u.Disabled {
		as.user = nil // does not get in
	}
	for _, act := range acts {
		out = append(out, UserAct{act.name, c.ruleOf(act.method, act.path).check(as) == nil})
	}
	for _, b := range buttons {
		out = append(out, UserAct{b.name, auth.Can(u, b.role)})
	}
	return out
}

// ruleOf returns who may make a call; nobody may make one that there is not.
func (c *call) ruleOf(method, path string) rule {
	for _, rt := range c.routes {
		if rt.method == method && rt.path == path {
			return rt.may
		}
	}
	return rule{}
}
