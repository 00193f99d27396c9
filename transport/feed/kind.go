package feed

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

// A theme is what a fact is about: who may hear of it, and where it belongs.
type theme struct {
	stream string // how its streams' names begin
	roles  []string
	kinds  []string // facts, by their names in the envelope; those of no theme are never told
}

// themes are all there are. What is a matter of our own actors alone, and what
// holds a secret, is not among them.
var themes = []theme{
	{event.ConversationStream, []string{directory.ViewClients, directory.ViewClient, directory.ViewMonitoring, directory.ViewDialogsSearch}, conversationKinds()},
	{event.CustomerStream, []string{directory.ViewClients, directory.ViewClient}, []string{
		"customer_registered", "profile_changed", "customer_typed", "address_added", "address_edited", "address_removed",
		"address_blocked", "conversation_started", "conversation_left", "operator_served", "customer_merged",
		"customer_absorbed", "erasure_begun", "customer_erased"}},
	{event.OperatorStream, []string{directory.ViewMonitoring}, []string{"presence_changed", "connection_lost", "connection_restored"}},
}

// conversationKinds are all facts of conversations: their numbers are below 60.
func conversationKinds() (out []string) {
	fields := (&event.Fact{}).ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		if f := fields.Get(i); f.Number() < 60 {
			out = append(out, f.TextName())
		}
	}
	return out
}

// Kinds are the names of all facts that are ever told.
func Kinds() (out []string) {
	for _, t := range themes {
		out = append(out, t.kinds...)
	}
	return out
}

func (t theme) open(u *event.User) bool {
	return slices.ContainsFunc(t.roles, func(role string) bool { return auth.Can(u, role) })
}

// kinds returns what a reader is told of: those it asks for, or all that its
// permissions open. What it asks for and may not hear is refused.
func kinds(u *event.User, asked []string) (map[event.Kind]string, error) {
	open := map[string]bool{}
	for _, t := range themes {
		for _, kind := range t.kinds {
			open[kind] = t.open(u)
		}
	}
	for _, kind := range asked {
		may, known := open[kind]
		switch {
		case !known:
			return nil, refusal.Of("kinds", "%q is no kind of fact that is told", kind)
		case !may:
			return nil, refusal.New(refusal.Denied, "%s needs a permission that is not there", kind)
		}
	}
	out := map[event.Kind]string{}
	fields := (&event.Fact{}).ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if open[f.TextName()] && (len(asked) == 0 || slices.Contains(asked, f.TextName())) {
			out[event.Kind(f.Number())] = f.TextName()
		}
	}
	if len(out) == 0 {
		return nil, refusal.New(refusal.Denied, "there is nothing that these permissions let be told")
	}
	return out, nil
}

// clean is a fact without what only we need and could be misused: hashes of
// invite links, and where providers keep files.
func clean(e event.Event) event.Event {
	switch e := e.(type) {
	case *event.CustomerMerged:
		e = proto.CloneOf(e)
		e.Links = nil
		return e
	case *event.CustomerAbsorbed:
		e = proto.CloneOf(e)
		e.Links = nil
		return e
	case *event.AttachmentFetched:
		e = proto.CloneOf(e)
		e.Attachment.Source = ""
		return e
	case interface{ GetContent() *event.Content }:
		if len(e.GetContent().GetAttachments()) == 0 {
			break
		}
		m := proto.Clone(e.(event.Event))
		for _, a := range m.(interface{ GetContent() *event.Content }).GetContent().Attachments {
			a.Source = ""
		}
		return m
	}
	return e
}

// idOf is what a stream is about.
func idOf(stream string) string {
	_, id, _ := strings.Cut(stream, "/")
	return id
}
