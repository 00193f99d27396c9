package rest

import (
	"cmp"
	"crypto/rand"
	"maps"
	"slices"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/queue"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/wall"
	"crafttalkd/transport/accounts"
	"crafttalkd/transport/auth"
)

// workRoutes are what goes on now and what went on. Manual: Мониторинг.
func workRoutes() []*route {
	const v1 = "/api/v1"
	read := may(directory.ViewClients, directory.ViewClient, directory.ViewMonitoring, directory.ViewDialogsSearch)
	watch := may(directory.ViewMonitoring)
	return []*route{
		{method: "GET", path: v1 + "/monitoring", summary: "What goes on now, within the own routing settings", may: watch, verb: answers((*call).monitoring)},
		{method: "POST", path: v1 + "/operators/:id/offline", summary: "Take an operator off reception", may: watch, verb: does((*call).forceOffline)},
		{method: "GET", path: v1 + "/conversations/:id", summary: "One conversation", may: read, verb: answers((*call).getConversation)},
		{method: "GET", path: v1 + "/conversations/:id/events", summary: "The events of a conversation", may: read, verb: answers((*call).events),
			params: []param{{name: "after", doc: "the version after which to begin"}}},
		{method: "GET", path: v1 + "/conversations/:id/moment", summary: "A conversation as it stood at some time: who kept it, its timers, its place in the queue, what was suggested", may: read,
			verb: answers((*call).asItStood), params: []param{{name: "at", need: true, doc: "when, as RFC 3339 writes it"}}},
		{method: "GET", path: v1 + "/conversations/:id/verdicts", summary: "Why it went to this operator, or still waits", may: read, verb: answers((*call).verdicts),
			params: []param{{name: "operator", doc: "why not this one"}}},
		{method: "POST", path: v1 + "/conversations/:id/assign", summary: "Give a conversation to an operator, whatever the capacity", may: watch, verb: told((*call).assign)},
		{method: "POST", path: v1 + "/conversations/:id/take", summary: "Take a conversation over oneself, whatever the capacity", may: watch, verb: does((*call).takeOver)},
		{method: "POST", path: v1 + "/conversations/:id/return", summary: "Put a conversation back in its queue, whoever keeps it", may: watch, verb: does((*call).putBack)},
		{method: "PUT", path: v1 + "/conversations/:id/priority", summary: "Change how soon a conversation is served", act: audit.PrioritySet, may: watch, verb: told((*call).prioritize)},
		{method: "GET", path: v1 + "/settings/:id/secret", summary: "What the alerts of a center are signed with", act: audit.SecretShown, may: configure, verb: answers((*call).alertSecret)},
		{method: "GET", path: v1 + "/errors", summary: "Messages whose processing failed", may: watch, verb: answers((*call).listErrors)},
		{method: "GET", path: v1 + "/errors/:id/raw", summary: "An update that nobody understood, as it came", act: audit.FailureShown, may: configure,
			verb: verb{media: "application/octet-stream", serve: (*call).rawError}},
		{method: "POST", path: v1 + "/errors/:id/retry", summary: "Process a message again, or have its channel read an update again; 409 says why it stays", act: audit.FailureRetried, may: watch, verb: does((*call).retryError)},
		{method: "DELETE", path: v1 + "/errors/:id", summary: "Discard a message", act: audit.FailureDiscarded, may: watch, verb: does((*call).discardError)},
		{method: "POST", path: v1 + "/files", summary: "Upload a file for a conversation", may: may(directory.SendFiles, directory.SendPics), verb: upload,
			params: []param{{name: "conversation", doc: "whose customer the file is for", need: true}, {name: "name", doc: "what the file is called"}}},
		{method: "GET", path: v1 + "/files/:customer/:hash", summary: "Download a file", may: signedIn, verb: download,
			params: []param{{name: "name", doc: "what the file is called"}}},
	}
}

// Snapshot is what goes on at one moment, as far as the asker may see it.
type Snapshot struct {
	At        time.Time            `json:"at"`
	Counters  Counters             `json:"counters"`
	Operators []OnDuty             `json:"operators"`
	Queues    []Queue              `json:"queues"`
	Automatic []Automatic          `json:"automatic"`
	Accounts  []accounts.Condition `json:"accounts"`
	Alerts    []wall.Alert         `json:"alerts" doc:"that are up"`
}

// Counters is the head line.
type Counters struct {
	Waiting         int `json:"waiting"`
	OperatorsOnline int `json:"operators_online" doc:"on reception"`
	Automatic       int `json:"automatic" doc:"kept by agents"`
	Errors          int `json:"errors" doc:"messages whose processing failed"`
}

// OnDuty is an operator, on reception or not.
type OnDuty struct {
	OperatorID string    `json:"operator_id"`
	FirstName  string    `json:"first_name"`
	LastName   string    `json:"last_name"`
	Presence   string    `json:"presence"`
	Since      time.Time `json:"since,omitzero" doc:"of the presence"`
	Connected  bool      `json:"connected"`
	Capacity   int32     `json:"capacity"`
	LineIDs    []string  `json:"line_ids"`
	Languages  []string  `json:"languages"`
	Skills     []string  `json:"skills"`
	Held       []Held    `json:"held"`
}

