package desk_test

import (
	"slices"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

// serve starts a server with one visitor, whose conversation is with Oleg.
func serve(t *testing.T) (s *livetest.Server, oleg, anna *livetest.Socket, conv string) {
	s = livetest.Start(t, livetest.Options{})
	oleg = s.Online(t, "oleg")
	token, _ := s.Token(t, "site")
	anna = s.Visitor(t, token, nil)
	anna.Must(livetest.Say("m1", "Where is my parcel?"))
	return s, oleg, anna, oleg.Assigned("oleg")
}

func messages(f *livetest.Fold, stream string) (out []string) {
	for _, e := range f.Streams[stream] {
		switch e := e.(type) {
		case *event.MessageReceived:
			out = append(out, e.Content.GetText())
		case *event.MessageSent:
			out = append(out, e.Content.GetText())
		}
	}
	return out
}

func received(text string) func(event.Event) bool {
	return func(e event.Event) bool {
		m, ok := e.(*event.MessageReceived)
		return ok && m.Content.GetText() == text
	}
}

func sent(text string) func(event.Event) bool {
	return func(e event.Event) bool {
		m, ok := e.(*event.MessageSent)
		return ok && m.Content.GetText() == text
	}
}

// by reports whether a fact is an assignment by that offer.
func by(offer string) func(event.Event) bool {
	return func(e event.Event) bool {
		a, ok := e.(*event.ConversationAssigned)
		return ok && a.OfferId == offer
	}
}

// released reports whether a fact frees the slot that the offer took.
func released(offer string) func(event.Event) bool {
	return func(e event.Event) bool {
		r, ok := e.(*event.SlotReleased)
		return ok && r.OfferId == offer
	}
}

func gone(stream string) func(*wire.FromServer) bool {
	return func(f *wire.FromServer) bool { return f.GetGone().GetStream() == stream }
}

// proves G31: two tabs of one operator both see everything, either may answer,
// and what both send is sent once.
func TestG31_TwoTabs(t *testing.T) {
	s, one, anna, conv := serve(t)
	two := s.Operator(t, "oleg", nil)
	stream := event.ConversationStream + conv
	if got := messages(two.Fold, stream); !slices.Equal(got, []string{"Where is my parcel?"}) {
		t.Fatalf("the second tab has %q", got)
	}
	a, b := one.Send(livetest.Reply(conv, "r1", "It comes today")), two.Send(livetest.Reply(conv, "r1", "It comes today"))
	first, second := one.Answer(a), two.Answer(b)
	if first.Kind != "" || second.Kind != "" || first.Repeated == second.Repeated {
		t.Errorf("the same reply from two tabs: %v and %v, want one of them repeated", first, second)
	}
	two.Must(livetest.Reply(conv, "r2", "Before six"))
	one.Fact("the other tab's reply", sent("Before six"))
	anna.Bubble("Before six")
	anna.Must(livetest.Say("m2", "Thanks"))
	for _, tab := range []*livetest.Socket{one, two} {
		tab.Fact("thanks", received("Thanks"))
		if err := tab.Fold.Same(stream, s.Facts(stream)); err != nil {
			t.Error(err)
		}
	}
	if n := s.Count(stream, sent("It comes today")); n != 1 {
		t.Errorf("the reply is in the journal %d times, want once", n)
	}
}

// proves G29, OP-11: a transferred conversation ends at the old operator with
// the fact that took it away, and begins at the new one with its first, the
// note among the others.
func TestG29_Transfer(t *testing.T) {
	s, oleg, anna, conv := serve(t)
	stream := event.ConversationStream + conv
	olga := s.Online(t, "olga")
	oleg.Must(livetest.Transfer(conv, "t1", "olga", "He has asked twice"))
	oleg.Until("gone", gone(stream))
	if got := olga.Assigned("olga"); got != conv {
		t.Fatalf("olga got %s, want %s", got, conv)
	}
	noted := slices.ContainsFunc(olga.Fold.Streams[stream], func(e event.Event) bool {
		q, ok := e.(*event.ConversationQueued)
		return ok && q.Note == "He has asked twice"
	})
	if !noted {
		t.Errorf("the note did not reach olga: %v", olga.Fold.Streams[stream])
	}
	anna.Must(livetest.Say("m2", "A secret for olga"))
	olga.Fact("the next message", received("A secret for olga"))
	if err := olga.Fold.Same(stream, s.Facts(stream)); err != nil {
		t.Error(err)
	}
	if a := oleg.Do(livetest.Reply(conv, "r1", "Me again")); a.Kind != "denied" {
		t.Errorf("the old operator's reply: %v, want denied", a)
	}
	if err := nothingAfter(oleg, stream); err != "" {
		t.Error(err)
	}
}

// nothingAfter says what came of a stream after it was gone. The client has just
// been answered, so whatever was to come has come.
func nothingAfter(c *livetest.Socket, stream string) string {
	if n := len(c.Fold.Streams[stream]); n > 0 {
		return "facts came after the conversation was gone"
	}
	return ""
}

// proves G17: what a supervisor gives to another operator leaves the first.
func TestForcedAssignment(t *testing.T) {
	s, oleg, _, conv := serve(t)
	stream := event.ConversationStream + conv
	olga := s.Online(t, "olga")
	s.Force(conv, "olga")
	oleg.Until("gone", gone(stream))
	olga.Assigned("olga")
	olga.Must(livetest.Reply(conv, "r1", "Olga here"))
	olga.Fact("her reply", sent("Olga here"))
	if err := olga.Fold.Same(stream, s.Facts(stream)); err != nil {
		t.Error(err)
	}
	if a := oleg.Do(livetest.Close(conv)); a.Kind != "denied" {
		t.Errorf("closing another's conversation: %v, want denied", a)
	}
}

// proves G29: whatever happens to a conversation while the line is down, the
// client is told how it ended for the operator, or has it whole.
func TestG29_WhileAway(t *testing.T) {
	s, oleg, anna, conv := serve(t)
	stream := event.ConversationStream + conv
	other := s.Operator(t, "oleg", nil) // stays, so that the operator is not offline
	olga := s.Online(t, "olga")

	cut(oleg)
	anna.Must(livetest.Say("m2", "Anybody there?"))
	oleg = s.Operator(t, "oleg", oleg.Fold)
	if err := oleg.Fold.Same(stream, s.Facts(stream)); err != nil {
		t.Errorf("after a message: %v", err)
	}

	cut(oleg)
	other.Must(livetest.Transfer(conv, "t1", "olga", ""))
	olga.Assigned("olga")
	olga.Must(livetest.Reply(conv, "r1", "Between us"))
	oleg = s.Operator(t, "oleg", oleg.Fold)
	if !slices.Equal(oleg.Fold.Gone, []string{stream}) {
		t.Errorf("after a transfer: gone %v, want %s", oleg.Fold.Gone, stream)
	}

	s.Force(conv, "oleg")
	oleg.Fact("given back", by("forced-oleg"))
	other.Fact("given back", by("forced-oleg"))
	cut(oleg)
	other.Must(livetest.Transfer(conv, "t2", "olga", ""))
	other.Fact("let go", released("forced-oleg")) // or there is nothing to give back
	olga.Assigned("olga")
	s.Ask(event.OperatorStream+"oleg", force(conv, "back"))
	other.Fact("given back again", by("back"))
	oleg = s.Operator(t, "oleg", oleg.Fold)
	if err := oleg.Fold.Same(stream, s.Facts(stream)); err != nil {
		t.Errorf("away and back: %v", err)
	}

	cut(oleg)
	other.Must(livetest.Close(conv))
	before := len(oleg.Fold.Gone)
	oleg = s.Operator(t, "oleg", oleg.Fold)
	if len(oleg.Fold.Gone) != before+1 {
		t.Errorf("closed while away: gone %v", oleg.Fold.Gone)
	}
}

// proves G29: the last facts a user may see are sent before the stream is gone.
func TestG29_LastFactsBeforeGone(t *testing.T) {
	s, oleg, _, conv := serve(t)
	stream := event.ConversationStream + conv
	other := s.Operator(t, "oleg", nil)
	cut(oleg)
	other.Must(livetest.Reply(conv, "r1", "Good bye"))
	other.Must(livetest.Close(conv))
	c := s.Dial(t, "/desk/v1/socket?user=oleg", nil, wire.Binary)
	c.Fold = oleg.Fold
	c.Send(&wire.FromClient{Is: &wire.FromClient_Hello{Hello: &wire.Hello{Held: c.Fold.Held()}}})
	c.Fact("the reply", sent("Good bye"))
	c.Fact("the end", func(e event.Event) bool { _, ok := e.(*event.ConversationClosed); return ok })
	if err := c.Fold.Same(stream, s.Facts(stream)); err != nil {
		t.Error(err)
	}
	c.Until("gone", gone(stream))
}

// proves G29, G33: what others do with a conversation after it has left is not
// told to a client that was away meanwhile.
func TestG29_NothingAfterTheEnd(t *testing.T) {
	s, oleg, anna, conv := serve(t)
	stream := event.ConversationStream + conv
	other := s.Operator(t, "oleg", nil)
	olga := s.Online(t, "olga")
	cut(oleg)
	other.Must(livetest.Transfer(conv, "t1", "olga", "For you"))
	olga.Assigned("olga")
	anna.Must(livetest.Say("m2", "Only for olga"))
	olga.Must(livetest.Reply(conv, "r1", "Between us"))
	c := s.Dial(t, "/desk/v1/socket?user=oleg", nil, wire.Binary)
	c.Fold = oleg.Fold
	c.Send(&wire.FromClient{Is: &wire.FromClient_Hello{Hello: &wire.Hello{Held: c.Fold.Held()}}})
	var last event.Event
	c.Until("gone", func(f *wire.FromServer) bool {
		if e := f.GetEntry(); e.GetStream() == stream {
			last = e.Fact.Unwrap()
		}
		return gone(stream)(f)
	})
	if q, ok := last.(*event.ConversationQueued); !ok || q.Note != "For you" {
		t.Errorf("the last fact was %v, want the transfer", last)
	}
}

// proves G29: a client that claims what never was is told to forget it, and one
// that claims what was never its own learns nothing.
func TestG29_Claims(t *testing.T) {
	s, oleg, _, conv := serve(t)
	stream := event.ConversationStream + conv
	s.Online(t, "olga")
	for _, test := range []struct {
		name, user   string
		version      uint64
		resets, gone int
		facts        int
	}{
		{"one that never was", "oleg", 1000, 1, 0, len(s.Facts(stream))},
		{"the largest", "oleg", 1<<64 - 1, 1, 0, len(s.Facts(stream))},
		{"none", "oleg", 0, 0, 0, len(s.Facts(stream))},
		{"another's", "olga", 2, 0, 1, 0},
		{"another's that never was", "olga", 1000, 0, 1, 0},
	} {
		c := s.Dial(t, "/desk/v1/socket?user="+test.user, nil, wire.Binary)
		c.Must(&wire.FromClient{Is: &wire.FromClient_Hello{Hello: &wire.Hello{Held: []*wire.Held{
			{Stream: stream, Version: test.version}, {Stream: "operator/olga", Version: 1}, {Stream: "nonsense"}}}}})
		if f := c.Fold; f.Resets != test.resets || len(f.Gone) != test.gone || len(f.Streams[stream]) != test.facts {
			t.Errorf("%s: %d resets, gone %v, %d facts; want %d, %d, %d", test.name, f.Resets, f.Gone, len(f.Streams[stream]),
				test.resets, test.gone, test.facts)
		}
	}
	if a := oleg.Do(livetest.Reply(conv, "r1", "Still here")); a.Kind != "" {
		t.Errorf("the operator's own socket: %v", a)
	}
}
