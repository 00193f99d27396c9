package agent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/view/articles"
)

// What an answer may hold.
const (
	mostActions = 20
	mostText    = 4000
	mostButtons = 20
	mostCaption = 100
	mostFiles   = 10
	mostSlots   = 50
	mostReason  = 200
)

// finishing is how long an agent's acts may take from the first to the last: a
// crash between them is noticed by it.
const finishing = time.Minute

// parse reads an answer. What it does not know of an action is passed over; an
// action of which it knows nothing is an error.
func parse(body []byte) (Actions, error) {
	var out Actions
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&out); err != nil {
		return out, refusal.Of("actions", "the answer is not JSON of the right shape")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return out, refusal.Of("actions", "the answer is followed by something else")
	}
	if len(out.Actions) > mostActions {
		return out, refusal.Of("actions", "an answer has at most %d actions", mostActions)
	}
	for i, a := range out.Actions {
		if n := a.count(); n != 1 {
			return out, refusal.Of(fmt.Sprintf("actions[%d]", i), "an action is exactly one thing, and this is %d", n)
		}
		if a.last() && i < len(out.Actions)-1 {
			return out, refusal.Of(fmt.Sprintf("actions[%d]", i), "nothing can be done after this")
		}
	}
	return out, nil
}

func (a Action) count() (n int) {
	for _, there := range []bool{a.Reply != nil, a.Ask != nil, a.SetRouting != nil, a.SetSlots != nil, a.SetTopic != nil,
		a.Present != nil, a.HandOver != nil, a.Close != nil, a.Fail != nil} {
		if there {
			n++
		}
	}
	return n
}

// last tells whether the agent does not keep the conversation after it, or
// another has the word.
func (a Action) last() bool {
	return a.HandOver != nil || a.Close != nil || a.Fail != nil || a.Ask != nil && a.Ask.Slot != "" || a.Present != nil
}

// A plan turns what an external agent wants into commands. Everything is
// checked before anything is done.
type plan struct {
	scene     Scene
	directory directory.State
	articles  *articles.Base
	draw      uint64
	now       time.Time
}

// commands are what the agent wants, with what says where it begins and ends.
func (p plan) commands(r Actions) (out []conversation.Command, err error) {
	s := p.scene
	speaks := false
	for i, a := range r.Actions {
		c, err := p.command(i, a)
		if e, ok := errors.AsType[*refusal.Error](err); ok {
			return nil, &refusal.Error{Kind: e.Kind, Text: e.Text, Field: fmt.Sprintf("actions[%d]", i)}
		}
		if err != nil {
			return nil, err
		}
		out = append(out, c)
		speaks = speaks || a.Reply != nil || a.Ask != nil || a.Present != nil
	}
	if n := len(r.Actions); n > 1 && speaks {
		more := conversation.Await{Agent: s.Agent, Turn: s.Turn, About: s.LastIn, Until: p.now.Add(finishing)}
		out = slices.Insert(out, 0, conversation.Command(more))
	}
	if n := len(r.Actions); n == 0 || !r.Actions[n-1].last() {
		out = append(out, s.settled())
	}
	return out, nil
}

func (p plan) command(n int, a Action) (conversation.Command, error) {
	s := p.scene
	switch {
	case a.Reply != nil:
		return p.reply(n, a.Reply.Text, a.Reply.Buttons, a.Reply.Attachments)
	case a.Ask != nil && a.Ask.Slot != "":
		return p.askSlot(n, a.Ask)
	case a.Ask != nil:
		return p.reply(n, a.Ask.Text, a.Ask.Buttons, nil)
	case a.SetRouting != nil:
		return p.routing(a.SetRouting)
	case a.SetSlots != nil:
		return p.slots(a.SetSlots)
	case a.SetTopic != nil:
		if err := p.topic(a.SetTopic.TopicID); err != nil {
			return nil, err
		}
		return conversation.SetTopic{Agent: s.Agent, Turn: s.Turn, About: s.LastIn, Topic: a.SetTopic.TopicID}, nil
	case a.Present != nil:
		return p.present(n, a.Present.Article)
	case a.HandOver != nil:
		return p.handOver(a.HandOver.To)
	case a.Close != nil:
		if err := p.topic(a.Close.TopicID); a.Close.TopicID != "" && err != nil {
			return nil, err
		}
		return conversation.Close{Agent: s.Agent, Turn: s.Turn, About: s.LastIn, Topic: a.Close.TopicID}, nil
	}
	reason := clip(strings.TrimSpace(a.Fail.Reason), mostReason)
	if reason == "" {
		return nil, refusal.New(refusal.Invalid, "a failure has a reason")
	}
	return s.failed(reason), nil
}

func (p plan) reply(n int, text string, buttons []ActionButton, files []string) (conversation.Command, error) {
	for _, f := range files {
		u, err := url.Parse(f)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.ContainsFunc(f, isSpace) {
			return nil, refusal.New(refusal.Invalid, "an attachment is an address of the web")
		}
		text = strings.TrimPrefix(text+"\n"+f, "\n")
	}
	switch {
	case strings.TrimSpace(text) == "":
		return nil, refusal.New(refusal.Invalid, "there is nothing to say")
	case utf8.RuneCountInString(text) > mostText:
		return nil, refusal.New(refusal.Invalid, "a text has at most %d characters", mostText)
	case len(buttons) > mostButtons || len(files) > mostFiles:
		return nil, refusal.New(refusal.Invalid, "there are at most %d buttons and %d attachments", mostButtons, mostFiles)
	}
	c := &event.Content{Text: text}
	for _, b := range buttons {
		if strings.TrimSpace(b.Caption) == "" || utf8.RuneCountInString(b.Caption) > mostCaption || utf8.RuneCountInString(b.Value) > mostText {
			return nil, refusal.New(refusal.Invalid, "a button has a caption of at most %d characters", mostCaption)
		}
		c.Buttons = append(c.Buttons, &event.Button{Caption: b.Caption, Value: b.Value})
	}
	return p.scene.say(n, c), nil
}

