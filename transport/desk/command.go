package desk

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/actors/system"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/live"
	"crafttalkd/transport/wire"
)

// wanted is how long a transfer waits for the operator it names.
const wanted = 2 * time.Minute

// take reads one frame and carries it out. It returns false to end the socket.
func (s *session) take(b []byte) bool {
	f := &wire.FromClient{}
	if err := s.conn.Format.Decode(b, f); err != nil {
		s.refuse(0, refusal.New(refusal.Invalid, "the frame can't be read"))
		return false
	}
	if !s.allowed() {
		s.conn.Bye("signed_out")
		return false
	}
	hello, first := f.Is.(*wire.FromClient_Hello)
	if first == s.greeted() {
		s.refuse(f.Id, refusal.New(refusal.Invalid, "%v", errHello))
		return false
	}
	if first {
		if err := s.hello(hello.Hello); err != nil {
			s.refuse(f.Id, err)
			return false
		}
		s.answer(f.Id, shell.Answer{})
		return true
	}
	s.carryOut(f)
	return true
}

func (s *session) greeted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ready
}

// carryOut is the table of everything a client can ask for.
func (s *session) carryOut(f *wire.FromClient) {
	me := s.who.User
	switch m := f.Is.(type) {
	case *wire.FromClient_SetPresence:
		s.tell(f.Id, s.stream, operator.SetPresence{Presence: m.SetPresence.Presence, Cause: event.Cause_OPERATOR_CHOICE})
	case *wire.FromClient_Reply:
		s.reply(f.Id, m.Reply)
	case *wire.FromClient_Note:
		s.note(f.Id, m.Note)
	case *wire.FromClient_Transfer:
		s.transfer(f.Id, m.Transfer)
	case *wire.FromClient_Close:
		s.close(f.Id, m.Close)
	case *wire.FromClient_GiveBack:
		s.giveBack(f.Id, m.GiveBack)
	case *wire.FromClient_SetTopic:
		s.ask(f.Id, m.SetTopic.ConversationId, conversation.SetTopic{By: me, Topic: m.SetTopic.TopicId})
	case *wire.FromClient_CancelHold:
		s.ask(f.Id, m.CancelHold.ConversationId, conversation.CancelHold{Operator: me})
	case *wire.FromClient_Seen:
		s.ask(f.Id, m.Seen.ConversationId, conversation.SeenByOperator{Operator: me, Message: m.Seen.MessageId})
	case *wire.FromClient_Typing:
		s.typing(m.Typing)
	case *wire.FromClient_Retry:
		s.retry(f.Id, m.Retry)
	case *wire.FromClient_Present:
		s.present(f.Id, m.Present)
	case *wire.FromClient_CancelSurvey:
		s.ask(f.Id, m.CancelSurvey.ConversationId, conversation.CancelSurvey{Operator: me, Survey: m.CancelSurvey.SurveyId})
	case *wire.FromClient_Reject:
		s.reject(f.Id, m.Reject)
	default:
		s.refuse(f.Id, refusal.New(refusal.Invalid, "an operator can't ask for this"))
	}
}

func (s *session) reply(id uint64, m *wire.Reply) {
	switch {
	case !named(m.MessageId):
		s.refuse(id, refusal.Of("message_id", "%s", nameNeeded))
	case !short(m.Content.GetText()):
		s.refuse(id, refusal.Of("content", "the text is longer than %d characters", longestText))
	case len(m.Content.GetAttachments()) > 0 && !s.maySend(m.Content.Attachments):
		s.refuse(id, refusal.New(refusal.Denied, "you may not send such files"))
	case m.Content.GetAsk() != event.Ask_ASK_NOTHING && !s.canAsk(m):
		s.refuse(id, refusal.Of("content.ask", "the customer's channel can't ask for this"))
	default:
		choice, err := s.choice(m.ConversationId, m.Choice)
		if err != nil {
			s.refuse(id, err)
			return
		}
		s.write(id, m.ConversationId, conversation.Reply{Operator: s.who.User, ID: m.MessageId, Content: m.Content,
			Account: m.AccountId, Address: m.Address, Phrase: m.Phrase, Choice: choice})
	}
}

// canAsk reports whether the channel that a reply goes to can ask the customer
// for what it does: the one that is named, or the one written from last.
func (s *session) canAsk(m *wire.Reply) bool {
	account := m.AccountId
	if account == "" {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		last, err := system.Look(ctx, s.desk.config.System, event.ConversationStream+m.ConversationId,
			func(c conversation.State, _ uint64) string { return c.Account })
		if err != nil || !s.follows(m.ConversationId) {
			return true // what else is wrong with it is told by the conversation
		}
		account = last
	}
	kind := s.desk.config.System.Directory.State().Account(account).GetKind()
	return s.desk.config.Asks != nil && slices.Contains(s.desk.config.Asks(kind), m.Content.Ask)
}

