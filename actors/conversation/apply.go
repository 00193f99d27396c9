package conversation

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// Apply returns s after e. It cannot fail: e has happened. The maps of s may be
// those of the result.
func Apply(s State, e event.Event) State {
	switch e := e.(type) {
	case *event.ConversationOpened:
		return opened(e)
	case *event.MessageReceived:
		s.received(e)
	case *event.MessageSent:
		s.sent(e)
	case *event.AttachmentFetched:
		delete(s.Fetching, fileKey(e.MessageId, e.Attachment))
	case *event.MessageDelivered, *event.MessageFailed, *event.MessageUncertain, *event.MessageRetried:
		s.carried(e)
	case *event.CustomerSaw:
		s.saw(e.MessageId)
	case *event.MessageEdited, *event.MessageRemoved:
		s.corrected(e)
	case *event.OperatorSaw:
		s.Unread = after(s.Unread, e.MessageId)
	case *event.AgentEngaged, *event.AgentAwaited, *event.AgentRefused:
		s.automatic(e)
	case *event.ConversationQueued:
		s.queued(e)
	case *event.ConversationAssigned:
		s.assigned(e)
	case *event.AssignmentDeclined:
		s.used(e.Forced, e.OfferId)
	case *event.CustomerDetached:
		s.Asked.Detached = true
	case *event.CustomerReminded:
		s.Asked.Reminded = true
	case *event.SilenceMessageDue:
		s.Asked.Told = int(e.N)
	case *event.HoldArmed, *event.HoldCancelled, *event.HoldExpired:
		s.held(e)
	case *event.RoutingSet:
		s.Routing = e.Routing
	case *event.TopicSet:
		s.Topic = e.TopicId
	case *event.TicketSet:
		s.Ticket = e.Number
	case *event.SurveyBegun, *event.SlotAsked, *event.SlotFilled, *event.SlotMistaken, *event.SurveyEnded:
		s.surveyed(e)
	case *event.MessageLabelled, *event.ConversationReviewed:
		s.learned(e)
	case *event.RatingGiven:
		s.Rating = Rating{Points: e.Rating, Comment: e.Comment}
	case *event.ConversationJoined:
		s.Joined = append(slices.Clip(s.Joined), e.ConversationId)
	case *event.CustomerChanged:
		s.Customer = e.CustomerId
	case *event.ConversationClosed:
		return s.closed(e)
	case *event.ConversationForgotten:
		return s.forgotten()
	}
	return s
}

func (s *State) held(e event.Event) {
	switch e := e.(type) {
	case *event.HoldArmed:
		s.Hold = Hold{Kind: e.Kind, Due: timeOf(e.Due), Text: e.Text}
	case *event.HoldCancelled:
		s.Hold = Hold{}
	case *event.HoldExpired:
		s.Hold = Hold{Expired: true}
	}
}

// forgotten keeps no word, nor what can't happen any more without one.
func (s State) forgotten() State {
	return State{ID: s.ID, Customer: s.Customer, Phase: s.Phase, Turn: s.Turn, Handed: s.Handed, Refused: s.Refused,
		Topic: s.Topic, Rating: Rating{Points: s.Rating.Points}, Joined: s.Joined, Reviewed: s.Reviewed, Forgotten: true}
}

func opened(e *event.ConversationOpened) State {
	s := State{
		ID:       e.ConversationId,
		Customer: e.CustomerId,
		Account:  e.AccountId,
		Address:  e.Address,
		Policy:   e.Policy,
		Routing:  e.Routing,
		Wait:     Wait{Preferred: e.Preferred},
	}
	if s.Routing == nil {
		s.Routing = &event.Routing{}
	}
	if e.OpenedBy != "" {
		s.Wait.Preferred = front(e.OpenedBy, s.Wait.Preferred)
	}
	return s
}

func (s *State) received(e *event.MessageReceived) {
	if !e.Automatic {
		s.spoken(e)
	}
	if from := source(e); e.Order > s.Orders[from] {
		if s.Orders == nil {
			s.Orders = map[string]int64{}
		}
		s.Orders[from] = e.Order
	}
	s.fetch(e.MessageId, e.Content)
}

// fetch awaits the files of what a customer said.
func (s *State) fetch(message string, c *event.Content) {
	for _, a := range c.GetAttachments() {
		if a.Blob == "" && a.Failure == "" {
			if s.Fetching == nil {
				s.Fetching = map[string]bool{}
			}
			s.Fetching[fileKey(message, a)] = true
		}
	}
}

