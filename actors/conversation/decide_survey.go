package conversation

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/survey"
)

// articlePrefix begins what a button sends that leads to another article.
const articlePrefix = "article:"

// Article returns the article that the customer asked for by pressing a button.
func Article(pressed *event.Button) (id string, ok bool) {
	return strings.CutPrefix(pressed.GetValue(), articlePrefix)
}

// present gives the customer an article. One that asks for nothing answers at
// once; any other begins a survey, in place of the one under way.
func present(s State, c Present, at *timestamppb.Timestamp) ([]event.Event, error) {
	if events, err := mayPresent(s, c, at); err != nil {
		return events, err
	}
	d, given := begin(s, at), Survey{Survey: proto.CloneOf(c.Survey), Operator: c.Operator, Agent: c.Agent, About: c.About}
	if len(given.Survey.Slots) > 0 {
		given.Survey.SurveyId = c.ID
		d.conduct(given, c.Earlier)
	} else if redirect, said := d.answer(given); redirect == "" && !said {
		return nil, refusal.Of("article_id", "the article has no answer for this conversation")
	} else if redirect != "" {
		d.redirect(redirect)
	}
	if !d.heeded(c) {
		return nil, refusal.Of("answer_id", "the conditions of the answer do not hold for this customer")
	}
	d.noted(c)
	return d.events, nil
}

// heeded tells whether the answer that was asked for is given, if one was. Once
// the customer is asked, another may be: what is said then decides.
func (d *draft) heeded(c Present) bool {
	if c.Survey.AnswerId == "" || d.state.Survey != nil && d.state.Survey.id() == c.ID {
		return true
	}
	return slices.ContainsFunc(d.events, func(e event.Event) bool {
		m, ok := e.(*event.MessageSent)
		return ok && m.AnswerId == c.Survey.AnswerId
	})
}

// mayPresent refuses who can't give the article now.
func mayPresent(s State, c Present, at *timestamppb.Timestamp) ([]event.Event, error) {
	if c.Agent != "" {
		if events, err := late(s, act{c.Agent, c.Turn, c.About, "article " + c.ID}, at); err != nil {
			return events, err
		}
	} else if err := s.shut(); err != nil {
		return nil, err
	} else if !s.keptBy(c.Operator) {
		return nil, errNotYours
	}
	if c.Survey == nil || c.ID == "" {
		return nil, refusal.Of("article_id", "say which article it is")
	}
	for _, a := range c.Survey.Answers {
		if to, ok := survey.Redirect(a.GetText()); ok && c.Agent == "" {
			return nil, refusal.Of("article_id", "the article hands the conversation to %s, which only an automatic agent can do", to)
		}
	}
	return nil, nil
}

// noted does what follows from an operator's article as from a reply: the hold
// timer, and the choice that the bot learns from.
func (d *draft) noted(c Present) {
	i := slices.IndexFunc(d.events, func(e event.Event) bool { _, ok := e.(*event.MessageSent); return ok })
	if c.Operator == "" || i < 0 {
		return
	}
	sent := d.events[i].(*event.MessageSent)
	d.add(arm(d.state, Reply{Operator: c.Operator, Content: sent.Content}, d.at)...)
	if c.Choice != nil {
		d.add(chosen(c.Choice, c.Operator, sent.MessageId, d.at))
	}
}

// conduct begins a survey: what can be found in the customer's earlier words is
// not asked.
func (d *draft) conduct(given Survey, earlier []Word) {
	if d.state.Survey != nil {
		d.end(event.SurveyOutcome_SURVEY_REPLACED, given.Operator)
	}
	d.add(&event.SurveyBegun{At: d.at, Survey: given.Survey, OperatorId: given.Operator, AgentId: given.Agent, About: given.About})
	for _, w := range slices.Backward(earlier[max(0, len(earlier)-mostEarlier):]) {
		d.infer(w)
	}
	d.goOn()
}

