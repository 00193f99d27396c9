package wall_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wall"
	"crafttalkd/transport/wire"
)

func watch(id string) *wire.FromClient {
	return &wire.FromClient{Is: &wire.FromClient_Watch{Watch: &wire.Watch{ConversationId: id}}}
}

// answered reads on until a frame is answered, and returns what kind of no it is.
func (v *view) answered(t *testing.T, f *wire.FromClient) string {
	t.Helper()
	id, err := v.Write(f)
	if err != nil {
		t.Fatal(err)
	}
	limit := time.Now().Add(livetest.Patience)
	for {
		f, err := v.Next(time.Until(limit))
		if err != nil {
			t.Fatal(err)
		}
		if v.take(f); f.GetAnswer() != nil && f.GetAnswer().Id == id {
			return f.GetAnswer().Kind
		}
	}
}

// proves MN-03, MN-06: any conversation within the scope is read along as the
// operator sees it, from its first event; that is recorded, and neither the
// operator's stream nor the conversation's tells of it.
func TestMN03_AConversationIsReadAlong(t *testing.T) {
	t.Parallel()
	h := open(t, wall.None, nil)
	oleg := h.Online(t, "oleg")
	conv := h.writes(t, "bot", "anna", "1")
	theirs := h.writes(t, "safe", "boris", "2")
	oleg.Assigned("oleg")
	stream := event.ConversationStream + conv
	boss := h.look(t, "boss")
	boss.until(t, "what is shown", func() bool { return boss.conversations[conv] != nil })
	if kind := boss.answered(t, watch(theirs)); kind != "not_found" {
		t.Errorf("a conversation of the bank: %q", kind)
	}
	if kind := boss.answered(t, watch(conv)); kind != "" {
		t.Fatalf("watch: %q", kind)
	}
	h.Ask(stream, conversation.Note{Operator: "oleg", ID: "n1", Text: "an old friend"})
	oleg.Must(livetest.Reply(conv, "r1", "Good day."))
	oleg.Must(livetest.Close(conv))
	boss.until(t, "the end", func() bool {
		list := boss.Fold.Streams[stream]
		return len(list) > 0 && event.KindOf(list[len(list)-1]) == event.KindOf(&event.ConversationClosed{})
	})
	if err := boss.Fold.Same(stream, h.Facts(stream)); err != nil {
		t.Error(err)
	}
	looks := h.Facts(event.WatcherStream + "boss")
	if len(looks) != 1 {
		t.Fatalf("%d looks are recorded, want 1", len(looks))
	}
	w := looks[0].(*event.ConversationWatched)
	if w.UserId != "boss" || w.ConversationId != conv || w.CenterId != "shop" || w.LineId != "help" {
		t.Errorf("recorded %v", w)
	}
	for _, e := range append(h.Facts(stream), h.Facts(event.OperatorStream+"oleg")...) {
		if _, told := e.(*event.ConversationWatched); told {
			t.Error("who is looked at is told")
		}
	}
}

// proves G33: who loses the permission is shown out, who loses a center sees
// what is left and reads nothing else along, within five seconds; an operator
// gets no socket at all.
func TestG33_TheWallNarrows(t *testing.T) {
	t.Parallel()
	for f, sees := range map[wall.Fault]bool{wall.None: false, wall.Trusts: true} {
		t.Run(fmt.Sprint("fault ", f), func(t *testing.T) {
			h := open(t, f, nil)
			ours, theirs := h.writes(t, "bot", "anna", "1"), h.writes(t, "safe", "boris", "2")
			both := &event.User{CenterIds: []string{"shop", "bank"}}
			h.Put(supervisor("clerk", proto.CloneOf(both)))
			clerk, boss := h.look(t, "clerk"), h.look(t, "boss")
			clerk.until(t, "both centers", func() bool { return clerk.conversations[ours] != nil && clerk.conversations[theirs] != nil })
			for _, id := range []string{ours, theirs} {
				if kind := clerk.answered(t, watch(id)); kind != "" {
					t.Fatalf("watch %s: %s", id, kind)
				}
			}
			boss.until(t, "ours", func() bool { return boss.conversations[ours] != nil })
			h.Put(supervisor("clerk", &event.User{CenterIds: []string{"shop"}}), &event.User{UserId: "boss", Login: "boss", CenterIds: []string{"shop"}})
			narrowed := within(clerk, func() bool { return clerk.conversations[theirs] == nil && len(clerk.gone) == 1 })
			out := within(boss, func() bool { return boss.bye != "" })
			if narrowed == sees || out == sees {
				t.Errorf("narrowed: %v, shown out: %v", narrowed, out)
			}
			if !sees && (clerk.conversations[ours] == nil || clerk.operators["lena"] != nil || clerk.gone[0] != event.ConversationStream+theirs) {
				t.Errorf("what is left: %v, %v, gone %v", clerk.conversations, clerk.operators, clerk.gone)
			}
		})
	}
	h := open(t, wall.None, nil)
	if _, err := h.TryDial(livetest.Patience, h.http.Listener.Addr().String(), "/?user=oleg", nil, wire.Binary); err == nil {
		t.Error("an operator looks on")
	}
}

// within reads frames for five seconds, or until something is so.
func within(v *view, so func() bool) bool {
	limit := time.Now().Add(5 * time.Second)
	for !so() {
		f, err := v.Next(time.Until(limit))
		if err != nil {
			return so()
		}
		v.take(f)
	}
	return true
}

// proves MN-08, G30: a reader who does not read gets no backlog, and is shown what
// is now when it reads again, without having been cut off. What changes is made
// so long here that it can't hide in the buffers of the line.
func TestMN08_SlowReadersGetTheNewest(t *testing.T) {
	t.Parallel()
	const count, changes = 100, 8
	for f, sees := range map[wall.Fault]bool{wall.None: true, wall.Lossy: false} {
		t.Run(fmt.Sprint("fault ", f), func(t *testing.T) {
			h := open(t, f, nil)
			fail := func(n int) {
				var list []wall.Failure
				for i := range count {
					list = append(list, wall.Failure{ID: fmt.Sprint("e", i), Account: "bot", Size: n, Reason: strings.Repeat("x", 45_000)})
				}
				h.fail(list)
			}
			shows := func(v *view, n int) func() bool {
				return func() bool {
					for _, f := range v.failures {
						if f.Size != int32(n) {
							return false
						}
					}
					return len(v.failures) == count && v.whole
				}
			}
			slow, quick := h.look(t, "boss"), h.look(t, "boss")
			for n := range changes {
				fail(n + 1)
				quick.until(t, fmt.Sprint("change ", n+1), shows(quick, n+1))
			}
			if sees {
				slow.until(t, "what is now", shows(slow, changes))
			} else if within(slow, shows(slow, changes)) {
				t.Error("the fault is not seen")
			}
			if sees && slow.frames > quick.frames*3/4 {
				t.Errorf("the slow reader was sent %d frames, the quick one %d", slow.frames, quick.frames)
			}
		})
	}
}