// Held is a conversation that an operator holds. One that the asker may not see
// has no more than its place.
type Held struct {
	line           string    // whose offer it was, if it was one
	ConversationID string    `json:"conversation_id" doc:"empty for one out of the own routing settings"`
	CustomerName   string    `json:"customer_name"`
	Since          time.Time `json:"since"`
	Forced         bool      `json:"forced"`
}

// Queue is who waits for one line, the first first.
type Queue struct {
	LineID  string    `json:"line_id"`
	Waiting []Waiting `json:"waiting"`
	More    int       `json:"more" doc:"how many more wait after these"`
}

// Waiting is a conversation in a queue.
type Waiting struct {
	ConversationID string    `json:"conversation_id"`
	CustomerName   string    `json:"customer_name"`
	Since          time.Time `json:"since"`
	Priority       int32     `json:"priority"`
	Language       string    `json:"language"`
	Skills         []string  `json:"skills"`
}

// Automatic is a conversation that an agent keeps.
type Automatic struct {
	ConversationID string                  `json:"conversation_id"`
	CustomerName   string                  `json:"customer_name"`
	AccountID      string                  `json:"account_id"`
	CenterID       string                  `json:"center_id"`
	Routing        Message[*event.Routing] `json:"routing"`
	AgentID        string                  `json:"agent_id"`
	Since          time.Time               `json:"since"`
}

// shown is how many waiting conversations of a line are told one by one.
const shown = 200

func (c *call) monitoring() (Snapshot, error) {
	out := Snapshot{At: c.config.System.Now(), Operators: []OnDuty{}, Queues: []Queue{}, Automatic: []Automatic{}}
	d := c.directory()
	for _, u := range d.Operators() {
		if !c.seesOperator(d, u) {
			continue
		}
		o, err := c.onDuty(u)
		if err != nil {
			return Snapshot{}, err
		}
		if o.Presence == event.Presence_ONLINE.String() && o.Connected {
			out.Counters.OperatorsOnline++
		}
		out.Operators = append(out.Operators, o)
	}
	for _, id := range slices.Sorted(maps.Keys(d.Lines)) {
		if !c.seesLine(d, id) {
			continue
		}
		q, err := c.queue(d, id)
		if err != nil {
			return Snapshot{}, err
		}
		out.Counters.Waiting += len(q.Waiting) + q.More
		out.Queues = append(out.Queues, q)
	}
	c.automatic(&out)
	out.Accounts = c.conditions()
	if out.Alerts = []wall.Alert{}; c.config.Alerts != nil {
		out.Alerts = c.config.Alerts(c.asker.user)
	}
	failed, err := c.visibleErrors()
	out.Counters.Errors = len(failed)
	return out, err
}

func (c *call) automatic(out *Snapshot) {
	if c.config.Automatic == nil {
		return
	}
	for _, a := range c.config.Automatic() {
		if !c.sees(a.CenterID, a.Routing.Of) {
			continue
		}
		if out.Counters.Automatic++; len(out.Automatic) < shown {
			a.CustomerName = cmp.Or(a.CustomerName, c.customerName(a.ConversationID))
			out.Automatic = append(out.Automatic, a)
		}
	}
}

func (c *call) onDuty(u *event.User) (OnDuty, error) {
	o, err := c.duty(u)
	for i, x := range o.Held {
		opened := c.opened(x.ConversationID)
		if !c.sees(opened.GetCenterId(), &event.Routing{LineId: x.line}) {
			o.Held[i] = Held{Since: x.Since, Forced: x.Forced}
			continue
		}
		o.Held[i].CustomerName = opened.GetCustomerName()
	}
	return o, err
}

// duty is an operator without the names of those who are held.
func (c *call) duty(u *event.User) (OnDuty, error) {
	o, err := look(c, event.OperatorStream+u.UserId, func(s operator.State) OnDuty {
		o := OnDuty{Since: s.Since, Connected: s.LostUntil.IsZero(), Capacity: s.Capacity, Held: []Held{},
			Presence: s.Presence.String()}
		if s.Presence == event.Presence_PRESENCE_UNKNOWN {
			o.Presence = event.Presence_OFFLINE.String()
		}
		for _, x := range s.Slots {
			o.Held = append(o.Held, Held{ConversationID: x.Conversation, Since: x.Since, Forced: x.Forced, line: x.Line})
		}
		return o
	})
	o.OperatorID, o.FirstName, o.LastName = u.UserId, u.FirstName, u.LastName
	o.LineIDs, o.Languages, o.Skills = list(u.LineIds), list(u.Languages), list(u.Skills)
	return o, err
}