// mostEarlier is how many of the customer's words are searched for what is not
// asked.
const mostEarlier = 50

// infer fills the slots that are not asked from what the customer wrote. What a
// newer word has filled stays.
func (d *draft) infer(w Word) {
	for _, slot := range d.state.Survey.Survey.Slots {
		if slot.Kind != event.SlotKind_INFERRED || d.state.Survey.filled(slot) {
			continue
		}
		if value, ok := survey.Extract(slot, w.Text); ok {
			e := d.filled(slot, value, w.Message)
			e.Inferred = true
			d.add(e)
		}
	}
}

// goOn asks for the next slot of the survey, or ends it with its answers. What
// is known already is only confirmed.
func (d *draft) goOn() {
	for _, slot := range d.state.Survey.Survey.Slots {
		if slot.Kind == event.SlotKind_ASKED && !d.state.Survey.filled(slot) {
			_, known := d.state.known(slot)
			d.ask(slot, known, "")
			return
		}
	}
	d.complete()
}

// ask asks for a slot, or whether what is known of it may be used. An
// explanation says what was wrong with the last answer.
func (d *draft) ask(slot *event.Slot, confirming bool, explanation string) {
	words := survey.In(d.state.Routing.GetLanguage())
	prompt := &event.Prompt{Text: cmp.Or(slot.GetQuestion().GetText(), slot.Name, slot.Identifier), Attachments: slot.GetQuestion().GetAttachments()}
	if confirming {
		known, _ := d.state.known(slot)
		text := cmp.Or(slot.GetConfirmation().GetText(), words.Confirmation)
		prompt = &event.Prompt{Text: strings.ReplaceAll(text, "{value}", known.Caption), Attachments: slot.GetConfirmation().GetAttachments()}
	}
	content := contentOf(prompt.Text, prompt.Attachments)
	if explanation != "" {
		content = &event.Content{Text: explanation + "\n" + content.Text}
	}
	switch {
	case confirming:
		content.Buttons = []*event.Button{{Caption: words.Yes, Value: survey.Confirm(slot.SlotId, true)}, {Caption: words.No, Value: survey.Confirm(slot.SlotId, false)}}
	case slot.Type == event.SlotType_DICTIONARY:
		for _, e := range slot.Entries {
			content.Buttons = append(content.Buttons, &event.Button{Caption: e.Caption, Value: survey.Press(slot.SlotId, e.Id)})
		}
	case slot.Type == event.SlotType_PHONE:
		content.Ask = event.Ask_ASK_PHONE
	}
	m := d.message(*d.state.Survey, event.Purpose_SLOT_QUESTION, content)
	d.add(&event.SlotAsked{At: d.at, SurveyId: m.SurveyId, SlotId: slot.SlotId, MessageId: m.MessageId, Confirming: confirming}, m)
}

// hear takes what the customer wrote as the answer to the survey's question. A
// button that leads elsewhere is none: whoever keeps the conversation acts on it.
// What was written, and not pressed, names a button of this question or none.
func (d *draft) hear(m *event.MessageReceived, written bool) {
	pressed := m.Content.GetPressed().GetValue()
	if written && !survey.Asks(d.state.Survey.Asked, pressed) {
		pressed = ""
	}
	if _, elsewhere := Article(&event.Button{Value: pressed}); elsewhere {
		return
	}
	word := Word{Message: m.MessageId, Text: cmp.Or(m.Content.GetText(), m.Content.GetContact().GetPhone(), m.Content.GetPressed().GetCaption())}
	d.infer(word)
	if other := d.state.Survey.other(pressed); other != nil {
		if value, ok := survey.Read(other, word.Text, pressed); ok {
			d.add(d.filled(other, value, m.MessageId)) // an earlier answer, changed or pressed twice
			return
		}
	}
	slot := d.state.Survey.slot(d.state.Survey.Asked)
	if slot == nil {
		return
	}
	if d.state.Survey.Confirming {
		switch agrees, told := survey.Agreed(slot.SlotId, word.Text, pressed); {
		case told && agrees:
			known, _ := d.state.known(slot)
			e := d.filled(slot, known.Value, m.MessageId)
			e.Caption, e.Confirmed = known.Caption, true
			d.add(e)
			d.goOn()
			return
		case told:
			d.ask(slot, false, "")
			return
		}
	}
	value, ok := survey.Read(slot, word.Text, pressed)
	if !ok {
		d.mistaken(slot, m.MessageId)
		return
	}
	d.add(d.filled(slot, value, m.MessageId))
	d.goOn()
}

