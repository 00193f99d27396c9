package conversation_test

import (
	"strings"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
)

func parseAgent(l line) command {
	switch l.d.Cmd {
	case "answer":
		return conversation.AgentReply{Agent: l.word("agent"), ID: l.word("id"), Turn: l.turn(), About: l.word("about"), Content: l.content()}
	case "hand-over":
		return conversation.HandOver{Agent: l.word("agent"), To: l.word("to"), Turn: l.turn(), About: l.word("about"), Onward: l.has("onward"),
			Routing: l.routing(), Failed: l.has("failed"), Reason: l.word("reason")}
	case "await":
		return conversation.Await{Agent: l.word("agent"), Turn: l.turn(), About: l.word("about"), Until: l.until()}
	case "fill":
		return conversation.FillSlots{Agent: l.word("agent"), Turn: l.turn(), About: l.word("about"),
			Slots: []*event.SlotFilled{{Class: l.word("class"), Value: l.word("value"), Caption: l.d.Input}}}
	case "present":
		return conversation.Present{ID: l.word("id"), Operator: l.word("operator"), Agent: l.word("agent"), Turn: l.turn(), About: l.word("about"),
			Survey: l.survey(), Earlier: l.earlier(), Choice: l.choice()}
	case "cancel-survey":
		return conversation.CancelSurvey{Operator: l.word("operator"), Survey: l.word("id")}
	case "reject":
		return conversation.Reject{Operator: l.word("operator"), About: l.word("about"), Article: l.word("article"), Text: l.d.Input}
	case "label":
		return conversation.Label{By: l.word("by"), Message: l.word("id"), Article: l.word("article"), Text: l.d.Input, Cleared: l.has("cleared")}
	case "review":
		return conversation.Review{By: l.word("by"), Undone: l.has("undone")}
	}
	return nil
}

// survey is the article, and which of its answers is asked for.
func (l line) survey() *event.Survey {
	s := articles(l.word("article"), uint64(l.number("draw")))
	if answer := l.word("answer"); answer != "" {
		s.AnswerId = answer
	}
	return s
}

// earlier is what the customer wrote before: a line each.
func (l line) earlier() (out []conversation.Word) {
	for i, text := range strings.Split(l.d.Input, "\n") {
		if text != "" {
			out = append(out, conversation.Word{Message: "e" + string(rune('1'+i)), Text: text})
		}
	}
	return out
}

// choice is an operator's of the article "delivery", the second that was shown.
func (l line) choice() *event.AnswerChosen {
	if !l.has("chosen") {
		return nil
	}
	return &event.AnswerChosen{About: l.word("chosen"), Text: "Where is it?", ArticleId: "delivery", Rank: 2, Probability: 0.5, Shown: []string{"returns", "delivery"}}
}

// articles returns an article of the scripts as it is given to a customer.
func articles(id string, draw uint64) *event.Survey {
	all := map[string]func() *event.Survey{"quality": quality, "weather": weather, "guide": guide, "order": order, "greeting": greeting, "call": call,
		"person": func() *event.Survey { return redirecting("person", "/redirect operator") },
		"none":   func() *event.Survey { return &event.Survey{} },
		"loop":   func() *event.Survey { return redirecting("loop", " /redirect bot ") },
	}
	make, ok := all[id]
	if !ok {
		return nil
	}
	s := make()
	s.ArticleId, s.Draw = id, draw
	return s
}

func redirecting(id, text string) *event.Survey {
	return &event.Survey{Title: id, Answers: []*event.Answer{{AnswerId: "a1", Text: text}}}
}

// mark is a slot of the manual's survey on quality: one of three values.
func mark(id, question string) *event.Slot {
	return &event.Slot{SlotId: id, Identifier: id, Name: id, Type: event.SlotType_DICTIONARY, Question: &event.Prompt{Text: question},
		Entries: []*event.DictionaryEntry{{Id: "good", Caption: "Хорошо"}, {Id: "fair", Caption: "Нормально"}, {Id: "bad", Caption: "Плохо"}}}
}

func is(slot, value string) *event.Condition {
	return &event.Condition{SlotId: slot, Comparison: event.Comparison_EQUAL, Value: value}
}

// quality is the manual's survey: «Рады, что Вам все понравилась!» is the answer
// only to who is content with all three.
func quality() *event.Survey {
	return &event.Survey{Title: "Качество", Policy: event.AnswerPolicy_FIRST_ANSWER, TopicId: "quality",
		Slots: []*event.Slot{mark("speed", "Оцените скорость ответа"), mark("staff", "Оцените вежливость"), mark("result", "Оцените решение вопроса")},
		Answers: []*event.Answer{
			{AnswerId: "content", Text: "Рады, что Вам все понравилась!", Conditions: []*event.ConditionSet{
				{All: []*event.Condition{is("speed", "good"), is("staff", "good"), is("result", "good")}}}},
			{AnswerId: "sorry", Text: "Жаль, что не всё было хорошо.", Conditions: []*event.ConditionSet{
				{All: []*event.Condition{is("speed", "bad")}}, {All: []*event.Condition{is("staff", "bad")}}, {All: []*event.Condition{is("result", "bad")}}}},
		}}
}

