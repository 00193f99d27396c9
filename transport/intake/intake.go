/*
Package intake is the door: every message of every channel comes in here.

	adapter -> Inbound -> checked -> admitted -> customer's actor -> on disk -> done

What is refused is refused before anything is kept: a message that makes no
sense, a channel that is switched off, a server that has all it can carry. What
was taken is processed, and acknowledged only once it is on disk.
*/
package intake

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
)

// Bounds of one message.
const (
	longestText = 32_000 // characters
	longestID   = 200    // bytes
	mostFiles   = 20
	mostButtons = 40
	// sceptical is how far a provider's clock may be off before its time is
	// taken for nonsense.
	sceptical = 24 * time.Hour
)

// A Config is what the door is made of.
type Config struct {
	System *system.System
	// CustomerID derives the customer's id from an address.
	CustomerID func(account, address string) string
	Links      *Links
	Receipts   *Receipts
	Failures   *Failures // nil answers with the fault instead
	// Asks tells what a kind of channel can ask a customer for; nil for nothing.
	Asks func(kind string) []event.Ask
	// Typing shows that the customer of a conversation is typing; nil shows it
	// to nobody.
	Typing func(conversation string)
	// Picture takes where the picture is of who writes from an address; nil
	// forgets it.
	Picture func(account, address, source string)
	// Room returns the free bytes of the store's disk, and of how many.
	Room func() (free, total uint64, err error)
	// Reserve is how many bytes must stay free; 0 stands for the smaller of
	// 1 GiB and 5 %.
	Reserve uint64
	// Carry is how many messages may be under way at once; 0 stands for 1024.
	Carry int64
	// Lag is how many commands may be on their way between actors; 0 stands
	// for 6000.
	Lag int
}

// A Door lets messages in.
type Door struct {
	config   Config
	underWay atomic.Int64
	full     atomic.Bool // the disk
	refused  atomic.Int64
	taken    atomic.Int64
	unheeded atomic.Int64 // automatic messages that met no open conversation
	news     waiting

	mu       sync.Mutex // guards what follows
	version  uint64     // of the directory that openings were made from
	openings map[string]*opening
	// following holds, by home, what came behind a message that follows a link.
	following map[string][]arrival
}

// An opening is what a new conversation through an account begins with.
type opening struct {
	account *event.Account
	policy  *event.Policy
	ask     string // for the phone number; empty does not
}

// NewDoor returns an open door.
func NewDoor(c Config) *Door {
	if c.Carry == 0 {
		c.Carry = 1024
	}
	if c.Lag == 0 {
		c.Lag = 6000
	}
	d := &Door{config: c, following: map[string][]arrival{}, news: waiting{by: map[string][]*news{}}}
	return d
}

// Known says that a message is known by a key from now on: news of it may wait.
func (d *Door) Known(key string) { d.news.wake(key) }

// Errors of a door that lets nobody in.
var (
	ErrFull     = refusal.New(refusal.Busy, "the disk is almost full; nothing new can be taken until there is room")
	ErrOverload = refusal.New(refusal.Busy, "the server has all it can carry; try again in a moment")
)

// Admit reports whether a message may come in now.
func (d *Door) Admit() error {
	switch {
	case d.full.Load():
		return ErrFull
	case d.underWay.Load() >= d.config.Carry, d.config.System.Flowing() > d.config.Lag:
		return ErrOverload
	}
	return nil
}

// enter is Admit for a message that comes in: it is counted until it is
// answered, and those that come at once are not more than can be carried.
func (d *Door) enter() error {
	if err := d.Admit(); err != nil {
		return err
	}
	if d.underWay.Add(1) > d.config.Carry {
		d.underWay.Add(-1)
		return ErrOverload
	}
	return nil
}

// Watch looks after the free room of the disk, every second until ctx is done.
func (d *Door) Watch(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if free, total, err := d.config.Room(); err == nil {
			d.full.Store(free < d.reserve(total))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			d.news.expire(d.config.System.Now())
		}
	}
}

func (d *Door) reserve(total uint64) uint64 {
	if d.config.Reserve > 0 {
		return d.config.Reserve
	}
	return min(1<<30, total/20)
}

