package channels

import (
	"context"
	"errors"
	"net/http"
	"time"

	"crafttalkd/actors/event"
)

// Abilities are what a kind of channel can do. They are plain data: the parting
// of messages, the pace of the courier, the choices of the interface and the
// table for administrators are all made of them.
type Abilities struct {
	Name string // as people know it: Telegram

	Text    int   // most characters of one message, in UTF-16 units; 0 for no limit
	Caption int   // most characters of a text that goes with a file; 0 if they go apart
	Files   int   // most files of one message; 0 if files go as links
	Largest int64 // bytes of a file that is sent; a larger one goes as a link; 0 for no limit
	Picture int64 // bytes of a picture that is sent as one; a larger one goes as a file; 0 for no limit
	Linked  bool  // the provider fetches files from us, by the links of the attachments

	Buttons int  // most buttons of one message; 0 if they go as numbered text
	Label   int  // most characters of a button's caption; with a longer one all go as numbered text
	Place   bool // a location can be sent

	Pace    Pace // of the account
	PerUser Pace // of one customer

	Asks     []event.Ask // what a customer can be asked for by a button
	Typing   bool        // the customer sees that an operator is typing
	Tells    []About     // the notices that come
	Names    bool        // the provider tells the customer's name
	Phones   bool        // and the number, without being asked
	Links    bool        // an invite link binds an account to a customer
	ByID     bool        // an operator can write to an address that never wrote to us
	Window   int         // hours after the customer's last message in which we may write; 0 for always
	Webhook  bool        // messages come by a webhook
	Register bool        // whose address we tell the provider by ourselves
	Polls    bool        // messages can be asked for, without a public address
}

// Pace is how many messages a second may go out, and how many at once after a
// rest. The zero Pace is that of the courier for an account, and no bound for a
// customer.
type Pace struct {
	PerSecond float64
	Burst     int
}

// A Webhook is called by its provider at /webhooks/KIND/ACCOUNT.
type Webhook interface{ http.Handler }

// A Poller asks its provider for messages until ctx is done, and then returns
// nil. [ErrNoPolling] says that there is nothing to poll; any other error ends
// the try: whoever called it calls again after a while, and shows what was
// wrong.
type Poller interface {
	Poll(ctx context.Context) error
}

// A Rereader takes once more what it gave to Strange before, byte by byte: the
// program or the settings may have changed since, so that it is understood now.
// It hands on as it did then, what is still odd to Strange again. What belongs to
// the provider's call alone, such as the answer to a press, is left out. A
// refusal says why this can't be read at all.
type Rereader interface {
	Reread(ctx context.Context, raw []byte) error
}

// ErrNoPolling says that there is nothing to ask for: messages of the account
// come by its webhook.
var ErrNoPolling = errors.New("the account's messages come by a webhook")

// A Prober makes a real call to the provider, to see whether the settings work.
type Prober interface {
	Probe(ctx context.Context) (Identity, error)
}

// An Identity is who an account is for its provider.
type Identity struct {
	Name   string // as customers see it
	Handle string // what leads there: @teashop_bot, support@shop.example
	URL    string // of the conversation with it; empty if there is none
}

// A Registrar tells its provider where the webhook is: again when it is told
// already, and nothing more if that is so. An empty url takes it back.
type Registrar interface {
	Register(ctx context.Context, url string) error
}

// An Enterer tells what an administrator enters at the provider by hand, beside
// the address of the webhook.
type Enterer interface{ Enter() []Entry }

// An Entry is one such thing.
type Entry struct {
	Title string // as the provider calls the field
	Value string
}

// A Linker makes the address that binds who follows it, by the token of an
// invite.
type Linker interface {
	Link(ctx context.Context, token string) (string, error)
}

// A Typist shows a customer that somebody is typing.
type Typist interface {
	Typing(ctx context.Context, address string) error
}

// An Introducer asks its provider who is behind an address, where messages
// don't tell.
type Introducer interface {
	Introduce(ctx context.Context, address string) (fields map[string]string, err error)
}

// A Holder makes the request that fetches a file with the account's own key.
// The ref is what follows [Held] in the attachment's source. A refusal is
// final.
type Holder interface {
	Request(ctx context.Context, ref string) (*http.Request, error)
}

// An Idempotent channel may be given a message again without the customer
// seeing it twice.
type Idempotent interface{ Idempotent() bool }

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