// write asks for a reply. One that says where it goes can go to the customer
// only; what was sent before and comes again is answered as done all the same.
func (s *session) write(id uint64, conv string, r conversation.Reply) {
	if r.Address == "" || !s.follows(conv) {
		s.ask(id, conv, r)
		return
	}
	switch theirs, err := s.isTheirs(conv, r.Account, r.Address); {
	case err != nil:
		s.refuse(id, err)
	case !theirs:
		s.late(id, conv, r, errNotTheirs)
	default:
		s.ask(id, conv, r)
	}
}

var errNotTheirs = refusal.Of("address", "the customer has no such address")

// isTheirs reports whether an address belongs to the customer of a conversation,
// who may have become part of others since.
func (s *session) isTheirs(conv, account, address string) (theirs bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	sys := s.desk.config.System
	who, err := system.Look(ctx, sys, event.ConversationStream+conv, func(c conversation.State, _ uint64) string { return c.Customer })
	for who != "" && err == nil {
		who, err = system.Look(ctx, sys, event.CustomerStream+who, func(c customer.State, _ uint64) string {
			theirs = customer.Has(c, account, address)
			return c.Into
		})
	}
	return theirs, err
}

func (s *session) note(id uint64, m *wire.Note) {
	switch {
	case !named(m.NoteId):
		s.refuse(id, refusal.Of("note_id", "%s", nameNeeded))
	case !short(m.Text):
		s.refuse(id, refusal.Of("text", "the text is longer than %d characters", longestText))
	default:
		s.ask(id, m.ConversationId, conversation.Note{Operator: s.who.User, ID: m.NoteId, Text: m.Text})
	}
}

// longestText is how many characters a message or a note may have.
const longestText = 32_000

const nameNeeded = "an id of 1 to 100 characters is needed"

// named reports whether a client has given a name to what must not be done
// twice.
func named(id string) bool { return id != "" && len(id) <= 100 }

func short(text string) bool {
	return len(text) <= longestText || utf8.RuneCountInString(text) <= longestText
}

// maySend reports whether the user may send these files: pictures and other
// files are two permissions.
func (s *session) maySend(files []*event.Attachment) bool {
	for _, f := range files {
		role := "send_files"
		if len(f.Mime) > 6 && f.Mime[:6] == "image/" {
			role = "send_pics"
		}
		if !s.has(role) {
			return false
		}
	}
	return true
}

func (s *session) has(role string) bool {
	u := s.desk.config.System.Directory.State().User(s.who.User)
	for _, r := range u.GetRoles() {
		if r == role {
			return true
		}
	}
	return false
}

func (s *session) transfer(id uint64, m *wire.Transfer) {
	if !named(m.TransferId) {
		s.refuse(id, refusal.Of("transfer_id", "%s", nameNeeded))
		return
	}
	if !s.has("view_reroute_btn") {
		s.refuse(id, refusal.New(refusal.Denied, "you may not transfer conversations"))
		return
	}
	if err := s.reachable(m); err != nil {
		s.refuse(id, err)
		return
	}
	s.ask(id, m.ConversationId, conversation.Transfer{Operator: s.who.User, ID: m.TransferId, To: m.OperatorId,
		Note: m.Note, Routing: m.Routing, Until: s.desk.config.System.Now().Add(wanted)})
}

// reachable refuses a transfer to where nobody would take it, or to a center
// that is not the operator's.
func (s *session) reachable(m *wire.Transfer) error {
	d := s.desk.config.System.Directory.State()
	me := d.User(s.who.User)
	own := func(line string) bool { return d.Line(line) != nil && auth.WorksIn(d, me, d.Line(line).CenterId) }
	if to := d.User(m.OperatorId); m.OperatorId != "" && (to == nil || to.Disabled || !slices.ContainsFunc(to.LineIds, own)) {
		return refusal.Of("operator_id", "there is no operator %q", m.OperatorId)
	}
	if line := m.Routing.GetLineId(); line != "" && !own(line) {
		return refusal.Of("routing.line_id", "there is no line %q", line)
	}
	if _, ok := d.Languages[m.Routing.GetLanguage()]; !ok && m.Routing.GetLanguage() != "" {
		return refusal.Of("routing.language", "there is no language %q", m.Routing.Language)
	}
	for _, skill := range m.Routing.GetSkills() {
		if _, ok := d.Skills[skill]; !ok {
			return refusal.Of("routing.skills", "there is no skill %q", skill)
		}
	}
	return nil
}