// queue shows the waiting conversations of a line that the asker may see.
func (c *call) queue(d directory.State, line string) (Queue, error) {
	center := d.Line(line).GetCenterId()
	u := c.asker.user
	q, err := look(c, event.QueueStream+line, func(s queue.State) Queue {
		q := Queue{LineID: line, Waiting: []Waiting{}}
		for _, w := range queue.Waiting(s) {
			switch r := (&event.Routing{LineId: line, Language: w.Language, Skills: w.Skills}); {
			case !auth.InScope(u, r, center):
			case len(q.Waiting) == shown:
				q.More++
			default:
				q.Waiting = append(q.Waiting, Waiting{ConversationID: w.Conversation, Since: w.Since, Priority: w.Priority,
					Language: w.Language, Skills: list(slices.Clone(w.Skills))})
			}
		}
		return q
	})
	for i := range q.Waiting {
		q.Waiting[i].CustomerName = c.customerName(q.Waiting[i].ConversationID)
	}
	return q, err
}

// customerName is what the customer was called when the conversation opened.
// A conversation that can't be read has no name to show.
func (c *call) customerName(conversation string) string {
	return c.opened(conversation).GetCustomerName()
}

// opened is how a conversation began; nil for one that can't be read.
func (c *call) opened(conversation string) *event.ConversationOpened {
	for e, err := range c.config.System.Journal().Events(event.ConversationStream+conversation, 0) {
		if o, ok := e.Event.(*event.ConversationOpened); ok && err == nil {
			return o
		}
		break
	}
	return nil
}

// operatorInScope returns the operator that the asker may steer.
func (c *call) operatorInScope(id, field string) (*event.User, error) {
	d := c.directory()
	u := d.User(id)
	if u == nil || len(u.LineIds) == 0 || !c.seesOperator(d, u) {
		if field != "" {
			return nil, refusal.Of(field, "there is no operator %q", id)
		}
		return nil, refusal.New(refusal.NotFound, "there is no operator %q", id)
	}
	return u, nil
}

// forceOffline takes an operator off reception; the conversations go back to
// their queues.
func (c *call) forceOffline() error {
	u, err := c.operatorInScope(c.id(), "")
	if err != nil {
		return err
	}
	_, err = c.ask(event.OperatorStream+u.UserId,
		operator.SetPresence{Presence: event.Presence_OFFLINE, Cause: event.Cause_FORCED_OFFLINE, By: c.by()})
	return err
}

// Assignee is who gets a conversation.
type Assignee struct {
	OperatorID string `json:"operator_id" need:"yes"`
}

// assign gives a conversation to an operator over the capacity: it is recorded
// as a supervisor's will. The conversation follows from the operator's slot.
func (c *call) assign(in Assignee) error {
	v, err := c.openConversation()
	if err != nil {
		return err
	}
	u, err := c.operatorInScope(in.OperatorID, "operator_id")
	if err != nil {
		return err
	}
	return c.force(v, u)
}

// openConversation is the one that the call is about, which must not have ended.
func (c *call) openConversation() (*Conversation, error) {
	v, err := c.conversation(c.id())
	if err == nil && v.Phase == "closed" {
		err = refusal.New(refusal.Conflict, "the conversation is closed")
	}
	return v, err
}

func (c *call) force(v *Conversation, to *event.User) error {
	_, err := c.ask(event.OperatorStream+to.UserId,
		operator.Force{Conversation: v.ConversationID, Offer: "will-" + rand.Text(), By: c.by()})
	return err
}

// takeOver gives a conversation to the asker, who must be an operator.
func (c *call) takeOver() error {
	v, err := c.openConversation()
	if err != nil {
		return err
	}
	if len(c.asker.user.LineIds) == 0 {
		return refusal.New(refusal.Conflict, "only who serves a line takes conversations")
	}
	return c.force(v, c.asker.user)
}

// putBack takes a conversation from whoever keeps it.
func (c *call) putBack() error {
	v, err := c.openConversation()
	if err != nil {
		return err
	}
	_, err = c.ask(event.ConversationStream+v.ConversationID, conversation.Return{By: c.by()})
	return err
}

// Priority is how soon a conversation is served.
type Priority struct {
	Priority int32 `json:"priority" doc:"0 is usual; each step is worth as much waiting as the settings say"`
}

func (c *call) prioritize(in Priority) error {
	v, err := c.openConversation()
	if err != nil {
		return err
	}
	_, err = c.ask(event.ConversationStream+v.ConversationID, conversation.Prioritize{By: c.by(), Priority: in.Priority})
	return err
}

// AlertSecret is what whoever takes alerts checks their signatures with.
type AlertSecret struct {
	Secret string `json:"secret" doc:"of Standard Webhooks; another number in the settings is another secret"`
}

func (c *call) alertSecret() (AlertSecret, error) {
	id := settings.key(c)
	if id != "" && c.directory().Centers[id].Value == nil || c.config.Secret == nil {
		return AlertSecret{}, refusal.New(refusal.NotFound, "there is no center %q", c.id())
	}
	return AlertSecret{c.config.Secret(id)}, nil
}
