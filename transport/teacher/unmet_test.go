package teacher

import (
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// proves BT-05: what many ask in about the same words is one group, counted by
// conversations, and what only one says again and again is none.
func TestUnmet(t *testing.T) {
	var all []said
	add := func(conversation, text string) { all = append(all, said{conversation, text}) }
	for n := range 4 {
		add(fmt.Sprintf("a.%d", n), []string{"Есть ли у вас рассрочка?", "есть рассрочка у вас", "У вас рассрочка есть", "рассрочка есть?"}[n])
		add("b.1", "позовите менеджера Петрова")
	}
	for n := range 3 {
		add(fmt.Sprintf("c.%d", n), "do you ship abroad")
		add(fmt.Sprintf("d.%d", n), []string{"привет", "спасибо", "хорошо"}[n])
	}
	got := unmet(all)
	if len(got) != 2 || got[0].Count != 4 || got[1].Count != 3 || !slices.Equal(got[1].Texts, []string{"do you ship abroad"}) {
		t.Errorf("the groups are %+v", got)
	}
	if len(got[0].Texts) != 4 || got[0].Texts[0] != "Есть ли у вас рассрочка?" {
		t.Errorf("the first group is %q", got[0].Texts)
	}
	if none := unmet(nil); len(none) != 0 {
		t.Errorf("of nothing there are %+v", none)
	}
}

// proves BT-05: a training looks through the latest conversations for what no
// article answers, and leaves out what was pressed, chosen or asked of a survey.
func TestBT05_WhatNobodyAnswered(t *testing.T) {
	inSchool(t, func(s *school) {
		for n := range 3 {
			at := now()
			s.say(event.ConversationStream+fmt.Sprintf("anna%d.1", n),
				&event.ConversationOpened{At: at, CenterId: "main"},
				&event.MessageReceived{At: at, MessageId: "m1", Content: &event.Content{Text: "есть ли рассрочка на телефон"}},
				&event.MessageReceived{At: at, MessageId: "m2", Content: &event.Content{Text: "какая погода завтра"}},
				&event.AnswerChosen{At: at, About: "m2", Text: "какая погода завтра", ArticleId: "rate", MessageId: "a1"},
				&event.MessageReceived{At: at, MessageId: "m3", Content: &event.Content{Text: "кнопка меню раздел", Pressed: &event.Button{Value: "x"}}},
				&event.MessageReceived{At: at, MessageId: "m4", Content: &event.Content{Text: "Скорость отличная была"}},
				&event.SlotFilled{At: at, SlotId: "1", MessageId: "m4", Value: "good"},
				&event.MessageReceived{At: at, MessageId: "m5", Content: &event.Content{Text: "какой курс доллара"}},
				&event.ConversationClosed{At: timestamppb.New(at.AsTime())})
		}
		s.writes(bank)
		s.wantFirst("курс доллара сегодня", "rate")
		unmet := s.teacher.serving("ru").book.Unmet
		if len(unmet) != 1 || unmet[0].Count != 3 || unmet[0].Texts[0] != "есть ли рассрочка на телефон" {
			t.Errorf("nobody answered %+v", unmet)
		}
	})
}
