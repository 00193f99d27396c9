package rest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// A schema is a JSON Schema of the draft 2020-12, as OpenAPI 3.1 uses it.
type schema map[string]any

// A way tells what is asked from what is answered. What is answered has every
// field that is not marked as omitted when empty; what is asked needs only the
// fields that are marked so.
type way bool

const (
	asked    way = false
	answered way = true
)

// schemas makes schemas of types, and keeps the named ones.
type schemas struct {
	named map[string]any
	ways  map[string]way
}

func newSchemas() *schemas { return &schemas{named: map[string]any{}, ways: map[string]way{}} }

// A described type says itself what its JSON looks like.
type described interface {
	describe(*schemas) schema
}

var (
	describedType = reflect.TypeFor[described]()
	timeType      = reflect.TypeFor[time.Time]()
	rawType       = reflect.TypeFor[json.RawMessage]()
)

// of returns the schema of a type. A named struct is kept once and referred to.
func (s *schemas) of(t reflect.Type, w way) schema {
	switch {
	case t.Kind() == reflect.Pointer:
		return s.of(t.Elem(), w)
	case t.Implements(describedType):
		return reflect.Zero(t).Interface().(described).describe(s)
	case t == timeType:
		return schema{"type": "string", "format": "date-time"}
	case t == rawType:
		return schema{"type": "object"}
	}
	switch t.Kind() {
	case reflect.Struct:
		return s.structure(t, w)
	case reflect.Slice:
		return schema{"type": "array", "items": s.of(t.Elem(), w)}
	case reflect.Map:
		return schema{"type": "object", "additionalProperties": s.of(t.Elem(), w)}
	case reflect.String:
		return schema{"type": "string"}
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Float64:
		return schema{"type": "number"}
	case reflect.Int, reflect.Int64:
		return schema{"type": "integer"}
	case reflect.Int32:
		return schema{"type": "integer", "minimum": -1 << 31, "maximum": 1<<31 - 1}
	case reflect.Uint64:
		return schema{"type": "integer", "minimum": 0, "maximum": int64(1) << 53}
	}
	panic(fmt.Sprintf("no schema for %s", t))
}

func (s *schemas) structure(t reflect.Type, w way) schema {
	if strings.Contains(t.Name(), "[") { // of a generic type: it has no name for others
		return s.object(t, w)
	}
	if known, ok := s.ways[t.Name()]; ok {
		if known != w {
			panic(fmt.Sprintf("%s is both asked and answered", t.Name()))
		}
	} else {
		s.ways[t.Name()] = w
		s.named[t.Name()] = s.object(t, w)
	}
	return schema{"$ref": "#/components/schemas/" + t.Name()}
}

func (s *schemas) object(t reflect.Type, w way) schema {
	properties, required := schema{}, []string{}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() || name == "-" {
			continue
		}
		p := s.of(f.Type, w)
		if doc := f.Tag.Get("doc"); doc != "" {
			p["description"] = doc
		}
		properties[name] = p
		if w == answered && !strings.Contains(options, "omit") || w == asked && f.Tag.Get("need") != "" {
			required = append(required, name)
		}
	}
	return schema{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// A Message is a protobuf message as JSON with the names of its .proto. A field
// that is absent has its zero value.
type Message[M proto.Message] struct{ Of M }

// MarshalJSON writes the message.
func (m Message[M]) MarshalJSON() ([]byte, error) {
	return protojson.MarshalOptions{UseProtoNames: true}.Marshal(m.Of)
}

// UnmarshalJSON reads a message that nobody else has.
func (m *Message[M]) UnmarshalJSON(b []byte) error {
	m.Of = m.Of.ProtoReflect().Type().New().Interface().(M)
	return protojson.Unmarshal(b, m.Of)
}

func (m Message[M]) describe(s *schemas) schema {
	return s.message(m.Of.ProtoReflect().Descriptor())
}

// orNone returns what a message that may be missing says.
func orNone[M proto.Message](m *Message[M]) (none M) {
	if m == nil {
		return none
	}
	return m.Of
}

// message returns the schema of a protobuf message in its JSON form.
func (s *schemas) message(d protoreflect.MessageDescriptor) schema {
	switch d.FullName() {
	case "google.protobuf.Timestamp":
		return schema{"type": "string", "format": "date-time"}
	case "google.protobuf.Duration":
		return schema{"type": "string", "pattern": `^-?[0-9]{1,12}(\.[0-9]{1,9})?s$`, "description": "seconds, such as 300s"}
	}
	name := string(d.ParentFile().Package().Parent().Name()) + "." + string(d.Name())
	if _, ok := s.named[name]; !ok {
		properties := schema{}
		s.named[name] = schema{"type": "object", "properties": properties, "additionalProperties": false}
		for i := range d.Fields().Len() {
			f := d.Fields().Get(i)
			properties[f.TextName()] = s.field(f)
		}
	}
	return schema{"$ref": "#/components/schemas/" + name}
}

func (s *schemas) field(f protoreflect.FieldDescriptor) schema {
	switch {
	case f.IsMap():
		return schema{"type": "object", "additionalProperties": s.value(f.MapValue())}
	case f.IsList():
		return schema{"type": "array", "items": s.value(f)}
	}
	return s.value(f)
}

func (s *schemas) value(f protoreflect.FieldDescriptor) schema {
	switch f.Kind() {
	case protoreflect.MessageKind:
		return s.message(f.Message())
	case protoreflect.EnumKind:
		return schema{"type": "string", "enum": enumNames(f.Enum())}
	case protoreflect.BoolKind:
		return schema{"type": "boolean"}
	case protoreflect.Int32Kind:
		return schema{"type": "integer", "minimum": -1 << 31, "maximum": 1<<31 - 1}
	case protoreflect.Int64Kind, protoreflect.Uint64Kind:
		return schema{"type": "string", "pattern": "^-?[0-9]{1,20}$"}
	case protoreflect.DoubleKind:
		return schema{"type": "number"}
	case protoreflect.BytesKind:
		return schema{"type": "string", "contentEncoding": "base64"}
	}
	return schema{"type": "string"}
}

func enumNames(d protoreflect.EnumDescriptor) []string {
	var names []string
	for i := range d.Values().Len() {
		names = append(names, string(d.Values().Get(i).Name()))
	}
	return names
}

// wrap is the way back: a message that is not there is left out.
func wrap[M interface {
	comparable
	proto.Message
}](m M) *Message[M] {
	var none M
	if m == none {
		return nil
	}
	return &Message[M]{m}
}

// wrapAll wraps each message of a list.
func wrapAll[M proto.Message](ms []M) []Message[M] {
	out := make([]Message[M], len(ms))
	for i, m := range ms {
		out[i] = Message[M]{m}
	}
	return out
}

// unwrapAll is the way back.
func unwrapAll[M proto.Message](ms []Message[M]) []M {
	var out []M
	for _, m := range ms {
		out = append(out, m.Of)
	}
	return out
}
