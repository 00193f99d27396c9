package journal

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"crafttalkd/actors/event"
)

// kinds returns all kinds of facts, in order.
func kinds() (out []event.Kind) {
	fields := (&event.Fact{}).ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		out = append(out, event.Kind(fields.Get(i).Number()))
	}
	slices.Sort(out)
	return out
}

// filled returns a fact of the kind in which everything is set, down to the
// last field of the last message. Personal fields hold the word secret, and the
// others the word plain.
func filled(k event.Kind) event.Event {
	e, err := event.New(k)
	if err != nil {
		panic(err)
	}
	m := e.ProtoReflect()
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		word := "plain"
		if slices.Contains(event.Personal(k), f) {
			word = "secret"
		}
		m.Set(f, valueOf(m, f, word))
	}
	return e
}

func valueOf(m protoreflect.Message, f protoreflect.FieldDescriptor, word string) protoreflect.Value {
	v := m.NewField(f)
	switch {
	case f.IsMap():
		v.Map().Set(scalarOf(f.MapKey(), word).MapKey(), scalarOf(f.MapValue(), word))
	case f.IsList() && f.Kind() == protoreflect.MessageKind:
		for range 2 {
			fill(v.List().AppendMutable().Message(), word)
		}
	case f.IsList():
		v.List().Append(scalarOf(f, word))
	case f.Kind() == protoreflect.MessageKind:
		fill(v.Message(), word)
	default:
		return scalarOf(f, word)
	}
	return v
}

func fill(m protoreflect.Message, word string) {
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		m.Set(f, valueOf(m, f, word))
	}
}

func scalarOf(f protoreflect.FieldDescriptor, word string) protoreflect.Value {
	n := int64(f.Number())
	switch f.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(fmt.Sprint(word, n))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(fmt.Append(nil, word, n))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(f.Enum().Values().Get(f.Enum().Values().Len() - 1).Number())
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(int32(n))
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(n)
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(uint64(n))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(float64(n) + 0.5)
	}
	panic(fmt.Sprintf("field %s is of a kind that no fact has had so far: %v", f.FullName(), f.Kind()))
}