// Receive implements [channels.Sink].
func (d *Door) Receive(_ context.Context, m channels.Inbound, done func(channels.Kept, error)) {
	cmd, err := d.command(m)
	if err == nil {
		err = d.enter()
	}
	if err != nil {
		d.refused.Add(1)
		done(channels.Kept{}, err)
		return
	}
	taken := done
	done = func(k channels.Kept, err error) {
		if m.Automatic && refusal.KindOf(err) == refusal.NotFound {
			d.unheeded.Add(1)
			k, err = channels.Kept{}, nil // there is nobody to see it, and it opens nothing
		}
		if err == nil || refusal.KindOf(err) != 0 {
			d.underWay.Add(-1)
			taken(k, err)
			return
		}
		go func() { // the disk is waited for, and done must not block whoever answers
			defer d.underWay.Add(-1)
			taken(d.setAside(cmd, m, err))
		}()
	}
	d.bring(arrival{home: cmd.Home, link: cmd.Link, address: cmd.Address, tell: func() { d.tell(cmd, done) },
		fail: func(err error) { done(channels.Kept{}, err) }})
}

// setAside keeps a message whose processing failed, so that the channel need
// not send it again and nothing else waits for it.
func (d *Door) setAside(cmd customer.Receive, m channels.Inbound, reason error) (channels.Kept, error) {
	if d.config.Failures == nil {
		return channels.Kept{}, reason
	}
	if err := d.config.Failures.Keep(cmd.Home, cmd.Message.MessageId, m, reason); err != nil {
		return channels.Kept{}, errors.Join(reason, err)
	}
	return channels.Kept{Message: cmd.Message.MessageId, Failed: true}, nil
}

// Stats are the door's counters since the start.
type Stats struct {
	Taken, Refused, UnderWay int64
	Waiting                  int   // news of messages that have not come yet
	Lost                     int64 // and such whose messages never came
	Unheeded                 int64 // automatic messages that met no open conversation
}

// Stats returns the door's counters.
func (d *Door) Stats() Stats {
	waiting, lost := d.news.count()
	return Stats{d.taken.Load(), d.refused.Load(), d.underWay.Load(), waiting, lost, d.unheeded.Load()}
}

// command checks a message and makes the customer's command of it.
func (d *Door) command(m channels.Inbound) (customer.Receive, error) {
	if err := check(m); err != nil {
		return customer.Receive{}, err
	}
	o, err := d.opening(m.Account)
	if err != nil {
		return customer.Receive{}, err
	}
	home := m.Home
	if home == "" {
		home = d.config.CustomerID(m.Account, m.Address)
	}
	key := messageKey(m.Account, home, m.ID)
	got := &event.MessageReceived{MessageId: MessageID(key), AccountId: m.Account, Address: m.Address,
		ExternalId: m.ID, Content: m.Content, Order: m.Order, Guessed: m.Guessed, Threading: m.Threading, Automatic: m.Automatic}
	if at := d.sentAt(m); !at.IsZero() {
		got.SentAt = timestamppb.New(at)
	}
	cmd := customer.Receive{ID: home, Home: home, Fields: m.Fields, Proven: m.Proven, Message: got, Key: key, Ask: o.ask,
		Address: &event.Address{AccountId: m.Account, Address: m.Address, Kind: o.account.Kind, Verified: m.Verified},
		Opening: &event.ConversationOpened{AccountId: m.Account, Address: m.Address, CenterId: o.account.CenterId,
			Routing: o.account.Routing, Policy: o.policy, Kind: o.account.Kind}}
	if m.Link != "" && !m.Automatic {
		cmd.Link = LinkHash(m.Link)
	}
	d.picture(m.Account, m.Address, m.Fields)
	return cmd, nil
}

// sentAt is when a message was sent, or zero for just now. One that came before
// and gets in only now was sent then at the latest.
func (d *Door) sentAt(m channels.Inbound) time.Time {
	if m.Came.IsZero() {
		return sensible(m.SentAt, d.config.System.Now())
	}
	if at := sensible(m.SentAt, m.Came); !at.IsZero() {
		return at
	}
	return m.Came
}