// mistaken says what is wrong and asks again, as often as the slot allows. A
// person goes on where an agent's survey was given up.
func (d *draft) mistaken(slot *event.Slot, message string) {
	attempt := d.state.Survey.Mistakes + 1
	d.add(&event.SlotMistaken{At: d.at, SurveyId: d.state.Survey.id(), SlotId: slot.SlotId, MessageId: message, Attempt: attempt})
	if attempt < survey.Attempts(slot) {
		words := survey.In(d.state.Routing.GetLanguage())
		d.ask(slot, false, cmp.Or(slot.Explanation, words.Mistaken[slot.Type]))
		return
	}
	d.end(event.SurveyOutcome_SURVEY_ABANDONED, "")
	if d.state.Phase == Automatic && d.state.Agent != Silence {
		d.add(toQueue(d.state, event.Cause_AGENT_HANDED_OVER, d.at))
	}
}

// complete answers with what is known now. What is not asked and was not found
// may be known from before. Of a slot that tells whether something was said it
// is known now that it was not.
func (d *draft) complete() {
	for _, slot := range d.state.Survey.Survey.Slots {
		if slot.Kind != event.SlotKind_INFERRED || d.state.Survey.filled(slot) {
			continue
		}
		before, known := d.state.known(slot)
		if !known && slot.Type != event.SlotType_MATCH {
			continue
		}
		e := d.filled(slot, cmp.Or(before.Value, survey.False), "")
		e.Inferred = true
		d.add(e)
	}
	redirect, _ := d.answer(*d.state.Survey)
	d.end(event.SurveyOutcome_SURVEY_COMPLETED, "")
	if redirect != "" {
		d.redirect(redirect)
	}
}

func (d *draft) end(o event.SurveyOutcome, by string) {
	d.add(&event.SurveyEnded{At: d.at, SurveyId: d.state.Survey.id(), Outcome: o, By: by})
}

// answer does what the article is for: it says what the conversation asks for
// and is about, and gives the answers whose conditions hold, up to one that
// hands the conversation over, which is returned.
func (d *draft) answer(given Survey) (redirect string, said bool) {
	d.classify(given)
	for _, a := range survey.Choose(given.Survey, d.state.value(given.Survey)) {
		if to, ok := survey.Redirect(a.Text); ok {
			redirect = cmp.Or(redirect, to)
			continue
		}
		content := contentOf(a.Text, a.Attachments)
		for _, b := range a.Buttons {
			content.Buttons = append(content.Buttons, &event.Button{Caption: b.Caption, Value: articlePrefix + b.ArticleId})
		}
		if empty(content) {
			continue
		}
		purpose := event.Purpose_REPLY
		if given.Agent != "" {
			purpose = event.Purpose_AGENT_ANSWER
		}
		m := d.message(given, purpose, content)
		m.AnswerId = a.AnswerId
		d.add(m)
		said = true
	}
	return redirect, said
}

