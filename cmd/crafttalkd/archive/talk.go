package archive

import (
	"fmt"
	"time"

	"crafttalkd/actors/event"
)

// A talk is one conversation on its way.
type talk struct {
	*writer
	id, customer string
	address      *event.Address
	now          time.Time
	facts        []event.Event
	words        []string
	routing      *event.Routing
	turn         uint64
	messages     int
	operator     string
	got          time.Time // when the operator got it
	by           int       // the operator's place among all
}

// passes lets some time go by, about so much.
func (t *talk) passes(about time.Duration) {
	t.now = t.now.Add(time.Duration(t.rand.ExpFloat64()*float64(about)) + time.Second).Truncate(time.Millisecond)
}

func (t *talk) add(e event.Event) { t.facts = append(t.facts, e) }

// make is the whole conversation: the bot, the queue and operators, as chance will.
func (t *talk) make() {
	line := t.rand.IntN(lines)
	t.routing = &event.Routing{LineId: lineID(line), Language: "ru"}
	t.words = russian
	if t.rand.IntN(4) == 0 {
		t.routing.Language, t.words = "en", english
	}
	t.add(&event.ConversationOpened{At: at(t.now), ConversationId: t.id, CustomerId: t.customer, AccountId: t.address.AccountId, Address: t.address.Address,
		CenterId: Center, Routing: clone(t.routing), Policy: &event.Policy{}, Kind: t.address.Kind})
	t.asks()
	if t.rand.IntN(2) == 0 && t.bot() {
		t.close(&event.ConversationClosed{Cause: event.Cause_AGENT_HANDED_OVER, AgentId: "bot"})
		return
	}
	t.queue(event.Cause_NEW_CONVERSATION)
	if t.rand.IntN(25) == 0 { // nobody came
		t.passes(20 * time.Minute)
		t.close(&event.ConversationClosed{Cause: event.Cause_SILENCE, LineId: t.routing.LineId})
		return
	}
	t.served(line)
	if t.rand.IntN(12) == 0 { // to another line
		t.leaves(event.Cause_TRANSFERRED)
		line = t.rand.IntN(lines)
		t.routing.LineId = lineID(line)
		t.queue(event.Cause_TRANSFERRED)
		t.served(line)
	}
	t.leaves(event.Cause_OPERATOR_CHOICE)
	t.close(&event.ConversationClosed{Cause: event.Cause_OPERATOR_CHOICE, OperatorId: t.operator, KeptBy: t.operator, TopicId: topicID(t.rand.IntN(topics)),
		Dissatisfied: new(t.rand.IntN(10) == 0)})
}

// asks is one to three messages of the customer's.
func (t *talk) asks() {
	for range 1 + t.rand.IntN(3)/2 {
		t.messages++
		t.add(&event.MessageReceived{At: at(t.now), MessageId: fmt.Sprintf("m%d", t.messages), AccountId: t.address.AccountId, Address: t.address.Address,
			ExternalId: fmt.Sprintf("%s-%d", t.id, t.messages), Content: text(t.writer.words(t.words, 2, 14))})
		t.passes(15 * time.Second)
	}
}

// says is a message of ours, which arrives.
func (t *talk) says(operator, agent string) {
	t.messages++
	id := fmt.Sprintf("m%d", t.messages)
	purpose := event.Purpose_REPLY
	if agent != "" {
		purpose = event.Purpose_AGENT_ANSWER
	}
	t.add(&event.MessageSent{At: at(t.now), MessageId: id, OperatorId: operator, AgentId: agent, AccountId: t.address.AccountId, Address: t.address.Address,
		Content: text(t.writer.words(t.words, 3, 25)), Purpose: purpose, Turn: t.turn})
	t.add(&event.MessageDelivered{At: at(t.now.Add(200 * time.Millisecond)), MessageId: id, ExternalId: "x" + id})
}

// bot answers, and tells whether that was all that was wanted.
func (t *talk) bot() (enough bool) {
	t.turn++
	t.add(&event.AgentEngaged{At: at(t.now), Turn: t.turn, AgentId: "bot"})
	for range 1 + t.rand.IntN(2) {
		t.now = t.now.Add(800 * time.Millisecond)
		t.says("", "bot")
		t.passes(40 * time.Second)
		t.asks()
	}
	return t.rand.IntN(2) == 0
}

func (t *talk) queue(cause event.Cause) {
	t.turn++
	t.add(&event.ConversationQueued{At: at(t.now), Turn: t.turn, Routing: clone(t.routing), Since: at(t.now), Cause: cause, FromOperator: t.operator})
	t.passes(50 * time.Second)
}

// served is an operator's part. Who is at work is asked until there is somebody.
func (t *talk) served(line int) {
	t.turn++
	for {
		of, ok := t.atWork(line, t.now)
		if ok {
			t.by, t.operator, t.got = of, operatorID(of), t.now
			break
		}
		t.passes(5 * time.Minute)
	}
	t.add(&event.ConversationAssigned{At: at(t.now), Turn: t.turn, OperatorId: t.operator, OfferId: fmt.Sprintf("%s-%d", t.id, t.turn), LineId: t.routing.LineId,
		CustomerId: t.customer})
	for i := range 1 + t.rand.IntN(4) {
		if i > 0 {
			t.passes(70 * time.Second)
			t.asks()
		}
		t.passes(45 * time.Second)
		t.says(t.operator, "")
	}
	t.passes(time.Minute)
}

// leaves ends the operator's part.
func (t *talk) leaves(cause event.Cause) {
	t.stints[t.by] = append(t.stints[t.by], stint{conversation: t.id, line: t.routing.LineId, turn: t.turn, from: t.got, to: t.now, cause: cause})
}

// close ends it. Some customers say later how it was.
func (t *talk) close(e *event.ConversationClosed) {
	e.At, e.Turn, e.CustomerId = at(t.now), t.turn, t.customer
	t.add(e)
	if t.rand.IntN(3) == 0 {
		t.add(&event.RatingGiven{At: at(t.now.Add(time.Minute)), Rating: int32(5 - t.rand.IntN(5)*t.rand.IntN(2))})
	}
}

var names = []string{"Анна", "Борис", "Вера", "Глеб", "Дина", "Егор", "Жанна", "Emma", "James", "Olivia", "Noah"}

var russian = []string{"здравствуйте", "карта", "заблокирована", "перевод", "не", "пришёл", "когда", "заказ", "доставка", "возврат", "деньги", "на", "счёт", "кредит",
	"ставка", "оформить", "вчера", "приложение", "пароль", "ошибка", "подскажите", "пожалуйста", "спасибо", "почему", "комиссия", "адрес", "отделение", "в", "и", "мой"}

var english = []string{"hello", "card", "blocked", "transfer", "order", "late", "refund", "money", "account", "loan", "rate", "apply", "yesterday", "app", "password",
	"error", "please", "thanks", "why", "fee", "address", "branch", "the", "my", "is", "where", "when", "not", "help", "delivery"}
