package conversation_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
)

// draw returns the next command: now and then one from the past again.
func (w *world) draw() command {
	if len(w.past) > 0 && w.IntN(10) == 0 {
		return w.past[w.IntN(len(w.past))]
	}
	if !w.model.opened {
		return []func() command{w.drawReceive, w.drawReceive, w.drawReceive, w.drawStart}[w.IntN(4)]()
	}
	if w.idle && w.model.agent != "" && w.model.agent != conversation.Silence && w.IntN(20) > 0 {
		return conversation.HandOver{Agent: w.model.agent, Turn: w.model.turn, About: w.state.LastIn, To: oneOf(w, "bot", "external", "greeter")}
	}
	if w.model.survey != nil && w.IntN(3) > 0 {
		return w.drawInput()
	}
	if w.model.agent != "" && w.model.agent != conversation.Silence && w.IntN(5) > 0 {
		return []func() command{w.drawAgent, w.drawAgent, w.drawArticle, w.drawReceive}[w.IntN(4)]()
	}
	draws := [...]func() command{
		w.drawReceive, w.drawReceive, w.drawReceive,
		w.drawReply, w.drawReply, w.drawReply,
		w.drawAssign, w.drawAssign, w.drawAssign, w.drawStart,
		w.drawAgent, w.drawAgent, w.drawArticle, w.drawArticle, w.drawInput, w.drawInput,
		w.drawKeeper, w.drawKeeper,
		w.drawFate, w.drawFate,
		w.drawMark, w.drawMark, w.drawRest,
	}
	return draws[w.IntN(len(draws))]()
}

// oneOf draws from what is given, most often the first.
func oneOf[T any](w *world, likely T, others ...T) T {
	if w.IntN(3) > 0 || len(others) == 0 {
		return likely
	}
	return others[w.IntN(len(others))]
}

func (w *world) id(prefix string) string {
	w.seq++
	return fmt.Sprintf("%s%d", prefix, w.seq)
}

// anyName is a name for a message that somebody else may have given too: the
// system its own one, or an operator to an agent's.
func (w *world) anyName() string { return fmt.Sprintf("%s%d", oneOf(w, "s", "x"), w.IntN(9)) }

func (w *world) operator() string { return []string{"oleg", "olga", "ivan"}[w.IntN(3)] }

// keeperOr is most often who keeps the conversation.
func (w *world) keeperOr() string { return oneOf(w, w.model.operator, w.operator()) }

func (w *world) turn() uint64 { return oneOf(w, w.model.turn, w.model.turn+1, uint64(w.IntN(5))) }

func (w *world) routing() *event.Routing {
	return []*event.Routing{nil, {LineId: "sales"}, {LineId: "credit"}, {LineId: "credit", Skills: []string{"loans"}}}[w.IntN(4)]
}

func (w *world) message(of map[string]bool) string {
	ids := slices.Sorted(maps.Keys(of))
	if len(ids) == 0 {
		return "none"
	}
	return ids[w.IntN(len(ids))]
}

func (w *world) content() *event.Content {
	return &event.Content{Text: oneOf(w, "Good day!", pattern, " "+pattern, pattern+"!", "")}
}

func (w *world) drawReceive() command {
	m := &event.MessageReceived{
		MessageId: w.id("m"), AccountId: oneOf(w, "telegram", "viber"), Address: oneOf(w, "anna", "anya"),
		Order: int64(w.IntN(100)), Content: &event.Content{Text: "Hello"},
	}
	m.Automatic = w.IntN(6) == 0
	if w.IntN(3) == 0 {
		m.Content.Attachments = []*event.Attachment{{AttachmentId: "f1", Source: "there"}, {AttachmentId: "f2", Source: "there"}}
	}
	return conversation.Receive{Key: "key/" + m.MessageId, Message: m, Opening: &event.ConversationOpened{
		ConversationId: "c1", CustomerId: "anna", AccountId: "telegram", Address: "anna",
		Routing: &event.Routing{LineId: "sales"}, Policy: w.policy, Preferred: []string{},
	}}
}

func (w *world) drawReply() command {
	return conversation.Reply{Operator: w.keeperOr(), ID: oneOf(w, w.id("r"), w.anyName()), Content: w.content(), Phrase: w.IntN(4) == 0,
		Choice: oneOf(w, nil, &event.AnswerChosen{About: w.state.LastIn, ArticleId: "delivery"})}
}

