package visitor_test

import (
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

// proves G29: on the socket that said a message the answer stands in its place
// and no bubble comes beside it; other sockets get the bubble. Coming back with
// the places of answers, a client gets the rest, without a hole or a repetition.
func TestG29_AnswerStandsForTheBubble(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	token, anna := s.Token(t, "site")
	conv := anna + ".1"
	tab, other := s.Visitor(t, token, nil), s.Visitor(t, token, nil)
	tab.Must(livetest.Say("m0", "Message 0"))
	oleg.Assigned("oleg")
	tab.Until("served", progress("served")) // from here on the conversation is followed
	want := []string{"Message 0"}
	for i := 1; i <= 20; i++ {
		text := fmt.Sprintf("Message %d", i)
		want = append(want, text)
		switch a := tab.Must(livetest.Say(fmt.Sprintf("m%d", i), text)); {
		case a.At == nil:
			t.Fatalf("the answer to message %d has no time: %v", i, a)
		case a.Stream != event.ConversationStream+conv || a.Version <= uint64(i):
			t.Errorf("message %d is at %d of %s", i, a.Version, a.Stream)
		}
		if i%5 == 0 {
			tab.WS.NetConn().Close()
			away := fmt.Sprintf("While away %d", i)
			want = append(want, away)
			other.Must(livetest.Say("a"+text, away))
			tab = s.Visitor(t, token, tab.Fold)
		}
	}
	oleg.Must(livetest.Reply(conv, "r1", "That is all"))
	want = append(want, "That is all")
	for _, c := range []*livetest.Socket{tab, other} {
		c.Shows("That is all")
		if got := texts(c.Fold.Bubbles[conv]); !slices.Equal(got, want) {
			t.Errorf("a socket shows %q, want %q", got, want)
		}
	}
}

// A bubble that comes beside the answer, or after a later place, is seen by the
// client the tests use.
func TestG29_BubbleBesideTheAnswerIsSeen(t *testing.T) {
	say := livetest.Say("m1", "Hello")
	bubble := func(version uint64) *wire.FromServer {
		return &wire.FromServer{Is: &wire.FromServer_Bubble{Bubble: &wire.Bubble{ConversationId: "anna.1", Version: version}}}
	}
	answer := &wire.FromServer{Is: &wire.FromServer_Answer{Answer: &wire.Answer{Id: say.Id,
		Stream: event.ConversationStream + "anna.1", Version: 2, At: timestamppb.Now()}}}
	for _, test := range []struct {
		frames []*wire.FromServer
		ok     bool
	}{
		{[]*wire.FromServer{bubble(1), answer, bubble(3)}, true},
		{[]*wire.FromServer{bubble(1), answer, bubble(2)}, false},
		{[]*wire.FromServer{bubble(3), answer}, false},
	} {
		f := livetest.NewFold()
		f.Said(say)
		var err error
		for _, frame := range test.frames {
			if err == nil {
				err = f.Take(proto.CloneOf(frame))
			}
		}
		if (err == nil) != test.ok {
			t.Errorf("%v: %v, want fine %v", test.frames, err, test.ok)
		}
	}
}
