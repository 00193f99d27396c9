package directory

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// A Setting is one thing that an administrator decides: where it lies in
// [event.Settings], what it may be, and from when on it holds. The page of
// settings, the checks and the history of changes are all made of these.
type Setting struct {
	ID    string // the path of its field
	Whole string // the path of the part that a center has whole or not at all; empty is the field itself
	Group string // under which heading it is found
	Kind  Kind
	Unit  string // what a duration or a number is told in
	// Min and Max bound it: seconds of a duration, a number itself, the
	// characters of a text or of each line. Most bounds how many there are.
	Min, Max, Most int64
	Choices        []string // of a choice
	Holds          []string // {placeholders} that a text may hold
	Never          bool     // 0 stands for never, or for ever
	Everywhere     bool     // it is the whole organisation's, and no center has its own
	Takes          Taking
	Page           string // where it is decided, if not on the page of settings
}

// A Kind says how a setting is entered.
type Kind string

const (
	Switch   Kind = "switch"
	Duration Kind = "duration"
	Number   Kind = "number"
	Words    Kind = "text"
	Address  Kind = "address"
	Lines    Kind = "lines" // texts, one a line
	Choice   Kind = "choice"
	Several  Kind = "several" // any of the choices
	Clock    Kind = "clock"   // a time of the day
	Marks    Kind = "marks"   // of the operators' timer
	Silences Kind = "silence" // texts, each after some time
	Fields   Kind = "fields"  // of the customer's form
	Other    Kind = "other"   // decided on another page, or by a button
)

// A Taking is from when on a change holds.
type Taking string

const (
	AtOnce  Taking = "now"    // also for conversations that are open
	Opening Taking = "opened" // for conversations that open from then on: those that are open keep the policy they began with
	AtNight Taking = "night"  // at the next nightly run
)

const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
	most   = 90 * day // of a customer's silence
)

// Registry is every setting there is, in the order of the page.
func Registry() []Setting {
	return slices.Concat(answering(), timeouts(), holding(), automatic(), timing(), routing(), upkeep(), telling(), elsewhere())
}

func answering() []Setting {
	return []Setting{
		{ID: "auto_capital", Group: "typing", Kind: Switch, Takes: AtOnce},
		{ID: "spell_check", Group: "typing", Kind: Switch, Takes: AtOnce},
		{ID: "forbid_errors", Group: "typing", Kind: Switch, Takes: AtOnce},
		{ID: "notify_assign", Group: "work", Kind: Switch, Takes: AtOnce},
		{ID: "ask_dissatisfied", Group: "work", Kind: Switch, Takes: AtOnce},
	}
}

// timeouts are Manual: Таймауты.
func timeouts() []Setting {
	return []Setting{
		{ID: "policy.response_timeout", Group: "timeouts", Kind: Duration, Unit: "minutes", Max: 30 * day, Never: true, Takes: Opening},
		{ID: "connection_grace", Group: "timeouts", Kind: Duration, Unit: "seconds", Max: hour, Takes: AtOnce},
		{ID: "policy.agent_timeout", Group: "timeouts", Kind: Duration, Unit: "seconds", Min: 1, Max: day, Takes: Opening},
		{ID: "policy.person_words", Group: "timeouts", Kind: Lines, Min: 1, Max: maxName, Most: maxWords, Takes: Opening},
	}
}

// holding is Manual: Таймауты, «паттерны удержания».
func holding() []Setting {
	return within("policy.hold", "hold",
		Setting{ID: "patterns", Kind: Lines, Min: 1, Max: maxText, Most: 500, Takes: Opening},
		Setting{ID: "operator_timeout", Kind: Duration, Unit: "minutes", Max: day, Never: true, Takes: Opening},
		Setting{ID: "operator_text", Kind: Words, Max: maxText, Takes: Opening},
		Setting{ID: "customer_timeout", Kind: Duration, Unit: "minutes", Max: day, Never: true, Takes: Opening},
		Setting{ID: "customer_text", Kind: Words, Max: maxText, Takes: Opening},
	)
}

// automatic is what customers are told without anybody saying it.
func automatic() []Setting {
	join := Setting{ID: "policy.join_text", Group: "messages", Kind: Words, Max: maxText, Holds: []string{"fname", "lname"}, Takes: Opening}
	return append([]Setting{join}, within("policy.silence", "silence",
		Setting{ID: "messages", Kind: Silences, Max: most, Most: 20, Takes: Opening},
		Setting{ID: "detach_after", Kind: Duration, Unit: "minutes", Max: most, Never: true, Takes: Opening},
		Setting{ID: "detach_text", Kind: Words, Max: maxText, Takes: Opening},
		Setting{ID: "remind_after", Kind: Duration, Unit: "minutes", Max: most, Never: true, Takes: Opening},
		Setting{ID: "remind_text", Kind: Words, Max: maxText, Takes: Opening},
		Setting{ID: "close_after", Kind: Duration, Unit: "minutes", Max: most, Never: true, Takes: Opening},
		Setting{ID: "close_text", Kind: Words, Max: maxText, Takes: Opening},
	)...)
}

func timing() []Setting {
	return within("timer", "timer",
		Setting{ID: "count", Kind: Choice, Choices: []string{"down", "up"}, Takes: AtOnce},
		Setting{ID: "minutes", Kind: Number, Unit: "minutes", Max: maxMinutes, Takes: AtOnce},
		Setting{ID: "marks", Kind: Marks, Max: maxMinutes * minute, Most: maxMarks, Takes: AtOnce},
	)
}

