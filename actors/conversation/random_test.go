package conversation_test

import (
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
)

// seeds are those of the random tests, or the one that the environment names.
func seeds(t *testing.T, n uint64) (out []uint64) {
	if s := os.Getenv("CONVERSATION_SEED"); s != "" {
		seed, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return []uint64{seed}
	}
	for seed := range n {
		out = append(out, seed)
	}
	return out
}

// TestG16_AnyCommandsInAnyOrder holds the promises of G13, G16, G22, G24, G26,
// G27, G28, G31 and G39 after each of many thousand commands.
func TestG16_AnyCommandsInAnyOrder(t *testing.T) {
	reached := map[event.Kind]bool{}
	for _, seed := range seeds(t, 200) {
		w := newWorld(theMachine(), seed)
		if err := w.live(120); err != nil {
			t.Fatalf("CONVERSATION_SEED=%d: %v", seed, err)
		}
		for _, e := range w.events {
			reached[event.KindOf(e)] = true
		}
	}
	const first, last = 10, 54 // the conversation's facts in the envelope
	for k := event.Kind(first); k <= last && os.Getenv("CONVERSATION_SEED") == ""; k++ {
		if !reached[k] {
			e, err := event.New(k)
			t.Errorf("no run reached %T (%v)", e, err)
		}
	}
}

// TestG24_EveryTwoCommandsRace has every two commands meet in both orders in
// every phase: closing and writing among them.
func TestG24_EveryTwoCommandsRace(t *testing.T) {
	for seed := range uint64(10) {
		start := newWorld(theMachine(), seed)
		if err := start.live(int(4 + seed*2)); err != nil {
			t.Fatal(err)
		}
		cmds := start.everyKind()
		for i := range cmds {
			for j := range cmds {
				w := start.fork()
				for _, c := range []command{cmds[i], cmds[j], cmds[i]} {
					if err := w.step(c); err != nil {
						t.Fatalf("seed %d, %T then %T: %v", seed, cmds[i], cmds[j], err)
					}
				}
			}
		}
	}
}

// everyKind returns one command of each kind, as likely as can be to succeed.
func (w *world) everyKind() []command {
	m := w.model
	say := &event.Content{Text: "Good day!"}
	return []command{
		w.drawReceive(), w.drawReceive(),
		conversation.Reply{Operator: m.operator, ID: "r-a", Content: say},
		conversation.Note{Operator: "olga", ID: "n-a", Text: "Look."},
		conversation.AgentReply{Agent: m.agent, ID: "a-a", Turn: m.turn, About: w.state.LastIn, Content: say},
		conversation.HandOver{Agent: m.agent, Turn: m.turn, About: w.state.LastIn},
		conversation.HandOver{Agent: m.agent, Turn: m.turn, About: w.state.LastIn, To: "external"},
		conversation.Await{Agent: m.agent, Turn: m.turn, About: w.state.LastIn},
		conversation.FillSlots{Agent: m.agent, Turn: m.turn, About: w.state.LastIn, Slots: []*event.SlotFilled{{Class: "region", Value: "msk"}}},
		conversation.Present{ID: "v-a", Agent: m.agent, Turn: m.turn, About: w.state.LastIn, Survey: articles("weather", 0)},
		conversation.Present{ID: "v-b", Operator: m.operator, Survey: articles("quality", 0)},
		conversation.CancelSurvey{Operator: m.operator},
		conversation.Reject{Operator: m.operator, About: w.state.LastIn, Article: "delivery"},
		conversation.Label{By: "boss", Message: w.state.LastIn, Article: "returns"},
		conversation.Review{By: "boss"},
		conversation.Assign{Operator: "olga", Offer: "o-a", Turn: m.turn},
		conversation.Assign{Operator: "ivan", Offer: "o-b", Turn: m.turn},
		conversation.Assign{Operator: "ivan", Offer: "o-c", Forced: true},
		conversation.Probe{Operator: m.operator, Offer: w.state.Offer},
		conversation.Start{Operator: "olga", Offer: "o-d", Until: w.now.Add(1), ID: "r-b", Content: say},
		conversation.SetTicket{By: "boss", Number: "T-1"},
		conversation.Call{Operator: m.operator, ID: "k-a", Address: "+79990001122"},
		conversation.Requeue{Operator: m.operator, Cause: event.Cause_CONNECTION_LOST},
		conversation.Transfer{Operator: m.operator, ID: "t-a", To: "anton"},
		conversation.SetRouting{By: "boss", Routing: &event.Routing{LineId: "legal"}},
		conversation.SetTopic{By: "boss", Topic: "law"},
		conversation.CancelHold{Operator: m.operator},
		conversation.Close{Operator: m.operator, Dissatisfied: new(true)},
		conversation.Close{Agent: m.agent, Turn: m.turn, About: w.state.LastIn},
		conversation.Delivered{Message: w.message(m.sent)},
		conversation.Failed{Message: w.message(m.sent)},
		conversation.Bounced{Message: w.message(m.sent)},
		conversation.Receipt{Message: w.message(m.sent)},
		conversation.Receipt{Account: "telegram", At: w.now, Seen: true},
		conversation.Edit{Message: w.message(m.received), Content: say, At: w.now},
		conversation.Remove{Message: w.message(m.received)},
		conversation.Uncertain{Message: w.message(m.sent)},
		conversation.Retry{Operator: m.operator, Message: w.message(m.sent), Content: say},
		conversation.Rate{Rating: 5},
		conversation.Adopt{Customer: "bella"},
		conversation.Join{Kept: "c9"},
		conversation.Joined{From: "c8"},
		conversation.Wake{},
	}
}

// fork returns another world with the same past.
func (w *world) fork() *world {
	f := newWorld(w.machine, 0)
	f.now, f.policy, f.seq = w.now, w.policy, w.seq
	for _, e := range w.events {
		f.state = f.Apply(f.state, e)
	}
	f.events = slices.Clip(w.events)
	f.model = w.model
	f.model.offers, f.model.sent, f.model.received = map[string]bool{}, map[string]bool{}, map[string]bool{}
	f.model.highest = maps.Clone(w.model.highest)
	f.model.edited, f.model.removed, f.model.lost = maps.Clone(w.model.edited), maps.Clone(w.model.removed), maps.Clone(w.model.lost)
	f.model.files = maps.Clone(w.model.files)
	f.model.order, f.model.newest = slices.Clip(w.model.order), slices.Clip(w.model.newest)
	f.model.survey = w.model.survey.clone()
	for _, e := range w.events {
		switch e := e.(type) {
		case *event.ConversationAssigned:
			f.model.offers[e.OfferId] = true
		case *event.MessageSent:
			f.model.sent[e.MessageId] = true
		case *event.MessageReceived:
			f.model.received[e.MessageId] = true
		}
	}
	return f
}
