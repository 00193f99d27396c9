package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

// emulate runs a server of a messenger that others have written, and returns
// where it is.
func emulate(t *testing.T, script string, args ...string) string {
	t.Helper()
	home := filepath.Join("..", "..", "testdata", "emulators")
	if _, err := os.Stat(filepath.Join(home, "node_modules")); err != nil {
		t.Fatal("the emulators are not installed: make emulators")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	c := exec.CommandContext(t.Context(), "node", append([]string{script, port}, args...)...)
	c.Dir, c.Stderr = home, os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); c.Wait() })
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("the emulator says %q, %v", line, err)
	}
	return "http://127.0.0.1:" + port
}

// A chat is a customer of the emulated Telegram.
type chat struct {
	t     *testing.T
	at    client
	token string
}

func (c chat) post(path, kind string, m object) {
	c.t.Helper()
	from := object{"id": 70555, "first_name": "Oleg", "username": "oleg_p"}
	m["botToken"], m["from"], m["chat"] = c.token, from, object{"id": 70555, "type": "private", "first_name": "Oleg"}
	m["date"] = time.Now().UnixMilli()
	if err := c.at.ask("POST", path, m, nil); err != nil {
		c.t.Fatalf("%s: %v", kind, err)
	}
}

// sees waits for a message that says text.
func (c chat) sees(text string) {
	c.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	late := time.After(time.Minute)
	var seen []string
	for {
		var a struct {
			Result []struct{ Message struct{ Text string } }
		}
		if err := c.at.ask("POST", "/getUpdates", object{"token": c.token, "chatId": "70555"}, &a); err != nil {
			c.t.Fatal(err)
		}
		for _, m := range a.Result {
			if seen = append(seen, m.Message.Text); m.Message.Text == text {
				return
			}
		}
		select {
		case <-tick.C:
		case <-late:
			c.t.Fatalf("the customer sees %q, want %q", seen, text)
		}
	}
}

// proves CH-01, CH-03, CH-04, CH-07: a server that nobody can call talks with
// a customer by way of a Telegram that others have written.
func TestCH07_TelegramOfOthers(t *testing.T) {
	const token = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
	at := emulate(t, "telegram.js")
	s := newScene(t, "crafttalkd")
	s.must(s.admin.ask("PUT", "/api/v1/accounts/bot", object{"kind": "telegram", "name": "Bot", "center_id": "main",
		"routing": object{"line_id": "first"}, "settings": object{"base_url": at, "mode": "polling"}, "secrets": object{"token": token}}, nil))
	s.reception()
	oleg := chat{t, client{url: at}, token}
	oleg.post("/sendMessage", "a message", object{"text": "Where is my order? 📦"})
	conversation := s.hears("Where is my order? 📦")
	s.reply(conversation, "It arrives tomorrow, <b>Oleg</b> 🙂")
	oleg.sees("It arrives tomorrow, <b>Oleg</b> 🙂")
	oleg.post("/sendMessage", "a message", object{"text": "Thanks"})
	if again := s.hears("Thanks"); again != conversation {
		t.Errorf("the answer is in conversation %s, want %s", again, conversation)
	}
	oleg.post("/sendCallback", "a press", object{"data": "nobody:0", "message": object{
		"message_id": 42, "date": 0, "chat": object{"id": 70555, "type": "private"},
		"reply_markup": object{"inline_keyboard": [][]object{{{"text": "Pressed", "callback_data": "nobody:0"}}}}}})
	s.hears("Pressed")
	long := strings.Repeat("word ", 1000)
	s.reply(conversation, long)
	oleg.sees(firstPart(long))
	if strings.Contains(fmt.Sprint(s.server.log), token) {
		t.Error("the log tells the token")
	}
}

// firstPart is what fits one message of Telegram.
func firstPart(text string) string {
	return strings.TrimRight(text[:strings.LastIndex(text[:4096], " ")+1], " ")
}

// hears waits until Olga is told a customer's text, and returns where.
func (s *scene) hears(text string) (conversation string) {
	s.t.Helper()
	s.frame(s.olga, func(f *wire.FromServer) bool {
		e := f.GetEntry()
		m := e.GetFact().GetMessageReceived()
		if m == nil || m.Content.GetText() != text {
			return false
		}
		conversation = strings.TrimPrefix(e.Stream, event.ConversationStream)
		return true
	})
	return conversation
}