// spoken is what a word of the customer's own means.
func (s *State) spoken(e *event.MessageReceived) {
	s.LastIn = e.MessageId
	s.Unread = window(s.Unread, e.MessageId)
	s.Asked = Asked{}
	if s.Unanswered.IsZero() {
		s.Unanswered = timeOf(e.At)
	}
	if !e.Late {
		s.Account, s.Address = e.AccountId, e.Address
	}
	s.Passed = 0
	if s.Phase == Automatic && s.Agent != Silence {
		s.Heard = true
		if s.Owed.Since.IsZero() || !s.Owed.Until.IsZero() {
			s.Owed = Owed{Since: timeOf(e.At)}
		}
	}
}

func (s *State) sent(e *event.MessageSent) {
	s.fate(e.MessageId, UnderWay)
	s.Unseen = window(s.Unseen, Said{ID: e.MessageId, Account: e.AccountId, At: timeOf(e.At)})
	s.offered(e)
	switch {
	case e.OperatorId != "":
		s.Unanswered = time.Time{}
		s.Asked = Asked{At: timeOf(e.At)}
	case e.AgentId != "":
		s.Asked, s.Owed = Asked{At: timeOf(e.At)}, Owed{}
	default:
		s.Said++
	}
	s.Said = max(s.Said, said(e.MessageId)) // a name of ours may have been taken when it was not refused yet
}

// saw moves the customer's read mark.
func (s *State) saw(id string) {
	s.Unseen = s.Unseen[slices.IndexFunc(s.Unseen, func(m Said) bool { return m.ID == id })+1:]
	if len(s.Unseen) == 0 {
		s.Unseen = nil
	}
}

// carried keeps what became of a message to the customer.
func (s *State) carried(e event.Event) {
	switch e := e.(type) {
	case *event.MessageDelivered:
		if e.Arrived {
			s.fate(e.MessageId, Arrived)
		} else {
			s.fate(e.MessageId, Taken)
		}
	case *event.MessageFailed:
		s.fate(e.MessageId, Lost)
	case *event.MessageUncertain:
		s.fate(e.MessageId, Unsure)
	case *event.MessageRetried:
		s.fate(e.MessageId, UnderWay)
	}
}

// automatic keeps what agents do.
func (s *State) automatic(e event.Event) {
	switch e := e.(type) {
	case *event.AgentEngaged:
		s.engaged(e)
	case *event.AgentAwaited:
		s.awaited(e)
	case *event.AgentRefused:
		s.Refused = Refused{Agent: e.AgentId, Turn: e.Turn, Reason: e.Reason}
	}
}

// corrected keeps what the customer changes in what was said.
func (s *State) corrected(e event.Event) {
	switch e := e.(type) {
	case *event.MessageEdited:
		s.change(Changed{Message: e.MessageId, At: timeOf(e.EditedAt)})
		s.fetch(e.MessageId, e.Content)
	case *event.MessageRemoved:
		s.change(Changed{Message: e.MessageId, Removed: true})
	}
}

// learned keeps what is said of the customer's messages for the bot to learn.
func (s *State) learned(e event.Event) {
	switch e := e.(type) {
	case *event.MessageLabelled:
		s.Labelled = Labelled{Message: e.MessageId, Article: e.ArticleId, Cleared: e.Cleared}
	case *event.ConversationReviewed:
		s.Reviewed = !e.Undone
	}
}

func (s *State) engaged(e *event.AgentEngaged) {
	passed := 0
	if s.Phase == Automatic {
		s.Handed = Handed{Agent: s.Agent, Turn: s.Turn}
		passed = s.Passed + 1
	}
	s.keeper(Automatic, e.Turn)
	s.Agent, s.Passed = e.AgentId, passed
	if s.Agent != Silence {
		s.Owed.Since = timeOf(e.At)
	}
}

// awaited is the word of an agent that it has acted, or that it will.
func (s *State) awaited(e *event.AgentAwaited) {
	if e.Until == nil {
		s.Owed = Owed{}
		return
	}
	if s.Owed.Since.IsZero() {
		s.Owed.Since = timeOf(e.At)
	}
	s.Owed.Until = timeOf(e.Until)
}

