package rest

import (
	"errors"
	"slices"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// directoryRoutes are the organisation: who works here, on what, under which
// settings. Manual: Пользователи, Редактирование настроек, Редактирование тематик.
func directoryRoutes() []*route {
	return slices.Concat(
		userRoutes(), centers.routes(), lines.routes(), languages.routes(), skills.routes(),
		topics.routes(), templates.routes(), phrases.routes(), positions.routes(), settings.routes(), settingsRoutes(), ourAccounts.routes(),
		ourAgents.routes(), calendars.routes(), ourKeys.routes(), ourWebhooks.routes(), usesRoutes(),
		[]*route{{method: "GET", path: "/api/v1/hours", summary: "Of every calendar, center and line, whether it is open now, and when that changes",
			may: signedIn, verb: answers((*call).attendance)},
			{method: "POST", path: "/api/v1/hours/preview", summary: "What working hours would come to in the next two weeks; nothing is kept", may: configure, verb: takes((*call).previewHours)}},
		[]*route{{method: "POST", path: "/api/v1/accounts/:id/key", summary: "Make a new key of an account of kind api; the one before it works on",
			may: configure, verb: answers((*call).rotateKey)}},
	)
}

var configure = may(directory.ModifyConfiguration)

// Grants are what a user, a key or a webhook has and a position presets.
type Grants struct {
	Roles     []string `json:"roles" doc:"permissions, by the names of the manual"`
	CenterIDs []string `json:"center_ids"`
	LineIDs   []string `json:"line_ids"`
	Languages []string `json:"languages"`
	Skills    []string `json:"skills"`
}

// UserFields are what may be said of a user.
type UserFields struct {
	Login      string `json:"login" need:"yes"`
	FirstName  string `json:"first_name"`
	LastName   string `json:"last_name"`
	PositionID string `json:"position_id"`
	Grants
	Capacity int32 `json:"capacity" doc:"conversations at once; 0 stands for 3"`
	Disabled bool  `json:"disabled"`
}

// PutUser is a user as it is put.
type PutUser struct {
	UserFields
	Password string `json:"password" doc:"sets the password too; left out, it stays as it is"`
	Revised
}

// User is a user as it is shown. Passwords and their hashes are never shown.
type User struct {
	UserID string `json:"user_id"`
	UserFields
	HasPassword bool `json:"has_password"`
	Mark
}

var users = collection[*event.User, PutUser, User]{
	name: "users", kind: "User",
	view: may(directory.ViewUsers, directory.ModifyUsers), change: may(directory.ModifyUsers),
	entries: func(d directory.State) map[string]directory.Entry[*event.User] { return d.Users },
	show:    userOf,
	build:   buildUser,
	allow:   covered[*event.User],
	gone:    func(c *call, id string) error { return c.config.Auth.ShutOut(id) },
}

func userOf(d directory.State, id string, e directory.Entry[*event.User]) User {
	u := e.Value
	_, able := d.Passwords[id]
	return User{UserID: id, Mark: markOf(e), HasPassword: able, UserFields: UserFields{
		Login: u.Login, FirstName: u.FirstName, LastName: u.LastName, PositionID: u.PositionId,
		Grants:   grantsOf(u),
		Capacity: u.Capacity, Disabled: u.Disabled,
	}}
}

// buildUser checks the password before the user is changed. Who was given another
// one is signed out elsewhere.
func buildUser(c *call, id string, in PutUser, old *event.User) (*event.User, func() error, error) {
	u := &event.User{UserId: id, Login: in.Login, FirstName: in.FirstName, LastName: in.LastName, PositionId: in.PositionID,
		Roles: in.Roles, CenterIds: in.CenterIDs, LineIds: in.LineIDs, Languages: in.Languages, Skills: in.Skills,
		Capacity: in.Capacity, Disabled: in.Disabled}
	var hash string
	if in.Password != "" {
		var err error
		if hash, err = c.config.Auth.Hash(c.r.Context(), in.Login, in.Password); err != nil {
			return nil, nil, err
		}
	}
	return u, func() error {
		if hash != "" {
			if err := c.change(directory.SetPassword{By: c.by(), User: id, Hash: hash}); err != nil {
				return err
			}
		}
		if hash != "" && old != nil {
			if err := errors.Join(c.config.Auth.End(id, "", c.asker.session.ID), c.config.Auth.Uninvite(id)); err != nil {
				return err
			}
		}
		return c.leave(u)
	}, nil
}

// CenterFields are what may be said of a center.
type CenterFields struct {
	Name     string `json:"name"`
	TimeZone string `json:"time_zone" doc:"such as Europe/Moscow"`
}

// PutCenter is a center as it is put.
type PutCenter struct {
	CenterFields
	CalendarID *string `json:"calendar_id" doc:"its working hours; empty is always, and left out they stay as they are"`
	Revised
}

// Center is a center as it is shown.
type Center struct {
	CenterID string `json:"center_id"`
	CenterFields
	CalendarID string `json:"calendar_id" doc:"its working hours"`
	Mark
}

var centers = collection[*event.Center, PutCenter, Center]{
	name: "centers", kind: "Center", view: signedIn, change: configure,
	entries: func(d directory.State) map[string]directory.Entry[*event.Center] { return d.Centers },
	show: func(_ directory.State, id string, e directory.Entry[*event.Center]) Center {
		return Center{id, CenterFields{e.Value.Name, e.Value.TimeZone}, e.Value.CalendarId, markOf(e)}
	},
	build: func(_ *call, id string, in PutCenter, old *event.Center) (*event.Center, func() error, error) {
		return &event.Center{CenterId: id, Name: in.Name, TimeZone: in.TimeZone, CalendarId: orAsIs(in.CalendarID, old.GetCalendarId())}, nil, nil
	},
}

// orAsIs is what was put, or what was there if nothing was said of it.
func orAsIs(put *string, old string) string {
	if put == nil {
		return old
	}
	return *put
}

// LineFields are what may be said of a support line.
type LineFields struct {
	Name     string `json:"name"`
	CenterID string `json:"center_id" need:"yes"`
}

// PutLine is a line as it is put.
type PutLine struct {
	LineFields
	CalendarID *string `json:"calendar_id" doc:"its working hours; empty is those of its center, and left out they stay as they are"`
	Revised
}

// Line is a line as it is shown.
type Line struct {
	LineID string `json:"line_id"`
	LineFields
	CalendarID string `json:"calendar_id" doc:"its working hours"`
	Mark
}

var lines = collection[*event.Line, PutLine, Line]{
	name: "lines", kind: "Line", view: signedIn, change: configure,
	entries: func(d directory.State) map[string]directory.Entry[*event.Line] { return d.Lines },
	show: func(_ directory.State, id string, e directory.Entry[*event.Line]) Line {
		return Line{id, LineFields{e.Value.Name, e.Value.CenterId}, e.Value.CalendarId, markOf(e)}
	},
	build: func(_ *call, id string, in PutLine, old *event.Line) (*event.Line, func() error, error) {
		return &event.Line{LineId: id, Name: in.Name, CenterId: in.CenterID, CalendarId: orAsIs(in.CalendarID, old.GetCalendarId())}, nil, nil
	},
}

// Named is all that may be said of a language or a skill.
type Named struct {
	Name string `json:"name"`
}

// PutNamed is a language or a skill as it is put.
type PutNamed struct {
	Named
	Revised
}

// Language is a language as it is shown.
type Language struct {
	Language string `json:"language" doc:"BCP 47"`
	Named
	Mark
}

// Skill is a skill as it is shown.
type Skill struct {
	Skill string `json:"skill"`
	Named
	Mark
}

var languages = collection[*event.Language, PutNamed, Language]{
	name: "languages", kind: "Language", view: signedIn, change: configure,
	entries: func(d directory.State) map[string]directory.Entry[*event.Language] { return d.Languages },
	show: func(_ directory.State, id string, e directory.Entry[*event.Language]) Language {
		return Language{id, Named{e.Value.Name}, markOf(e)}
	},
	build: func(_ *call, id string, in PutNamed, _ *event.Language) (*event.Language, func() error, error) {
		return &event.Language{Language: id, Name: in.Name}, nil, nil
	},
}

var skills = collection[*event.Skill, PutNamed, Skill]{
	name: "skills", kind: "Skill", view: signedIn, change: configure,
	entries: func(d directory.State) map[string]directory.Entry[*event.Skill] { return d.Skills },
	show: func(_ directory.State, id string, e directory.Entry[*event.Skill]) Skill {
		return Skill{id, Named{e.Value.Name}, markOf(e)}
	},
	build: func(_ *call, id string, in PutNamed, _ *event.Skill) (*event.Skill, func() error, error) {
		return &event.Skill{Skill: id, Name: in.Name}, nil, nil
	},
}

// PositionFields are what may be said of a position.
type PositionFields struct {
	Name string `json:"name"`
	Grants
}

// PutPosition is a position as it is put.
type PutPosition struct {
	PositionFields
	Revised
}

// Position is a position as it is shown. Manual: Должности.
type Position struct {
	PositionID string `json:"position_id"`
	PositionFields
	Mark
}

var positions = collection[*event.Position, PutPosition, Position]{
	name: "positions", kind: "Position", view: signedIn, change: may(directory.ModifyConfiguration, directory.ModifyUsers),
	allow:   coveredPreset[*event.Position],
	entries: func(d directory.State) map[string]directory.Entry[*event.Position] { return d.Positions },
	show: func(_ directory.State, id string, e directory.Entry[*event.Position]) Position {
		p := e.Value
		return Position{id, PositionFields{p.Name, grantsOf(p)}, markOf(e)}
	},
	build: func(_ *call, id string, in PutPosition, _ *event.Position) (*event.Position, func() error, error) {
		return &event.Position{PositionId: id, Name: in.Name, Roles: in.Roles, CenterIds: in.CenterIDs, LineIds: in.LineIDs,
			Languages: in.Languages, Skills: in.Skills}, nil, nil
	},
}
