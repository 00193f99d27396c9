package conversation

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
)

// A Command asks a conversation for something.
type Command interface{ conversationCommand() }

type (
	// Receive brings a message from the customer. The first one opens the
	// conversation as Opening says.
	Receive struct {
		Opening *event.ConversationOpened // without its time
		Message *event.MessageReceived    // without its time and its lateness
		Key     string                    // account and external id: used once for ever
		Earlier []string                  // streams in whose shards the key may have been used, before a merge
		Ask     string                    // asks for the phone number as it opens; empty does not
		Holders []string                  // and streams of those who had the address, in theirs and their kin's
	}
	// Start comes from an operator who has reserved a slot by the own will, to
	// write to the customer. It opens the conversation as Opening says, or takes
	// one that no operator keeps; who keeps it just writes. An empty Content says
	// nothing.
	Start struct {
		Opening          *event.ConversationOpened // without its time
		Operator, Offer  string
		Until            time.Time // the slot is surely reserved until then
		ID               string    // of the message
		Content          *event.Content
		Account, Address string
	}
	// SetTicket keeps the number of a ticket in a help desk of others.
	SetTicket struct{ By, Number string }
	// Call says that the operator asked for a call, and what came of it.
	Call struct{ Operator, ID, Account, Address, Failure string }
	// Reply brings a message from the operator who keeps the conversation.
	Reply struct {
		Operator, ID     string // ID is made by the client: the same again is the same message
		Content          *event.Content
		Account, Address string              // where to; empty for where the customer wrote last
		Phrase           bool                // a hold phrase
		Choice           *event.AnswerChosen // the article it was made of, if one; without time, operator and message
	}
	// Note adds a word among operators.
	Note struct{ Operator, ID, Text string }
	// Present gives the customer an article: its answers, or a survey that the
	// conversation conducts by itself. Operator or Agent says who gives it.
	Present struct {
		ID       string // of the survey, made by the client: the same again is the same
		Operator string
		Agent    string
		Turn     uint64
		About    string        // the customer's message that it answers
		Survey   *event.Survey // the article as it is now, without the survey's id, and the answer that is asked for, if one is
		Earlier  []Word        // what the customer wrote before, oldest first
		Choice   *event.AnswerChosen
	}
	// CancelSurvey ends the survey under way, or the one that is named.
	CancelSurvey struct{ Operator, Survey string }
	// AgentReply brings a message from the automatic agent whose turn it is. The
	// agent names what it acts on: the customer's last message, or nothing for
	// its engagement. If the customer has written since, the act is late.
	AgentReply struct {
		Agent, ID string
		Turn      uint64
		About     string
		Content   *event.Content
	}
	// HandOver passes the conversation from the agent whose turn it is to
	// another agent, to the next one of its chain, or to the queue.
	HandOver struct {
		Agent, To string // empty, or what stands for a person, is the queue
		Turn      uint64
		About     string
		Onward    bool           // to the next agent of the chain, and not To
		Routing   *event.Routing // nil leaves it as it is
		Failed    bool           // the agent did not manage
		Reason    string         // why not
	}
	// Await says that the agent has done what it wanted, and waits for the
	// customer. Until is set by one that will say more by then, within an hour of
	// what it acts on; what it says ends that.
	Await struct {
		Agent string
		Turn  uint64
		About string
		Until time.Time
	}
	// FillSlots is what an agent has found out of the customer.
	FillSlots struct {
		Agent string
		Turn  uint64
		About string
		Slots []*event.SlotFilled // of each its class, its value, and what else is known
	}
	// Reject says that an article which the assistant showed answers nothing.
	Reject struct{ Operator, About, Text, Article string }
	// Label says which article answers a message of the customer's: an empty one
	// says that none does. It may come after the end.
	Label struct {
		By, Message, Text, Article string
		Cleared                    bool // nothing is said of it any more
	}
	// Review says that the labels of a closed conversation are right, or are not
	// any more.
	Review struct {
		By     string
		Undone bool
	}
	// Assign gives the conversation to an operator who has reserved a slot.
	Assign struct {
		Operator, Offer, Line string
		Turn                  uint64
		Verdict               *event.Verdict
		FirstName, LastName   string // for the message that greets the customer
		Forced                bool   // a supervisor's will: from whoever keeps it
	}
	// Probe asks whether the operator keeps the conversation by that offer.
	Probe struct{ Operator, Offer string }
	// Requeue takes the conversation from an operator who can't go on.
	// Offer names the slot that was given up; an empty one stands for any.
	Requeue struct {
		Operator, Offer string
		Cause           event.Cause
	}
	// Return puts the conversation back in its queue by a supervisor's will,
	// whoever keeps it.
	Return struct{ By string }
	// Prioritize changes how soon the conversation is served, by a supervisor's
	// will.
	Prioritize struct {
		By       string
		Priority int32
	}
	// Transfer sends the conversation to an operator (To) or to whoever fits
	// the routing, with a note for the receiver.
	Transfer struct {
		Operator, ID, To, Note string
		Routing                *event.Routing // nil leaves it as it is
		Until                  time.Time      // To is waited for this long, then anyone fits
	}
	// SetRouting changes what the conversation asks of an operator while it waits.
	// Agent, Turn and About are set when an agent does it.
	SetRouting struct {
		By      string
		Agent   string
		Turn    uint64
		About   string
		Routing *event.Routing
	}
	// SetTopic classifies the conversation.
	SetTopic struct {
		By    string
		Agent string
		Turn  uint64
		About string
		Topic string
	}
	// CancelHold stops the hold timer without sending.
	CancelHold struct{ Operator string }
	// Close ends the conversation. Agent, Turn and About are set when an agent
	// does it.
	Close struct {
		Operator, Agent, Topic string
		Turn                   uint64
		About                  string
		Dissatisfied           *bool
		MustSay                bool // whether the customer was dissatisfied must be answered
	}
	// Edit and Remove are what the customer does to a message that this
	// conversation has received.
	Edit struct {
		Message string
		Content *event.Content // all that it says now
		At      time.Time      // by the channel's clock, where it tells
		Account string         // by which it came
		Address string
	}
	Remove struct{ Message string }
	// Receipt says that a message of ours arrived, or was seen with all before
	// it. Without a message it is about all that were sent through the account up
	// to At.
	Receipt struct {
		Message, Account string
		At               time.Time
		Seen             bool
	}
	// Bounced says that a message of ours, which the channel had taken, was lost.
	Bounced struct{ Message, Reason string }
	// Delivered, Failed and Uncertain are what became of a message to the customer.
	Delivered struct {
		Message, ExternalID string
		Earlier             []string // the channel's names for the parts before the last
		Arrived             bool     // on the customer's device
	}
	Failed    struct{ Message, Reason string }
	Uncertain struct{ Message, Reason string }
	// Retry sends a failed or uncertain message again.
	Retry struct {
		Operator, Message, Account, Address string
		Content                             *event.Content
	}
	// Fetched brings a file of a received message, or why there is none.
	Fetched struct {
		Message    string
		Attachment *event.Attachment
	}
	// SeenByCustomer and SeenByOperator move the read marks up to a message.
	SeenByCustomer struct{ Message string }
	SeenByOperator struct{ Operator, Message string }
	// Rate keeps the customer's rating, 1 to 5.
	Rate struct {
		Rating  int32
		Comment string
	}
	// Adopt gives the conversation to the customer that its own merged into.
	Adopt struct{ Customer string }
	// Join ends the conversation in another one of the same person.
	Join struct{ Kept string }
	// Joined says that another conversation of the same person ended in this one.
	Joined struct{ From string }
	// Forget says that the words of a closed conversation are not kept any longer.
	Forget struct {
		By              string
		Days            int32 // the rule
		Messages, Files int32 // that there are
		Words           []*event.OperatorWords
	}
	// Wake says that the state's deadline has come.
	Wake struct{}
)

