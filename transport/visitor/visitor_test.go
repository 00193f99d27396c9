package visitor_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

func texts(bubbles []*wire.Bubble) (out []string) {
	for _, b := range bubbles {
		out = append(out, b.Content.GetText())
	}
	return out
}

func progress(phase string) func(*wire.FromServer) bool {
	return func(f *wire.FromServer) bool { return f.GetProgress().GetPhase() == phase }
}

// proves WG-05, G31: a visitor whose line broke before the answer came says it
// again and it is said once; another tab sees the same.
func TestWG05_OfflineOutbox(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	token, anna := s.Token(t, "site")
	tab := s.Visitor(t, token, nil)
	second := s.Visitor(t, token, nil)
	tab.Send(livetest.Say("m1", "Hello"))
	tab.WS.NetConn().Close()
	tab = s.Visitor(t, token, tab.Fold)
	for _, id := range []string{"m1", "m2", "m1"} {
		tab.Must(livetest.Say(id, "Hello "+id))
	}
	if a := tab.Must(livetest.Say("m2", "Hello m2")); !a.Repeated && a.At == nil || a.Version == 0 {
		t.Errorf("m2 again: %v, want repeated with its place", a)
	}
	conv := anna + ".1"
	second.Bubble("Hello m2")
	for _, f := range []*livetest.Fold{tab.Fold, second.Fold} {
		var ids []string
		for _, b := range f.Bubbles[conv] {
			ids = append(ids, b.MessageId)
		}
		if !slices.Equal(ids, []string{"m1", "m2"}) {
			t.Errorf("bubbles %v, want m1 and m2 once each", ids)
		}
	}
	tab.WS.NetConn().Close()
	second.Must(livetest.Say("m3", "While away"))
	tab = s.Visitor(t, token, tab.Fold)
	if got := len(tab.Fold.Bubbles[conv]); got != 3 {
		t.Errorf("%d bubbles after coming back, want 3", got)
	}
}

// proves G29: a visitor that claims a place that never was is told so, and gets
// the conversation whole; what is not the visitor's stays unseen.
func TestG29_Claims(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	token, anna := s.Token(t, "site")
	s.Visitor(t, token, nil).Must(livetest.Say("m1", "Mine"))
	thief, _ := s.Token(t, "site")
	for _, test := range []struct {
		token           string
		version         uint64
		resets, bubbles int
	}{
		{token, 1 << 40, 1, 1},
		{token, 0, 0, 1},
		{thief, 0, 0, 0},
		{thief, 1 << 40, 0, 0},
	} {
		c := s.Dial(t, "/widget/v1/site/socket", livetest.Bearer(test.token), wire.Binary)
		c.Must(&wire.FromClient{Is: &wire.FromClient_Hello{Hello: &wire.Hello{Held: []*wire.Held{
			{Stream: event.ConversationStream + anna + ".1", Version: test.version}, {Stream: "conversation/"}, {Stream: "queue/help"}}}}})
		if c.Fold.Resets != test.resets || len(c.Fold.Bubbles[anna+".1"]) != test.bubbles {
			t.Errorf("held %d: %d resets and %v; want %d and %d bubbles", test.version, c.Fold.Resets, c.Fold.Bubbles, test.resets, test.bubbles)
		}
		if test.token == thief {
			if a := c.Do(&wire.FromClient{Is: &wire.FromClient_Rate{Rate: &wire.Rate{ConversationId: anna + ".1", Rating: 1}}}); a.Kind != "not_found" {
				t.Errorf("rating a stranger's conversation: %v", a)
			}
		}
	}
}

// proves CV-08: after the end the next message opens another conversation, and
// every tab shows it; the first one can still be rated.
func TestCV08_NextConversation(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	token, anna := s.Token(t, "site")
	tab, other := s.Visitor(t, token, nil), s.Visitor(t, token, nil)
	for round := range 8 {
		conv := fmt.Sprintf("%s.%d", anna, round+1)
		tab.Must(livetest.Say(fmt.Sprintf("m%d", round), fmt.Sprintf("Round %d", round)))
		other.Bubble(fmt.Sprintf("Round %d", round))
		if got := oleg.Assigned("oleg"); got != conv {
			t.Fatalf("assigned %s, want %s", got, conv)
		}
		tab.Until("served", progress("served"))
		oleg.Must(livetest.Close(conv))
		tab.Until("closed", progress("closed"))
		other.Until("closed", progress("closed"))
		if a := tab.Do(&wire.FromClient{Is: &wire.FromClient_Rate{Rate: &wire.Rate{ConversationId: conv, Rating: 5, Comment: "Fine"}}}); a.Kind != "" {
			t.Errorf("rating: %v", a)
		}
	}
}