func (w *world) drawAssign() command {
	c := conversation.Assign{Operator: w.operator(), Offer: w.id("o"), Turn: w.turn(), FirstName: "O.", Forced: w.IntN(6) == 0}
	if w.IntN(8) == 0 {
		return conversation.Probe{Operator: w.keeperOr(), Offer: oneOf(w, w.state.Offer, c.Offer)}
	}
	return c
}

func (w *world) drawStart() command {
	c := conversation.Start{Operator: w.operator(), Offer: w.id("o"), Until: w.now.Add(time.Hour), Content: w.content(),
		ID: oneOf(w, w.id("r"), w.anyName()), Opening: w.drawReceive().(conversation.Receive).Opening}
	if w.IntN(3) == 0 {
		c.ID, c.Content = "", nil
	}
	return c
}

func (w *world) drawAgent() command {
	agent, turn, about := oneOf(w, w.model.agent, "bot", "greeter"), w.turn(), w.about()
	if w.IntN(2) == 0 { // in time
		agent, turn, about = w.model.agent, w.model.turn, w.state.LastIn
	}
	switch w.IntN(8) {
	case 0:
		return conversation.HandOver{Agent: agent, Turn: turn, About: about, Routing: w.routing(), Failed: w.IntN(2) == 0, Onward: w.IntN(2) == 0, Reason: "nonsense"}
	case 1, 2:
		return conversation.HandOver{Agent: agent, Turn: turn, About: about, Routing: w.routing(), To: oneOf(w, "bot", "external", "greeter", conversation.Silence)}
	case 3:
		if w.IntN(3) > 0 {
			return conversation.SetTopic{Agent: agent, Turn: turn, About: about, Topic: "cards"}
		}
		return conversation.Close{Agent: "bot", Turn: turn, About: about}
	case 4:
		return conversation.Await{Agent: agent, Turn: turn, About: about, Until: oneOf(w, time.Time{}, w.now.Add(2*time.Minute), w.now.Add(5*time.Hour))}
	case 5:
		return conversation.FillSlots{Agent: agent, Turn: turn, About: about, Slots: []*event.SlotFilled{
			{Class: oneOf(w, "region", "speed", "other"), Value: oneOf(w, "msk", "good", "")}}}
	}
	return conversation.AgentReply{Agent: agent, ID: oneOf(w, w.id("a"), w.anyName()), Turn: turn, About: about, Content: w.content()}
}

// about is most often what an agent may act on.
func (w *world) about() string { return oneOf(w, w.state.LastIn, "", w.message(w.model.received)) }

// drawArticle is an article by whoever keeps the conversation.
func (w *world) drawArticle() command {
	c := conversation.Present{ID: w.id("v"), About: w.about(), Survey: articles([]string{"order", "quality", "quality", "weather", "guide", "greeting", "person", "loop"}[w.IntN(8)], w.Uint64()),
		Earlier: []conversation.Word{{Message: "m1", Text: oneOf(w, "My iPhone", "Card 1234", "Москва")}}}
	if c.Agent, c.Turn = oneOf(w, w.model.agent, "bot"), w.turn(); w.model.agent == "" || w.IntN(6) == 0 {
		c.Agent, c.Operator = "", w.keeperOr()
	}
	switch w.IntN(12) {
	case 0:
		return conversation.CancelSurvey{Operator: w.keeperOr(), Survey: oneOf(w, "", "v1")}
	case 1:
		return conversation.Reject{Operator: w.keeperOr(), About: w.message(w.model.received), Article: oneOf(w, "delivery", ""), Text: "Hello"}
	case 2:
		return conversation.Label{By: "boss", Message: w.message(w.model.received), Article: oneOf(w, "delivery", ""), Text: "Hello", Cleared: w.IntN(4) == 0}
	case 3:
		return conversation.Review{By: "boss", Undone: w.IntN(3) == 0}
	}
	c.Choice = oneOf(w, nil, &event.AnswerChosen{About: w.state.LastIn, ArticleId: "delivery"})
	return c
}

// drawInput is an answer to the question of a survey, or what is none.
func (w *world) drawInput() command {
	c := w.drawReceive().(conversation.Receive)
	c.Message.Automatic, c.Message.Content = false, &event.Content{Text: []string{"3", "7", "много", "+7 912 345-67-89", "89123456789", "Хорошо", "плохо", "да", "Нет", "Москва", "a person, please", ""}[w.IntN(12)]}
	if w.model.survey != nil && w.model.survey.asked != "" && w.IntN(2) == 0 {
		c.Message.Content.Text = map[string]string{"count": "8", "phone": "8 (912) 345-67-89", "region": "Москва"}[w.model.survey.asked]
	}
	if offers := w.state.Offers; len(offers) > 0 && c.Message.Content.Text == "" {
		offers = oneOf(w, offers[len(offers)-1:], offers)
		buttons := offers[w.IntN(len(offers))].Buttons
		b := buttons[w.IntN(len(buttons))]
		c.Message.Content = &event.Content{Text: b.Caption, Pressed: b}
	}
	return c
}