// classify sets what the conversation asks for and is about from now on. What
// the article's routing leaves empty stays.
func (d *draft) classify(given Survey) {
	by := cmp.Or(given.Operator, given.Agent)
	if r := given.Survey.Routing; r != nil {
		now := proto.CloneOf(d.state.Routing)
		now.LineId, now.Language = cmp.Or(r.LineId, now.LineId), cmp.Or(r.Language, now.Language)
		if len(r.Skills) > 0 {
			now.Skills = slices.Clone(r.Skills)
		}
		now.Priority = cmp.Or(r.Priority, now.Priority)
		d.add(route(d.state, now, by, d.at)...)
	}
	if t := given.Survey.TopicId; t != "" && t != d.state.Topic {
		d.add(&event.TopicSet{At: d.at, TopicId: t, By: by})
	}
}

// redirect hands the conversation to an agent, or to the queue.
func (d *draft) redirect(to string) {
	if to == Silence {
		to = survey.Person
	}
	d.pass(to, event.Cause_AGENT_HANDED_OVER, nil, d.state.Agent)
}

// message is one of a survey's, or of an article without one. It is in the name
// of the agent that gave it, or of the operator who keeps the conversation now:
// that one's word it stands for.
func (d *draft) message(given Survey, p event.Purpose, c *event.Content) *event.MessageSent {
	m := say(d.state, p, "", d.at)
	m.Content, m.ArticleId, m.SurveyId = c, given.Survey.ArticleId, given.id()
	switch {
	case given.Operator != "" && d.state.Phase == Served:
		m.OperatorId = d.state.Operator
	case given.Agent != "" && d.state.Phase == Automatic && d.state.Agent == given.Agent:
		m.AgentId = given.Agent
	}
	return m
}

// filled is what is known of a slot now.
func (d *draft) filled(slot *event.Slot, value, message string) *event.SlotFilled {
	return &event.SlotFilled{At: d.at, SurveyId: d.state.Survey.id(), SlotId: slot.SlotId, Identifier: slot.Identifier, Class: survey.Class(slot),
		Value: value, Caption: survey.Caption(slot, value, survey.In(d.state.Routing.GetLanguage())), MessageId: message}
}

// contentOf is a text with its files. A file that is elsewhere goes as a line
// with its address.
func contentOf(text string, files []*event.Attachment) *event.Content {
	c := &event.Content{Text: text}
	for _, f := range files {
		if f.Blob != "" {
			c.Attachments = append(c.Attachments, f)
			continue
		}
		line := f.Source
		if f.Name != "" && f.Name != f.Source {
			line = f.Name + ": " + f.Source
		}
		c.Text = strings.TrimPrefix(c.Text+"\n"+line, "\n")
	}
	return c
}

func cancelSurvey(s State, c CancelSurvey, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch err := s.shut(); {
	case err != nil:
		return nil, err
	case !s.keptBy(c.Operator):
		return nil, errNotYours
	case s.Survey == nil || c.Survey != "" && c.Survey != s.Survey.id():
		return nil, nil // over already
	}
	return one(&event.SurveyEnded{At: at, SurveyId: s.Survey.id(), Outcome: event.SurveyOutcome_SURVEY_CANCELLED, By: c.Operator}), nil
}

// settle ends the survey that a change of keeper ends, just before it: that of
// an agent with the agent's turn, any with the conversation.
func settle(s State, events []event.Event, at *timestamppb.Timestamp) []event.Event {
	if s.Survey == nil {
		return events
	}
	for i, e := range events {
		end := &event.SurveyEnded{At: at, SurveyId: s.Survey.id(), Outcome: event.SurveyOutcome_SURVEY_CANCELLED}
		switch e := e.(type) {
		case *event.SurveyEnded:
			return events // in its own way
		case *event.ConversationClosed:
			end.By = e.OperatorId
			return slices.Insert(events, i, event.Event(end))
		case *event.ConversationAssigned:
			if e.Own {
				end.By = e.OperatorId
			}
		case *event.AgentEngaged, *event.ConversationQueued:
		default:
			continue
		}
		if s.Survey.Agent != "" {
			return slices.Insert(events, i, event.Event(end))
		}
	}
	return events
}
