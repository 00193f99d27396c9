package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// killed kills the server and starts it again at the same address.
func (p *partner) killed() {
	p.t.Helper()
	p.server.kill()
	c, err := startChild(p.dir, nil, "--listen", strings.TrimPrefix(p.server.url, "http://"), "--allow", "127.0.0.1", "--public-url", "https://chat.example/")
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(c.kill)
	p.server = c
}

// A questioned is a partner's user in a survey. What is brought to the partner
// again, as may happen after a crash, is heard once.
type questioned struct {
	*partner
	heard []string // ids of messages
}

// next waits for a message that is news, and returns its text.
func (q *questioned) next() string {
	q.t.Helper()
	for {
		select {
		case b := <-q.posted:
			var hook struct {
				Data struct {
					MessageID string `json:"message_id"`
					Text      string
				}
			}
			if err := json.Unmarshal(b, &hook); err != nil || hook.Data.MessageID == "" {
				q.t.Fatalf("the webhook is %s: %v", b, err)
			}
			if !slices.Contains(q.heard, hook.Data.MessageID) {
				q.heard = append(q.heard, hook.Data.MessageID)
				return hook.Data.Text
			}
		case <-time.After(startTime):
			q.t.Fatal("nothing is heard")
		}
	}
}

// proves SL-05, G9: a server that is killed in the middle of a survey goes on
// with it. It waits for the answer to the question it had asked, asks nothing
// twice though answers are brought again, and keeps what was answered.
func TestG9_KilledInASurvey(t *testing.T) {
	p, _ := newPartner(t)
	p.put("slots/speed", object{"identifier": "скорость", "name": "Скорость", "question": object{"text": "Быстро ли мы ответили?"}})
	p.put("slots/tone", object{"identifier": "тон", "name": "Тон", "question": object{"text": "Были ли мы вежливы?"}})
	p.put("slots/wish", object{"identifier": "пожелание", "name": "Пожелание", "question": object{"text": "Что улучшить?"}})
	p.put("articles/poll", object{"identifier": "опрос", "title": "Опрос о качестве", "questions": []string{"хочу оценить работу"},
		"slot_ids": []string{"speed", "tone", "wish"}, "answers": []object{{"answer_id": "1", "text": "Спасибо за оценку!"}}})
	p.bot()
	q := &questioned{partner: p}
	for i, step := range []struct{ says, hears string }{
		{"Хочу оценить работу", "Быстро ли мы ответили?"},
		{"Да, мигом", "Были ли мы вежливы?"},
		{"Очень", "Что улучшить?"},
		{"Всё хорошо", "Спасибо за оценку!"},
	} {
		q.says(fmt.Sprint(i), step.says)
		if got := q.next(); got != step.hears {
			t.Fatalf("to %q is answered %q, want %q", step.says, got, step.hears)
		}
		p.killed()
		q.says(fmt.Sprint(i), step.says) // the partner can't know that it was taken
	}
	var ended struct {
		Items []struct {
			Outcome string
			Answers []struct{ Slot, Value string }
		}
	}
	if err := p.admin.ask("GET", "/api/v1/surveys", object{}, &ended); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(ended.Items), "[{completed [{скорость Да, мигом} {тон Очень} {пожелание Всё хорошо}]}]"; got != want {
		t.Errorf("surveys are %s, want %s", got, want)
	}
	q.says("bye", "Хочу оценить работу") // whatever was asked twice would come before this
	if got := q.next(); got != "Ранее вы указали: Да, мигом. Верно?" {
		t.Errorf("after the survey is heard %q", got)
	}
}
