package directory_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// unlisted are the fields of settings that nobody decides, and why.
var unlisted = map[string]string{
	"center_id": "says whose settings they are",
}

// proves US-05: whatever settings can say is in the registry, once, under the
// path of its field and with the kind that fits; and the registry names nothing
// that settings can't say.
func TestUS05_RegistryIsEverySetting(t *testing.T) {
	fields := leaves("", (&event.Settings{}).ProtoReflect().Descriptor())
	var listed []string
	for _, s := range directory.Registry() {
		f, ok := fields[s.ID]
		switch {
		case !ok:
			t.Errorf("%s: settings have no such field", s.ID)
			continue
		case slices.Contains(listed, s.ID):
			t.Errorf("%s is listed twice", s.ID)
		case s.Whole != "" && !strings.HasPrefix(s.ID, s.Whole+"."):
			t.Errorf("%s lies outside of %s", s.ID, s.Whole)
		case s.Takes == "" || s.Group == "":
			t.Errorf("%s has no group, or nobody knows from when on it holds", s.ID)
		case !fitting(s, f):
			t.Errorf("%s: a %s does not fit a field of kind %v", s.ID, s.Kind, f.Kind())
		}
		listed = append(listed, s.ID)
	}
	for path := range fields {
		if unlisted[path] == "" && !slices.Contains(listed, path) {
			t.Errorf("%s is in no registry: nobody can decide it", path)
		}
	}
}

// leaves are the fields that are decided as one: what is in a message of ours is
// told field by field, and lists and durations are leaves.
func leaves(path string, m protoreflect.MessageDescriptor) map[string]protoreflect.FieldDescriptor {
	all := map[string]protoreflect.FieldDescriptor{}
	for i := range m.Fields().Len() {
		f := m.Fields().Get(i)
		name := path + string(f.Name())
		if f.Kind() != protoreflect.MessageKind || f.IsList() || f.Message().FullName() == "google.protobuf.Duration" {
			all[name] = f
			continue
		}
		for inner, f := range leaves(name+".", f.Message()) {
			all[inner] = f
		}
	}
	return all
}

func fitting(s directory.Setting, f protoreflect.FieldDescriptor) bool {
	text := f.Kind() == protoreflect.StringKind
	switch s.Kind {
	case directory.Switch:
		return f.Kind() == protoreflect.BoolKind
	case directory.Duration:
		return s.Unit != "" && s.Max > 0 && f.Message() == (&durationpb.Duration{}).ProtoReflect().Descriptor()
	case directory.Number:
		return s.Unit != "" && s.Max > 0 && f.Kind() == protoreflect.Int32Kind
	case directory.Words, directory.Address:
		return s.Max > 0 && text && !f.IsList()
	case directory.Clock:
		return text && !f.IsList()
	case directory.Choice:
		return len(s.Choices) > 1 && text
	case directory.Several:
		return len(s.Choices) > 1 && f.IsList() && text
	case directory.Lines:
		return s.Max > 0 && s.Most > 0 && f.IsList() && text
	case directory.Marks, directory.Silences, directory.Fields:
		return s.Most > 0 && f.IsList() && !text
	}
	return s.Kind == directory.Other
}

// proves US-05: the built-in settings are within the bounds of the registry, and
// a value that is not is refused under the name of its field.
func TestUS05_Bounds(t *testing.T) {
	put := func(s event.Event) error {
		_, err := directory.Decide(directory.State{}, directory.Put{By: "anna", Entry: s}, time.Now())
		return err
	}
	if err := put(directory.State{}.SettingsFor("")); err != nil {
		t.Errorf("the built-in settings: %v", err)
	}
	for _, tt := range []struct{ text, field string }{
		{`connection_grace:{seconds:3601}`, "connection_grace"},
		{`priority_worth:{seconds:-1}`, "priority_worth"},
		{`policy:{response_timeout:{seconds:2592001}}`, "policy.response_timeout"},
		{`policy:{silence:{close_after:{seconds:7776001}}}`, "policy.silence.close_after"},
		{`policy:{silence:{messages:{after:{seconds:60} text:"` + strings.Repeat("x", 4001) + `"}}}`, "policy.silence.messages"},
		{`policy:{hold:{patterns:" "}}`, "policy.hold.patterns"},
		{`policy:{join_text:"` + strings.Repeat("я", 4001) + `"}`, "policy.join_text"},
		{`retention_days:-1`, "retention_days"},
		{`retention_days:36601`, "retention_days"},
		{`alerts:{queue_over:1000001}`, "alerts.queue_over"},
		{`alerts:{failing_over:{seconds:86401}}`, "alerts.failing_over"},
		{`timer:{count:"up" minutes:1441}`, "timer.minutes"},
	} {
		refused, _ := errors.AsType[*refusal.Error](put(entry(t, "Settings", tt.text)))
		if refused == nil || refused.Field != tt.field {
			t.Errorf("%.60s: refused for %v, want %q", tt.text, refused, tt.field)
		}
	}
	if err := put(entry(t, "Settings", `policy:{response_timeout:{} join_text:"`+strings.Repeat("я", 4000)+`"} retention_days:0`)); err != nil {
		t.Errorf("what is just within the bounds: %v", err)
	}
}
