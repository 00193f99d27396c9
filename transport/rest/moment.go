package rest

import (
	"slices"
	"sort"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/queue"
	"crafttalkd/actors/refusal"
)

// Moment is a conversation as it stood at some time, folded from its events up
// to then.
type Moment struct {
	At        time.Time               `json:"at"`
	Version   uint64                  `json:"version" doc:"of the conversation's events, the last one that had happened"`
	Phase     string                  `json:"phase" doc:"automatic, waiting, served or closed"`
	Handler   string                  `json:"handler" doc:"who kept it: agent, queue or operator; empty once it was closed"`
	HandlerID string                  `json:"handler_id" doc:"of the agent, the line or the operator"`
	Since     time.Time               `json:"since,omitzero" doc:"of that keeping"`
	Routing   Message[*event.Routing] `json:"routing"`
	TopicID   string                  `json:"topic_id"`
	Timers    []MomentTimer           `json:"timers" doc:"that ran, the first to end first"`
	Place     *QueuePlace             `json:"place,omitempty" doc:"while it waited"`
	Suggested *Suggested              `json:"suggested,omitempty" doc:"what the assistant showed for the customer's last message, as far as an operator chose or rejected something"`
}

// MomentTimer is one that ran.
type MomentTimer struct {
	Name string    `json:"name" doc:"hold, response, agent, silence_message, detach, remind or close"`
	Due  time.Time `json:"due"`
}

// QueuePlace is where a waiting conversation stood in line.
type QueuePlace struct {
	LineID  string                  `json:"line_id"`
	Place   int                     `json:"place" doc:"from 1; 0 if it is not known"`
	Of      int                     `json:"of" doc:"how many waited"`
	Verdict Message[*event.Verdict] `json:"verdict" doc:"why it had to wait, as it was decided when it came"`
}

// Suggested is what was shown to the operator for one message.
type Suggested struct {
	MessageID   string   `json:"message_id"`
	Shown       []string `json:"shown" doc:"articles, the likeliest first"`
	Chosen      string   `json:"chosen" doc:"the article that was given; empty for none by then"`
	Rank        int32    `json:"rank" doc:"of the chosen one among the shown, from 1; 0 if it was found by search"`
	Probability float64  `json:"probability" doc:"that the assistant gave it"`
	Rejected    []string `json:"rejected" doc:"articles that were said to be wrong by then"`
}

// asItStood shows the conversation at some time.
func (c *call) asItStood() (Moment, error) {
	if _, err := c.openedConversation(); err != nil {
		return Moment{}, err
	}
	at, err := c.moment("at")
	if err != nil {
		return Moment{}, err
	}
	if at.IsZero() {
		return Moment{}, refusal.Of("at", "say when")
	}
	// Whoever asks knows milliseconds: what happened within the one that is named had happened.
	at = at.Truncate(time.Millisecond).Add(time.Millisecond - 1)
	v, s, events := &Conversation{}, conversation.State{}, []event.Event{}
	for e, err := range c.config.System.Journal().Events(event.ConversationStream+c.id(), 0) {
		if err != nil {
			return Moment{}, err
		}
		if events = append(events, e.Event); !event.At(e.Event).After(at) {
			v.apply(e)
			s = conversation.Apply(s, e.Event)
		}
	}
	if v.Version == 0 {
		return Moment{}, refusal.Of("at", "the conversation had not begun")
	}
	out := Moment{At: at, Version: v.Version, Phase: v.Phase, Routing: v.Routing, TopicID: v.Disposition.TopicID,
		Timers: timersOf(s), Suggested: suggestedFor(s.LastIn, events, at)}
	if n := len(v.Sessions); n > 0 && v.Phase != "closed" {
		k := v.Sessions[n-1]
		out.Handler, out.HandlerID, out.Since = k.Handler, k.HandlerID, k.Begin
	}
	if v.Phase == "waiting" {
		out.Place, err = c.inLine(v.Routing.Of.GetLineId(), at)
	}
	return out, err
}

func timersOf(s conversation.State) []MomentTimer {
	out := []MomentTimer{}
	for _, t := range conversation.Timers(s) {
		out = append(out, MomentTimer{t.Name, t.Due})
	}
	slices.SortStableFunc(out, func(a, b MomentTimer) int { return a.Due.Compare(b.Due) })
	return out
}

// suggestedFor finds what was shown for a message. What the assistant showed is
// known from the choice, which may have come after at; what was chosen and
// rejected is told as of at.
func suggestedFor(message string, events []event.Event, at time.Time) *Suggested {
	out := &Suggested{MessageID: message, Shown: []string{}, Rejected: []string{}}
	found := false
	for _, e := range events {
		switch e := e.(type) {
		case *event.AnswerChosen:
			if e.About != message {
				continue
			}
			out.Shown, found = list(e.Shown), true
			if !e.At.AsTime().After(at) {
				out.Chosen, out.Rank, out.Probability = e.ArticleId, e.Rank, e.Probability
			}
		case *event.AnswerRejected:
			if e.About == message && !e.At.AsTime().After(at) {
				out.Rejected, found = append(out.Rejected, e.ArticleId), true
			}
		}
	}
	if !found {
		return nil
	}
	return out
}

// window is how many of a queue's events before a moment are looked through for
// those who waited then. Who came before that and still waited is not counted.
const window = 20_000

// inLine finds out who waited in a line at some time.
func (c *call) inLine(line string, at time.Time) (*QueuePlace, error) {
	stream := event.QueueStream + line
	end, err := c.versionAt(stream, at)
	if err != nil {
		return nil, err
	}
	s, err := look(c, stream, func(s queue.State) queue.State { return queue.State{Line: s.Line, Worth: s.Worth} })
	if err != nil {
		return nil, err
	}
	out := &QueuePlace{LineID: line, Verdict: Message[*event.Verdict]{&event.Verdict{}}}
	for e, err := range c.config.System.Journal().Events(stream, max(end, window)-window) {
		if err != nil {
			return nil, err
		}
		if e.Version > end {
			break
		}
		s = queue.Apply(s, e.Event)
		if in, ok := e.Event.(*event.QueueEntered); ok && in.ConversationId == c.id() && in.Verdict != nil {
			out.Verdict.Of = in.Verdict
		}
	}
	waiting := queue.Waiting(s)
	out.Of = len(waiting)
	out.Place = 1 + slices.IndexFunc(waiting, func(w queue.Wait) bool { return w.Conversation == c.id() })
	return out, nil
}

// versionAt returns how many events a stream had at some time. Times of a
// stream's events rise, so a few looks are enough.
func (c *call) versionAt(stream string, at time.Time) (uint64, error) {
	j := c.config.System.Journal()
	n, err := j.Version(stream)
	if err != nil {
		return 0, err
	}
	end := sort.Search(int(n), func(i int) bool {
		for e, failed := range j.Events(stream, uint64(i)) {
			if failed != nil {
				err = failed
				return true
			}
			return event.At(e.Event).After(at)
		}
		return true
	})
	return uint64(end), err
}
