/*
Package channels is what crafttalkd asks of a messenger, and the words for it.

An adapter translates between a provider's wire format and these words; it
decides nothing. What arrives is handed on, as often as the provider delivers
it:

	provider --> adapter --> Take --> Inbound: a message, kept once
	                              --> Notice: an edit, a receipt, a blocked account …
	                              --> Strange: what nobody understands; it is
	                                  kept, and read again when somebody asks

What goes out has been parted so that one request carries it, see
[Abilities.Fit], and is tried once: whoever gave it will try again.

	Outbound --> Deliver --> provider's name for it, or an error whose kind says
	                         what may be done: refusal, Later, Unsure, any other

The one thing that an adapter may keep is small and lies on its [Shelf]: how far
a mailbox was read, where a conversation's server is.
*/
package channels

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// A Channel is one account with one provider, such as a Telegram bot. It may
// also be anything of ability.go, and is asked by type assertion.
type Channel interface {
	// Deliver gives m to the provider and returns the provider's name for it.
	// A refusal is final, and its text is shown to the operator; an [*Unsure] is
	// one where nobody knows; a [*Later] names when to try again; a [*Broken]
	// says that nothing goes out before an administrator has done something; any
	// other error is worth another try.
	Deliver(ctx context.Context, m Outbound) (id string, err error)
}

// An Outbound is one message to a customer, or a part of one that the channel
// can't carry at once.
type Outbound struct {
	Conversation string
	Address      string
	ID           string // ours, of the whole message
	Part         int    // which part this is, from 0
	Key          string // of this part, the same on every try: for a provider that takes idempotency keys
	Content      *event.Content
	At           time.Time
	Automatic    bool // said by the system and not by a person
	// Open reads the file of an attachment.
	Open func(ctx context.Context, a *event.Attachment) (io.ReadCloser, error)
}

// An Event is what a provider tells: an [Inbound] or a [Notice].
type Event interface{ event() }

func (Inbound) event() {}
func (Notice) event()  {}

// An Inbound is one message from a customer.
type Inbound struct {
	Account  string // our account that received it
	Address  string // the customer's address there
	Home     string // the customer id that the address leads to, for who has derived it already
	ID       string // the provider's name for it; the same for a redelivery
	Guessed  bool   // ID is a fingerprint, for want of one
	Content  *event.Content
	SentAt   time.Time         // by the provider's clock; zero if it does not say
	Order    int64             // the provider's number; 0 if it does not number
	Fields   map[string]string // what the provider tells of the person, see [Person]
	Proven   map[string]string // what is known of the person for certain: their site has signed it, or the provider vouches for it
	Verified string            // how we know the address is theirs; empty is a claim
	Link     string            // the token of an invite link that was followed
	// Automatic says that a machine of the customer's wrote it, such as an answer
	// during a vacation. It is kept in an open conversation as a remark and has no
	// effect there; without one it is counted and dropped.
	Automatic bool
	// Threading says how a mail was found to belong to what was written before:
	// it is kept beside the message, for who wonders.
	Threading string
	// Came is when it came, if that was not just now: it was not understood then,
	// or could not be processed.
	Came time.Time
}

// A Notice is what a provider tells beside messages. It bears repetition.
type Notice struct {
	Account, Address string
	About            About
	// ID is the provider's name of the message that it is about: the customer's
	// for Edited and Removed, ours for Arrived, Seen and Bounced. Arrived and
	// Seen without one are about all that we sent up to At.
	ID      string
	At      time.Time
	Content *event.Content    // of Edited: all that the message says now
	Reason  string            // of Bounced and Blocked
	Link    string            // of Started: the token of the invite link that was followed
	Fields  map[string]string // of Started, see [Person]
}

// About is what a notice is about.
type About uint8

const (
	Edited    About = iota + 1 // the customer changed a message
	Removed                    // the customer took a message back
	Arrived                    // ours are on the customer's device
	Seen                       // ours have been read
	Bounced                    // one of ours, which the provider had taken, did not get there
	Started                    // the customer came, and has said nothing yet
	Blocked                    // the customer does not want to hear from us
	Unblocked                  // and does again
	Typing                     // the customer is typing; it is not kept
)

