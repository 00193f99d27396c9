package intake_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/transport/intake"
	"crafttalkd/transport/live/livetest"
)

// receive brings a message in and waits for what becomes of it.
func receive(t testing.TB, d *intake.Door, m channels.Inbound) (channels.Kept, error) {
	t.Helper()
	type result struct {
		kept channels.Kept
		err  error
	}
	done := make(chan result, 2)
	d.Receive(t.Context(), m, func(k channels.Kept, err error) { done <- result{k, err} })
	select {
	case r := <-done:
		return r.kept, r.err
	case <-time.After(livetest.Patience):
		t.Fatalf("no word of %s", m.ID)
		return channels.Kept{}, nil
	}
}

func message(address, id, text string) channels.Inbound {
	return channels.Inbound{Account: "bot", Address: address, ID: id, Content: &event.Content{Text: text}}
}

// proves that what makes no sense is refused with the field that is to be
// mended, before anything is kept.
func TestRefusals(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	with := func(change func(*channels.Inbound)) channels.Inbound {
		m := message("anna", "1", "Hello")
		change(&m)
		return m
	}
	content := func(c *event.Content) channels.Inbound {
		return with(func(m *channels.Inbound) { m.Content = c })
	}
	for _, test := range []struct {
		name  string
		in    channels.Inbound
		kind  refusal.Kind
		field string
	}{
		{"no id", with(func(m *channels.Inbound) { m.ID = "" }), refusal.Invalid, "id"},
		{"a long id", with(func(m *channels.Inbound) { m.ID = strings.Repeat("x", 201) }), refusal.Invalid, "id"},
		{"a zero in the id", with(func(m *channels.Inbound) { m.ID = "a\x00" }), refusal.Invalid, "id"},
		{"an id that is not UTF-8", with(func(m *channels.Inbound) { m.ID = "\xff" }), refusal.Invalid, "id"},
		{"no address", with(func(m *channels.Inbound) { m.Address = "" }), refusal.Invalid, "user.id"},
		{"a long address", with(func(m *channels.Inbound) { m.Address = strings.Repeat("x", 201) }), refusal.Invalid, "user.id"},
		{"a zero in the address", with(func(m *channels.Inbound) { m.Address = "\x00" }), refusal.Invalid, "user.id"},
		{"no content", content(nil), refusal.Invalid, "text"},
		{"nothing said", content(&event.Content{}), refusal.Invalid, "text"},
		{"a zero in the text", content(&event.Content{Text: "a\x00b"}), refusal.Invalid, "text"},
		{"text that is not UTF-8", content(&event.Content{Text: "\xff"}), refusal.Invalid, "text"},
		{"a long text", content(&event.Content{Text: strings.Repeat("я", 32_001)}), refusal.Invalid, "text"},
		{"many files", content(&event.Content{Attachments: make([]*event.Attachment, 21)}), refusal.Invalid, "attachments"},
		{"a bad file name", content(&event.Content{Attachments: []*event.Attachment{{Name: "\xff"}}}), refusal.Invalid, "attachments"},
		{"many buttons", content(&event.Content{Text: "x", Buttons: make([]*event.Button, 41)}), refusal.Invalid, "buttons"},
		{"a bad button", content(&event.Content{Pressed: &event.Button{Caption: "\xff"}}), refusal.Invalid, "buttons"},
		{"a bad contact", content(&event.Content{Contact: &event.Contact{Name: "\xff"}}), refusal.Invalid, "contact"},
		{"no such account", with(func(m *channels.Inbound) { m.Account = "none" }), refusal.NotFound, ""},
		{"an account that is off", with(func(m *channels.Inbound) { m.Account = "shut" }), refusal.Denied, ""},
	} {
		_, err := receive(t, s.Door, test.in)
		r, ok := errors.AsType[*refusal.Error](err)
		if !ok || r.Kind != test.kind || r.Field != test.field {
			t.Errorf("%s: %v, want %v about %q", test.name, err, test.kind, test.field)
		}
	}
	for _, account := range []string{"bot", "shut", "none"} {
		if n := len(s.Facts(event.CustomerStream + s.Master.CustomerID(account, "anna"))); n > 0 {
			t.Errorf("%d facts were kept of what %s brought", n, account)
		}
	}
	for name, in := range map[string]channels.Inbound{
		"the longest text":   content(&event.Content{Text: strings.Repeat("я", 32_000)}),
		"a place alone":      with(func(m *channels.Inbound) { m.ID, m.Content = "2", &event.Content{Location: &event.Location{}} }),
		"a clock of nothing": with(func(m *channels.Inbound) { m.ID, m.SentAt = "3", time.Unix(0, 0) }),
	} {
		if _, err := receive(t, s.Door, in); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// proves G2, G3: the same message fifty times at once is one message, and all
// who bring it learn where it is.
func TestG2_OnceInParallel(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	var all sync.WaitGroup
	var fresh atomic.Int64
	kept := make([]channels.Kept, 50)
	for i := range kept {
		all.Go(func() {
			k, err := receive(t, s.Door, message("anna", "1", "Hello"))
			if err != nil {
				t.Error(err)
			}
			if kept[i] = k; !k.Repeated {
				fresh.Add(1)
			}
		})
	}
	all.Wait()
	if fresh.Load() != 1 {
		t.Errorf("%d of 50 were told that it is new, want 1", fresh.Load())
	}
	for _, k := range kept {
		if k.Conversation != kept[0].Conversation || k.Message != kept[0].Message {
			t.Errorf("kept as %v and as %v", kept[0], k)
		}
	}
	if n := s.Count(event.ConversationStream+kept[0].Conversation, isReceived); n != 1 {
		t.Errorf("%d messages in the conversation, want 1", n)
	}
}

// proves G8, CH-12: one letter in the mailboxes of two centers is a message in a
// conversation of each, and another copy of it in either is none.
func TestG8_OneLetterInTwoMailboxes(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	s.Put(&event.Center{CenterId: "bank", Name: "Bank"}, &event.Line{LineId: "cards", Name: "Cards", CenterId: "bank"},
		&event.Account{AccountId: "bank", Kind: "api", Name: "Bank", CenterId: "bank", Routing: &event.Routing{LineId: "cards"}})
	seen := map[string]bool{}
	for _, account := range []string{"bot", "bank"} {
		letter := message("anna@example.org", "<one@example.org>", "Hello")
		letter.Account = account
		kept, err := receive(t, s.Door, letter)
		if err != nil || kept.Repeated || seen[kept.Conversation] {
			t.Fatalf("%s keeps it as %+v, %v", account, kept, err)
		}
		seen[kept.Conversation] = true
		again, err := receive(t, s.Door, letter)
		if err != nil || !again.Repeated || again.Conversation != kept.Conversation {
			t.Errorf("%s keeps the copy as %+v, %v", account, again, err)
		}
		if n := s.Count(event.ConversationStream+kept.Conversation, isReceived); n != 1 {
			t.Errorf("%s has %d messages, want 1", account, n)
		}
	}
}

func isReceived(e event.Event) bool { _, ok := e.(*event.MessageReceived); return ok }

// A hold keeps syncs waiting.
type hold struct{ shut atomic.Pointer[chan struct{}] }

// MaybeError implements [errorfs.Injector].
func (h *hold) MaybeError(op errorfs.Op) error {
	if shut := h.shut.Load(); shut != nil && (op.Kind == errorfs.OpFileSync || op.Kind == errorfs.OpFileSyncData) {
		<-*shut
	}
	return nil
}

func (h *hold) String() string { return "hold" }

// proves G6: beyond what can be carried the door refuses before anything is
// kept; what was taken is processed, and then there is room again.
func TestG6_Overload(t *testing.T) {
	disk := &hold{}
	s := livetest.Start(t, livetest.Options{FS: errorfs.Wrap(vfs.NewMem(), disk), Carry: 10})
	shut := make(chan struct{})
	disk.shut.Store(&shut)
	answers := make(chan error, 100)
	for i := range 100 {
		go s.Door.Receive(t.Context(), message(fmt.Sprint("visitor", i), "1", "Hello"), func(_ channels.Kept, err error) { answers <- err })
	}
	for range 90 {
		if err := <-answers; !errors.Is(err, intake.ErrOverload) {
			t.Fatalf("refused with %v, want overload", err)
		}
	}
	if st := s.Door.Stats(); st.UnderWay != 10 || st.Refused != 90 || st.Taken != 0 {
		t.Errorf("with the disk held: %+v", st)
	}
	disk.shut.Store(nil)
	close(shut)
	for range 10 {
		if err := <-answers; err != nil {
			t.Errorf("what was taken: %v", err)
		}
	}
	if _, err := receive(t, s.Door, message("anna", "1", "Hello")); err != nil {
		t.Errorf("after the load: %v", err)
	}
	if st := s.Door.Stats(); st.UnderWay != 0 || st.Taken != 11 {
		t.Errorf("after the load: %+v", st)
	}
}

// proves G6: the door looks at what follows from messages too.
func TestG6_Lag(t *testing.T) {
	s := livetest.Start(t, livetest.Options{Lag: -1}) // nothing may be on its way, not even nothing
	if _, err := receive(t, s.Door, message("anna", "1", "Hello")); refusal.KindOf(err) != refusal.Busy {
		t.Errorf("with too much on its way: %v, want busy", err)
	}
}

// proves G11: with the disk almost full new messages are refused while the open
// conversations can be finished; with room again the door opens by itself.
func TestG11_FullDisk(t *testing.T) {
	var free atomic.Uint64
	free.Store(1 << 40)
	s := livetest.Start(t, livetest.Options{Room: func() (uint64, uint64, error) { return free.Load(), 1 << 41, nil }})
	oleg := s.Online(t, "oleg")
	if _, err := receive(t, s.Door, message("anna", "1", "Hello")); err != nil {
		t.Fatal(err)
	}
	conv := oleg.Assigned("oleg")
	var watching sync.WaitGroup
	watching.Go(func() { s.Door.Watch(t.Context()) })
	t.Cleanup(watching.Wait)
	for round := range 2 {
		free.Store(1 << 20)
		until(t, func() bool { return errors.Is(s.Door.Admit(), intake.ErrFull) })
		if _, err := receive(t, s.Door, message("anna", fmt.Sprint("full", round), "Hello?")); !errors.Is(err, intake.ErrFull) {
			t.Errorf("with a full disk: %v", err)
		}
		oleg.Must(livetest.Reply(conv, fmt.Sprint("r", round), "We can still answer"))
		free.Store(1 << 40)
		until(t, func() bool { return s.Door.Admit() == nil })
		if _, err := receive(t, s.Door, message("anna", fmt.Sprint("free", round), "Hello again")); err != nil {
			t.Errorf("with room again: %v", err)
		}
	}
	free.Store(1 << 20)
	until(t, func() bool { return s.Door.Admit() != nil })
	oleg.Must(livetest.Close(conv))
}

// until waits for what must come true.
func until(t *testing.T, claim func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for limit := time.After(livetest.Patience); !claim(); {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("it did not come true")
		}
	}
}

// proves CT-06: who follows an invite link writes into the conversation of the
// customer who was invited, from then on, and the link works once.
func TestCT06_InviteLink(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	if _, err := receive(t, s.Door, message("anna", "1", "Hello")); err != nil {
		t.Fatal(err)
	}
	anna := s.Master.CustomerID("bot", "anna")
	token := intake.NewLink()
	s.Ask(event.CustomerStream+anna, customer.MakeLink{ID: anna, By: "oleg", TokenHash: intake.LinkHash(token), Account: "bot",
		Until: s.Now().Add(time.Hour)})
	until(t, func() bool { id, err := s.Links.Customer(intake.LinkHash(token)); return err == nil && id == anna })

	first := message("phone", "1", "It is me")
	first.Link = token
	for round := range 3 { // the provider brings it again
		k, err := receive(t, s.Door, first)
		if err != nil || k.Conversation != anna+".1" || k.Repeated != (round > 0) {
			t.Errorf("round %d: %+v, %v; want it in %s.1, new once", round, k, err, anna)
		}
	}
	if k, err := receive(t, s.Door, message("phone", "2", "Still me")); err != nil || k.Conversation != anna+".1" {
		t.Errorf("the next message: %+v, %v", k, err)
	}
	thief := message("thief", "1", "Me too")
	thief.Link = token
	if k, err := receive(t, s.Door, thief); err != nil || strings.HasPrefix(k.Conversation, anna) {
		t.Errorf("the link followed by another: %+v, %v", k, err)
	}
	nonsense := message("other", "1", "What is this?")
	nonsense.Link = "nonsense"
	if k, err := receive(t, s.Door, nonsense); err != nil || !strings.HasPrefix(k.Conversation, s.Master.CustomerID("bot", "other")) {
		t.Errorf("a link that leads nowhere: %+v, %v", k, err)
	}
	if n := s.Count(event.ConversationStream+anna+".1", isReceived); n != 3 {
		t.Errorf("%d messages in the conversation, want 3", n)
	}
}

// proves CV-08, G24: a message that races the end of the conversation is in one
// of the two, once.
func TestG24_MessageRacesClosing(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	if _, err := receive(t, s.Door, message("anna", "0", "Hello")); err != nil {
		t.Fatal(err)
	}
	for round := range 30 {
		conv := oleg.Assigned("oleg")
		var both sync.WaitGroup
		both.Go(func() {
			_, err := s.System.Ask(t.Context(), event.ConversationStream+conv, conversation.Close{Operator: "oleg"})
			if err != nil {
				t.Error(err)
			}
		})
		text := fmt.Sprint("Round ", round)
		k, err := receive(t, s.Door, message("anna", text, text))
		both.Wait()
		if err != nil {
			t.Fatal(err)
		}
		if k.Conversation == conv { // it came before the end: another begins the next round
			if k, err = receive(t, s.Door, message("anna", text+"b", text)); err != nil || k.Conversation == conv {
				t.Fatalf("after closing: %+v, %v", k, err)
			}
		}
	}
}

// Whatever an adapter makes of a provider's message, it is kept or refused: it
// never breaks anything, and what was refused is not half kept.
func FuzzInbound(f *testing.F) {
	s := livetest.Start(f, livetest.Options{})
	f.Add("anna", "1", "Hello", "name.png", "fname", "Anna", int64(1), "token")
	f.Add("", "\xff", "\x00", "\xff", "", "\xff", int64(-1), "")
	f.Fuzz(func(t *testing.T, address, id, text, file, field, value string, order int64, link string) {
		m := channels.Inbound{Account: "bot", Address: address, ID: id, Order: order, Link: link,
			Fields:  map[string]string{field: value},
			Content: &event.Content{Text: text, Attachments: []*event.Attachment{{Name: file, Blob: "00"}}}}
		k, err := receive(t, s.Door, m)
		if err != nil {
			if refusal.KindOf(err) == 0 {
				t.Fatalf("a fault: %v", err)
			}
			return
		}
		again, err := receive(t, s.Door, m)
		if err != nil || !again.Repeated || again.Conversation != k.Conversation || again.Version != k.Version {
			t.Errorf("the message again: %+v, %v; it was kept as %+v", again, err, k)
		}
	})
}
