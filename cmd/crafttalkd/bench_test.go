package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/flow"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/transport/intake"
)

// BenchmarkStart measures a start after kill -9 on a large store: a hundred
// thousand open conversations, most of them silent for hours, and a million
// events. It says how long it takes until a write can be committed, how much
// memory that needs, and how soon a message is kept that comes to a
// conversation which is not in memory.
//
// Making the store takes minutes, so it runs with CRAFTTALK_BIG=1 alone;
// CRAFTTALK_OPEN is the number of conversations.
func BenchmarkStart(b *testing.B) {
	if os.Getenv("CRAFTTALK_BIG") == "" {
		b.Log("CRAFTTALK_BIG=1 runs it")
		return
	}
	dir := filepath.Join(b.TempDir(), "data")
	open := number(b, "CRAFTTALK_OPEN", 100_000)
	key := bigHouse(b, dir)
	begin := time.Now()
	events := fill(b, dir, open)
	b.Logf("%d events in %v", events, time.Since(begin).Round(time.Second))
	c, err := startChild(dir, nil, "--listen", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	write(b, client{c.url, key}, 0, 200, open)
	c.kill()

	var starts, sizes, first []float64
	n := 200
	for b.Loop() {
		begin := time.Now()
		c, err := startChild(dir, nil, "--listen", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		starts = append(starts, float64(time.Since(begin).Milliseconds()))
		size, err := c.metric("process_resident_memory_bytes")
		if err != nil {
			b.Fatal(err)
		}
		sizes = append(sizes, size/(1<<20))
		first = append(first, write(b, client{c.url, key}, n, n+200, open)...)
		n += 200
		c.kill()
	}
	slices.Sort(first)
	b.ReportMetric(slices.Max(starts), "ready-ms-max")
	b.ReportMetric(slices.Max(sizes), "rss-MiB-max")
	b.ReportMetric(first[len(first)/2], "message-ms-p50")
	b.ReportMetric(first[len(first)*99/100], "message-ms-p99")
}

// bigHouse makes a directory with a center, a line and an account of the API,
// and returns the account's key.
func bigHouse(b *testing.B, dir string) (key string) {
	b.Helper()
	c := newServer(b, dir, "--listen", "127.0.0.1:0")
	admin, err := signIn(c.url, adminLogin, adminPassword)
	if err != nil {
		b.Fatal(err)
	}
	admin.widget(b, "site")
	var a struct{ Key string }
	if err := admin.ask("PUT", "/api/v1/accounts/shop", object{"kind": "api", "name": "Shop", "center_id": "main",
		"routing": object{"line_id": "first"}, "settings": object{"webhook_url": "https://example.com/"}}, &a); err != nil {
		b.Fatal(err)
	}
	if _, err := c.stop(); err != nil {
		b.Fatal(err)
	}
	return a.Key
}

// fill appends the conversations of customers 0 to open, as the machines make
// them, and returns how many events that was. Whoever follows the journal is
// put at its end: all of this was carried out long ago.
func fill(b *testing.B, dir string, open int) (events int) {
	b.Helper()
	h, err := openHome(dir, logger(slog.LevelWarn), 0)
	if err != nil {
		b.Fatal(err)
	}
	j, err := h.journal()
	if err != nil {
		b.Fatal(err)
	}
	var failed atomic.Pointer[error]
	var under atomic.Int64
	last := make(chan struct{})
	under.Store(1)
	done := func(_ store.Receipt, err error) {
		if err != nil {
			failed.Store(&err)
		}
		if under.Add(-1) == 0 {
			close(last)
		}
	}
	for i := range open {
		for _, a := range life(h.master.CustomerID("shop", person(i)), i, time.Now().Add(-2*time.Hour)) {
			events += len(a.Events)
			under.Add(1)
			j.Append(a, done)
		}
	}
	done(store.Receipt{}, nil)
	<-last
	if err := failed.Load(); err != nil {
		b.Fatal(*err)
	}
	for _, follower := range []string{"flow", "links", "courier"} {
		if err := j.SavePlace(follower, j.Now()); err != nil {
			b.Fatal(err)
		}
	}
	j.Close()
	if err := h.close(); err != nil {
		b.Fatal(err)
	}
	return events
}

// person is the address of customer i.
func person(i int) string { return fmt.Sprintf("user-%06d", i) }

// life is what a customer and the open conversation have been through: three
// messages, two answers, an operator who has been let go in the silence after
// the last, and an alarm some time tomorrow.
func life(id string, i int, at time.Time) []journal.Append {
	policy := &event.Policy{Silence: &event.SilencePolicy{DetachAfter: durationpb.New(time.Hour), CloseAfter: durationpb.New(24*time.Hour + time.Duration(i)*time.Millisecond)}}
	var who customer.State
	var talk conversation.State
	one := journal.Append{Stream: event.CustomerStream + id}
	two := journal.Append{Stream: event.ConversationStream + id + ".1"}
	do := func(cmd conversation.Command) {
		facts, err := conversation.Decide(talk, cmd, at)
		if err != nil {
			panic(err) // the story is ours
		}
		for _, f := range facts {
			talk = conversation.Apply(talk, f)
		}
		two.Events = append(two.Events, facts...)
		at = at.Add(20 * time.Second)
	}
	says := func(n int) {
		key := fmt.Sprintf("shop/%s/%d", id, n)
		cmd := customer.Receive{ID: id, Home: id, Key: key, Fields: map[string]string{"fname": "Clara", "lname": person(i)},
			Address: &event.Address{AccountId: "shop", Address: person(i), Kind: "api", Verified: "channel"},
			Opening: &event.ConversationOpened{AccountId: "shop", Address: person(i), CenterId: "main", Kind: "api",
				Routing: &event.Routing{LineId: "first"}, Policy: policy},
			Message: &event.MessageReceived{MessageId: intake.MessageID(key), AccountId: "shop", Address: person(i), ExternalId: fmt.Sprint(n),
				Content: &event.Content{Text: "Where is the parcel that was to arrive on Tuesday? It was number 4711."}}}
		facts, err := customer.Decide(who, cmd, at)
		if err != nil {
			panic(err)
		}
		for _, f := range facts {
			who = customer.Apply(who, f)
		}
		one.Events = append(one.Events, facts...)
		on, _ := flow.Onward(who, cmd)
		two.Keys = append(two.Keys, key)
		do(on.Command.(conversation.Command))
	}
	answer := func(n int) {
		do(conversation.Reply{Operator: "oleg", ID: fmt.Sprintf("%s-r%d", id, n), Content: &event.Content{Text: "It is on its way and arrives tomorrow before noon."}})
	}
	says(1)
	do(conversation.Assign{Operator: "oleg", Offer: id + "-1", Line: "first", Turn: talk.Turn})
	says(2)
	answer(1)
	says(3)
	answer(2)
	at = at.Add(time.Hour)
	do(conversation.Wake{})
	two.Alarm = conversation.Deadline(talk)
	return []journal.Append{one, two}
}

// write brings a message of each of the customers n to m, spread over all, and
// returns how long each took, in milliseconds.
func write(b *testing.B, c client, n, m, open int) (took []float64) {
	b.Helper()
	for ; n < m; n++ {
		i := n * 7919 % open
		body := object{"id": fmt.Sprintf("late-%d", n), "user": object{"id": person(i)}, "text": "Hello, are you still there?"}
		var a struct {
			ConversationID string `json:"conversation_id"`
			Version        int
		}
		begin := time.Now()
		if err := c.ask("POST", "/channel/v1/shop/messages", body, &a); err != nil {
			b.Fatal(err)
		}
		took = append(took, float64(time.Since(begin).Microseconds())/1000)
		if a.Version < 8 {
			b.Fatalf("%s has version %d: it was opened just now", a.ConversationID, a.Version)
		}
	}
	return took
}
