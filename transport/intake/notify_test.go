package intake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
	"crafttalkd/transport/intake"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

// notify brings a notice and waits for what becomes of it.
func notify(t testing.TB, d *intake.Door, n channels.Notice) error {
	t.Helper()
	done := make(chan error, 2)
	d.Notify(t.Context(), n, func(err error) { done <- err })
	select {
	case err := <-done:
		return err
	case <-time.After(livetest.Patience):
		t.Fatalf("no word of %+v", n)
		return nil
	}
}

func notice(about channels.About, address, id string) channels.Notice {
	return channels.Notice{Account: "bot", Address: address, About: about, ID: id, Content: &event.Content{Text: "as it is now"}}
}

// told notifies of what must be taken.
func told(t testing.TB, s *livetest.Server, n channels.Notice) {
	t.Helper()
	if err := notify(t, s.Door, n); err != nil {
		t.Fatalf("%+v: %v", n, err)
	}
}

// said is what the facts of a kind in a conversation are about, in order.
func said(s *livetest.Server, conv string, about func(event.Event) string) (out []string) {
	for _, e := range s.Facts(event.ConversationStream + conv) {
		if what := about(e); what != "" {
			out = append(out, what)
		}
	}
	return out
}

func changes(e event.Event) string {
	switch e := e.(type) {
	case *event.MessageEdited:
		return "edited " + e.MessageId + " " + e.Content.Text
	case *event.MessageRemoved:
		return "removed " + e.MessageId
	}
	return ""
}

func outcomes(e event.Event) string {
	switch e := e.(type) {
	case *event.MessageDelivered:
		if e.Arrived {
			return "arrived " + e.MessageId
		}
		return "taken " + e.MessageId
	case *event.MessageFailed:
		return "failed " + e.MessageId + " " + e.Reason
	case *event.CustomerSaw:
		return "seen " + e.MessageId
	}
	return ""
}