func (s *State) queued(e *event.ConversationQueued) {
	if e.Cause == event.Cause_AGENT_HANDED_OVER || e.Cause == event.Cause_AGENT_FAILED {
		s.Handed = Handed{Agent: s.Agent, Turn: s.Turn}
	}
	s.keeper(Waiting, e.Turn)
	s.Routing = e.Routing
	s.Asked = Asked{}
	s.Wait = Wait{
		Since:       timeOf(e.Since),
		Preferred:   e.Preferred,
		Wanted:      e.WantedOperator,
		WantedUntil: timeOf(e.WantedUntil),
		Avoid:       e.Avoid,
	}
}

func (s *State) assigned(e *event.ConversationAssigned) {
	s.keeper(Served, e.Turn)
	s.Operator, s.Offer, s.Assigned = e.OperatorId, e.OfferId, timeOf(e.At)
	s.Wait = Wait{Since: s.Wait.Since, Preferred: front(e.OperatorId, s.Wait.Preferred)}
	s.used(e.Forced || e.Own, e.OfferId)
}

// used remembers an offer by somebody's will, which is good for once.
func (s *State) used(willed bool, offer string) {
	if willed && offer != "" {
		s.Forced = append(slices.Clip(s.Forced), offer)
	}
}

// keeper ends one keeping and begins another.
func (s *State) keeper(p Phase, turn uint64) {
	s.Phase, s.Turn = p, turn
	s.Agent, s.Operator, s.Offer, s.Assigned = "", "", "", time.Time{}
	s.Owed, s.Heard, s.Passed = Owed{}, false, 0
	s.Hold = Hold{}
}

// closed keeps what can still happen to a conversation after its end: news of
// its messages, a rating, another owner, repetitions.
func (s State) closed(e *event.ConversationClosed) State {
	end := State{
		ID: s.ID, Customer: s.Customer, Phase: Closed, Turn: s.Turn,
		Refused: s.Refused, LastIn: s.LastIn,
		Outbox: s.Outbox, Taken: s.Taken, Unseen: s.Unseen, Fetching: s.Fetching, Changed: s.Changed,
		Topic: e.TopicId, Ticket: s.Ticket, Rating: s.Rating, Joined: s.Joined, Labelled: s.Labelled,
	}
	if e.AgentId != "" {
		end.Handed = Handed{Agent: e.AgentId, Turn: e.Turn}
	}
	return end
}

// memory is how many messages are remembered for a channel that may yet tell
// more of them, and for a read mark that may yet move. Channels tell of the
// latest messages; what fell out of the memory keeps the fate it had.
const memory = 64

// fate keeps what is known of a message.
func (s *State) fate(id string, f Fate) {
	if i := slices.Index(s.Taken, id); i >= 0 {
		s.Taken = slices.Concat(s.Taken[:i], s.Taken[i+1:])
	}
	if s.Outbox == nil {
		s.Outbox = map[string]Fate{}
	}
	s.Outbox[id] = f
	if f != Taken && f != Arrived {
		return
	}
	if len(s.Taken) == memory {
		delete(s.Outbox, s.Taken[0])
		s.Taken = s.Taken[1:]
	}
	s.Taken = append(slices.Clip(s.Taken), id)
}

// window returns ids with id at the end, and only the newest: half of memory to
// all of it. It may use the memory of ids: this is the way of every message.
func window[T any](ids []T, id T) []T {
	if len(ids) >= memory {
		ids = slices.Clone(ids[len(ids)-memory/2:])
	}
	return append(ids, id)
}

// after returns what follows id in ids, nil if nothing does.
func after(ids []string, id string) []string {
	rest := ids[slices.Index(ids, id)+1:]
	if len(rest) == 0 {
		return nil
	}
	return rest
}

// front returns the operators with one of them first.
func front(operator string, operators []string) []string {
	out := []string{operator}
	for _, o := range operators {
		if o != operator {
			out = append(out, o)
		}
	}
	return out
}

// source names what numbers a message: the address in its account. Two
// addresses of one customer in one account count each for itself.
func source(m *event.MessageReceived) string { return m.AccountId + "/" + m.Address }

func fileKey(message string, a *event.Attachment) string {
	return message + "/" + a.GetAttachmentId()
}

// timeOf returns the time that t means, and the zero time for none.
func timeOf(t *timestamppb.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.AsTime()
}

// stamp is the way back.
func stamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
