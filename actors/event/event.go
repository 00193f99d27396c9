// Package event is the vocabulary of crafttalkd: the facts that actors
// journal, as protobuf messages, and the names of the things they are about.
//
// Every fact is named in the past tense and carries its time in field 1.
// A fact once released is read forever: fields are added, never renumbered
// or reused, and testdata/event holds the encoding of each as proof.
//
// A fact travels and is kept in the envelope [Fact]; its number there, its
// [Kind], is its name on disk. Fields marked personal in the .proto files hold
// what a person wrote or is called, and are sealed before they reach the disk.
//
// The package imports nothing of ours. Everything of ours may import it.
package event

//go:generate go run ./gen

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// An Event is one fact: a pointer to one of the messages that [Fact] lists.
type Event = proto.Message

// A Kind is the number of a fact in [Fact].
type Kind uint32

// A fact is what the package knows of one kind.
type fact struct {
	message  protoreflect.MessageType
	envelope protoreflect.FieldDescriptor   // its field in Fact
	personal []protoreflect.FieldDescriptor // its fields that are sealed
}

var byKind, byType = index()

var highest = slices.Max(slices.Collect(maps.Keys(byKind)))

func index() (map[Kind]fact, map[reflect.Type]Kind) {
	file_fact_proto_init() // variables are made before the generated init runs
	kinds, types := map[Kind]fact{}, map[reflect.Type]Kind{}
	envelope := (&Fact{}).ProtoReflect()
	list := envelope.Descriptor().Fields()
	for i := range list.Len() {
		f := list.Get(i)
		m := envelope.NewField(f).Message()
		k := fact{message: m.Type(), envelope: f}
		for j := range m.Descriptor().Fields().Len() {
			p := m.Descriptor().Fields().Get(j)
			if proto.GetExtension(p.Options(), E_Personal).(bool) {
				k.personal = append(k.personal, p)
			}
		}
		kinds[Kind(f.Number())] = k
		types[reflect.TypeOf(m.Interface())] = Kind(f.Number())
	}
	return kinds, types
}

// KindOf returns the kind of e, or 0 if e is no fact.
func KindOf(e Event) Kind { return byType[reflect.TypeOf(e)] }

// NameOf returns what e is called in the envelope, as in conversation_closed, or
// "" if e is no fact.
func NameOf(e Event) string {
	f, ok := byKind[KindOf(e)]
	if !ok {
		return ""
	}
	return string(f.envelope.Name())
}

// New returns an empty fact of the kind, or an error for a kind that this
// build does not know.
func New(k Kind) (Event, error) {
	f, ok := byKind[k]
	if !ok {
		return nil, fmt.Errorf("fact of unknown kind %d", k)
	}
	return f.message.New().Interface(), nil
}

// Vocabulary is the highest kind that this build knows. Kinds are only ever
// added, so a build knows all that one with a smaller vocabulary has written.
func Vocabulary() Kind { return highest }

// Personal returns the fields of facts of the kind that must be sealed.
func Personal(k Kind) []protoreflect.FieldDescriptor { return byKind[k].personal }

// Wrap puts e in its envelope. The envelope shares e.
func Wrap(e Event) *Fact {
	f := &Fact{}
	f.ProtoReflect().Set(byKind[KindOf(e)].envelope, protoreflect.ValueOfMessage(e.ProtoReflect()))
	return f
}

// Unwrap takes the fact out of its envelope; nil if it is empty.
func (f *Fact) Unwrap() Event {
	m := f.ProtoReflect()
	d := m.WhichOneof(m.Descriptor().Oneofs().Get(0))
	if d == nil {
		return nil
	}
	return m.Get(d).Message().Interface()
}

// At returns when e happened, or the zero time if it does not say.
func At(e Event) time.Time {
	if a, ok := e.(interface{ GetAt() *timestamppb.Timestamp }); ok && a.GetAt() != nil {
		return a.GetAt().AsTime()
	}
	return time.Time{}
}

// Streams. A stream is named by what it is about: its kind, a slash, an id.
const (
	ConversationStream = "conversation/"
	CustomerStream     = "customer/"
	OperatorStream     = "operator/"
	QueueStream        = "queue/"
	DirectoryStream    = "directory/main"
	KnowledgeStream    = "knowledge/main"
	WatcherStream      = "watcher/"
	AuditStream        = "audit/main"
)
