package rest

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"crafttalkd/actors/event"
	"crafttalkd/actors/flow"
	"crafttalkd/actors/refusal"
)

// ActDetail is an act and what it changed.
type ActDetail struct {
	Act
	Changes []ActChange `json:"changes" doc:"fields that are not as they were before; of something new, those that say anything"`
}

// ActChange is one field that was changed.
type ActChange struct {
	Field  string  `json:"field" doc:"as in policy.silence.remind_text"`
	Before *string `json:"before,omitempty" doc:"missing if there was nothing"`
	After  *string `json:"after,omitempty" doc:"missing if there is nothing any more"`
	Hidden bool    `json:"hidden,omitempty" doc:"it is a secret, or says something of a person: what it was and is, is not told"`
}

// getAct shows one line, and what its fact changed.
func (c *call) getAct() (ActDetail, error) {
	none := refusal.New(refusal.NotFound, "there is no act %q", c.id())
	s := sieve{sees: c.seesAuthor()}
	n, err := strconv.ParseUint(c.id(), 10, 53)
	if err != nil || n == 0 {
		return ActDetail{}, none
	}
	lines, err := c.actsBetween(n-1, n)
	if err != nil {
		return ActDetail{}, err
	}
	if len(lines) == 0 || !s.passes(lines[0]) {
		return ActDetail{}, none
	}
	changes, err := c.changesOf(lines[0])
	return ActDetail{actOf(lines[0]), changes}, err
}

// changesOf compares what the fact of an act says with what was said before it.
func (c *call) changesOf(n *event.AuditNoted) ([]ActChange, error) {
	out := []ActChange{}
	if n.Stream == "" {
		return out, nil
	}
	fact, err := c.factAt(n.Stream, n.Version)
	if err != nil {
		return nil, err
	}
	if p, ok := fact.(*event.ProfileChanged); ok {
		for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
			out = append(out, ActChange{Field: name, Hidden: true})
		}
		return out, nil
	}
	kind, what, _ := cutKind(n.Act)
	if what == "" || n.Stream != event.DirectoryStream && n.Stream != event.KnowledgeStream {
		return out, nil
	}
	before, err := c.entryBefore(n, kind)
	if err != nil {
		return nil, err
	}
	compare("", before, entryOf(fact), &out)
	return out, nil
}

// cutKind parts the name of an organisation's fact: user_put is of a user.
func cutKind(act string) (kind, what string, ok bool) {
	for _, what := range []string{"_put", "_removed"} {
		if kind, ok := strings.CutSuffix(act, what); ok {
			return kind, what, true
		}
	}
	return "", "", false
}

func (c *call) factAt(stream string, version uint64) (event.Event, error) {
	for e, err := range c.config.System.Journal().Durable(stream, version-1) {
		return e.Event, err
	}
	return nil, refusal.New(refusal.NotFound, "the fact is not there")
}

// entryBefore is what was there before an act: nil if nothing was. It is looked
// for from the act back.
func (c *call) entryBefore(n *event.AuditNoted, kind string) (protoreflect.Message, error) {
	for end, part := n.Version-1, uint64(128); end > 0; part = min(2*part, 4096) {
		begin := end - min(end, part)
		var last event.Event
		for e, err := range c.config.System.Journal().Durable(n.Stream, begin) {
			if err != nil {
				return nil, err
			}
			if e.Version > end {
				break
			}
			if k, _, _ := cutKind(event.NameOf(e.Event)); k == kind {
				if about, _ := flow.Noted(n.Stream, e.Event); about.Object == n.Object {
					last = e.Event
				}
			}
		}
		if last != nil {
			return entryOf(last), nil
		}
		end = begin
	}
	return nil, nil
}

// entryOf is the entry that a fact puts; nil if it takes one out.
func entryOf(e event.Event) protoreflect.Message {
	m := e.ProtoReflect()
	if f := m.Descriptor().Fields().ByNumber(3); f != nil && f.Message() != nil && !f.IsList() {
		return m.Get(f).Message()
	}
	return nil
}

// secretFields are never told, whatever they hold.
var secretFields = map[protoreflect.Name]bool{"secrets": true, "hashes": true, "hash": true}

// compare adds the fields in which two messages differ. Either may be nil.
func compare(path string, before, after protoreflect.Message, out *[]ActChange) {
	either := after
	if either == nil {
		either = before
	}
	if either == nil {
		return
	}
	fields := either.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		was, is := valueOf(before, f), valueOf(after, f)
		name := path + string(f.Name())
		switch {
		case secretFields[f.Name()] || proto.GetExtension(f.Options(), event.E_Personal).(bool):
			if text(was, f) != text(is, f) {
				*out = append(*out, ActChange{Field: name, Hidden: true})
			}
		case f.Message() != nil && !f.IsList() && !f.IsMap() && !strings.HasPrefix(string(f.Message().FullName()), "google."):
			compare(name+".", messageOf(was), messageOf(is), out)
		default:
			if a, b := text(was, f), text(is, f); a != b {
				*out = append(*out, ActChange{Field: name, Before: some(a), After: some(b)})
			}
		}
	}
}

// valueOf is a field's value, if there is one.
func valueOf(m protoreflect.Message, f protoreflect.FieldDescriptor) protoreflect.Value {
	if m == nil || !m.Has(f) {
		return protoreflect.Value{}
	}
	return m.Get(f)
}

func messageOf(v protoreflect.Value) protoreflect.Message {
	if !v.IsValid() {
		return nil
	}
	return v.Message()
}

// longestValue is how much of a value is shown.
const longestValue = 4000

// text is a value for people: words as they are, numbers as numbers, and what has
// a shape as JSON.
func text(v protoreflect.Value, f protoreflect.FieldDescriptor) string {
	if !v.IsValid() {
		return ""
	}
	if f.Kind() == protoreflect.StringKind && !f.IsList() && !f.IsMap() {
		return cut(v.String())
	}
	m, err := protoregistry.GlobalTypes.FindMessageByName(f.ContainingMessage().FullName())
	if err != nil {
		return "?"
	}
	alone := m.New()
	alone.Set(f, v)
	b, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(alone.Interface())
	var fields map[string]json.RawMessage
	if err == nil {
		err = json.Unmarshal(b, &fields)
	}
	var flat bytes.Buffer
	if err == nil {
		err = json.Compact(&flat, fields[string(f.Name())])
	}
	if err != nil {
		return "?"
	}
	return cut(strings.Trim(flat.String(), `"`))
}

func cut(s string) string {
	if r := []rune(s); len(r) > longestValue {
		return string(r[:longestValue]) + "…"
	}
	return s
}

func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
