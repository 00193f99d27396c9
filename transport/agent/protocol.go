package agent

import (
	"time"
)

// An Occasion is what an external agent is posted: that it keeps a conversation
// now, or that the customer has written.
type Occasion struct {
	ConversationID string            `json:"conversation_id"`
	AgentID        string            `json:"agent_id"`
	Turn           uint64            `json:"turn" doc:"rises with every change of keeper"`
	Event          string            `json:"event" doc:"engaged: the agent keeps the conversation from now on; message: the customer has written"`
	Message        *OccasionMessage  `json:"message,omitempty" doc:"the customer's last"`
	Slots          map[string]string `json:"slots" doc:"what is known of the customer, by class; of a dictionary its entry's id"`
	Captions       map[string]string `json:"captions" doc:"the same as people read it"`
	Customer       OccasionCustomer  `json:"customer"`
	Routing        OccasionRouting   `json:"routing"`
	History        []OccasionLine    `json:"history" doc:"the last of what was said, oldest first"`
	AnswerURL      string            `json:"answer_url,omitempty" doc:"where the answer may be posted later, once, after a 202"`
	Trial          bool              `json:"trial,omitempty" doc:"an administrator tries the agent: there is no customer, and nothing of the answer is done"`
	PatientUntil   time.Time         `json:"patient_until" doc:"an answer that is posted later than this is too late"`
}

// OccasionMessage is what the customer wrote or pressed.
type OccasionMessage struct {
	MessageID   string           `json:"message_id"`
	At          time.Time        `json:"at"`
	Text        string           `json:"text"`
	Pressed     *OccasionButton  `json:"pressed,omitempty" doc:"the customer pressed this button instead of writing"`
	Attachments []OccasionFile   `json:"attachments,omitempty" doc:"what came with it"`
	Location    *OccasionPlace   `json:"location,omitempty"`
	Contact     *OccasionContact `json:"contact,omitempty"`
}

// OccasionButton is a button that was pressed.
type OccasionButton struct {
	Caption string `json:"caption"`
	Value   string `json:"value"`
}

// OccasionFile is a file, and where it is.
type OccasionFile struct {
	Name     string     `json:"name"`
	Mime     string     `json:"mime"`
	Size     int64      `json:"size"`
	URL      string     `json:"url,omitempty" doc:"where the bytes are, without signing in; whoever has the address has the file. 503 while the messenger has not given it yet"`
	URLUntil *time.Time `json:"url_until,omitempty" doc:"when that address ends, a day from now"`
}

// OccasionPlace is where somebody is.
type OccasionPlace struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// OccasionContact is a contact that the customer sent.
type OccasionContact struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// OccasionCustomer is who writes.
type OccasionCustomer struct {
	CustomerID string `json:"customer_id"`
	Name       string `json:"name"`
}

// OccasionRouting is what the conversation asks of an operator.
type OccasionRouting struct {
	LineID   string   `json:"line_id"`
	Language string   `json:"language"`
	Skills   []string `json:"skills"`
	Priority int32    `json:"priority"`
}

// OccasionLine is something that was said.
type OccasionLine struct {
	By   string    `json:"by" doc:"customer, agent, operator or system"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// Actions are what an external agent answers.
type Actions struct {
	Actions []Action `json:"actions" doc:"done in this order; ask for a slot, present, hand_over, close and fail come last"`
}

// An Action is one thing to do: exactly one of its fields is there.
type Action struct {
	Reply      *ActionReply      `json:"reply,omitempty" doc:"says something"`
	Ask        *ActionAsk        `json:"ask,omitempty" doc:"asks the customer, in words or for a slot of the knowledge base"`
	SetRouting *ActionRouting    `json:"set_routing,omitempty" doc:"what the conversation asks of an operator from now on; what is left out stays"`
	SetSlots   map[string]string `json:"set_slots,omitempty" doc:"what the agent knows of the customer, by class"`
	SetTopic   *ActionTopic      `json:"set_topic,omitempty" doc:"what the conversation is about"`
	Present    *ActionArticle    `json:"present,omitempty" doc:"gives an article of the knowledge base"`
	HandOver   *ActionHandOver   `json:"hand_over,omitempty"`
	Close      *ActionClose      `json:"close,omitempty" doc:"ends the conversation"`
	Fail       *ActionFail       `json:"fail,omitempty" doc:"the agent can't help: the next one of the chain does"`
}

// ActionReply is words with buttons. An attachment is an address, which goes as
// a line of text.
type ActionReply struct {
	Text        string         `json:"text,omitempty"`
	Buttons     []ActionButton `json:"buttons,omitempty"`
	Attachments []string       `json:"attachments,omitempty" doc:"addresses of documents on the web"`
}

// ActionButton is a button that the customer may press.
type ActionButton struct {
	Caption string `json:"caption"`
	Value   string `json:"value,omitempty" doc:"what pressing it sends; the caption if empty"`
}

// ActionAsk is a question: words, or a slot.
type ActionAsk struct {
	Text    string         `json:"text,omitempty"`
	Buttons []ActionButton `json:"buttons,omitempty"`
	Slot    string         `json:"slot,omitempty" doc:"identifier of a slot: the conversation asks for it and checks the answer, and the agent is told when it is there"`
}

// ActionRouting is what a conversation asks for.
type ActionRouting struct {
	LineID   string   `json:"line_id,omitempty"`
	Language string   `json:"language,omitempty"`
	Skills   []string `json:"skills,omitempty"`
	Priority *int32   `json:"priority,omitempty"`
}

// ActionTopic is what a conversation is about.
type ActionTopic struct {
	TopicID string `json:"topic_id"`
}

// ActionArticle is an article by its identifier.
type ActionArticle struct {
	Article string `json:"article"`
}

// ActionHandOver is to whom the conversation goes.
type ActionHandOver struct {
	To string `json:"to,omitempty" doc:"operator, back (who kept it before), onward (the next one of the chain), or an agent's id; operator if left out"`
}

// ActionClose is an end.
type ActionClose struct {
	TopicID string `json:"topic_id,omitempty"`
}

// ActionFail is why an agent can't help.
type ActionFail struct {
	Reason string `json:"reason"`
}