func routing() []Setting {
	return []Setting{
		{ID: "affinity", Group: "routing", Kind: Switch, Takes: AtOnce},
		{ID: "priority_worth", Group: "routing", Kind: Duration, Unit: "minutes", Max: day, Takes: AtOnce},
	}
}

func upkeep() []Setting {
	return []Setting{
		{ID: "form.fields", Whole: "form", Group: "form", Kind: Fields, Most: maxFields, Takes: AtOnce},
		{ID: "retention_days", Group: "retention", Kind: Number, Unit: "days", Max: 100 * 366, Never: true, Takes: AtNight},
		{ID: "second_factor_roles", Group: "access", Kind: Several, Choices: Roles[:], Everywhere: true, Takes: AtOnce},
		{ID: "train_at", Group: "bot", Kind: Clock, Everywhere: true, Takes: AtNight},
	}
}

func telling() []Setting {
	return within("alerts", "alerts",
		Setting{ID: "queue_over", Kind: Number, Unit: "conversations", Max: 1_000_000, Never: true, Takes: AtOnce},
		Setting{ID: "waiting_over", Kind: Duration, Unit: "minutes", Max: day, Never: true, Takes: AtOnce},
		Setting{ID: "unanswered_over", Kind: Duration, Unit: "minutes", Max: day, Never: true, Takes: AtOnce},
		Setting{ID: "failing_over", Kind: Duration, Unit: "minutes", Max: day, Never: true, Takes: AtOnce},
		Setting{ID: "webhook", Kind: Address, Max: maxURL, Takes: AtOnce},
		Setting{ID: "turn", Kind: Other, Max: 1 << 30, Takes: AtOnce},
	)
}

// elsewhere are settings that other pages show, where they are seen beside what
// they are about.
func elsewhere() []Setting {
	return []Setting{
		{ID: "policy.agents", Group: "elsewhere", Kind: Other, Page: "/agents/chains", Takes: Opening},
		{ID: "own_agents", Group: "elsewhere", Kind: Other, Takes: Opening},
		{ID: "integration.tabs", Whole: "integration", Group: "elsewhere", Kind: Other, Page: "/organisation", Takes: AtOnce},
	}
}

// within are the settings of a part that a center has whole or not at all.
func within(whole, group string, settings ...Setting) []Setting {
	for i := range settings {
		settings[i].ID, settings[i].Whole, settings[i].Group = whole+"."+settings[i].ID, whole, group
	}
	return settings
}

// Part is the path of what is said or not said together with the setting.
func (t Setting) Part() string {
	if t.Whole == "" {
		return t.ID
	}
	return t.Whole
}

// Said reports whether settings say anything at a path.
func Said(s *event.Settings, path string) bool {
	_, _, said := at(s, path)
	return said
}

// at finds the field at a path, and whether it is said there.
func at(s *event.Settings, path string) (f protoreflect.FieldDescriptor, v protoreflect.Value, said bool) {
	m := s.ProtoReflect()
	names := strings.Split(path, ".")
	for i, name := range names {
		if f = m.Descriptor().Fields().ByName(protoreflect.Name(name)); f == nil {
			return nil, v, false
		}
		v = m.Get(f)
		if i == len(names)-1 {
			return f, v, m.Has(f)
		}
		if m.Has(f) {
			m = v.Message()
			continue
		}
		return f, v, false
	}
	return f, v, false
}

// checkBounds refuses what lies outside the bounds of the registry.
func checkBounds(s *event.Settings) error {
	for _, t := range Registry() {
		f, v, said := at(s, t.ID)
		if !said {
			continue
		}
		if err := t.check(f, v); err != nil {
			return err
		}
	}
	return nil
}

func (t Setting) check(f protoreflect.FieldDescriptor, v protoreflect.Value) error {
	switch t.Kind {
	case Duration:
		d, _ := v.Message().Interface().(*durationpb.Duration)
		return t.checkTime(d)
	case Number:
		if n := v.Int(); n < t.Min || n > t.Max {
			return refusal.Of(t.ID, "this is from %d to %d", t.Min, t.Max)
		}
	case Words, Address:
		return t.checkWords(v.String())
	case Lines, Marks, Silences, Fields:
		return t.checkList(f, v.List())
	}
	return nil
}

func (t Setting) checkTime(d *durationpb.Duration) error {
	if err := checkDelay(t.ID, d); err != nil {
		return err
	}
	low, high := time.Duration(t.Min)*time.Second, time.Duration(t.Max)*time.Second
	if d.AsDuration() < low || d.AsDuration() > high {
		return refusal.Of(t.ID, "this is from %s to %s", low, high)
	}
	return nil
}

func (t Setting) checkWords(text string) error {
	if n := int64(utf8.RuneCountInString(text)); n < t.Min || n > t.Max {
		return refusal.Of(t.ID, "a text has %d to %d characters", t.Min, t.Max)
	}
	return nil
}

func (t Setting) checkList(f protoreflect.FieldDescriptor, list protoreflect.List) error {
	if int64(list.Len()) > t.Most {
		return refusal.Of(t.ID, "there are at most %d", t.Most)
	}
	for i := range list.Len() {
		var err error
		switch x := list.Get(i); {
		case f.Kind() == protoreflect.StringKind:
			err = t.checkWords(strings.TrimSpace(x.String()))
		case t.Kind == Silences:
			m := x.Message().Interface().(*event.SilenceMessage)
			err = firstOf(t.checkTime(m.After), Setting{ID: t.ID, Max: maxText}.checkWords(m.Text))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
