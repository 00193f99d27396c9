package conversation_test

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/shell"
)

type (
	state   = conversation.State
	command = conversation.Command
	machine = shell.Machine[state, command]
)

func theMachine() machine {
	return machine{
		Decide:   conversation.Decide,
		Apply:    conversation.Apply,
		Deadline: conversation.Deadline,
		Wake:     conversation.Wake{},
		Version:  conversation.Version,
	}
}

// Each script opens with the sentence it proves and the row that promises it.
func TestScripts(t *testing.T) {
	actortest.Run(t, "../../testdata/conversation", theMachine(), parse)
}

// A line reads the words of one line of a script.
type line struct {
	t *testing.T
	d *datadriven.TestData
}

func parse(t *testing.T, d *datadriven.TestData) command {
	l := line{t, d}
	for _, read := range []func(line) command{parseKeeper, parseMessage, parseAgent, parseRest} {
		if c := read(l); c != nil {
			return c
		}
	}
	t.Fatalf("%s: unknown command %s", d.Pos, d.Cmd)
	return nil
}

func parseKeeper(l line) command {
	switch l.d.Cmd {
	case "assign":
		return conversation.Assign{Operator: l.word("operator"), Offer: l.word("offer"), Line: l.word("line"),
			Turn: l.turn(), Verdict: l.verdict(), FirstName: l.word("fname"), LastName: l.word("lname"), Forced: l.has("forced")}
	case "probe":
		return conversation.Probe{Operator: l.word("operator"), Offer: l.word("offer")}
	case "requeue":
		return conversation.Requeue{Operator: l.word("operator"), Cause: l.cause()}
	case "return":
		return conversation.Return{By: l.word("by")}
	case "prioritize":
		return conversation.Prioritize{By: l.word("by"), Priority: int32(l.number("priority"))}
	case "transfer":
		return conversation.Transfer{Operator: l.word("operator"), ID: l.word("id"), To: l.word("to"),
			Note: l.d.Input, Routing: l.routing(), Until: l.until()}
	case "set-routing":
		return conversation.SetRouting{By: l.word("by"), Agent: l.word("agent"), Turn: l.turn(), About: l.word("about"), Routing: l.routing()}
	case "close":
		return conversation.Close{Operator: l.word("operator"), Agent: l.word("agent"), Topic: l.word("topic"),
			Turn: l.turn(), About: l.word("about"), Dissatisfied: l.answer("dissatisfied"), MustSay: l.has("must-say")}
	case "adopt":
		return conversation.Adopt{Customer: l.word("customer")}
	case "join":
		return conversation.Join{Kept: l.word("kept")}
	case "joined":
		return conversation.Joined{From: l.word("from")}
	case "wake":
		return conversation.Wake{}
	}
	return nil
}

func parseMessage(l line) command {
	switch l.d.Cmd {
	case "open": // by an operator, without a message
		return conversation.Receive{Opening: l.opening()}
	case "receive":
		return conversation.Receive{Opening: l.opening(), Message: l.message(), Ask: l.word("ask")}
	case "start":
		return conversation.Start{Opening: l.opening(), Operator: l.word("operator"), Offer: l.word("offer"), Until: l.until(),
			ID: l.word("id"), Content: l.content(), Account: l.word("account"), Address: l.word("address")}
	case "reply":
		return conversation.Reply{Operator: l.word("operator"), ID: l.word("id"), Content: l.offer(),
			Account: l.word("account"), Address: l.word("address"), Phrase: l.has("phrase"), Choice: l.choice()}
	case "edit":
		return conversation.Edit{Message: l.word("id"), Content: l.message().Content, At: l.until(), Account: l.word("account"), Address: l.word("address")}
	case "remove":
		return conversation.Remove{Message: l.word("id")}
	case "note":
		return conversation.Note{Operator: l.word("operator"), ID: l.word("id"), Text: l.d.Input}
	case "cancel-hold":
		return conversation.CancelHold{Operator: l.word("operator")}
	case "retry":
		return conversation.Retry{Operator: l.word("operator"), Message: l.word("id"), Content: l.content()}
	}
	return nil
}

func parseRest(l line) command {
	switch l.d.Cmd {
	case "delivered":
		return conversation.Delivered{Message: l.word("id"), ExternalID: l.word("external"), Arrived: l.has("arrived")}
	case "receipt":
		return conversation.Receipt{Message: l.word("id"), Account: l.word("account"), At: l.until(), Seen: l.has("seen")}
	case "bounced":
		return conversation.Bounced{Message: l.word("id"), Reason: l.word("reason")}
	case "failed":
		return conversation.Failed{Message: l.word("id"), Reason: l.word("reason")}
	case "uncertain":
		return conversation.Uncertain{Message: l.word("id"), Reason: l.word("reason")}
	case "fetched":
		return conversation.Fetched{Message: l.word("id"), Attachment: &event.Attachment{
			AttachmentId: l.word("file"), Blob: l.word("blob"), Failure: l.word("failure")}}
	case "customer-saw":
		return conversation.SeenByCustomer{Message: l.word("id")}
	case "operator-saw":
		return conversation.SeenByOperator{Operator: l.word("operator"), Message: l.word("id")}
	case "topic":
		return conversation.SetTopic{By: l.word("by"), Agent: l.word("agent"), Turn: l.turn(), About: l.word("about"), Topic: l.word("topic")}
	case "ticket":
		return conversation.SetTicket{By: l.word("by"), Number: l.word("number")}
	case "call":
		return conversation.Call{Operator: l.word("operator"), ID: l.word("id"), Account: "pbx", Address: l.word("address"), Failure: l.word("failure")}
	case "rate":
		return conversation.Rate{Rating: int32(l.number("stars")), Comment: l.d.Input}
	}
	return nil
}

