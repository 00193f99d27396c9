package wall_test

import (
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
	"crafttalkd/transport/live"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wall"
	"crafttalkd/transport/wire"
)

var rewriteRights = flag.Bool("rewrite-rights", false, "write the tables of rights into the documentation")

// What becomes of a frame, as the page of rights says it.
const (
	done     = "да"
	refused  = "отказ"
	unheard  = "нет такого"
	misplace = "не отсюда"
)

// A target is a conversation that frames are about.
type target struct{ conv, said, sent string }

// A wish is one thing that operators ask of the desk about a conversation.
type wish struct {
	kind, how, role string // the frame, what is special about it, and what it needs
	ends            bool   // the conversation is somebody else's then
	frame           func(x target, id string) *wire.FromClient
}

func (w wish) name() string { return strings.TrimSpace(w.kind + " " + w.how) }

// wishes is everything that operators can ask for, and the permission without
// which it is refused.
func wishes() []wish {
	file := func(mime string) func(target, string) *wire.FromClient {
		return func(x target, id string) *wire.FromClient {
			f := livetest.Reply(x.conv, id, "")
			f.GetReply().Content.Attachments = []*event.Attachment{{AttachmentId: id, Name: "a", Mime: mime, Blob: "b"}}
			return f
		}
	}
	return []wish{
		{kind: "seen", frame: func(x target, _ string) *wire.FromClient {
			return &wire.FromClient{Is: &wire.FromClient_Seen{Seen: &wire.Seen{ConversationId: x.conv, MessageId: x.said}}}
		}},
		{kind: "reply", frame: func(x target, id string) *wire.FromClient { return livetest.Reply(x.conv, id, "Good day.") }},
		{kind: "reply", how: "с файлом", role: directory.SendFiles, frame: file("text/plain")},
		{kind: "reply", how: "с картинкой", role: directory.SendPics, frame: file("image/png")},
		{kind: "note", frame: func(x target, id string) *wire.FromClient {
			return &wire.FromClient{Is: &wire.FromClient_Note{Note: &wire.Note{ConversationId: x.conv, NoteId: id, Text: "an old friend"}}}
		}},
		{kind: "set_topic", frame: func(x target, _ string) *wire.FromClient {
			return &wire.FromClient{Is: &wire.FromClient_SetTopic{SetTopic: &wire.SetTopic{ConversationId: x.conv, TopicId: "parcel"}}}
		}},
		{kind: "cancel_hold", frame: func(x target, _ string) *wire.FromClient {
			return &wire.FromClient{Is: &wire.FromClient_CancelHold{CancelHold: &wire.CancelHold{ConversationId: x.conv}}}
		}},
		{kind: "typing", frame: func(x target, _ string) *wire.FromClient {
			return &wire.FromClient{Is: &wire.FromClient_Typing{Typing: &wire.Typing{ConversationId: x.conv}}}
		}},
		{kind: "retry", frame: func(x target, _ string) *wire.FromClient {
			return &wire.FromClient{Is: &wire.FromClient_Retry{Retry: &wire.Retry{ConversationId: x.conv, MessageId: x.sent}}}
		}},
		{kind: "present", role: directory.ViewKB, frame: func(x target, id string) *wire.FromClient {
			return &wire.FromClient{Is: &wire.FromClient_Present{Present: &wire.Present{ConversationId: x.conv, SurveyId: id, ArticleId: "delivery"}}}
		}},
		{kind: "cancel_survey", frame: func(x target, _ string) *wire.FromClient {
			return &wire.FromClient{Is: &wire.FromClient_CancelSurvey{CancelSurvey: &wire.CancelSurvey{ConversationId: x.conv}}}
		}},
		{kind: "reject", frame: func(x target, _ string) *wire.FromClient {
			return &wire.FromClient{Is: &wire.FromClient_Reject{Reject: &wire.Reject{ConversationId: x.conv, About: x.said, ArticleId: "delivery"}}}
		}},
		{kind: "transfer", role: directory.ViewRerouteBtn, ends: true, frame: func(x target, id string) *wire.FromClient {
			return livetest.Transfer(x.conv, id, "olga", "please")
		}},
		{kind: "give_back", ends: true, frame: func(x target, _ string) *wire.FromClient {
			return &wire.FromClient{Is: &wire.FromClient_GiveBack{GiveBack: &wire.GiveBack{ConversationId: x.conv}}}
		}},
		{kind: "close", ends: true, frame: func(x target, _ string) *wire.FromClient {
			f := livetest.Close(x.conv)
			f.GetClose().TopicId, f.GetClose().Dissatisfied = "parcel", proto.Bool(false)
			return f
		}},
	}
}

