package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/transport/wire"
)

// proves G45: whatever a customer and an operator say and do, and whatever goes
// wrong with it, the log of the whole server tells nothing of the person.
func TestG45_NothingPersonalInTheLog(t *testing.T) {
	log := logOf(t, "crafttalkd")
	if says([]byte(log)) {
		t.Errorf("the log tells of Clara:\n%s", log)
	}
	if !strings.Contains(log, "signed in") || !strings.Contains(log, "stopping") {
		t.Errorf("the log is not whole:\n%s", log)
	}
}

// A channel that writes down what it brings is seen.
func TestG45_ATalkerIsSeen(t *testing.T) {
	if log := logOf(t, "talker"); !says([]byte(log)) {
		t.Errorf("what a channel wrote down was not seen:\n%s", log)
	}
}

// logOf returns what a server logs at its normal level while the scenes are
// played, with everything refused and broken that can be.
func logOf(t *testing.T, program string) string {
	t.Helper()
	s := newScene(t, program)
	s.play()
	s.mishaps()
	s.command("erase", s.clara, "--data", s.dir)
	s.say("9", mark+"-address", nil)
	if _, err := s.server.stop(); err != nil {
		t.Error(err)
	}
	return s.server.log.String()
}

// mishaps are what goes wrong: refusals, nonsense, people without rights, a
// receiver that is gone.
func (s *scene) mishaps() {
	s.t.Helper()
	personal := object{"id": mark, "login": mark, "password": mark + cell, "text": mark, "user": object{"id": mark, "name": mark}}
	for _, try := range []struct {
		who          client
		method, path string
		body         object
	}{
		{client{url: s.server.url}, "POST", "/api/v1/session", personal},
		{s.shop, "POST", "/channel/v1/shop/messages", object{"id": mark, mark: mark}},
		{s.shop, "POST", "/channel/v1/shop/messages", object{"id": strings.Repeat(mark, 99), "user": object{"id": mark}}},
		{client{s.server.url, mark}, "POST", "/channel/v1/shop/messages", personal},
		{s.shop, "POST", "/channel/v1/" + mark + "/messages", personal},
		{s.admin, "GET", "/api/v1/customers/" + mark, nil},
		{s.admin, "GET", "/api/v1/" + mark + "?name=" + mark, nil},
		{s.admin, "POST", "/api/v1/customers/" + s.clara + "/merge", object{"from": mark}},
		{client{s.server.url, s.admin.token + mark}, "GET", "/api/v1/monitoring", nil},
	} {
		if err := try.who.ask(try.method, try.path, try.body, nil); err == nil {
			s.t.Errorf("%s %s is not refused", try.method, try.path)
		}
	}
	s.receiver.Close()
	conv := s.say("8", mark+"-address", nil)
	s.serves(conv)
	s.reply(conv, "Nobody takes this "+mark)
	v, err := visit(s.server.url, "site")
	s.must(err)
	_, err = v.write(&wire.FromClient{Is: &wire.FromClient_Reply{Reply: &wire.Reply{ConversationId: mark, Content: &event.Content{Text: mark}}}})
	s.must(err)
	v.ws.Close()
	s.end(conv)
}

// talker is our program with a channel that writes down what it brings.
func talker() {
	api := kinds["api"]
	open := api.Open
	api.Open = func(c channels.Config) (channels.Channel, error) {
		ch, err := open(c)
		if err != nil {
			return nil, err
		}
		return talking{ch, ch.(channels.Webhook)}, nil
	}
	kinds["api"] = api
	main()
}

type talking struct {
	channels.Channel
	channels.Webhook
}

func (c talking) Deliver(ctx context.Context, m channels.Outbound) (string, error) {
	slog.Info("brought", "text", m.Content.GetText())
	return c.Channel.Deliver(ctx, m)
}