// picture hands on where a channel says that the person's picture is. It is
// no field of theirs, and kept nowhere.
func (d *Door) picture(account, address string, fields map[string]string) {
	if source := fields[channels.Avatar]; source != "" && d.config.Picture != nil {
		d.config.Picture(account, address, source)
	}
}

// messageKey is what a message is known by for ever.
func messageKey(account, home, id string) string { return account + "/" + home + "/" + id }

// MessageID is our name for a message, made of its key, so that whoever meets
// the message again finds the same name.
func MessageID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "c" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// opening returns what a new conversation through the account begins with. It
// is made anew when the directory has changed.
func (d *Door) opening(id string) (*opening, error) {
	dir := d.config.System.Directory.State()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.openings == nil || d.version != dir.Version {
		d.version, d.openings = dir.Version, map[string]*opening{}
	}
	o, ok := d.openings[id]
	if !ok {
		if o = d.makeOpening(dir, id); o == nil {
			return nil, refusal.New(refusal.NotFound, "there is no channel %q", id)
		}
		d.openings[id] = o
	}
	if o.account.Disabled {
		return nil, refusal.New(refusal.Denied, "the channel is switched off")
	}
	return o, nil
}

func (d *Door) makeOpening(dir directory.State, id string) *opening {
	a := dir.Account(id)
	if a == nil {
		return nil
	}
	o := &opening{account: a, policy: dir.PolicyFor(a)}
	if d.config.Asks != nil && slices.Contains(d.config.Asks(a.Kind), event.Ask_ASK_PHONE) {
		o.ask = phoneText(a.Settings)
	}
	return o
}

// phoneText is what an account asks for the phone number: its setting
// ask_phone, where an empty one asks nobody. CH-05.
func phoneText(settings string) string {
	var common struct {
		AskPhone *string `json:"ask_phone"`
	}
	if err := json.Unmarshal([]byte(settings), &common); err != nil || common.AskPhone == nil {
		return channels.PhoneRequest
	}
	return *common.AskPhone
}

// check refuses what makes no sense, naming the field.
func check(m channels.Inbound) error {
	c := m.Content
	switch {
	case m.ID == "" || len(m.ID) > longestID || !plain(m.ID):
		return refusal.Of("id", "an id of 1 to %d characters is needed", longestID)
	case m.Address == "" || len(m.Address) > longestID || !plain(m.Address):
		return refusal.Of("user.id", "an address of 1 to %d characters is needed", longestID)
	case c == nil || c.Text == "" && len(c.Attachments) == 0 && c.Location == nil && c.Contact == nil && c.Pressed == nil:
		return refusal.Of("text", "the message is empty")
	case len(m.Threading) > longestID || !plain(m.Threading):
		return refusal.Of("threading", "a short text is needed")
	case !plain(c.Text):
		return refusal.Of("text", "the text is not valid UTF-8 or has zero bytes")
	case len(c.Text) > longestText && utf8.RuneCountInString(c.Text) > longestText:
		return refusal.Of("text", "the text is longer than %d characters", longestText)
	case len(c.Attachments) > mostFiles:
		return refusal.Of("attachments", "at most %d files fit a message", mostFiles)
	case len(c.Buttons) > mostButtons:
		return refusal.Of("buttons", "at most %d buttons fit a message", mostButtons)
	}
	return checkParts(c)
}

// checkParts refuses what could not be written down.
func checkParts(c *event.Content) error {
	for _, a := range c.Attachments {
		if !plain(a.GetAttachmentId()) || !plain(a.GetName()) || !plain(a.GetMime()) || !plain(a.GetSource()) || !plain(a.GetBlob()) || !plain(a.GetFailure()) {
			return refusal.Of("attachments", "the name of a file is not valid UTF-8 or has zero bytes")
		}
	}
	for _, b := range append(c.Buttons[:len(c.Buttons):len(c.Buttons)], c.Pressed) {
		if !plain(b.GetCaption()) || !plain(b.GetValue()) {
			return refusal.Of("buttons", "a button is not valid UTF-8 or has zero bytes")
		}
	}
	if !plain(c.Contact.GetName()) || !plain(c.Contact.GetPhone()) {
		return refusal.Of("contact", "the contact is not valid UTF-8 or has zero bytes")
	}
	return nil
}

func plain(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
