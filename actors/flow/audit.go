package flow

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/event"
)

// Noted returns what the log of acts says of e, an event of the stream; ok is
// false for what is no administrative act.
func Noted(stream string, e event.Event) (n audit.Note, ok bool) {
	n = audit.Note{At: event.At(e), Act: event.NameOf(e), Object: id(stream)}
	if stream == event.DirectoryStream || stream == event.KnowledgeStream {
		a, ok := e.(author) // what names no author came about by itself
		n.Object = about(e.ProtoReflect())
		if ok {
			n.By = a.GetBy()
		}
		return n, ok
	}
	switch e := e.(type) {
	case *event.ConversationWatched:
		n.By, n.Object = e.UserId, e.ConversationId
		return n, true
	case *event.ErasureBegun:
		n.By = e.By
		return n, true // by nobody: on the server's own machine
	case *event.SlotReserved:
		n.By, n.Object = e.By, e.ConversationId
	case *event.ConversationQueued, *event.ConversationReviewed, *event.MessageLabelled, *event.PresenceChanged,
		*event.ProfileChanged, *event.CustomerTyped, *event.AddressAdded, *event.AddressEdited, *event.AddressRemoved,
		*event.InviteLinkMade, *event.MergeAsked:
		n.By = e.(author).GetBy()
	}
	return n, n.By != "" // without an author it came about by itself, or was the customer's doing
}

// An author has asked for what a fact tells.
type author interface{ GetBy() string }

// about returns the id of what a fact of the organisation or of the knowledge
// base is about: it is the fact's third field, or that one's first.
func about(m protoreflect.Message) string {
	f := m.Descriptor().Fields().ByNumber(3)
	if f != nil && f.Message() != nil && !f.IsList() {
		m = m.Get(f).Message()
		f = m.Descriptor().Fields().ByNumber(1)
	}
	if f == nil || f.Kind() != protoreflect.StringKind || f.IsList() {
		return ""
	}
	return m.Get(f).String()
}
