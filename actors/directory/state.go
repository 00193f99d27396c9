package directory

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/event"
)

// Version numbers the form of State in snapshots.
const Version = 5

// A State is the organisation at one moment. It is never changed after Apply
// has returned it: maps are copied when an entry changes, messages are shared
// and must only be read.
type State struct {
	Version   uint64 // how many events have been applied
	Users     map[string]Entry[*event.User]
	Centers   map[string]Entry[*event.Center]
	Lines     map[string]Entry[*event.Line]
	Languages map[string]Entry[*event.Language]
	Skills    map[string]Entry[*event.Skill]
	Topics    map[string]Entry[*event.Topic]
	Positions map[string]Entry[*event.Position]
	Accounts  map[string]Entry[*event.Account]
	Templates map[string]Entry[*event.Template]
	Phrases   map[string]Entry[*event.Phrase]
	Agents    map[string]Entry[*event.Agent]
	Calendars map[string]Entry[*event.Calendar]
	Words     map[string]Entry[*event.DictionaryWord] // by [WordKey]
	Keys      map[string]Entry[*event.ApiKey]
	Webhooks  map[string]Entry[*event.Webhook]
	Settings  map[string]Entry[*event.Settings] // by center; "" is the whole organisation
	Providers map[string]Entry[*event.Provider]
	Passwords map[string]string // user id -> hash
	Proofs    map[string]Proofs // user id -> what else a user signs in with
}

// An Entry is one thing in the directory and the story of its last change.
type Entry[M any] struct {
	Value    M
	Revision uint64 // the version of the directory at the change
	By       string
	At       time.Time
}

// Apply returns the state after e and leaves s as it was. It cannot fail.
func Apply(s State, e event.Event) State {
	s.Version++
	switch e := e.(type) {
	case *event.UserPut:
		s.Users = with(s, s.Users, e.User.UserId, userOf(e), e)
	case *event.UserRemoved:
		s.Users, s.Passwords, s.Proofs = without(s.Users, e.UserId), without(s.Passwords, e.UserId), without(s.Proofs, e.UserId)
	case *event.PasswordSet:
		s.Passwords = put(s.Passwords, e.UserId, e.Hash)
	case *event.CenterPut:
		s.Centers = with(s, s.Centers, e.Center.CenterId, e.Center, e)
	case *event.CenterRemoved:
		s.Centers, s.Settings, s.Words = without(s.Centers, e.CenterId), without(s.Settings, e.CenterId), withoutWordsOf(s.Words, e.CenterId)
	case *event.LinePut:
		s.Lines = with(s, s.Lines, e.Line.LineId, e.Line, e)
	case *event.LineRemoved:
		s.Lines = without(s.Lines, e.LineId)
	case *event.LanguagePut:
		s.Languages = with(s, s.Languages, e.Language.Language, e.Language, e)
	case *event.LanguageRemoved:
		s.Languages = without(s.Languages, e.Language)
	case *event.SkillPut:
		s.Skills = with(s, s.Skills, e.Skill.Skill, e.Skill, e)
	case *event.SkillRemoved:
		s.Skills = without(s.Skills, e.Skill)
	case *event.TopicPut:
		s.Topics = with(s, s.Topics, e.Topic.TopicId, e.Topic, e)
	case *event.TopicRemoved:
		s.Topics = without(s.Topics, e.TopicId)
	case *event.PositionPut:
		s.Positions = with(s, s.Positions, e.Position.PositionId, positionOf(e), e)
	case *event.PositionRemoved:
		s.Positions = without(s.Positions, e.PositionId)
	case *event.AccountPut:
		s.Accounts = with(s, s.Accounts, e.Account.AccountId, e.Account, e)
	case *event.AccountRemoved:
		s.Accounts = without(s.Accounts, e.AccountId)
	case *event.TemplatePut:
		s.Templates = with(s, s.Templates, e.Template.TemplateId, e.Template, e)
	case *event.TemplateRemoved:
		s.Templates = without(s.Templates, e.TemplateId)
	case *event.PhrasePut:
		s.Phrases = with(s, s.Phrases, e.Phrase.PhraseId, e.Phrase, e)
	case *event.PhraseRemoved:
		s.Phrases = without(s.Phrases, e.PhraseId)
	case *event.CalendarPut:
		s.Calendars = with(s, s.Calendars, e.Calendar.CalendarId, e.Calendar, e)
	case *event.CalendarRemoved:
		s.Calendars = without(s.Calendars, e.CalendarId)
	case *event.DictionaryWordPut:
		s.Words = with(s, s.Words, WordKey(e.Word.CenterId, e.Word.Word), e.Word, e)
	case *event.DictionaryWordRemoved:
		s.Words = without(s.Words, WordKey(e.CenterId, e.Word))
	case *event.SettingsPut:
		s.Settings = with(s, s.Settings, e.Settings.CenterId, e.Settings, e)
	default:
		return applyMachine(s, e)
	}
	return s
}