// Person names the fields of a person that an adapter may tell.
const (
	FirstName = "fname"
	LastName  = "lname"
	Phone     = "phone" // E.164
	Email     = "email"
	Language  = "language" // BCP 47
	Username  = "username"
	Avatar    = "avatar" // where the picture is, as in the source of an attachment
)

// A Sink takes what customers write. Once done is called with nil the message
// is kept, or is automatic and nobody's; done is called once, from any
// goroutine, and must not block.
type Sink func(ctx context.Context, m Inbound, done func(Kept, error))

// Kept says where an inbound message went.
type Kept struct {
	Conversation string
	Message      string // our name for it
	Version      uint64 // its place in the conversation
	Repeated     bool   // it was there already
	Failed       bool   // it is safe in the error queue, and in no conversation yet
}

// A Reading says what came of an update that was read again, see [Rereader].
type Reading struct {
	Odd    string // why it is still not understood; empty if it is, and what it says is kept
	Failed bool   // all of it is safe, some of it in the error queue
}

// Sources of attachments that are not simply addresses.
const (
	// Upload begins the source of an attachment that was brought to us
	// beforehand, see [Config.Upload]; the id of the upload follows.
	Upload = "upload:"
	// Held begins the source of an attachment that only the account can fetch;
	// what the channel's [Holder] needs to find it follows.
	Held = "held:"
)

// A Shelf is where an adapter lays what it must remember. What lies under a
// customer's address goes with the customer; what lies under "" is the
// account's own. A value is on disk when Put returns.
type Shelf interface {
	Get(address, key string) ([]byte, error) // nil if nothing lies there
	Put(address, key string, value []byte) error
}

// Config is what a channel is made of: an account's settings, with its secrets
// opened, and ways to hand on what arrives.
type Config struct {
	Account  string
	Settings json.RawMessage // of the kind's own shape
	Secrets  json.RawMessage
	Client   *http.Client // guarded: refuses private addresses unless allowed; through the account's proxy
	// Patient is Client for answers that are long in coming: long polling.
	Patient *http.Client
	// Dial connects for protocols other than HTTP, through the same guard and
	// the same proxy; beside what Client may reach it reaches the ports of mail.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Roots are the certificates that providers are believed by; nil stands for
	// the system's.
	Roots *x509.CertPool
	// Webhook is where the world finds the account's webhook; empty if the server
	// has no public address.
	Webhook string
	Sink    Sink
	// Notify takes a notice; as for a Sink, done is called once.
	Notify func(ctx context.Context, n Notice, done func(error))
	// Strange takes an update that the adapter does not understand. It is counted
	// by kind; one that carries a message of a customer is kept in the error
	// queue, byte by byte, and nil means that it is safe there.
	Strange func(ctx context.Context, kind string, raw []byte, carries bool) error
	// Upload keeps a file that comes with a message to an address, and returns
	// the id of the upload.
	Upload func(ctx context.Context, address string, r io.Reader) (id string, err error)
	Shelf  Shelf
	// Token is a secret of the account's own for a purpose: the same as long as
	// the account lives, letters and digits and - and _, 43 of them.
	Token func(purpose string) string
	Now   func() time.Time // nil stands for time.Now
}

// Open makes a channel from an account's settings, or refuses them, naming the
// field.
type Open func(Config) (Channel, error)

// A Kind is a kind of channel.
type Kind struct {
	Open      Open
	Abilities Abilities
	Fields    []Field // of the settings and the secrets, in the order of the form
	// Keyed kinds take messages of third parties that have the account's key, at
	// /channel/v1/ACCOUNT/messages, and so not at /webhooks.
	Keyed bool
}

// A Registry names every kind of channel in the program.
type Registry map[string]Kind

// Open makes a channel of the named kind.
func (r Registry) Open(kind string, c Config) (Channel, error) {
	k, ok := r[kind]
	if !ok {
		return nil, refusal.Of("kind", "there is no kind of channel %q", kind)
	}
	return k.Open(c)
}