// proves the read mark: the visitor is told of it under the widget's own names,
// whether the message went by on this socket or before.
func TestReadMarks(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	token, _ := s.Token(t, "site")
	tab := s.Visitor(t, token, nil)
	tab.Must(livetest.Say("mine-1", "One"))
	conv := oleg.Assigned("oleg")
	tab.Must(livetest.Say("mine-2", "Two"))
	seen := func(text string) {
		e := oleg.Fact(text, func(e event.Event) bool {
			m, ok := e.(*event.MessageReceived)
			return ok && m.Content.Text == text
		})
		oleg.Must(&wire.FromClient{Is: &wire.FromClient_Seen{Seen: &wire.Seen{ConversationId: conv, MessageId: e.Fact.GetMessageReceived().MessageId}}})
	}
	mark := func(c *livetest.Socket, want string) {
		t.Helper()
		if m := c.Until("mark", func(f *wire.FromServer) bool { return f.GetMark() != nil }).GetMark(); m.MessageId != want {
			t.Errorf("mark at %s, want %s", m.MessageId, want)
		}
	}
	seen("One")
	mark(tab, "mine-1")
	tab.WS.NetConn().Close()
	tab = s.Visitor(t, token, tab.Fold)
	seen("Two")
	mark(tab, "mine-2")
}

// A visitor who types is no news to the visitor's own tabs, and an operator who
// types is nobody by name.
func TestTyping(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	token, _ := s.Token(t, "site")
	one, two := s.Visitor(t, token, nil), s.Visitor(t, token, nil)
	one.Must(livetest.Say("m1", "Hello"))
	conv := oleg.Assigned("oleg")
	two.Bubble("Hello")
	typing := func() *wire.FromClient {
		return &wire.FromClient{Is: &wire.FromClient_Typing{Typing: &wire.Typing{ConversationId: conv}}}
	}
	is := func(f *wire.FromServer) bool { return f.GetTyping() != nil }
	one.Send(typing())
	if who := oleg.Until("typing", is).GetTyping().Who; who != "customer" {
		t.Errorf("the operator sees %q typing", who)
	}
	oleg.Send(typing())
	for _, c := range []*livetest.Socket{one, two} {
		if who := c.Until("typing", is).GetTyping().Who; who != "operator" {
			t.Errorf("the visitor sees %q typing", who)
		}
	}
}

// proves CV-04, CT-07: when the visitor's customer is merged into another, the
// socket shows the other's conversation from then on.
func TestCT07_Merge(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	phone, one := s.Token(t, "site")
	laptop, two := s.Token(t, "site")
	kept, lost := s.Visitor(t, phone, nil), s.Visitor(t, laptop, nil)
	kept.Must(livetest.Say("p1", "From the phone"))
	oleg.Assigned("oleg")
	lost.Must(livetest.Say("l1", "From the laptop"))
	oleg.Assigned("oleg")
	s.Ask(event.CustomerStream+one, customer.Merge{ID: one, From: two, By: "oleg"})
	lost.Bubble("From the phone")
	lost.Must(livetest.Say("l2", "Same person"))
	kept.Bubble("Same person")
	oleg.Must(livetest.Reply(one+".1", "r1", "Hello to both"))
	for _, c := range []*livetest.Socket{kept, lost} {
		c.Bubble("Hello to both")
	}
	again := s.Visitor(t, laptop, nil)
	if got := texts(again.Fold.Bubbles[one+".1"]); !slices.Equal(got, []string{"From the phone", "Same person", "Hello to both"}) {
		t.Errorf("a new socket shows %q", got)
	}
}

// proves CT-05: an address that was taken from a customer again shows nothing
// of that customer any more.
func TestCT05_AddressTakenBack(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	phone, one := s.Token(t, "site")
	mail, _ := s.Token(t, "site")
	owner, visitor := s.Visitor(t, phone, nil), s.Visitor(t, mail, nil)
	owner.Must(livetest.Say("p1", "Private"))
	conv := oleg.Assigned("oleg")
	home, address := homeOf(t, s, mail)
	s.Ask(event.CustomerStream+one, customer.AddAddress{ID: one, By: "oleg", Home: home,
		Address: &event.Address{AccountId: "site", Address: address, Kind: "widget"}})
	visitor.Bubble("Private")
	s.Ask(event.CustomerStream+one, customer.RemoveAddress{ID: one, By: "oleg", Home: home,
		Address: &event.Address{AccountId: "site", Address: address, Kind: "widget"}})
	visitor.Must(livetest.Say("v1", "Who am I?"))
	visitor.Shows("Who am I?")
	oleg.Must(livetest.Reply(conv, "r1", "Only for the owner"))
	owner.Bubble("Only for the owner")
	visitor.Must(livetest.Say("v2", "Hello?"))
	visitor.Shows("Hello?")
	if slices.Contains(texts(visitor.Fold.Bubbles[conv]), "Only for the owner") {
		t.Error("the visitor still sees the other customer's conversation")
	}
}

