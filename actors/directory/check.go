package directory

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

const (
	maxID       = 64  // characters in an id or a login
	maxName     = 200 // characters in a name
	maxCapacity = 100 // conversations at once
)

// Ids become names of streams and parts of addresses, so they hold no dot and
// no slash. Lines and skills are called in any language.
var (
	plainID  = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	spokenID = regexp.MustCompile(`^[\p{L}\p{N}_-]+$`)
	kindName = regexp.MustCompile(`^[a-z_]+$`)
	bcp47    = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)
	zoneName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$`)
)

// checkUser refuses what is wrong with a user, whoever else there is.
func checkUser(s State, u *event.User) error {
	if err := firstOf(
		checkID("user_id", u.UserId, plainID),
		checkLoginAlone(u.Login),
		checkName("first_name", u.FirstName),
		checkName("last_name", u.LastName),
		checkGrants(s, u),
	); err != nil {
		return err
	}
	if _, ok := s.Positions[u.PositionId]; u.PositionId != "" && !ok {
		return refusal.Of("position_id", "there is no position %q", u.PositionId)
	}
	if u.Capacity < 0 || u.Capacity > maxCapacity {
		return refusal.Of("capacity", "the capacity is 0 to %d", maxCapacity)
	}
	return nil
}

// checkLoginAlone refuses what is no login. Manual: Пользователи, login and user
// identifier are required.
func checkLoginAlone(login string) error {
	bad := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }
	switch {
	case login == "":
		return refusal.Of("login", "the login is required")
	case utf8.RuneCountInString(login) > maxID || strings.ContainsFunc(login, bad):
		return refusal.Of("login", "a login is at most %d characters without spaces", maxID)
	}
	return nil
}

func checkGrants(s State, g grants) error {
	for _, r := range g.GetRoles() {
		if !slices.Contains(Roles[:], r) {
			return refusal.Of("roles", "there is no role %q", r)
		}
	}
	return firstOf(
		checkAll(s.Centers, "center_ids", "center", g.GetCenterIds()),
		checkAll(s.Lines, "line_ids", "line", g.GetLineIds()),
		checkAll(s.Languages, "languages", "language", g.GetLanguages()),
		checkAll(s.Skills, "skills", "skill", g.GetSkills()),
	)
}

func checkCenter(s State, c *event.Center) error {
	if c.TimeZone != "" && !zoneName.MatchString(c.TimeZone) {
		return refusal.Of("time_zone", "a time zone is named like Europe/Moscow")
	}
	return firstOf(checkID("center_id", c.CenterId, plainID), checkName("name", c.Name), checkOpen(s, c.CalendarId))
}

// checkLine refuses to carry a line off to another center while accounts send
// conversations of this one to it, or words of this one are for it.
func checkLine(s State, l *event.Line) error {
	if err := firstOf(
		checkID("line_id", l.LineId, spokenID),
		checkName("name", l.Name),
		checkAll(s.Centers, "center_id", "center", []string{l.CenterId}),
		checkOpen(s, l.CalendarId),
	); err != nil {
		return err
	}
	for _, e := range s.Accounts {
		if a := e.Value; a.Routing.GetLineId() == l.LineId && a.CenterId != l.CenterId {
			return refusal.New(refusal.Conflict, "line %q is in use by accounts of center %s", l.LineId, a.CenterId)
		}
	}
	return firstOf(checkMoved(s.Templates, l), checkMoved(s.Phrases, l))
}

func checkLanguage(l *event.Language) error {
	if !bcp47.MatchString(l.Language) || len(l.Language) > maxID {
		return refusal.Of("language", "a language is a BCP 47 tag such as ru or pt-BR")
	}
	return checkName("name", l.Name)
}

func checkSkill(k *event.Skill) error {
	return firstOf(checkID("skill", k.Skill, spokenID), checkName("name", k.Name))
}

// checkTopic keeps the topics a tree.
func checkTopic(s State, t *event.Topic) error {
	if err := firstOf(checkID("topic_id", t.TopicId, plainID), checkName("name", t.Name)); err != nil {
		return err
	}
	for id := t.ParentId; id != ""; id = s.Topics[id].Value.GetParentId() {
		if id == t.TopicId {
			return refusal.Of("parent_id", "a topic can't be under itself")
		}
		if _, ok := s.Topics[id]; !ok {
			return refusal.Of("parent_id", "there is no topic %q", id)
		}
	}
	return nil
}

func checkPosition(s State, p *event.Position) error {
	return firstOf(checkID("position_id", p.PositionId, plainID), checkName("name", p.Name), checkGrants(s, p))
}

func checkAccount(s State, a *event.Account) error {
	if err := firstOf(
		checkID("account_id", a.AccountId, plainID),
		checkName("name", a.Name),
		checkAll(s.Centers, "center_id", "center", []string{a.CenterId}),
		checkRouting(s, a),
		checkChain(s, "agents", a.Agents),
	); err != nil {
		return err
	}
	switch {
	case !kindName.MatchString(a.Kind):
		return refusal.Of("kind", "a kind of channel is written in small letters, such as telegram")
	case a.Settings != "" && !json.Valid([]byte(a.Settings)):
		return refusal.Of("settings", "the settings are not JSON")
	case len(a.Agents) > 0 && !a.OwnAgents:
		return refusal.Of("agents", "an account without a chain of its own passes the center's")
	}
	return nil
}

func checkRouting(s State, a *event.Account) error {
	r := a.Routing
	if id := r.GetLineId(); id != "" {
		l := s.Line(id)
		switch {
		case l == nil:
			return refusal.Of("routing.line_id", "there is no line %q", id)
		case l.CenterId != a.CenterId:
			return refusal.Of("routing.line_id", "line %q is of center %s", id, l.CenterId)
		}
	}
	if id := r.GetLanguage(); id != "" {
		if _, ok := s.Languages[id]; !ok {
			return refusal.Of("routing.language", "there is no language %q", id)
		}
	}
	return checkAll(s.Skills, "routing.skills", "skill", r.GetSkills())
}

func checkSettings(s State, t *event.Settings) error {
	if t.CenterId != "" {
		if _, ok := s.Centers[t.CenterId]; !ok {
			return refusal.Of("center_id", "there is no center %q", t.CenterId)
		}
	}
	silence := t.GetPolicy().GetSilence()
	if err := firstOf(checkChain(s, "policy.agents", t.GetPolicy().GetAgents()), checkPersonWords(t.GetPolicy().GetPersonWords())); err != nil {
		return err
	}
	for i, m := range silence.GetMessages() {
		if err := checkDelay("policy.silence.messages", m.After); err != nil {
			return err
		}
		if i > 0 && m.After.AsDuration() <= silence.Messages[i-1].After.AsDuration() {
			return refusal.Of("policy.silence.messages", "each message comes later than the one before it")
		}
	}
	return firstOf(checkTimer(t.Timer), checkForm(t.Form), checkIntegration(t.Integration), checkTrainAt(t), checkAlerts(t.Alerts), checkBounds(t), checkSecondFactorRoles(t))
}

// checkTrainAt refuses a night of a center's own: there is one bot for all.
func checkTrainAt(t *event.Settings) error {
	if t.TrainAt == nil {
		return nil
	}
	if t.CenterId != "" {
		return refusal.Of("train_at", "the bot learns at one time for all centers")
	}
	if _, err := time.Parse("15:04", *t.TrainAt); err != nil || len(*t.TrainAt) != len("15:04") {
		return refusal.Of("train_at", "a time of the day is written like 03:00")
	}
	return nil
}

func checkDelay(field string, d *durationpb.Duration) error {
	if d != nil && (d.CheckValid() != nil || d.AsDuration() < 0) {
		return refusal.Of(field, "a delay can't be negative")
	}
	return nil
}

func checkID(field, id string, shape *regexp.Regexp) error {
	switch {
	case id == "":
		return refusal.Of(field, "the id is required")
	case utf8.RuneCountInString(id) > maxID || !shape.MatchString(id):
		return refusal.Of(field, "an id is at most %d letters, digits, _ and -", maxID)
	}
	return nil
}

func checkName(field, name string) error {
	if utf8.RuneCountInString(name) > maxName {
		return refusal.Of(field, "a name is at most %d characters", maxName)
	}
	return nil
}

// checkAll refuses the first id that leads nowhere.
func checkAll[M any](known map[string]Entry[M], field, kind string, ids []string) error {
	for _, id := range ids {
		if _, ok := known[id]; !ok {
			return refusal.Of(field, "there is no %s %q", kind, id)
		}
	}
	return nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