// applyMachine is Apply for what is no person: agents, and systems of others.
func applyMachine(s State, e event.Event) State {
	switch e := e.(type) {
	case *event.AgentPut:
		s.Agents = with(s, s.Agents, e.Agent.AgentId, e.Agent, e)
	case *event.AgentRemoved:
		s.Agents = without(s.Agents, e.AgentId)
	case *event.ApiKeyPut:
		s.Keys = with(s, s.Keys, e.Key.KeyId, e.Key, e)
	case *event.ApiKeyRemoved:
		s.Keys = without(s.Keys, e.KeyId)
	case *event.WebhookPut:
		s.Webhooks = with(s, s.Webhooks, e.Webhook.WebhookId, e.Webhook, e)
	case *event.WebhookRemoved:
		s.Webhooks = without(s.Webhooks, e.WebhookId)
	case *event.ProviderPut:
		s.Providers = with(s, s.Providers, e.Provider.ProviderId, e.Provider, e)
	case *event.ProviderRemoved:
		s.Providers = without(s.Providers, e.ProviderId)
	default:
		return applyProof(s, e)
	}
	return s
}

// Deadline returns the zero time: a directory is never woken.
func Deadline(State) time.Time { return time.Time{} }

// with returns a copy of m in which the entry at key is v, as e left it.
func with[M any](s State, m map[string]Entry[M], key string, v M, e event.Event) map[string]Entry[M] {
	by := e.(interface{ GetBy() string }).GetBy()
	return put(m, key, Entry[M]{Value: v, Revision: s.Version, By: by, At: event.At(e)})
}

func put[V any](m map[string]V, key string, v V) map[string]V {
	m = maps.Clone(m)
	if m == nil {
		m = map[string]V{}
	}
	m[key] = v
	return m
}

func without[V any](m map[string]V, key string) map[string]V {
	if _, ok := m[key]; !ok {
		return m
	}
	m = maps.Clone(m)
	delete(m, key)
	return m
}

// User returns the user, or nil.
func (s State) User(id string) *event.User { return s.Users[id].Value }

// UserByLogin returns the user with that login, in whatever case, or nil.
func (s State) UserByLogin(login string) *event.User {
	for _, e := range s.Users {
		if strings.EqualFold(e.Value.Login, login) {
			return e.Value
		}
	}
	return nil
}

// Account returns the account, or nil.
func (s State) Account(id string) *event.Account { return s.Accounts[id].Value }

// Line returns the line, or nil.
func (s State) Line(id string) *event.Line { return s.Lines[id].Value }

// Agent returns the automatic agent, or nil.
func (s State) Agent(id string) *event.Agent { return s.Agents[id].Value }

// Hours returns the working hours in which a line is served: its own, else its
// center's. They are nil where nobody wrote any down. The zone is the one that
// they are to be read in, empty if nobody said.
func (s State) Hours(center, line string) (hours *event.Calendar, zone string) {
	l := s.Line(line)
	c := s.Centers[cmp.Or(l.GetCenterId(), center)].Value
	hours = s.Calendars[cmp.Or(l.GetCalendarId(), c.GetCalendarId())].Value
	return hours, cmp.Or(hours.GetTimeZone(), c.GetTimeZone())
}

// LinesOf returns the lines of a center, by id.
func (s State) LinesOf(center string) []*event.Line {
	var lines []*event.Line
	for _, id := range slices.Sorted(maps.Keys(s.Lines)) {
		if l := s.Lines[id].Value; l.CenterId == center {
			lines = append(lines, l)
		}
	}
	return lines
}

// Operators returns the users who serve at least one line, by id, disabled
// ones included.
func (s State) Operators() []*event.User {
	var users []*event.User
	for _, id := range slices.Sorted(maps.Keys(s.Users)) {
		if u := s.Users[id].Value; len(u.LineIds) > 0 {
			users = append(users, u)
		}
	}
	return users
}