func want(t *testing.T, what string, got, want []string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// proves CH-14: an edit and a removal find the conversation of their message by
// its key: a closed one too, and after the customer has become part of another.
func TestCH14_ChangesFindTheirMessage(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	first, err := receive(t, s.Door, message("anna", "1", "What does it cost?"))
	if err != nil {
		t.Fatal(err)
	}
	oleg.Must(livetest.Close(oleg.Assigned("oleg")))
	until(t, func() bool {
		open, err := system.Look(t.Context(), s.System, event.CustomerStream+s.Master.CustomerID("bot", "anna"),
			func(c customer.State, _ uint64) string { return c.Open })
		return err == nil && open == ""
	})
	for range 2 {
		told(t, s, notice(channels.Edited, "anna", "1"))
	}
	if second, err := receive(t, s.Door, message("anna", "2", "Hello?")); err != nil || second.Conversation == first.Conversation {
		t.Fatalf("the edit has opened it again: %+v, %v", second, err)
	}

	boris, anna := s.Master.CustomerID("bot", "boris"), s.Master.CustomerID("bot", "anna")
	if _, err := receive(t, s.Door, message("boris", "1", "It is me too")); err != nil {
		t.Fatal(err)
	}
	s.Ask(event.CustomerStream+boris, customer.Merge{ID: boris, From: anna, By: "boss"})
	until(t, func() bool {
		into, err := system.Look(t.Context(), s.System, event.CustomerStream+anna, func(c customer.State, _ uint64) string { return c.Into })
		return err == nil && into == boris
	})
	for range 2 {
		told(t, s, notice(channels.Removed, "anna", "1"))
	}
	want(t, "the first conversation", said(s, first.Conversation, changes),
		[]string{"edited " + first.Message + " as it is now", "removed " + first.Message})
	if st := s.Door.Stats(); st.Waiting != 0 || st.Lost != 0 {
		t.Errorf("nothing had to wait: %+v", st)
	}
}

// proves CH-14: news that come before their message wait for it; whoever brings
// them need not.
func TestCH14_NewsBeforeTheirMessage(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	told(t, s, notice(channels.Edited, "anna", "1"))
	told(t, s, notice(channels.Seen, "anna", "x1"))
	if st := s.Door.Stats(); st.Waiting != 2 {
		t.Errorf("two wait: %+v", st)
	}
	k, err := receive(t, s.Door, message("anna", "1", "as it was"))
	if err != nil {
		t.Fatal(err)
	}
	conv := oleg.Assigned("oleg")
	oleg.Must(livetest.Reply(conv, "r1", "Here I am"))
	s.Ask(event.ConversationStream+conv, conversation.Delivered{Message: "r1", ExternalID: "x1"})
	until(t, func() bool { return s.Door.Stats().Waiting == 0 })
	want(t, "the edit", said(s, conv, changes), []string{"edited " + k.Message + " as it is now"})
	want(t, "the receipt", said(s, conv, outcomes), []string{"taken r1", "seen r1"})
}

// proves CH-14: receipts in any order, again and again, move a message forward
// only; a name belongs to its account and address; a bounced message is a
// failure, and what the first try was called says nothing of the second.
func TestCH14_Receipts(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	if _, err := receive(t, s.Door, message("anna", "1", "Hello")); err != nil {
		t.Fatal(err)
	}
	conv := oleg.Assigned("oleg")
	known := func(id, name string) {
		s.Ask(event.ConversationStream+conv, conversation.Delivered{Message: id, ExternalID: name})
		until(t, func() bool {
			n, err := s.Receipts.Find("bot/" + s.Master.CustomerID("bot", "anna") + "/" + name)
			return err == nil && n.Message == id
		})
	}
	for _, id := range []string{"r1", "r2"} {
		oleg.Must(livetest.Reply(conv, id, "Answer"))
		known(id, "x"+id)
	}
	told(t, s, notice(channels.Seen, "boris", "xr1")) // another's
	for range 2 {
		told(t, s, notice(channels.Seen, "anna", "xr1"))
		told(t, s, notice(channels.Arrived, "anna", "xr1"))
		told(t, s, notice(channels.Arrived, "anna", "xr2"))
		told(t, s, notice(channels.Bounced, "anna", "xr2"))
	}
	want(t, "two messages", said(s, conv, outcomes), []string{"taken r1", "taken r2", "seen r1", "arrived r2", "failed r2 "})

	oleg.Must(&wire.FromClient{Is: &wire.FromClient_Retry{Retry: &wire.Retry{ConversationId: conv, MessageId: "r2"}}})
	known("r2", "xr2again")
	told(t, s, notice(channels.Bounced, "anna", "xr2"))
	all := channels.Notice{Account: "bot", Address: "anna", About: channels.Arrived, At: s.Now()}
	told(t, s, all)
	all.About = channels.Seen
	for range 2 {
		told(t, s, all)
	}
	want(t, "sent again", said(s, conv, outcomes)[5:], []string{"taken r2", "arrived r2", "seen r2"})
	if err := s.Receipts.Sweep(s.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Receipts.Find("bot/" + s.Master.CustomerID("bot", "anna") + "/xr2again"); n.Conversation != "" || err != nil {
		t.Errorf("after the sweep: %+v, %v", n, err)
	}
	told(t, s, channels.Notice{Account: "bot", Address: "stranger", About: channels.Seen, At: s.Now()})
}

// proves CH-14: a message that went in parts has arrived and is seen when its
// last part is; what is told of an earlier one waits for nothing and says
// nothing of the whole, but a part that is lost fails the message. Another try
// of it is not called what the parts of the first were.
func TestCH14_ReceiptsOfParts(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	if _, err := receive(t, s.Door, message("anna", "1", "Hello")); err != nil {
		t.Fatal(err)
	}
	conv := oleg.Assigned("oleg")
	oleg.Must(livetest.Reply(conv, "r1", "A long answer"))
	delivered := func(try string) {
		s.Ask(event.ConversationStream+conv, conversation.Delivered{Message: "r1", ExternalID: try + "3", Earlier: []string{try + "1", "", try + "2"}})
		until(t, func() bool {
			n, err := s.Receipts.Find("bot/" + s.Master.CustomerID("bot", "anna") + "/" + try + "3")
			return err == nil && n.Message == "r1"
		})
	}
	told(t, s, notice(channels.Arrived, "anna", "x1")) // before anything is called so
	delivered("x")
	until(t, func() bool { return s.Door.Stats().Waiting == 0 })
	for _, id := range []string{"x1", "x2"} {
		told(t, s, notice(channels.Arrived, "anna", id))
		told(t, s, notice(channels.Seen, "anna", id))
	}
	want(t, "the first parts", said(s, conv, outcomes), []string{"taken r1"})
	told(t, s, notice(channels.Arrived, "anna", "x3"))
	lost := notice(channels.Bounced, "anna", "x2")
	lost.Reason = "too large"
	told(t, s, lost)
	want(t, "the last part, and one that is lost", said(s, conv, outcomes),
		[]string{"taken r1", "arrived r1", "failed r1 part 3 of 4 did not arrive: too large"})
	if st := s.Door.Stats(); st.Waiting != 0 || st.Lost != 0 {
		t.Errorf("nothing has to wait: %+v", st)
	}

	oleg.Must(&wire.FromClient{Is: &wire.FromClient_Retry{Retry: &wire.Retry{ConversationId: conv, MessageId: "r1"}}})
	delivered("y")
	told(t, s, lost)
	told(t, s, notice(channels.Seen, "anna", "y3"))
	want(t, "sent again", said(s, conv, outcomes)[3:], []string{"taken r1", "seen r1"})
}

// proves CH-07: who has come is known by name before a word is said, and belongs
// to whose invite link led here; no conversation opens by it.
func TestCH07_Started(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	profile := func(address string) customer.State {
		c, err := system.Look(t.Context(), s.System, event.CustomerStream+s.Master.CustomerID("bot", address),
			func(c customer.State, _ uint64) customer.State { return c })
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	come := notice(channels.Started, "boris", "")
	come.Fields = map[string]string{channels.FirstName: "Boris"}
	for range 2 {
		told(t, s, come)
	}
	if c := profile("boris"); c.Fields["fname"].Value != "Boris" || len(c.Conversations) > 0 {
		t.Errorf("who has come: %+v", c)
	}
	if n := len(s.Facts(event.CustomerStream + s.Master.CustomerID("bot", "boris"))); n != 2 {
		t.Errorf("%d facts about who came twice, want the registration and the name", n)
	}

	anna, token := s.Master.CustomerID("bot", "anna"), intake.NewLink()
	if _, err := receive(t, s.Door, message("anna", "1", "Hello")); err != nil {
		t.Fatal(err)
	}
	s.Ask(event.CustomerStream+anna, customer.MakeLink{ID: anna, By: "oleg", TokenHash: intake.LinkHash(token), Account: "bot",
		Until: s.Now().Add(time.Hour)})
	until(t, func() bool { id, err := s.Links.Customer(intake.LinkHash(token)); return err == nil && id == anna })
	come = notice(channels.Started, "phone", "")
	come.Link = token
	told(t, s, come)
	if k, err := receive(t, s.Door, message("phone", "1", "It is me")); err != nil || !strings.HasPrefix(k.Conversation, anna+".") {
		t.Errorf("the message after the link: %+v, %v", k, err)
	}
	if c := profile("anna"); len(c.Addresses) != 2 || c.Addresses[1].Address.Verified != "link" {
		t.Errorf("the addresses: %+v", c.Addresses)
	}
}

// proves CH-14: who blocks us is marked, until heard of again.
func TestCH14_Blocked(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	told(t, s, notice(channels.Blocked, "nobody", ""))
	if n := len(s.Facts(event.CustomerStream + s.Master.CustomerID("bot", "nobody"))); n > 0 {
		t.Errorf("%d facts about somebody unknown", n)
	}
	if _, err := receive(t, s.Door, message("anna", "1", "Hello")); err != nil {
		t.Fatal(err)
	}
	anna := event.CustomerStream + s.Master.CustomerID("bot", "anna")
	marked := func() bool {
		yes, err := system.Look(t.Context(), s.System, anna, func(c customer.State, _ uint64) bool { return c.Addresses[0].Address.Unreachable })
		if err != nil {
			t.Fatal(err)
		}
		return yes
	}
	for i, step := range []struct {
		bring func()
		want  bool
	}{
		{func() { told(t, s, notice(channels.Blocked, "anna", "")) }, true},
		{func() { told(t, s, notice(channels.Unblocked, "anna", "")) }, false},
		{func() {
			told(t, s, notice(channels.Blocked, "anna", ""))
			told(t, s, notice(channels.Blocked, "anna", ""))
		}, true},
		{func() { receive(t, s.Door, message("anna", "2", "Hello again")) }, false},
		{func() { told(t, s, notice(channels.Blocked, "anna", "")) }, true},
		{func() { told(t, s, notice(channels.Started, "anna", "")) }, false},
	} {
		if step.bring(); marked() != step.want {
			t.Errorf("step %d: marked %v, want %v", i, marked(), step.want)
		}
	}
	if n := s.Count(anna, func(e event.Event) bool { _, ok := e.(*event.AddressBlocked); return ok }); n != 6 {
		t.Errorf("%d marks, want 6", n)
	}
}

// proves that an operator sees a customer of any channel typing.
func TestTypingIsShown(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	if _, err := receive(t, s.Door, message("anna", "1", "Hello")); err != nil {
		t.Fatal(err)
	}
	conv := oleg.Assigned("oleg")
	told(t, s, notice(channels.Typing, "nobody", ""))
	told(t, s, notice(channels.Typing, "anna", ""))
	shown := oleg.Until("typing", func(f *wire.FromServer) bool { return f.GetTyping() != nil }).GetTyping()
	if shown.ConversationId != conv || shown.Who != "customer" {
		t.Errorf("shown: %v", shown)
	}
}

// proves that notices that make no sense are refused before anything is kept.
func TestRefusedNotices(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	for name, test := range map[string]struct {
		n    channels.Notice
		kind refusal.Kind
	}{
		"about nothing":      {notice(0, "anna", "1"), refusal.Invalid},
		"about the unknown":  {notice(99, "anna", "1"), refusal.Invalid},
		"an edit of nothing": {notice(channels.Edited, "anna", ""), refusal.Invalid},
		"an edit to nothing": {channels.Notice{Account: "bot", Address: "anna", About: channels.Edited, ID: "1"}, refusal.Invalid},
		"a long edit": {channels.Notice{Account: "bot", Address: "anna", About: channels.Edited, ID: "1",
			Content: &event.Content{Text: strings.Repeat("я", 32_001)}}, refusal.Invalid},
		"no address":     {notice(channels.Seen, "", "1"), refusal.Invalid},
		"a bad id":       {notice(channels.Seen, "anna", "\xff"), refusal.Invalid},
		"a bad reason":   {channels.Notice{Account: "bot", Address: "anna", About: channels.Bounced, ID: "1", Reason: "\x00"}, refusal.Invalid},
		"no account":     {channels.Notice{Account: "none", Address: "anna", About: channels.Seen}, refusal.NotFound},
		"one that's off": {channels.Notice{Account: "shut", Address: "anna", About: channels.Seen}, refusal.Denied},
	} {
		if err := notify(t, s.Door, test.n); refusal.KindOf(err) != test.kind {
			t.Errorf("%s: %v, want %v", name, err, test.kind)
		}
	}
}

// proves CH-05: a customer of unknown number is asked for it once, where the
// channel can and the account wants it; a number that the provider vouches for
// fills the profile, and an operator can ask by hand where the channel can.
func TestCH05_PhoneRequest(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	ask := func(e event.Event) string {
		if e, ok := e.(*event.MessageSent); ok && e.Content.Ask == event.Ask_ASK_PHONE {
			return e.Purpose.String()
		}
		return ""
	}
	for account, wanted := range map[string][]string{"tg": {"PHONE_REQUEST"}, "shy": nil, "bot": nil} {
		m := message("anna", "1", "Hello")
		m.Account = account
		k, err := receive(t, s.Door, m)
		if err != nil {
			t.Fatal(err)
		}
		want(t, account, said(s, k.Conversation, ask), wanted)
	}
	shared := message("anna", "2", "")
	shared.Account, shared.Proven = "tg", map[string]string{channels.Phone: "+79990001122"}
	shared.Content = &event.Content{Contact: &event.Contact{Phone: "+79990001122"}}
	k, err := receive(t, s.Door, shared)
	if err != nil {
		t.Fatal(err)
	}
	phone, err := system.Look(t.Context(), s.System, event.CustomerStream+s.Master.CustomerID("tg", "anna"),
		func(c customer.State, _ uint64) customer.Field { return c.Fields["phone"] })
	if err != nil || phone.Value != "+79990001122" || phone.Claim {
		t.Errorf("the number in the profile: %+v, %v", phone, err)
	}
	by := func(conv string, what event.Ask) *wire.Answer {
		return oleg.Do(&wire.FromClient{Is: &wire.FromClient_Reply{Reply: &wire.Reply{ConversationId: conv, MessageId: "by-hand",
			Content: &event.Content{Text: "Your number?", Ask: what}}}})
	}
	for held := map[string]bool{}; !held[k.Conversation]; {
		held[oleg.Assigned("oleg")] = true
	}
	if a := by(k.Conversation, event.Ask_ASK_LOCATION); a.Field != "content.ask" {
		t.Errorf("asked for what the channel can't ask: %v", a)
	}
	if a := by(k.Conversation, event.Ask_ASK_PHONE); a.Kind != "" && a.Text != "" {
		t.Errorf("asked by hand: %v", a)
	}
	want(t, "asked", said(s, k.Conversation, ask), []string{"PHONE_REQUEST", "REPLY"})
}
