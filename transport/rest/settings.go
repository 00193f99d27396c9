package rest

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// SettingsFields are what may be said of a center's settings. What is left out
// is as the whole organisation's settings say, and then as built in.
type SettingsFields struct {
	Policy            *Message[*event.Policy]        `json:"policy,omitempty"`
	Affinity          *bool                          `json:"affinity,omitempty" doc:"prefer the operator who served the customer before"`
	PriorityWorth     *Message[*durationpb.Duration] `json:"priority_worth,omitempty" doc:"one step of priority is worth this much waiting"`
	ConnectionGrace   *Message[*durationpb.Duration] `json:"connection_grace,omitempty" doc:"an operator may be without a connection for so long"`
	Timer             *Message[*event.OperatorTimer] `json:"timer,omitempty" doc:"on each conversation of an operator's"`
	AutoCapital       *bool                          `json:"auto_capital,omitempty" doc:"a sentence that an operator types begins with a capital"`
	NotifyAssign      *bool                          `json:"notify_assign,omitempty" doc:"operators hear and see a new conversation"`
	Form              *Message[*event.CustomerForm]  `json:"form,omitempty" doc:"the fields of a customer's form"`
	Integration       *Message[*event.Integration]   `json:"integration,omitempty" doc:"pages of other programs beside a conversation"`
	AskDissatisfied   *bool                          `json:"ask_dissatisfied,omitempty" doc:"closing asks whether the customer was dissatisfied"`
	SpellCheck        *bool                          `json:"spell_check,omitempty" doc:"words that operators type are looked up"`
	ForbidErrors      *bool                          `json:"forbid_errors,omitempty" doc:"operators' screens send no message with a word that is wrong; the server takes any"`
	OwnAgents         bool                           `json:"own_agents,omitempty" doc:"the policy's agents are all that conversations pass here; an empty list is then none, and not the whole organisation's"`
	Alerts            *Message[*event.AlertPolicy]   `json:"alerts,omitempty" doc:"what the work may come to before supervisors are told; the address is seen by whoever is signed in, so put no password into it"`
	SecondFactorRoles []string                       `json:"second_factor_roles,omitempty" doc:"whoever has one of these roles signs in with a second factor, and can do nothing else before having one; of the whole organisation alone"`
	RetentionDays     *int32                         `json:"retention_days,omitempty" doc:"so long are the texts of closed conversations kept; 0 is for ever"`
	TrainAt           *string                        `json:"train_at,omitempty" doc:"when the bot learns anew each night, such as 03:00 by the clock of the first center; of the whole organisation alone"`
}

// PutSettings is settings as they are put.
type PutSettings struct {
	SettingsFields
	Revised
}

// Settings is settings as they are shown.
type Settings struct {
	CenterID string `json:"center_id" doc:"empty for the whole organisation"`
	SettingsFields
	InForce Message[*event.Settings] `json:"in_force" doc:"what holds, with what others and the built-in ones say"`
	Mark
}

// Settings that are taken out are emptied: what others say holds again.
var settings = collection[*event.Settings, PutSettings, Settings]{
	name: "settings", kind: "Settings", view: signedIn, change: configure,
	entries: everySettings,
	show: func(d directory.State, id string, e directory.Entry[*event.Settings]) Settings {
		s := e.Value
		return Settings{id, SettingsFields{wrap(s.Policy), s.Affinity, wrap(s.PriorityWorth), wrap(s.ConnectionGrace),
			wrap(s.Timer), s.AutoCapital, s.NotifyAssign, wrap(s.Form), wrap(s.Integration), s.AskDissatisfied, s.SpellCheck, s.ForbidErrors, s.OwnAgents, wrap(s.Alerts), s.SecondFactorRoles, s.RetentionDays, s.TrainAt},
			Message[*event.Settings]{d.SettingsFor(id)}, markOf(e)}
	},
	build: func(_ *call, id string, in PutSettings, _ *event.Settings) (*event.Settings, func() error, error) {
		return &event.Settings{CenterId: id, Policy: orNone(in.Policy), Affinity: in.Affinity,
			PriorityWorth: orNone(in.PriorityWorth), ConnectionGrace: orNone(in.ConnectionGrace),
			Timer: orNone(in.Timer), AutoCapital: in.AutoCapital, NotifyAssign: in.NotifyAssign, Form: orNone(in.Form),
			Integration: orNone(in.Integration), AskDissatisfied: in.AskDissatisfied,
			SpellCheck: in.SpellCheck, ForbidErrors: in.ForbidErrors, OwnAgents: in.OwnAgents, TrainAt: in.TrainAt, SecondFactorRoles: in.SecondFactorRoles,
			Alerts: orNone(in.Alerts), RetentionDays: in.RetentionDays}, nil, nil
	},
	remove: func(id string, _ *event.Settings, by string) directory.Command {
		return directory.Put{By: by, Entry: &event.Settings{CenterId: id}, Any: true}
	},
}

// everySettings has an entry for the whole organisation and for each center,
// also for those that say nothing of their own.
func everySettings(d directory.State) map[string]directory.Entry[*event.Settings] {
	all := maps.Clone(d.Settings)
	if all == nil {
		all = map[string]directory.Entry[*event.Settings]{}
	}
	for _, id := range append(slices.Collect(maps.Keys(d.Centers)), "") {
		if _, ok := all[id]; !ok {
			all[id] = directory.Entry[*event.Settings]{Value: &event.Settings{CenterId: id}}
		}
	}
	return all
}
