package directory

import (
	"maps"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/event"
)

// SettingsFor returns the settings in force for a center: its own, where it
// has them, then those of the whole organisation, then the built-in ones. It
// goes field by field of the settings and of their policy; the policies of
// silence, of holding and of alerts, the timer, the form and the integration are
// taken whole, so that a center can say "never" and "none". No agents are those of the
// organisation, unless the center says that it has its own.
// A delay of zero is never, and is left out. The message is the caller's own.
func (s State) SettingsFor(center string) *event.Settings {
	out := defaults()
	override(out, s.Settings[""].Value)
	override(out, s.Settings[center].Value)
	out.CenterId = center
	out.Policy.ResponseTimeout = unlessZero(out.Policy.ResponseTimeout)
	out.Policy.AgentTimeout = unlessZero(out.Policy.AgentTimeout)
	if silence := out.Policy.Silence; silence != nil {
		silence.DetachAfter = unlessZero(silence.DetachAfter)
		silence.RemindAfter = unlessZero(silence.RemindAfter)
		silence.CloseAfter = unlessZero(silence.CloseAfter)
	}
	if hold := out.Policy.Hold; hold != nil {
		hold.OperatorTimeout = unlessZero(hold.OperatorTimeout)
		hold.CustomerTimeout = unlessZero(hold.CustomerTimeout)
	}
	return out
}

// SettingFrom tells whose word holds for a setting in a center: the center's, the
// organisation's or the default.
func (s State) SettingFrom(center string, t Setting) string {
	switch {
	case center != "" && Said(s.Settings[center].Value, t.Part()):
		return "center"
	case Said(s.Settings[""].Value, t.Part()):
		return "organisation"
	}
	return "default"
}

// SayingThemselves are the centers for which the organisation's word on a setting
// is not the last.
func (s State) SayingThemselves(t Setting) []string {
	var centers []string
	for _, id := range slices.Sorted(maps.Keys(s.Settings)) {
		if id != "" && Said(s.Settings[id].Value, t.Part()) {
			centers = append(centers, id)
		}
	}
	return centers
}

// PolicyFor returns the policy that a conversation of the account opens with. An
// agent that is disabled is passed over, and who meets no agent needs no words
// to get past one.
func (s State) PolicyFor(account *event.Account) *event.Policy {
	p := s.SettingsFor(account.GetCenterId()).Policy
	if account.GetOwnAgents() {
		p.Agents = slices.Clone(account.Agents)
	}
	p.Agents = slices.DeleteFunc(p.Agents, func(id string) bool {
		a := s.Agent(id)
		return a == nil || a.Disabled
	})
	if len(p.Agents) == 0 {
		p.Agents, p.PersonWords, p.AgentTimeout = nil, nil, nil
	}
	return p
}

// override sets in out whatever by says.
func override(out, by *event.Settings) {
	if by == nil {
		return
	}
	by = proto.CloneOf(by)
	out.Affinity = first(by.Affinity, out.Affinity)
	out.PriorityWorth = first(by.PriorityWorth, out.PriorityWorth)
	out.ConnectionGrace = first(by.ConnectionGrace, out.ConnectionGrace)
	out.Timer = first(by.Timer, out.Timer)
	out.AutoCapital = first(by.AutoCapital, out.AutoCapital)
	out.NotifyAssign = first(by.NotifyAssign, out.NotifyAssign)
	out.Form = first(by.Form, out.Form)
	out.Integration = first(by.Integration, out.Integration)
	out.AskDissatisfied = first(by.AskDissatisfied, out.AskDissatisfied)
	out.SpellCheck = first(by.SpellCheck, out.SpellCheck)
	out.ForbidErrors = first(by.ForbidErrors, out.ForbidErrors)
	out.TrainAt = first(by.TrainAt, out.TrainAt)
	out.Alerts = first(by.Alerts, out.Alerts)
	if len(by.SecondFactorRoles) > 0 {
		out.SecondFactorRoles = by.SecondFactorRoles
	}
	out.RetentionDays = first(by.RetentionDays, out.RetentionDays)
	p, q := out.Policy, by.GetPolicy()
	p.Silence = first(q.GetSilence(), p.Silence)
	p.Hold = first(q.GetHold(), p.Hold)
	p.ResponseTimeout = first(q.GetResponseTimeout(), p.ResponseTimeout)
	if q.GetJoinText() != "" {
		p.JoinText = q.JoinText
	}
	if len(q.GetAgents()) > 0 || by.OwnAgents {
		p.Agents = q.GetAgents()
	}
	if len(q.GetPersonWords()) > 0 {
		p.PersonWords = q.PersonWords
	}
	p.AgentTimeout = first(q.GetAgentTimeout(), p.AgentTimeout)
}

func first[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}

func unlessZero(d *durationpb.Duration) *durationpb.Duration {
	if d.AsDuration() == 0 {
		return nil
	}
	return d
}

func defaults() *event.Settings {
	return &event.Settings{
		Policy: &event.Policy{
			ResponseTimeout: durationpb.New(5 * time.Minute),
			AgentTimeout:    durationpb.New(time.Minute),
			PersonWords: []string{"оператор", "оператора", "оператору", "оператором", "живой человек", "живого человека", "живым человеком",
				"позовите человека", "operator", "real person", "a human"},
			Silence: &event.SilencePolicy{
				RemindAfter: durationpb.New(10 * time.Minute),
				RemindText:  "Вы ещё с нами? Если вопрос остался, просто напишите, и мы продолжим.",
				CloseAfter:  durationpb.New(30 * time.Minute),
				CloseText:   "Мы не дождались ответа и завершаем обращение. Если появятся вопросы, напишите нам снова.",
			},
		},
		Affinity:        proto.Bool(true),
		PriorityWorth:   durationpb.New(10 * time.Minute),
		ConnectionGrace: durationpb.New(time.Minute),
		Timer: &event.OperatorTimer{Count: "down", Minutes: 3,
			Marks: []*event.TimerMark{{Seconds: 60, Tone: "warning"}, {Seconds: 0, Tone: "danger"}}},
		AutoCapital:     proto.Bool(false),
		NotifyAssign:    proto.Bool(true),
		AskDissatisfied: proto.Bool(true),
		SpellCheck:      proto.Bool(true),
		ForbidErrors:    proto.Bool(false),
		TrainAt:         proto.String("03:00"),
		RetentionDays:   proto.Int32(0),
		Integration:     &event.Integration{},
		Form: &event.CustomerForm{Fields: []*event.FormField{
			{Name: "lname", Label: "Фамилия", Kind: "text"},
			{Name: "fname", Label: "Имя", Kind: "text"},
			{Name: "phone", Label: "Телефон", Kind: "phone"},
			{Name: "email", Label: "E-mail", Kind: "email"},
			{Name: "contract", Label: "Номер договора", Kind: "text"},
		}},
	}
}