// weather is the manual's example of an agent of somebody else's.
func weather() *event.Survey {
	return &event.Survey{Title: "Ответ о погоде",
		Slots: []*event.Slot{{SlotId: "region", Identifier: "регион", Class: "region", Question: &event.Prompt{Text: "В каком вы регионе?"},
			Confirmation: &event.Prompt{Text: "Вы в регионе {value}?"}}},
		Answers: []*event.Answer{{AnswerId: "a1", Text: "Смотрю."}, {AnswerId: "a2", Text: "/redirect weatherbot"}}}
}

// guide finds out of what was written before which telephone it is about.
func guide() *event.Survey {
	return &event.Survey{Title: "Инструкция", Slots: []*event.Slot{
		{SlotId: "apple", Identifier: "apple", Type: event.SlotType_MATCH, Kind: event.SlotKind_INFERRED, Pattern: "(?i)iphone|айфон"},
		{SlotId: "card", Identifier: "card", Type: event.SlotType_CAPTURE, Kind: event.SlotKind_INFERRED, Pattern: `\b(\d{4})\b`},
		{SlotId: "place", Identifier: "place", Class: "region", Kind: event.SlotKind_INFERRED, Type: event.SlotType_DICTIONARY,
			Entries: []*event.DictionaryEntry{{Id: "msk", Caption: "Москва"}, {Id: "spb", Caption: "Санкт-Петербург"}}},
	}, Answers: []*event.Answer{
		{AnswerId: "ios", Text: "Откройте App Store.", Conditions: []*event.ConditionSet{{All: []*event.Condition{is("apple", "true")}}}},
		{AnswerId: "android", Text: "Откройте Google Play.", Conditions: []*event.ConditionSet{{All: []*event.Condition{is("apple", "false")}}}},
		{AnswerId: "card", Text: "Ваша карта найдена.", Conditions: []*event.ConditionSet{{All: []*event.Condition{{SlotId: "card", Comparison: event.Comparison_KNOWN}}}}},
	}}
}

// order asks for a whole number and a telephone, twice each at the most.
func order() *event.Survey {
	return &event.Survey{Title: "Заказ", Routing: &event.Routing{LineId: "credit", Skills: []string{"loans"}}, Slots: []*event.Slot{
		{SlotId: "count", Identifier: "count", Type: event.SlotType_INTEGER, Question: &event.Prompt{Text: "Сколько?"}, Explanation: "От 1 до 9.",
			Attempts: 2, Least: new(int64(1)), Most: new(int64(9))},
		{SlotId: "phone", Identifier: "phone", Type: event.SlotType_PHONE, Pattern: "+7 (XXX) XXX-XX-XX", Question: &event.Prompt{Text: "Ваш телефон?"}, Attempts: 2},
	}, Answers: []*event.Answer{{AnswerId: "many", Text: "Так много!", Conditions: []*event.ConditionSet{
		{All: []*event.Condition{{SlotId: "count", Comparison: event.Comparison_GREATER, Value: "5"}}}}}}}
}

// call asks for a yes or no, for a text and for a number.
func call() *event.Survey {
	return &event.Survey{Title: "Звонок", Slots: []*event.Slot{
		{SlotId: "call", Identifier: "call", Type: event.SlotType_DICTIONARY, Question: &event.Prompt{Text: "Позвонить вам?"},
			Entries: []*event.DictionaryEntry{{Id: "yes", Caption: "Да"}, {Id: "no", Caption: "Нет"}}},
		{SlotId: "wish", Identifier: "wish", Question: &event.Prompt{Text: "Есть ли пожелания?"}},
		{SlotId: "hours", Identifier: "hours", Type: event.SlotType_INTEGER, Question: &event.Prompt{Text: "Через сколько часов?"}},
	}, Answers: []*event.Answer{{AnswerId: "a1", Text: "Позвоним.", Conditions: []*event.ConditionSet{{All: []*event.Condition{is("call", "yes"), is("hours", "2")}}}}}}
}

// greeting says one of two things at random, with a file, a document elsewhere
// and a button that leads on.
func greeting() *event.Survey {
	return &event.Survey{Title: "Приветствие", Policy: event.AnswerPolicy_RANDOM_ANSWER, Answers: []*event.Answer{
		{AnswerId: "a1", Text: "Здравствуйте!"},
		{AnswerId: "a2", Text: "Добрый день!", Attachments: []*event.Attachment{{AttachmentId: "f1", Name: "map.png", Blob: "b10b"}, {Name: "Тарифы", Source: "https://example.org/t"}},
			Buttons: []*event.ArticleButton{{Caption: "Погода", ArticleId: "weather"}}},
	}}
}
