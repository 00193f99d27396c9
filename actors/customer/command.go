package customer

import (
	"time"

	"crafttalkd/actors/event"
)

// A Command asks a customer's machine for something.
type Command interface{ customerCommand() }

type (
	// Receive brings a message from one of the customer's addresses. It ends in
	// a conversation: the open one, or a new one opened for it.
	Receive struct {
		ID      string // of this customer
		Home    string // the customer id that the address leads to by itself
		Address *event.Address
		Fields  map[string]string         // what the channel tells of the person: fname, lname, phone …
		Proven  map[string]string         // what is known of the person for certain: it takes the place of what was only told
		Opening *event.ConversationOpened // what a new conversation would open with: account, routing, policy
		Message *event.MessageReceived
		Key     string   // account and external id
		Ask     string   // what asks for the phone number where there is none; empty never asks
		Link    string   // SHA-256, hex, of the invite link's token that the customer followed
		Closed  string   // this conversation has answered that it is closed
		Passed  []string // customers in whose conversations the message may be known: see [Known]
		Holders []string // customers in whose kin's conversations it may be known: see [Holders]
		Hops    int      // how many customers have sent it on
	}
	// Find asks which conversation a message of the customer is in: the answer
	// is a repetition, in its name. A message that is not kept is not found.
	Find struct {
		ID, Home string // as in Receive
		Key      string
		Passed   []string
		Holders  []string
		Hops     int
	}
	// Greet says that the customer has come, or is there again, and has said
	// nothing yet.
	Greet struct {
		ID, Home string // as in Receive
		Address  *event.Address
		Fields   map[string]string
		Hops     int
	}
	// Block says that the customer does not want to hear from us at an address,
	// or does again.
	Block struct {
		ID, Home string // as in Receive
		Address  *event.Address
		Blocked  bool
		Reason   string
		Hops     int
	}
	// Introduce brings what a provider told of the person behind an address, when
	// it was asked. It fills what nobody has said. Avatar is the hash of their
	// picture, which lies with the customer's files.
	Introduce struct {
		Address *event.Address
		Fields  map[string]string
		Avatar  string
	}
	// Receipt says that what we sent to the customer through an account up to a
	// time has arrived, or was seen. It ends in the open conversation, or else in
	// the latest one.
	Receipt struct {
		ID, Home, Account string
		At                time.Time
		Seen              bool
		Hops              int
	}
	// Left says that a conversation has closed.
	Left struct{ Conversation string }
	// Served says that an operator has begun to serve the customer.
	Served struct{ Operator, Conversation string }
	// Start comes from an operator who has reserved a slot to write to the
	// customer. Conversation is the open one, or the [Next] to be opened.
	Start struct {
		ID, By, Conversation, Offer string
		Until                       time.Time // the slot is surely reserved until then
		Opening                     *event.ConversationOpened
		Address                     *event.Address // to write to
		Message                     string         // id of the message, and what it says
		Content                     *event.Content
		Closed                      string // this conversation has closed
	}
	// ChangeProfile changes fields of the profile as it was at Revision.
	ChangeProfile struct {
		ID, By   string
		Revision uint64 // 0 does not care
		Fields   map[string]string
	}
	// SetTest marks the customer as «Тестовый», or not.
	SetTest struct {
		Test bool
		By   string
	}
	// BeginErasure says that the customer's keys are destroyed next, and what was
	// found. EndErasure says that it is done.
	BeginErasure struct {
		By    string
		Found *event.Erasure
	}
	EndErasure struct{}
	// AddAddress, EditAddress and RemoveAddress change the list of addresses.
	// Home is the customer id that the address leads to by itself.
	AddAddress struct {
		ID, By, Home string
		Address      *event.Address
	}
	EditAddress struct {
		ID, By, Home, HomeBefore string
		Before, After            *event.Address
	}
	RemoveAddress struct {
		ID, By, Home string
		Address      *event.Address
	}
	// Claim says that the address this customer is home to belongs to another
	// one. With an empty To it comes home again, unless somebody else than From
	// has it by now; an empty From does not ask. Address is set for one that
	// followed an invite link: who does not get it takes it from the list. Home
	// is set once such a claim has been sent on.
	Claim struct {
		To, From, Home string
		Address        *event.Address
	}
	// MakeLink keeps a one-time invite link.
	MakeLink struct {
		ID, By, TokenHash, Account string
		Until                      time.Time
	}
	// FollowLink binds an address that followed an invite link of this customer.
	FollowLink struct {
		ID, TokenHash, Home string
		Address             *event.Address
	}
	// Merge asks that another customer become part of this one.
	Merge struct{ ID, From, By string }
	// MergeInto tells a customer that it is part of another now.
	MergeInto struct{ ID, Into, By string }
	// Absorb brings what the other customer had.
	Absorb struct {
		ID     string
		Merged *event.CustomerMerged
	}
	// Wake says that the state's deadline has come. A customer has none.
	Wake struct{}
)

func (Receive) customerCommand()       {}
func (Find) customerCommand()          {}
func (Greet) customerCommand()         {}
func (Block) customerCommand()         {}
func (Introduce) customerCommand()     {}
func (Receipt) customerCommand()       {}
func (Left) customerCommand()          {}
func (Served) customerCommand()        {}
func (Start) customerCommand()         {}
func (ChangeProfile) customerCommand() {}
func (SetTest) customerCommand()       {}
func (BeginErasure) customerCommand()  {}
func (EndErasure) customerCommand()    {}
func (AddAddress) customerCommand()    {}
func (EditAddress) customerCommand()   {}
func (RemoveAddress) customerCommand() {}
func (Claim) customerCommand()         {}
func (MakeLink) customerCommand()      {}
func (FollowLink) customerCommand()    {}
func (Merge) customerCommand()         {}
func (MergeInto) customerCommand()     {}
func (Absorb) customerCommand()        {}
func (Wake) customerCommand()          {}
