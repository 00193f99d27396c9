/*
Package channels is what crafttalkd asks of a messenger, and the words for it.

An adapter translates; it keeps nothing and decides nothing. What arrives is
handed on as [Inbound], as often as the provider delivers it. What is given to
it as [Outbound] is tried once: whoever gave it will try again.
*/
package channels

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"crafttalkd/actors/event"
)

// A Channel is one account with one provider, such as a Telegram bot.
// It may also be a [Webhook] or a [Poller], and is asked by type assertion.
type Channel interface {
	// Deliver gives m to the provider and returns the provider's name for it.
	// A refusal is final; an [*Unsure] is one where nobody knows; a [*Later]
	// names when to try again; any other error is worth another try.
	Deliver(ctx context.Context, m Outbound) (id string, err error)
}

// A Webhook is called by its provider at /webhooks/ACCOUNT.
type Webhook interface{ http.Handler }

// A Poller asks its provider until ctx is done.
type Poller interface {
	Poll(ctx context.Context) error
}

// A Caller asks somebody to call by telephone.
type Caller interface {
	// Call gives c to who calls. A refusal is an answer: there is no call.
	Call(ctx context.Context, c Call) error
}

// A Call is an operator's wish to talk with a customer by telephone.
type Call struct {
	ID, Conversation, Customer string
	Operator, Login, Name      string // who wants it
	Address                    string // the customer's number
	At                         time.Time
}

// A Sink takes what customers write. Once done is called with nil the message
// is kept; done is called once, from any goroutine, and must not block.
type Sink func(ctx context.Context, m Inbound, done func(Kept, error))

// Kept says where an inbound message went.
type Kept struct {
	Conversation string
	Message      string // our name for it
	Version      uint64 // its place in the conversation
	Repeated     bool   // it was there already
	Failed       bool   // it is safe in the error queue, and in no conversation yet
}

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
	Fields   map[string]string // what the provider tells of the person: fname, lname, phone, email
	Proven   map[string]string // what is known of the person for certain, as their own site has signed it
	Verified string            // how we know the address is theirs; empty is a claim
	Link     string            // the token of an invite link that was followed
}

// An Outbound is one message to a customer.
type Outbound struct {
	Conversation string
	Address      string
	ID           string // ours; a provider that takes idempotency keys is given it
	Content      *event.Content
	At           time.Time
}

// An Unsure error says that the request left us and no answer came.
type Unsure struct{ Err error }

func (e *Unsure) Error() string { return "no answer came: " + e.Err.Error() }
func (e *Unsure) Unwrap() error { return e.Err }

// A Later error says when the provider wants to be asked again.
type Later struct {
	After time.Duration
	Err   error
}

func (e *Later) Error() string { return e.Err.Error() }
func (e *Later) Unwrap() error { return e.Err }

// LaterIn returns the wait that a [*Later] in err's chain asks for, or 0.
func LaterIn(err error) time.Duration {
	if l, ok := errors.AsType[*Later](err); ok {
		return l.After
	}
	return 0
}

// Upload begins the source of an attachment that was uploaded to us beforehand;
// the id of the upload follows. Any other source is where the provider has it.
const Upload = "upload:"

// Config is what a channel is made of: an account's settings, with its secrets
// opened.
type Config struct {
	Account  string
	Settings json.RawMessage // of the kind's own shape
	Secrets  json.RawMessage
	Client   *http.Client // guarded: refuses private addresses unless allowed
	Sink     Sink
}

// Open makes a channel from an account's settings, or refuses them.
type Open func(Config) (Channel, error)

// A Registry names every kind of channel in the program.
type Registry map[string]Open

// Open makes a channel of the named kind.
func (r Registry) Open(kind string, c Config) (Channel, error) {
	open, ok := r[kind]
	if !ok {
		return nil, fmt.Errorf("channel %s: unknown kind %q", c.Account, kind)
	}
	return open(c)
}
