package intake

import (
	"strings"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/channels"
)

// An arrival is what comes from an address and may have followed a link: a
// message, or a customer who says nothing yet.
type arrival struct {
	home, link string
	address    *event.Address
	tell       func()      // brings it to the customer
	fail       func(error) // says that it could not be brought
}

// bring brings a message to its customer, after those of the same address that
// are just following a link.
func (d *Door) bring(m arrival) {
	d.mu.Lock()
	behind, following := d.following[m.home]
	switch {
	case following:
		d.following[m.home] = append(behind, m)
	case m.link != "":
		d.following[m.home] = nil
	}
	d.mu.Unlock()
	switch {
	case following:
	case m.link != "":
		d.follow(m)
	default:
		m.tell()
	}
}

// follow binds the address to the customer whose invite link it followed, has
// the address's home let it go, and brings the message home, from where it goes
// to where the address belongs now. Every message of an address takes this way,
// so that its home knows who may have it already. A link that leads nowhere is
// a plain start; one that nobody had the time to look at is not, and the channel
// brings the message again.
func (d *Door) follow(m arrival) {
	on := func(a shell.Answer) {
		if k := refusal.KindOf(a.Err); a.Err != nil && (k == 0 || k == refusal.Busy) {
			m.fail(a.Err)
		} else {
			m.tell()
		}
		d.followed(m.home)
	}
	owner, err := d.config.Links.Customer(m.link)
	if err != nil || owner == "" {
		on(shell.Answer{Err: err})
		return
	}
	bind := customer.FollowLink{ID: owner, TokenHash: m.link, Home: m.home, Address: m.address}
	d.config.System.Tell(event.CustomerStream+owner, bind, func(a shell.Answer) {
		if a.Err != nil {
			on(a)
			return
		}
		now := strings.TrimPrefix(a.Stream, event.CustomerStream)
		d.config.System.Tell(event.CustomerStream+m.home, customer.Claim{To: now, Address: m.address}, on)
	})
}

// followed brings what came behind a message with a link, up to the next link.
func (d *Door) followed(home string) {
	for {
		d.mu.Lock()
		behind := d.following[home]
		if len(behind) == 0 {
			delete(d.following, home)
			d.mu.Unlock()
			return
		}
		next := behind[0]
		d.following[home] = behind[1:]
		d.mu.Unlock()
		if next.link != "" {
			d.follow(next)
			return
		}
		next.tell()
	}
}

// tell brings a message to its customer.
func (d *Door) tell(m customer.Receive, done func(channels.Kept, error)) {
	d.config.System.Tell(event.CustomerStream+m.ID, m, func(a shell.Answer) {
		if a.Err == nil {
			d.taken.Add(1)
			d.Known(m.Key)
		}
		done(channels.Kept{
			Conversation: strings.TrimPrefix(a.Stream, event.ConversationStream),
			Message:      m.Message.MessageId, Version: a.Version, Repeated: a.Repeated}, a.Err)
	})
}
