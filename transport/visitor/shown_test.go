package visitor

import (
	"iter"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
)

// visible is every field of every fact that a visitor may be shown. A fact or a
// field that is not here must not leave.
var visible = map[string][]string{
	"MessageReceived": {"message_id", "external_id", "account_id", "content.text", "content.attachments.attachment_id",
		"content.attachments.name", "content.attachments.mime", "content.attachments.size", "content.attachments.blob", "content.attachments.failure",
		"content.buttons.caption", "content.buttons.value", "content.pressed.caption", "content.pressed.value",
		"content.contact.name", "content.contact.phone"},
	"MessageSent": {"message_id", "content.text", "content.attachments.attachment_id",
		"content.attachments.name", "content.attachments.mime", "content.attachments.size", "content.attachments.blob", "content.attachments.failure",
		"content.buttons.caption", "content.buttons.value", "content.pressed.caption", "content.pressed.value",
		"content.contact.name", "content.contact.phone"},
	"AttachmentFetched": {"message_id", "attachment.attachment_id", "attachment.name", "attachment.mime", "attachment.size",
		"attachment.blob", "attachment.failure"},
	"ConversationQueued":   {},
	"ConversationAssigned": {},
	"AgentEngaged":         {},
	"ConversationClosed":   {},
	"RatingGiven":          {},
	"OperatorSaw":          nil, // shown only if the message is known; see TestReadMarks
}

// marker is found again in what is shown, with the path of its field.
func marker(path string) string { return "<" + path + ">" }

// mark fills every string of a message with its marker, one element a list.
func mark(m protoreflect.Message, path string) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		p := strings.TrimPrefix(path+"."+string(f.Name()), ".")
		switch {
		case f.IsMap():
			entry := m.Mutable(f).Map()
			entry.Set(protoreflect.ValueOfString(marker(p)).MapKey(), protoreflect.ValueOfString(marker(p)))
		case f.IsList() && f.Message() != nil:
			mark(m.Mutable(f).List().AppendMutable().Message(), p)
		case f.IsList():
			m.Mutable(f).List().Append(protoreflect.ValueOfString(marker(p)))
		case f.Message() != nil && f.Message().FullName().Parent() != "google.protobuf":
			mark(m.Mutable(f).Message(), p)
		case f.Kind() == protoreflect.StringKind:
			m.Set(f, protoreflect.ValueOfString(marker(p)))
		case f.Kind() == protoreflect.BytesKind:
			m.Set(f, protoreflect.ValueOfBytes([]byte(marker(p))))
		}
	}
}

// proves that a visitor is shown what is on the list, and nothing else, of every
// kind of fact that there is or will be.
func TestOnlyWhatIsListedIsShown(t *testing.T) {
	kinds := (&event.Fact{}).ProtoReflect().Descriptor().Fields()
	shown := 0
	for i := range kinds.Len() {
		e, err := event.New(event.Kind(kinds.Get(i).Number()))
		if err != nil {
			t.Fatal(err)
		}
		name := string(e.ProtoReflect().Descriptor().Name())
		mark(e.ProtoReflect(), "")
		if name == "MessageSent" { // the name of an operator is looked up in the directory, which this test has not
			e.(*event.MessageSent).OperatorId = ""
		}
		allowed, listed := visible[name]
		if listed && allowed == nil {
			continue
		}
		n := names{account: "site", letter: func(string, string) bool { return false },
			facts: func() iter.Seq2[journal.Entry, error] { return func(func(journal.Entry, error) bool) {} }}
		m, err := n.shown(journal.Entry{Stream: event.ConversationStream + "anna.1", Version: 1, Event: e})
		if err != nil {
			t.Fatal(err)
		}
		if !listed && m != nil {
			t.Errorf("%s is shown: %v", name, m)
		}
		if m == nil {
			continue
		}
		shown++
		b, err := proto.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, leak := range markers(string(b)) {
			if !slices.Contains(allowed, leak) {
				t.Errorf("%s: field %s is shown", name, leak)
			}
		}
	}
	if want := len(visible) - 1; shown != want {
		t.Errorf("%d kinds of facts are shown, want %d", shown, want)
	}
}

// markers returns the paths of the markers in s.
func markers(s string) (paths []string) {
	for {
		_, rest, ok := strings.Cut(s, "<")
		if !ok {
			return paths
		}
		if path, after, ok := strings.Cut(rest, ">"); ok {
			paths, rest = append(paths, path), after
		}
		s = rest
	}
}

// A page can't make the server fetch files, nor name such as it has not
// uploaded.
func TestSaid(t *testing.T) {
	c := said(&event.Content{Text: "Look", Attachments: []*event.Attachment{
		{AttachmentId: "1", Source: "http://169.254.169.254/"}, nil, {AttachmentId: "2", Blob: "ab", Source: "file:///", Failure: "x"}}})
	want := &event.Content{Text: "Look", Attachments: []*event.Attachment{{AttachmentId: "2", Blob: "ab"}}}
	if !proto.Equal(c, want) {
		t.Errorf("said %v, want %v", c, want)
	}
	if said(nil) != nil {
		t.Error("nothing became something")
	}
}

// Whatever is sent as a token, it is one that was made here or is refused; and
// one visitor has one token.
func FuzzToken(f *testing.F) {
	l := &Lobby{config: Config{Secret: []byte("secret")}}
	random := []byte("twenty-four random bytes")
	own := encoding.EncodeToString(append(random, l.sign(random)...))
	if made := l.token(); made == l.token() || len(made) != len(own) {
		f.Fatalf("tokens are made as %q", made)
	}
	f.Add(own)
	f.Add(own[:len(own)-1])
	f.Add(own + "=")
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		address, ok := l.address(token)
		if ok != (token == own) {
			t.Errorf("token %q: %v", token, ok)
		}
		if ok == (address == "") {
			t.Errorf("token %q has the address %q", token, address)
		}
	})
}
