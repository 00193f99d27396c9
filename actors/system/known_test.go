package system_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/system"
	"crafttalkd/store"
)

func (n *node) customer(t *testing.T, id string) customer.State {
	t.Helper()
	s, err := system.Look(t.Context(), n.System, event.CustomerStream+id, func(s customer.State, _ uint64) customer.State { return s })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// close ends a conversation by its operator.
func (n *node) close(t *testing.T, conv string) {
	t.Helper()
	settle()
	n.ask(t, event.ConversationStream+conv, conversation.Close{Operator: n.conversation(t, conv).Operator})
	settle()
}

// again brings a message once more, which must be known in the conversation.
func (n *node) again(t *testing.T, who, id, conv string) {
	t.Helper()
	a, err := n.write(t, who, id, "Hello")
	if err != nil || !a.Repeated || a.Stream != event.ConversationStream+conv {
		t.Errorf("%s/%s again: %+v, %v, want repeated from %s", who, id, a, err, conv)
	}
	if copies := n.copies(t, "c"+id, who); copies != 1 {
		t.Errorf("%s/%s is there %d times", who, id, copies)
	}
}

// copies counts how often a message of an address is in the journal.
func (n *node) copies(t *testing.T, message, address string) (copies int) {
	t.Helper()
	for shard := range store.Shards {
		for e, err := range n.Journal().Tail(shard, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if m, ok := e.Event.(*event.MessageReceived); ok && m.MessageId == message && m.Address == address {
				copies++
			}
		}
	}
	return copies
}

// proves G2, CV-08: a message that comes again when its conversation has closed
// is known, and begins no other.
func TestG2_LateRedeliveryBeginsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, vfs.NewMem())
		defer n.stop(t)
		n.center(t)
		n.write(t, "anna", "1", "Hello")
		n.write(t, "anna", "2", "Are you there?")
		n.close(t, "anna.1")
		for range 2 {
			n.again(t, "anna", "1", "anna.1")
			n.again(t, "anna", "2", "anna.1")
			if s := n.customer(t, "anna"); s.Open != "" || s.Started != 1 || len(s.Conversations) != 1 {
				t.Fatalf("anna has %q open, started %d: %v; want none and one", s.Open, s.Started, s.Conversations)
			}
		}
		if a, err := n.write(t, "anna", "3", "Hello again"); err != nil || a.Stream != "conversation/anna.2" {
			t.Fatalf("a new message: %+v, %v, want anna.2", a, err)
		}
		n.again(t, "anna", "1", "anna.1")
	})
}

// proves G2: a message that was kept while somebody else had its address, in a
// conversation of a third who had become part of that one, is known when the
// address has gone on.
func TestG2_AddressThatWasLent(t *testing.T) {
	for name, goOn := range map[string]func(*testing.T, *node){
		"comes home": func(t *testing.T, n *node) {
			n.ask(t, "customer/carol", customer.RemoveAddress{ID: "carol", By: "oleg", Home: "anna", Address: site("anna")})
		},
		"goes to another": func(t *testing.T, n *node) {
			n.ask(t, "customer/dora", customer.AddAddress{ID: "dora", By: "oleg", Home: "anna", Address: site("anna")})
		},
		"goes to another from one who has become part of a fourth": func(t *testing.T, n *node) {
			n.ask(t, "customer/fedor", customer.Merge{ID: "fedor", From: "carol", By: "oleg"})
			settle()
			n.ask(t, "customer/dora", customer.AddAddress{ID: "dora", By: "oleg", Home: "anna", Address: site("anna")})
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := start(t, vfs.NewMem())
				defer n.stop(t)
				n.center(t)
				n.lend(t)
				if a, err := n.write(t, "anna", "1", "Hello"); err != nil || a.Stream != "conversation/boris.1" {
					t.Fatalf("anna's message went to %s, %v, want boris.1", a.Stream, err)
				}
				settle()
				goOn(t, n)
				settle()
				n.again(t, "anna", "1", "boris.1")
				n.write(t, "anna", "2", "And another")
				n.again(t, "anna", "1", "boris.1")
			})
		})
	}
}

func site(address string) *event.Address {
	return &event.Address{AccountId: "site", Address: address, Kind: "widget"}
}

// lend gives anna's address to carol, who has boris as a part, whose
// conversation she keeps. Everybody is in another shard.
func (n *node) lend(t *testing.T) {
	t.Helper()
	shards := map[int]bool{}
	for _, who := range []string{"anna", "boris", "carol", "dora", "fedor"} {
		shards[store.ShardOf(event.CustomerStream+who)] = true
	}
	if len(shards) != 5 {
		t.Fatal("some share a shard; choose other names")
	}
	for _, who := range []string{"carol", "dora", "fedor"} {
		n.write(t, who, "0", "Hello")
		n.close(t, who+".1")
	}
	n.write(t, "boris", "0", "Hello")
	n.ask(t, "customer/carol", customer.AddAddress{ID: "carol", By: "oleg", Home: "anna", Address: site("anna")})
	settle()
	n.ask(t, "customer/carol", customer.Merge{ID: "carol", From: "boris", By: "oleg"})
	settle()
	if s := n.customer(t, "carol"); s.Open != "boris.1" {
		t.Fatalf("carol has %q open, want boris.1", s.Open)
	}
}

// proves CT-06: an address that belongs to a person, by itself or as a part, and
// follows another's invite link, stays where it is and is in one list.
func TestCT06_FollowedLinkOfAnotherPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, vfs.NewMem())
		defer n.stop(t)
		n.center(t)
		for _, who := range []string{"anna", "boris", "eva"} {
			n.write(t, who, "1", "Hello")
		}
		n.ask(t, "customer/anna", customer.Merge{ID: "anna", From: "eva", By: "oleg"})
		settle()
		for _, who := range []string{"eva", "anna"} {
			n.ask(t, "customer/boris", customer.MakeLink{ID: "boris", TokenHash: who, Account: "site", By: "oleg", Until: n.Now().Add(time.Hour)})
			n.ask(t, "customer/boris", customer.FollowLink{ID: "boris", TokenHash: who, Home: who, Address: site(who)})
			settle()
			if customer.Has(n.customer(t, "boris"), "site", who) || !customer.Has(n.customer(t, "anna"), "site", who) {
				t.Errorf("the address of %s: boris has it %v, anna %v; want anna alone", who,
					customer.Has(n.customer(t, "boris"), "site", who), customer.Has(n.customer(t, "anna"), "site", who))
			}
			if a, err := n.write(t, who, "2", "And again"); err != nil || a.Stream != "conversation/anna.1" {
				t.Errorf("a message of %s goes to %s, %v, want anna.1", who, a.Stream, err)
			}
		}
	})
}