// frameKinds is every kind of frame there is, by the protocol itself.
func frameKinds() (out []string) {
	fields := (&wire.FromClient{}).ProtoReflect().Descriptor().Oneofs().ByName("is").Fields()
	for i := range fields.Len() {
		out = append(out, string(fields.Get(i).Name()))
	}
	return out
}

// blank is a frame of a kind, about a conversation if it can be about one.
func blank(kind, conv string) *wire.FromClient {
	f := &wire.FromClient{}
	m := f.ProtoReflect()
	is := m.Mutable(m.Descriptor().Fields().ByName(protoreflect.Name(kind))).Message()
	for name, value := range map[protoreflect.Name]protoreflect.Value{
		"conversation_id": protoreflect.ValueOfString(conv),
		"message_id":      protoreflect.ValueOfString("f1"),
		"note_id":         protoreflect.ValueOfString("f1"),
		"transfer_id":     protoreflect.ValueOfString("f1"),
		"survey_id":       protoreflect.ValueOfString("f1"),
		"rating":          protoreflect.ValueOfInt32(1),
		"presence":        protoreflect.ValueOfEnum(event.Presence_INVISIBLE.Number()),
		"content":         protoreflect.ValueOfMessage((&event.Content{Text: "Good day."}).ProtoReflect()),
	} {
		if field := is.Descriptor().Fields().ByName(name); field != nil {
			is.Set(field, value)
		}
	}
	return f
}

// A listener hears who types where.
type listener struct {
	mu    sync.Mutex // guards heard
	heard map[string]bool
}

func (l *listener) See(journal.Entry, *live.Frames) {}

func (l *listener) Typing(conversation, who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard[who+" "+conversation] = true
}

func (l *listener) hears(conversation, who string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.heard[who+" "+conversation]
}

// A tester tries frames at the desk.
type tester struct {
	*house
	*listener
	n int
}

func openTester(t *testing.T, f wall.Fault) *tester {
	x := &tester{house: open(t, f, nil), listener: &listener{heard: map[string]bool{}}}
	x.Know(&event.Article{ArticleId: "delivery", Identifier: "delivery", Answers: []*event.Answer{{AnswerId: "all", Text: "It comes tomorrow"}}})
	return x
}

func (x *tester) next(what string) string {
	x.n++
	return fmt.Sprint(what, x.n)
}

// sits opens the socket of an operator whom queues give nothing.
func (x *tester) sits(t *testing.T, user string) *livetest.Socket {
	t.Helper()
	s := x.Operator(t, user, nil)
	s.Must(invisible())
	return s
}

func invisible() *wire.FromClient {
	return &wire.FromClient{Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: event.Presence_INVISIBLE}}}
}

// given is a new conversation that an operator keeps and has answered.
func (x *tester) given(t *testing.T, account, user string, s *livetest.Socket) target {
	t.Helper()
	made := target{conv: x.writes(t, account, x.next("customer"), x.next("m")), sent: x.next("r")}
	stream := event.ConversationStream + made.conv
	x.Hub.Watch(stream, x.listener)
	x.Force(made.conv, user)
	s.Until("the conversation", func(f *wire.FromServer) bool {
		a, ok := f.GetEntry().GetFact().Unwrap().(*event.ConversationAssigned)
		return ok && f.GetEntry().Stream == stream && a.OperatorId == user
	})
	s.Must(livetest.Reply(made.conv, made.sent, "One moment."))
	for _, e := range x.Facts(stream) {
		if said, ok := e.(*event.MessageReceived); ok {
			made.said = said.MessageId
		}
	}
	return made
}

// tries sends a frame and says what becomes of it.
func (x *tester) tries(s *livetest.Socket, user string, f *wire.FromClient) string {
	if f.GetTyping() == nil {
		return saidTo(s.Do(f))
	}
	s.Send(f)
	s.Do(&wire.FromClient{Is: &wire.FromClient_Watch{Watch: &wire.Watch{}}}) // comes back once the typing has been told
	if x.hears(f.GetTyping().ConversationId, user) {
		return done
	}
	return refused
}

func saidTo(a *wire.Answer) string {
	switch {
	case a.Kind == "":
		return done
	case a.Kind == "denied":
		return refused
	case a.Kind == "not_found":
		return unheard
	case a.Kind == "invalid" && a.Field == "":
		return misplace
	}
	return a.Kind + " " + a.Field + ": " + a.Text
}

// facts is how many there are about some conversations.
func (x *tester) facts(all []target) (n int) {
	for _, one := range all {
		n += len(x.Facts(event.ConversationStream + one.conv))
	}
	return n
}