// homeOf returns the customer and the address of a token by asking for a page.
func homeOf(t *testing.T, s *livetest.Server, token string) (home, address string) {
	t.Helper()
	c := s.Dial(t, "/widget/v1/site/socket", livetest.Bearer(token), wire.Binary)
	c.Send(&wire.FromClient{Is: &wire.FromClient_Hello{Hello: &wire.Hello{}}})
	home = c.Until("welcome", func(f *wire.FromServer) bool { return f.GetWelcome() != nil }).GetWelcome().UserId
	return home, s.Lobby.AddressOf(token)
}

// proves G29: a visitor who writes for the first time while the other tab is
// just saying hello is seen by both.
func TestG29_HelloRacesFirstMessage(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	for round := range 30 {
		token, _ := s.Token(t, "site")
		one := s.Visitor(t, token, nil)
		var both sync.WaitGroup
		both.Go(func() { one.Must(livetest.Say("m1", fmt.Sprintf("First %d", round))) })
		two := s.Visitor(t, token, nil)
		both.Wait()
		two.Shows(fmt.Sprintf("First %d", round))
	}
}

// proves WG-05: without a socket a visitor can do the same, and the two ways
// show the same.
func TestWG05_WithoutSocket(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	token, anna := s.Token(t, "site")
	socket := s.Visitor(t, token, nil)
	status, body := rest(t, s, "POST", "messages", token, "", `{"message_id":"m1","content":{"text":"By post"}}`)
	if status != http.StatusAccepted || body["conversation_id"] != anna+".1" || body["repeated"] != false {
		t.Fatalf("posting: %d %v", status, body)
	}
	if _, body := rest(t, s, "POST", "messages", token, "", `{"message_id":"m1","content":{"text":"By post"}}`); body["repeated"] != true {
		t.Errorf("posting again: %v, want repeated", body)
	}
	socket.Bubble("By post")
	if a := socket.Must(livetest.Say("m1", "By post")); !a.Repeated {
		t.Errorf("the same by socket: %v, want repeated", a)
	}
	conv := oleg.Assigned("oleg")
	oleg.Must(livetest.Reply(conv, "r1", "By hand"))
	socket.Bubble("By hand")
	_, body = rest(t, s, "GET", "messages", token, "", "")
	if n := len(body["frames"].([]any)); n != 4 || body["more"] != false { // message, waiting, served, reply
		t.Errorf("%d frames, more %v: %v", n, body["more"], body["frames"])
	}
	after := fmt.Sprintf("messages?conversation=%s&after=%v", conv, body["version"])
	oleg.Must(livetest.Reply(conv, "r2", "One more"))
	if _, body = rest(t, s, "GET", after, token, "", ""); len(body["frames"].([]any)) != 1 {
		t.Errorf("after the last: %v, want one frame", body["frames"])
	}
	stranger, _ := s.Token(t, "site")
	if status, _ := rest(t, s, "GET", after, stranger, "", ""); status != http.StatusNotFound {
		t.Errorf("a stranger asks: %d, want 404", status)
	}
	if status, _ := rest(t, s, "GET", "messages?after=x", token, "", ""); status != http.StatusUnprocessableEntity {
		t.Errorf("after=x: %d, want 422", status)
	}
	if status, _ := rest(t, s, "POST", "messages", token, "", `{"message_id"`); status != http.StatusUnprocessableEntity {
		t.Errorf("half a message: %d, want 422", status)
	}
}