func isSpace(r rune) bool { return r <= ' ' }

// askSlot asks for one slot as a survey does, and answers nothing.
func (p plan) askSlot(n int, q *ActionAsk) (conversation.Command, error) {
	slot := p.articles.SlotNamed(q.Slot)
	switch {
	case slot == nil:
		return nil, refusal.New(refusal.Invalid, "there is no slot %q", q.Slot)
	case slot.Kind != event.SlotKind_ASKED:
		return nil, refusal.New(refusal.Invalid, "the slot %q is never asked for", q.Slot)
	case q.Text != "" || len(q.Buttons) > 0:
		return nil, refusal.New(refusal.Invalid, "a slot is asked for in its own words")
	}
	s := p.scene
	return conversation.Present{ID: s.name(n), Agent: s.Agent, Turn: s.Turn, About: s.LastIn, Earlier: s.Words,
		Survey: &event.Survey{Title: slot.Name, Slots: []*event.Slot{slot.Slot}}}, nil
}

func (p plan) present(n int, article string) (conversation.Command, error) {
	a := p.articles.ArticleNamed(article)
	if a == nil {
		return nil, refusal.New(refusal.Invalid, "there is no article %q", article)
	}
	c := p.scene.present(p.articles, a.ArticleId, p.draw)
	if c == nil {
		return nil, refusal.New(refusal.Invalid, "the article %q has no answer for this conversation", article)
	}
	c.ID = p.scene.name(n)
	return *c, nil
}

// routing lays what the agent says over what the conversation asks for. A line
// is one of the conversation's center.
func (p plan) routing(in *ActionRouting) (conversation.Command, error) {
	s := p.scene
	r := &event.Routing{}
	if s.Routing != nil {
		r = proto.CloneOf(s.Routing)
	}
	if in.LineID != "" {
		if l := p.directory.Line(in.LineID); l == nil || l.CenterId != s.Center {
			return nil, refusal.New(refusal.Invalid, "there is no line %q here", in.LineID)
		}
		r.LineId = in.LineID
	}
	if in.Language != "" {
		if _, ok := p.directory.Languages[in.Language]; !ok {
			return nil, refusal.New(refusal.Invalid, "there is no language %q", in.Language)
		}
		r.Language = in.Language
	}
	for _, k := range in.Skills {
		if _, ok := p.directory.Skills[k]; !ok {
			return nil, refusal.New(refusal.Invalid, "there is no skill %q", k)
		}
	}
	if in.Skills != nil {
		r.Skills = in.Skills
	}
	if in.Priority != nil {
		if *in.Priority < -100 || *in.Priority > 100 {
			return nil, refusal.New(refusal.Invalid, "a priority is -100 to 100")
		}
		r.Priority = *in.Priority
	}
	return conversation.SetRouting{Agent: s.Agent, Turn: s.Turn, About: s.LastIn, Routing: r}, nil
}

// slots keeps what the agent knows, by class. What it says of a dictionary is
// the id of an entry, whose caption people read.
func (p plan) slots(in map[string]string) (conversation.Command, error) {
	s := p.scene
	if len(in) > mostSlots {
		return nil, refusal.New(refusal.Invalid, "at most %d slots are set at once", mostSlots)
	}
	out := conversation.FillSlots{Agent: s.Agent, Turn: s.Turn, About: s.LastIn}
	for _, class := range slices.Sorted(maps.Keys(in)) {
		value := in[class]
		if strings.TrimSpace(class) == "" || strings.TrimSpace(value) == "" {
			return nil, refusal.New(refusal.Invalid, "a slot has a class and a value")
		}
		out.Slots = append(out.Slots, &event.SlotFilled{Class: class, Identifier: class, Value: value, Caption: p.caption(class, value)})
	}
	return out, nil
}

func (p plan) caption(class, value string) string {
	for _, slot := range p.articles.Slots() {
		if slot.Class == class || slot.Class == "" && slot.Identifier == class {
			for _, e := range slot.Entries {
				if e.Id == value {
					return e.Caption
				}
			}
		}
	}
	return value
}

func (p plan) topic(id string) error {
	if t, ok := p.directory.Topics[id]; !ok || t.Value.Archived {
		return refusal.New(refusal.Invalid, "there is no topic %q", id)
	}
	return nil
}

func (p plan) handOver(to string) (conversation.Command, error) {
	s := p.scene
	c := conversation.HandOver{Agent: s.Agent, Turn: s.Turn, About: s.LastIn, To: to}
	switch to {
	case "", "operator", "queue":
		c.To = ""
		return c, nil
	case "onward":
		c.To, c.Onward = "", true
		return c, nil
	case "back":
		c.To, c.Onward = s.Before, s.Before == ""
		to = s.Before
	}
	if a := p.directory.Agent(to); to != "" && (a == nil || a.Disabled) || to == s.Agent {
		return nil, refusal.New(refusal.Invalid, "there is no agent %q to hand over to", to)
	}
	return c, nil
}

// clip is the beginning of a text.
func clip(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}