func (w *world) drawKeeper() command {
	switch w.IntN(8) {
	case 0, 1:
		return conversation.Requeue{Operator: w.keeperOr(), Cause: oneOf(w, event.Cause_OPERATOR_CHOICE, event.Cause_RETURNED, event.Cause_CONNECTION_LOST)}
	case 2:
		return conversation.Transfer{Operator: w.keeperOr(), ID: w.id("t"), Note: "Look.", Routing: w.routing(),
			To: oneOf(w, w.operator(), ""), Until: oneOf(w, w.now.Add(time.Minute), time.Time{})}
	case 3, 4:
		return conversation.SetRouting{By: "boss", Routing: w.routing()}
	case 5:
		return conversation.Wake{}
	case 6:
		return conversation.CancelHold{Operator: w.keeperOr()}
	}
	if w.IntN(3) > 0 {
		return conversation.SetTopic{By: "boss", Topic: oneOf(w, "loans", "cards")}
	}
	return conversation.Close{Operator: w.keeperOr(), MustSay: w.IntN(2) == 0, Dissatisfied: oneOf(w, new(false), nil)}
}

func (w *world) drawFate() command {
	id := w.message(w.model.sent)
	switch w.IntN(9) {
	case 5, 6:
		return conversation.Receipt{Message: id, Seen: w.IntN(2) == 0}
	case 7:
		return conversation.Receipt{Account: oneOf(w, "telegram", "viber"), At: w.now.Add(-time.Duration(w.IntN(300)) * time.Second), Seen: w.IntN(4) == 0}
	case 8:
		return conversation.Bounced{Message: id, Reason: "gone"}
	case 0:
		return conversation.Failed{Message: id, Reason: "network"}
	case 1:
		return conversation.Uncertain{Message: id, Reason: "timeout"}
	case 2:
		return conversation.Retry{Operator: w.keeperOr(), Message: id, Content: w.content()}
	}
	return conversation.Delivered{Message: id, ExternalID: "x" + id, Arrived: w.IntN(2) == 0}
}

func (w *world) drawMark() command {
	switch w.IntN(6) {
	case 3, 4:
		c := conversation.Edit{Message: w.message(w.model.received), Content: w.content(), At: oneOf(w, w.now.Add(time.Duration(w.IntN(60))*time.Second), time.Time{})}
		if w.IntN(2) == 0 {
			c.Content.Attachments = []*event.Attachment{{AttachmentId: "f1", Source: "there"}}
		}
		return c
	case 5:
		return conversation.Remove{Message: w.message(w.model.received)}
	case 0:
		return conversation.SeenByCustomer{Message: w.message(w.model.sent)}
	case 1:
		return conversation.SeenByOperator{Operator: w.keeperOr(), Message: w.message(w.model.received)}
	}
	message, file, _ := strings.Cut(w.message(w.model.files), "/")
	return conversation.Fetched{Message: message, Attachment: &event.Attachment{AttachmentId: oneOf(w, file, "f3"), Blob: "abc"}}
}

func (w *world) drawRest() command {
	switch w.IntN(12) {
	case 10:
		return conversation.SetTicket{By: "boss", Number: oneOf(w, w.id("T-"), "")}
	case 11:
		return conversation.Call{Operator: w.keeperOr(), ID: w.id("k"), Account: "pbx", Address: "anna", Failure: oneOf(w, "", "busy")}
	case 0:
		return conversation.Join{Kept: oneOf(w, "c2", "c1")}
	case 1, 2:
		return conversation.Joined{From: oneOf(w, "c0", "c3")}
	case 3, 4:
		return conversation.Adopt{Customer: oneOf(w, "anya", "anna")}
	case 5, 6, 7:
		return conversation.Note{Operator: w.operator(), ID: w.id("n"), Text: oneOf(w, "A good customer.", "")}
	}
	return conversation.Rate{Rating: int32(w.IntN(7)), Comment: oneOf(w, "", "Friendly")}
}