func rest(t *testing.T, s *livetest.Server, method, path, token, origin, body string) (int, map[string]any) {
	t.Helper()
	r, err := http.NewRequest(method, s.HTTP.URL+"/widget/v1/site/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = livetest.Bearer(token)
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	if err := json.Unmarshal(bytes.TrimSpace(b), &out); err != nil {
		t.Fatalf("%s %s: %s", method, path, b)
	}
	return a.StatusCode, out
}

// Who has no token of ours, or asks for no widget of ours, gets no socket.
func TestWhoMayCome(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	token, _ := s.Token(t, "site")
	forged := []byte(token)
	forged[3] ^= 1
	last := []byte(token)
	last[len(last)-1]++
	for _, test := range []struct{ name, account, token, origin, want string }{
		{"ours", "site", token, "", ""},
		{"ours, from a page", "site", token, "https://anywhere.example", ""},
		{"ours, at another widget", "blog", token, "", ""},
		{"none", "site", "", "", "403"},
		{"forged", "site", string(forged), "", "403"},
		{"another form", "site", string(last), "", "403"},
		{"cut", "site", token[:20], "", "403"},
		{"long", "site", strings.Repeat("A", 10_000), "", "403"},
		{"no such account", "none", token, "", "404"},
		{"another kind", "bot", token, "", "404"},
		{"switched off", "shut", token, "", "403"},
		{"a hidden origin", "site", token, "null", "403"},
		{"its site", "blog", token, "https://shop.example", ""},
		{"its site in capitals", "blog", token, "HTTPS://SHOP.example", ""},
		{"its other site", "blog", token, "https://m.shop.example:8443", ""},
		{"another port", "blog", token, "https://m.shop.example", "403"},
		{"another scheme", "blog", token, "http://shop.example", "403"},
		{"a longer name", "blog", token, "https://shop.example.evil.example", "403"},
		{"a hidden origin at it", "blog", token, "null", "403"},
	} {
		h := livetest.Bearer(test.token)
		if test.token == "" {
			h = http.Header{}
		}
		if test.origin != "" {
			h.Set("Origin", test.origin)
		}
		c, err := s.TryDial(livetest.Patience, s.Addr(), "/widget/v1/"+test.account+"/socket", h, wire.Binary)
		switch {
		case err == nil && test.want != "":
			t.Errorf("%s: let in, want %s", test.name, test.want)
		case err != nil && (test.want == "" || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
		if c != nil {
			c.WS.Close()
		}
	}
	c := s.Dial(t, "/widget/v1/site/socket", http.Header{}, wire.Binary, "token."+token)
	c.Hello(nil)
	if r, err := http.Post(s.HTTP.URL+"/widget/v1/shut/session", "", nil); err != nil || r.StatusCode != http.StatusForbidden {
		t.Errorf("a session at a widget that is switched off: %v, %v", r.Status, err)
	}
}

// A page of an allowed site may read the answers, refusals too.
func TestCORS(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	for origin, want := range map[string]string{"https://shop.example": "https://shop.example", "https://evil.example": "", "null": ""} {
		for _, method := range []string{"OPTIONS", "GET"} {
			r, _ := http.NewRequest(method, s.HTTP.URL+"/widget/v1/blog/messages", nil)
			r.Header.Set("Origin", origin)
			a, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			a.Body.Close()
			if got := a.Header.Get("Access-Control-Allow-Origin"); got != want || a.Header.Get("Vary") != "Origin" {
				t.Errorf("%s from %s: allowed %q, vary %q; want %q", method, origin, got, a.Header.Get("Vary"), want)
			}
			if got := a.Header.Get("Access-Control-Allow-Credentials"); got != "" {
				t.Errorf("credentials allowed: %q", got)
			}
		}
	}
}

// proves G6: who writes too fast is told to wait, on the own socket alone.
func TestG6_Rate(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	token, _ := s.Token(t, "blog")
	c := s.Dial(t, "/widget/v1/blog/socket", livetest.Bearer(token), wire.Binary)
	c.Hello(nil)
	for i := range 100 {
		c.Send(livetest.Say(fmt.Sprintf("m%d", i), "Again"))
	}
	kinds := map[string]int{}
	for n := 0; n < 100; {
		f := c.Until("answers", func(f *wire.FromServer) bool { return f.GetAnswer() != nil })
		kinds[f.GetAnswer().Kind]++
		n++
	}
	if kinds["busy"] < 20 || kinds[""] < 20 {
		t.Errorf("answers %v, want a part of them busy", kinds)
	}
	other, _ := s.Token(t, "blog")
	calm := s.Dial(t, "/widget/v1/blog/socket", livetest.Bearer(other), wire.Binary)
	calm.Hello(nil)
	calm.Must(livetest.Say("m1", "Hello"))
}

// proves G53: visitors too are told that the server stops.
func TestG53_Stop(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	token, _ := s.Token(t, "site")
	c := s.Visitor(t, token, nil)
	stopped := make(chan struct{})
	go func() { defer close(stopped); s.Lobby.Stop() }()
	if bye, code := c.Over(); bye != "stopping" || code != websocket.CloseNormalClosure {
		t.Errorf("bye %q, code %d", bye, code)
	}
	select {
	case <-stopped:
	case <-time.After(livetest.Patience):
		t.Error("Stop did not return")
	}
}
