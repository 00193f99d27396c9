package directory

import (
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// Decide returns the events that cmd leads to, or refuses it. A change that
// changes nothing leads to none.
func Decide(s State, cmd Command, now time.Time) ([]event.Event, error) {
	at := timestamppb.New(now)
	switch c := cmd.(type) {
	case Put:
		return decidePut(s, c, at)
	case Invite:
		return invite(s, c, at)
	case PutUsers:
		return putUsers(s, c, at)
	case Remove:
		return remove(s, c, at)
	case MoveTopic:
		return moveTopic(s, c, at)
	case SetPassword:
		return setPassword(s, c, at)
	}
	return decideProof(s, cmd, at)
}

func decidePut(s State, c Put, at *timestamppb.Timestamp) ([]event.Event, error) {
	if c.By == "" {
		return nil, refusal.Of("by", "a change has an author")
	}
	switch v := c.Entry.(type) {
	case *event.User:
		return putUser(s, c, v, at)
	case *event.Center:
		v = proto.CloneOf(v)
		return keep(c, s.Centers, "center", v.CenterId, v, checkCenter(s, v), &event.CenterPut{At: at, By: c.By, Center: v})
	case *event.Line:
		v = proto.CloneOf(v)
		return keep(c, s.Lines, "line", v.LineId, v, checkLine(s, v), &event.LinePut{At: at, By: c.By, Line: v})
	case *event.Language:
		v = proto.CloneOf(v)
		return keep(c, s.Languages, "language", v.Language, v, checkLanguage(v), &event.LanguagePut{At: at, By: c.By, Language: v})
	case *event.Skill:
		v = proto.CloneOf(v)
		return keep(c, s.Skills, "skill", v.Skill, v, checkSkill(v), &event.SkillPut{At: at, By: c.By, Skill: v})
	case *event.Topic:
		v = proto.CloneOf(v)
		return keep(c, s.Topics, "topic", v.TopicId, v, checkTopic(s, v), &event.TopicPut{At: at, By: c.By, Topic: v})
	case *event.Position:
		v = proto.CloneOf(v)
		return keep(c, s.Positions, "position", v.PositionId, v, checkPosition(s, v), &event.PositionPut{At: at, By: c.By, Position: v, LoginCounts: true})
	case *event.Account:
		v = proto.CloneOf(v)
		return keep(c, s.Accounts, "account", v.AccountId, v, checkAccount(s, v), &event.AccountPut{At: at, By: c.By, Account: v})
	case *event.Template:
		v = proto.CloneOf(v)
		return keep(c, s.Templates, "template", v.TemplateId, v, checkTemplate(s, v), &event.TemplatePut{At: at, By: c.By, Template: v})
	case *event.Phrase:
		v = proto.CloneOf(v)
		return keep(c, s.Phrases, "phrase", v.PhraseId, v, checkPhrase(s, v), &event.PhrasePut{At: at, By: c.By, Phrase: v})
	case *event.Agent:
		v = proto.CloneOf(v)
		return keep(c, s.Agents, "agent", v.AgentId, v, checkAgent(v), &event.AgentPut{At: at, By: c.By, Agent: v})
	case *event.Calendar:
		v = proto.CloneOf(v)
		return keep(c, s.Calendars, "calendar", v.CalendarId, v, CheckCalendar(v), &event.CalendarPut{At: at, By: c.By, Calendar: v})
	case *event.DictionaryWord:
		v = proto.CloneOf(v)
		return keep(c, s.Words, "word", WordKey(v.CenterId, v.Word), v, checkWord(s, v), &event.DictionaryWordPut{At: at, By: c.By, Word: v})
	case *event.ApiKey:
		v = proto.CloneOf(v)
		return keep(c, s.Keys, "key", v.KeyId, v, checkKey(s, v), &event.ApiKeyPut{At: at, By: c.By, Key: v})
	case *event.Webhook:
		v = proto.CloneOf(v)
		return keep(c, s.Webhooks, "webhook", v.WebhookId, v, checkWebhook(s, v), &event.WebhookPut{At: at, By: c.By, Webhook: v})
	case *event.Provider:
		v = proto.CloneOf(v)
		return keep(c, s.Providers, "provider", v.ProviderId, v, checkProvider(s, v), &event.ProviderPut{At: at, By: c.By, Provider: v})
	case *event.Settings:
		v = proto.CloneOf(v)
		return keep(c, s.Settings, "settings", v.CenterId, v, checkSettings(s, v), &event.SettingsPut{At: at, By: c.By, Settings: v})
	}
	return nil, refusal.New(refusal.Invalid, "the directory keeps no such thing")
}

// keep decides on a new value of one entry. The same value again is not news,
// whatever revision it was made from. The flaw is what is wrong with the value.
func keep[M event.Event](c Put, known map[string]Entry[M], kind, id string, v M, flaw error, fact event.Event) ([]event.Event, error) {
	old, found := known[id]
	switch {
	case found && proto.Equal(old.Value, v):
		return nil, nil
	case flaw != nil:
		return nil, flaw
	case c.Any:
	case found && c.Revision == 0:
		return nil, refusal.New(refusal.Conflict, "there is a %s %q already", kind, id)
	case !found && c.Revision != 0:
		return nil, refusal.New(refusal.NotFound, "there is no %s %q any more", kind, id)
	case found && c.Revision != old.Revision:
		return nil, refusal.New(refusal.Conflict, "%s %q was changed by %s at %s", kind, id, old.By, old.At.UTC().Format(time.RFC3339))
	}
	return []event.Event{fact}, nil
}

// remove takes an entry out. What is not there was taken out before.
func remove(s State, c Remove, at *timestamppb.Timestamp) ([]event.Event, error) {
	if c.By == "" {
		return nil, refusal.Of("by", "a change has an author")
	}
	fact, found := removal(s, c, at)
	switch {
	case fact == nil:
		return nil, refusal.Of("kind", "entries of kind %q can't be removed", c.Kind)
	case !found:
		return nil, nil
	case c.Kind == "User" && lastAdmin(s, c.ID):
		return nil, errLastAdmin()
	}
	if by := Uses(s, c.Kind, c.ID); len(by) > 0 {
		return nil, refusal.New(refusal.Conflict, "%s %q is in use by %s", strings.ToLower(c.Kind), c.ID, some(by))
	}
	return []event.Event{fact}, nil
}

// removal returns the fact that an entry is taken out, or nil for a kind whose
// entries stay, and whether there is such an entry.
func removal(s State, c Remove, at *timestamppb.Timestamp) (fact event.Event, found bool) {
	switch c.Kind {
	case "User":
		_, found = s.Users[c.ID]
		fact = &event.UserRemoved{At: at, By: c.By, UserId: c.ID}
	case "Center":
		_, found = s.Centers[c.ID]
		fact = &event.CenterRemoved{At: at, By: c.By, CenterId: c.ID}
	case "Line":
		_, found = s.Lines[c.ID]
		fact = &event.LineRemoved{At: at, By: c.By, LineId: c.ID}
	case "Language":
		_, found = s.Languages[c.ID]
		fact = &event.LanguageRemoved{At: at, By: c.By, Language: c.ID}
	case "Skill":
		_, found = s.Skills[c.ID]
		fact = &event.SkillRemoved{At: at, By: c.By, Skill: c.ID}
	case "Topic":
		_, found = s.Topics[c.ID]
		fact = &event.TopicRemoved{At: at, By: c.By, TopicId: c.ID}
	case "Position":
		_, found = s.Positions[c.ID]
		fact = &event.PositionRemoved{At: at, By: c.By, PositionId: c.ID}
	case "Account":
		_, found = s.Accounts[c.ID]
		fact = &event.AccountRemoved{At: at, By: c.By, AccountId: c.ID}
	case "Template":
		_, found = s.Templates[c.ID]
		fact = &event.TemplateRemoved{At: at, By: c.By, TemplateId: c.ID}
	case "Phrase":
		_, found = s.Phrases[c.ID]
		fact = &event.PhraseRemoved{At: at, By: c.By, PhraseId: c.ID}
	case "Agent":
		_, found = s.Agents[c.ID]
		fact = &event.AgentRemoved{At: at, By: c.By, AgentId: c.ID}
	case "Calendar":
		_, found = s.Calendars[c.ID]
		fact = &event.CalendarRemoved{At: at, By: c.By, CalendarId: c.ID}
	case "Key":
		_, found = s.Keys[c.ID]
		fact = &event.ApiKeyRemoved{At: at, By: c.By, KeyId: c.ID}
	case "Webhook":
		_, found = s.Webhooks[c.ID]
		fact = &event.WebhookRemoved{At: at, By: c.By, WebhookId: c.ID}
	case "Provider":
		_, found = s.Providers[c.ID]
		fact = &event.ProviderRemoved{At: at, By: c.By, ProviderId: c.ID}
	case "DictionaryWord":
		e, there := s.Words[c.ID]
		found, fact = there, &event.DictionaryWordRemoved{At: at, By: c.By, Word: e.Value.GetWord(), CenterId: e.Value.GetCenterId()}
	}
	return fact, found
}

func setPassword(s State, c SetPassword, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case c.By == "":
		return nil, refusal.Of("by", "a change has an author")
	case s.User(c.User) == nil:
		return nil, refusal.New(refusal.NotFound, "there is no user %q", c.User)
	case c.Hash == "":
		return nil, refusal.Of("hash", "a password has a hash")
	case s.Passwords[c.User] == c.Hash:
		return nil, nil
	}
	return []event.Event{&event.PasswordSet{At: at, By: c.By, UserId: c.User, Hash: c.Hash}}, nil
}

func invite(s State, c Invite, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch u := s.User(c.User); {
	case c.By == "":
		return nil, refusal.Of("by", "a change has an author")
	case u == nil:
		return nil, refusal.New(refusal.NotFound, "there is no user %q", c.User)
	case u.Disabled:
		return nil, refusal.New(refusal.Conflict, "user %q is disabled, and nobody can sign in by an invitation", c.User)
	case !MaySignIn(u):
		return nil, refusal.New(refusal.Conflict, "user %q has no permission login, and can't sign in by an invitation", c.User)
	}
	return []event.Event{&event.UserInvited{At: at, By: c.By, UserId: c.User, Replaces: c.Reset, Until: timestamppb.New(c.Until)}}, nil
}