// A Word is what the customer wrote in one message.
type Word struct{ Message, Text string }

func (Receive) conversationCommand()        {}
func (Start) conversationCommand()          {}
func (SetTicket) conversationCommand()      {}
func (Call) conversationCommand()           {}
func (Reply) conversationCommand()          {}
func (Note) conversationCommand()           {}
func (Present) conversationCommand()        {}
func (CancelSurvey) conversationCommand()   {}
func (AgentReply) conversationCommand()     {}
func (Await) conversationCommand()          {}
func (FillSlots) conversationCommand()      {}
func (Reject) conversationCommand()         {}
func (Label) conversationCommand()          {}
func (Review) conversationCommand()         {}
func (HandOver) conversationCommand()       {}
func (Assign) conversationCommand()         {}
func (Probe) conversationCommand()          {}
func (Requeue) conversationCommand()        {}
func (Return) conversationCommand()         {}
func (Prioritize) conversationCommand()     {}
func (Transfer) conversationCommand()       {}
func (SetRouting) conversationCommand()     {}
func (SetTopic) conversationCommand()       {}
func (CancelHold) conversationCommand()     {}
func (Close) conversationCommand()          {}
func (Delivered) conversationCommand()      {}
func (Failed) conversationCommand()         {}
func (Uncertain) conversationCommand()      {}
func (Retry) conversationCommand()          {}
func (Fetched) conversationCommand()        {}
func (Edit) conversationCommand()           {}
func (Remove) conversationCommand()         {}
func (Receipt) conversationCommand()        {}
func (Bounced) conversationCommand()        {}
func (SeenByCustomer) conversationCommand() {}
func (SeenByOperator) conversationCommand() {}
func (Rate) conversationCommand()           {}
func (Adopt) conversationCommand()          {}
func (Join) conversationCommand()           {}
func (Joined) conversationCommand()         {}
func (Forget) conversationCommand()         {}
func (Wake) conversationCommand()           {}

// Unique names the effects that can happen once for ever, however often they
// are asked for: the journal keeps the key in the same write as the event. A
// key that begins with a dot belongs to this conversation, others to its shard.
// Operators and agents name messages in one name space.
func (c Receive) Unique() string    { return c.Key }
func (c Reply) Unique() string      { return "./reply/" + c.ID }
func (c Call) Unique() string       { return "./call/" + c.ID }
func (c Note) Unique() string       { return "./note/" + c.ID }
func (c AgentReply) Unique() string { return Reply{ID: c.ID}.Unique() }
func (c Transfer) Unique() string   { return "./transfer/" + c.ID }
func (c Present) Unique() string    { return "./present/" + c.ID }
func (c Reject) Unique() string     { return "./reject/" + c.About + "/" + c.Article }

// Unique names what the message said when it was changed.
func (c Edit) Unique() string { return "./edit/" + c.Message + "/" + c.sum() }

func (c Edit) sum() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d\n", c.At.UnixMilli())
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(c.Content)
	if err != nil {
		b = nil // it can't be kept either, and who keeps it says so
	}
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Unique is that of the message, if there is one.
func (c Start) Unique() string {
	if c.ID == "" {
		return ""
	}
	return Reply{ID: c.ID}.Unique()
}

// Before names the streams in whose shards the key may have been used, and those
// in the shards of whose kin.
func (c Receive) Before() (streams, kin []string) { return c.Earlier, c.Holders }
