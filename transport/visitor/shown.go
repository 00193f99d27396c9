package visitor

import (
	"iter"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
	"crafttalkd/transport/wire"
)

// emailKind is the kind of account that letters go by.
const emailKind = "email"

// names are what the widget calls the visitor's messages. Ours are no business
// of the page, and mean nothing to it.
type names struct {
	lobby   *Lobby
	account string
	stream  string
	facts   func() iter.Seq2[journal.Entry, error] // of the conversation, from the beginning
	letter  func(account, address string) bool     // see [Lobby.letter]
	unread  []name                                 // messages that no operator has seen, as far as they went by here
}

type name struct{ ours, theirs string }

// names returns what the messages of a conversation are called for who has the
// widget of an account.
func (l *Lobby) names(account, stream string) names {
	return names{lobby: l, account: account, stream: stream, letter: l.letter,
		facts: func() iter.Seq2[journal.Entry, error] { return l.config.System.Journal().Durable(stream, 0) }}
}

// letter reports whether what goes to an address, or comes from there, is a
// letter. Whoever has the chat on a site need not be who has the mailbox: that
// they are one is what a visitor claims or an operator believes. So the chat says
// that there was a letter, and not what is in it. Of an account that is no more
// the address tells.
func (l *Lobby) letter(account, address string) bool {
	a := l.config.System.Directory.State().Account(account)
	return a.GetKind() == emailKind || a == nil && strings.Contains(address, "@")
}

// remembered is how many messages an operator's read mark can be behind.
const remembered = 64

// shown is the one place that says what of a conversation a visitor may see:
// nil for everything that is not named here. Notes, verdicts, transfers and
// topics never leave.
func (n *names) shown(e journal.Entry) (*wire.FromServer, error) {
	conv := e.Stream[len(event.ConversationStream):]
	switch x := e.Event.(type) {
	case *event.MessageReceived:
		if x.Automatic {
			return nil, nil
		}
		b := &wire.Bubble{ConversationId: conv, Version: e.Version, MessageId: n.received(x), From: "customer", At: at(x.SentAt, x.At)}
		return n.bubble(b, x.AccountId, x.Address, x.Content), nil
	case *event.MessageSent:
		b := &wire.Bubble{ConversationId: conv, Version: e.Version, MessageId: x.MessageId, From: "system", At: x.At}
		switch {
		case x.OperatorId != "":
			b.From, b.Name = "operator", n.lobby.config.System.Directory.State().User(x.OperatorId).GetFirstName()
		case x.AgentId != "":
			b.From = "agent"
		}
		return n.bubble(b, x.AccountId, x.Address, x.Content), nil
	case *event.AttachmentFetched: // of a message that came another way: the widget's bring their files
		m, err := n.message(x.MessageId)
		if err != nil || m != nil && n.letter(m.AccountId, m.Address) {
			return nil, err
		}
		return &wire.FromServer{Is: &wire.FromServer_File{File: &wire.File{ConversationId: conv, Version: e.Version,
			MessageId: x.MessageId, Attachment: attachment(x.Attachment)}}}, nil
	case *event.ConversationQueued:
		return progress(conv, e.Version, "waiting"), nil
	case *event.ConversationAssigned:
		return progress(conv, e.Version, "served"), nil
	case *event.AgentEngaged:
		if x.AgentId != conversation.Silence {
			return progress(conv, e.Version, "automatic"), nil
		}
	case *event.ConversationClosed:
		return progress(conv, e.Version, "closed"), nil
	case *event.RatingGiven:
		return progress(conv, e.Version, "rated"), nil
	case *event.OperatorSaw:
		id, err := n.seen(x.MessageId)
		if err != nil || id == "" {
			return nil, err
		}
		return &wire.FromServer{Is: &wire.FromServer_Mark{Mark: &wire.Mark{ConversationId: conv, Version: e.Version, MessageId: id}}}, nil
	}
	return nil, nil
}

// received returns the name of a message for the visitor: the one that the
// widget itself gave it, or ours if it came another way.
func (n *names) received(m *event.MessageReceived) string {
	id := m.MessageId
	if m.AccountId == n.account {
		id = m.ExternalId
	}
	if len(n.unread) == remembered {
		n.unread = n.unread[1:]
	}
	n.unread = append(n.unread, name{m.MessageId, id})
	return id
}

// seen returns the visitor's name of a message that an operator has read. One
// that went by before this socket opened is found in the journal.
func (n *names) seen(id string) (string, error) {
	for i, m := range n.unread {
		if m.ours == id {
			n.unread = n.unread[i+1:]
			return m.theirs, nil
		}
	}
	m, err := n.message(id)
	switch {
	case err != nil || m == nil:
		return "", err
	case m.AccountId == n.account:
		return m.ExternalId, nil
	}
	return id, nil
}

// message finds what was received in the journal; nil if it is not there.
func (n *names) message(id string) (*event.MessageReceived, error) {
	for e, err := range n.facts() {
		if err != nil {
			return nil, err
		}
		if m, ok := e.Event.(*event.MessageReceived); ok && m.MessageId == id {
			return m, nil
		}
	}
	return nil, nil
}

// content is what a message says, without where its files come from: that is
// between us and a provider.
func content(c *event.Content) *event.Content {
	if len(c.GetAttachments()) == 0 {
		return c
	}
	out := &event.Content{Text: c.Text, Buttons: c.Buttons, Location: c.Location, Contact: c.Contact, Pressed: c.Pressed}
	for _, a := range c.Attachments {
		out.Attachments = append(out.Attachments, attachment(a))
	}
	return out
}

func attachment(a *event.Attachment) *event.Attachment {
	return &event.Attachment{AttachmentId: a.GetAttachmentId(), Name: a.GetName(), Mime: a.GetMime(), Size: a.GetSize(),
		Blob: a.GetBlob(), Failure: a.GetFailure()}
}

// said is what a visitor says, as it comes in: with files that were uploaded,
// and not with such as the server would have to fetch.
func said(c *event.Content) *event.Content {
	if c == nil {
		return nil
	}
	c.Attachments = slices.DeleteFunc(c.Attachments, func(a *event.Attachment) bool { return a.GetBlob() == "" })
	for _, a := range c.Attachments {
		a.Source, a.Failure = "", ""
	}
	return c
}

// at is the customer's own clock where it tells, else ours.
func at(theirs, ours *timestamppb.Timestamp) *timestamppb.Timestamp {
	if theirs != nil {
		return theirs
	}
	return ours
}

// bubble is b with what it says, unless that is in a letter.
func (n *names) bubble(b *wire.Bubble, account, address string, c *event.Content) *wire.FromServer {
	if b.Letter = n.letter(account, address); !b.Letter {
		b.Content = content(c)
	}
	return &wire.FromServer{Is: &wire.FromServer_Bubble{Bubble: b}}
}

func progress(conv string, version uint64, phase string) *wire.FromServer {
	return &wire.FromServer{Is: &wire.FromServer_Progress{Progress: &wire.Progress{ConversationId: conv, Version: version, Phase: phase}}}
}