func (l line) has(key string) bool { return l.d.HasArg(key) }

func (l line) word(key string) (s string) {
	l.d.MaybeScanArgs(l.t, key, &s)
	return s
}

func (l line) number(key string) (n int) {
	l.d.MaybeScanArgs(l.t, key, &n)
	return n
}

func (l line) words(key string) []string {
	arg, _ := l.d.Arg(key)
	return arg.Vals
}

func (l line) turn() uint64 { return uint64(l.number("turn")) }

func (l line) time(s string) time.Duration {
	if s == "" {
		return 0
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		l.t.Fatalf("%s: %v", l.d.Pos, err)
	}
	return d
}

func (l line) duration(key string) *durationpb.Duration {
	if !l.has(key) {
		return nil
	}
	return durationpb.New(l.time(l.word(key)))
}

// until is a moment, written as what has passed since the script began.
func (l line) until() time.Time {
	if !l.has("until") {
		return time.Time{}
	}
	return actortest.Epoch.Add(l.time(l.word("until")))
}

func (l line) cause() event.Cause {
	c, ok := event.Cause_value[l.word("cause")]
	if !ok {
		l.t.Fatalf("%s: unknown cause %q", l.d.Pos, l.word("cause"))
	}
	return event.Cause(c)
}

func (l line) answer(key string) *bool {
	switch l.word(key) {
	case "yes":
		return new(true)
	case "no":
		return new(false)
	}
	return nil
}

func (l line) verdict() *event.Verdict {
	if !l.has("rule") {
		return nil
	}
	return &event.Verdict{OperatorId: l.word("operator"), Rule: l.word("rule")}
}

func (l line) routing() *event.Routing {
	if !l.has("line") && !l.has("skills") && !l.has("language") {
		return nil
	}
	return &event.Routing{LineId: l.word("line"), Skills: l.words("skills"), Language: l.word("language")}
}

func (l line) content() *event.Content {
	if l.d.Input == "" {
		return nil
	}
	return &event.Content{Text: l.d.Input}
}

// offer is content with buttons; each has its caption in small letters for a value.
func (l line) offer() *event.Content {
	c := l.content()
	for _, b := range l.words("buttons") {
		c.Buttons = append(c.Buttons, &event.Button{Caption: b, Value: strings.ToLower(b)})
	}
	return c
}

func (l line) message() *event.MessageReceived {
	m := &event.MessageReceived{MessageId: l.word("id"), AccountId: l.word("account"), Order: int64(l.number("order")),
		Automatic: l.has("automatic")}
	if m.AccountId != "" {
		m.Address = cmp.Or(l.word("address"), "anna@"+m.AccountId)
	}
	m.Content = l.content()
	if l.has("contact") {
		m.Content = &event.Content{Contact: &event.Contact{Phone: l.word("contact")}}
	}
	if l.has("press") {
		m.Content.Pressed = &event.Button{Caption: m.Content.Text, Value: l.word("press")}
	}
	for _, f := range l.words("files") {
		if m.Content == nil {
			m.Content = &event.Content{}
		}
		m.Content.Attachments = append(m.Content.Attachments, &event.Attachment{AttachmentId: f, Source: "there"})
	}
	return m
}

// opening is what a first message opens with: nothing is configured but what
// the line names.
func (l line) opening() *event.ConversationOpened {
	p := &event.Policy{ResponseTimeout: l.duration("response"), Agents: l.words("agents"),
		AgentTimeout: l.duration("agent-timeout"), PersonWords: l.words("person")}
	if l.has("join") {
		p.JoinText = "{fname} {lname} is with you."
	}
	if l.has("join-first") {
		p.JoinText = "{fname} {lname}"
	}
	return &event.ConversationOpened{
		ConversationId: "c1", CustomerId: "anna", AccountId: "telegram", Address: "anna@telegram",
		Routing: l.routing(), Policy: l.policy(p), Preferred: l.words("preferred"), OpenedBy: l.word("by"),
	}
}

func (l line) policy(p *event.Policy) *event.Policy {
	for _, key := range []string{"detach", "remind", "close", "tell"} {
		if l.has(key) {
			p.Silence = l.silence()
		}
	}
	if l.has("hold-operator") || l.has("hold-customer") {
		p.Hold = &event.HoldPolicy{
			Patterns:        []string{" One moment, please. ", ""},
			OperatorTimeout: l.duration("hold-operator"), OperatorText: "Still looking.",
			CustomerTimeout: l.duration("hold-customer"), CustomerText: "Are you there?",
		}
	}
	return p
}

// silence reads the delays; "quiet" leaves the notices without texts.
func (l line) silence() *event.SilencePolicy {
	p := &event.SilencePolicy{
		DetachAfter: l.duration("detach"), RemindAfter: l.duration("remind"), CloseAfter: l.duration("close"),
	}
	if !l.has("quiet") {
		p.DetachText, p.RemindText, p.CloseText = "Write when you are back.", "We wait for your answer.", "Goodbye."
	}
	for _, after := range l.words("tell") {
		p.Messages = append(p.Messages, &event.SilenceMessage{After: durationpb.New(l.time(after)), Text: "Told after " + after})
	}
	return p
}