func (s *session) close(id uint64, m *wire.Close) {
	s.ask(id, m.ConversationId, conversation.Close{Operator: s.who.User, Topic: m.TopicId,
		Dissatisfied: m.Dissatisfied, MustSay: s.has("modify_user_dissatisfaction")})
}

func (s *session) giveBack(id uint64, m *wire.GiveBack) {
	s.ask(id, m.ConversationId, conversation.Requeue{Operator: s.who.User, Cause: event.Cause_RETURNED})
}

// retry sends a failed message again, as it was.
func (s *session) retry(id uint64, m *wire.Retry) {
	stream := event.ConversationStream + m.ConversationId
	if !s.follows(m.ConversationId) {
		s.refuse(id, errNotYours)
		return
	}
	for e, err := range s.desk.config.System.Journal().Durable(stream, 0) {
		if err != nil {
			s.refuse(id, err)
			return
		}
		if sent, ok := e.Event.(*event.MessageSent); ok && sent.MessageId == m.MessageId {
			s.ask(id, m.ConversationId, conversation.Retry{Operator: s.who.User, Message: m.MessageId,
				Account: sent.AccountId, Address: sent.Address, Content: sent.Content})
			return
		}
	}
	s.refuse(id, refusal.Of("message_id", "there is no such message"))
}

// typing tells everybody else who looks at the conversation.
func (s *session) typing(m *wire.Typing) {
	if s.follows(m.ConversationId) {
		s.desk.config.Hub.Typing(s, m.ConversationId, s.who.User)
		if s.desk.config.Typed != nil {
			s.desk.config.Typed(m.ConversationId)
		}
	}
}

// Typing implements [live.Typist].
func (s *session) Typing(conversation, who string) {
	if who != s.who.User && s.follows(conversation) {
		s.send(&wire.FromServer{Is: &wire.FromServer_Typing{Typing: &wire.Typing{ConversationId: conversation, Who: who}}})
	}
}

var _ live.Typist = (*session)(nil)

// errNotYours is the answer about a conversation that the socket does not show.
var errNotYours = refusal.New(refusal.Denied, "the conversation is not yours")

// ask brings a command to a conversation that this socket shows.
func (s *session) ask(id uint64, conv string, cmd conversation.Command) {
	if conv == "" {
		s.refuse(id, refusal.Of("conversation_id", "a conversation is needed"))
		return
	}
	if !s.follows(conv) {
		s.late(id, conv, cmd, errNotYours)
		return
	}
	s.tell(id, event.ConversationStream+conv, cmd)
}

// late is for what can't be done any more, as the conversation has left this
// socket, or the address the customer: what was sent before and comes again
// after a lost line is still answered as done.
func (s *session) late(id uint64, conv string, cmd conversation.Command, why error) {
	u, ok := cmd.(shell.Unique)
	if !ok {
		s.refuse(id, why)
		return
	}
	stream := event.ConversationStream + conv
	r, taken, err := s.desk.config.System.Journal().Taken(stream, stream+u.Unique()[1:])
	if err != nil || !taken || !s.hasKept(stream) {
		s.refuse(id, why)
		return
	}
	s.answer(id, shell.Answer{Stream: stream, Version: r.Version, Repeated: true})
}

// hasKept reports whether the user has ever kept a conversation: to all others it
// is not told what there is in it.
func (s *session) hasKept(stream string) bool {
	for e, err := range s.desk.config.System.Journal().Durable(stream, 0) {
		if err != nil {
			return false
		}
		if keeps(s.who.User, e.Event, false) {
			return true
		}
	}
	return false
}

// tell sends a command and answers the frame when it is done. A client with
// too many frames under way waits here.
func (s *session) tell(id uint64, stream string, cmd any) {
	s.slots <- struct{}{}
	s.desk.config.System.Tell(stream, cmd, func(a shell.Answer) {
		<-s.slots
		s.answer(id, a)
	})
}

func (s *session) answer(id uint64, a shell.Answer) {
	if a.Err != nil {
		s.refuse(id, a.Err)
		return
	}
	s.send(&wire.FromServer{Is: &wire.FromServer_Answer{Answer: &wire.Answer{
		Id: id, Stream: a.Stream, Version: a.Version, Repeated: a.Repeated}}})
}

func (s *session) refuse(id uint64, err error) {
	s.send(live.Refusal(id, err, s.desk.config.Log))
}
