package main

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

const (
	dayCustomers = 3 // of each provider
	dayMessages  = 4 // of each customer
	dayAnswers   = 2 // to each of them
)

// A day is a server that all providers call at once, and its one operator.
type day struct {
	t         *testing.T
	server    *child
	desk      *socket
	providers []*provider
	heard     map[string]map[string]bool // texts by conversation
	answered  map[string]bool
}

func newDay(t *testing.T) *day {
	d := &day{t: t, providers: providers(), heard: map[string]map[string]bool{}, answered: map[string]bool{}}
	d.server = newServer(t, filepath.Join(t.TempDir(), "data"), "--listen", "127.0.0.1:0", "--allow", "127.0.0.1",
		"--allow-files", "127.0.0.1", "--public-url", "https://chat.example/")
	admin, err := signIn(d.server.url, adminLogin, adminPassword)
	if err != nil {
		t.Fatal(err)
	}
	admin.widget(t, "site")
	for _, p := range d.providers {
		p.start(t)
		settings := object{"base_url": p.http.URL}
		if p.kind == "botframework" {
			settings = object{"base_url": p.http.URL, "metadata_url": p.http.URL + "/openid", "token_url": p.http.URL + "/token"}
		}
		maps.Copy(settings, p.settings)
		settings["ask_phone"] = "" // the answers alone are counted
		body := object{"kind": p.kind, "name": p.kind, "center_id": "main", "routing": object{"line_id": "first"}, "settings": settings, "secrets": p.secrets}
		if err := admin.ask("PUT", "/api/v1/accounts/"+p.kind, body, nil); err != nil {
			t.Fatal(err)
		}
	}
	user := object{"login": "olga", "password": adminPassword, "first_name": "Olga", "center_ids": []string{"main"},
		"roles": []string{"login", "view_clients"}, "line_ids": []string{"first"}, "capacity": 100}
	if err := admin.ask("PUT", "/api/v1/users/olga", user, nil); err != nil {
		t.Fatal(err)
	}
	olga, err := signIn(d.server.url, "olga", adminPassword)
	if err != nil {
		t.Fatal(err)
	}
	if d.desk, err = dial(d.server.url, "/desk/v1/socket", olga.token); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.desk.ws.Close() })
	d.desk.write(&wire.FromClient{Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: event.Presence_ONLINE}}})
	return d
}

// write is everything that the customers say: in any order, some of it twice or
// three times, and each call made until it is answered well.
func (d *day) write(seed uint64) {
	type said struct {
		p           *provider
		customer, n int
	}
	var all []said
	rng := rand.New(rand.NewPCG(seed, 0))
	for _, p := range d.providers {
		for c := range dayCustomers {
			for n := range dayMessages {
				for range 1 + rng.IntN(3) {
					all = append(all, said{p, c, n + 1})
				}
			}
		}
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var wait sync.WaitGroup
	lanes := make(chan said)
	for range 8 {
		wait.Go(func() {
			for s := range lanes {
				d.hears(s.p, s.customer, s.n)
			}
		})
	}
	for _, s := range all {
		lanes <- s
	}
	close(lanes)
	wait.Wait()
}

// text is what a customer says.
func text(p *provider, customer, n int) string {
	return fmt.Sprintf("%s %s message %d", p.kind, numberOf(customer), n)
}

// hears makes a provider's call until we take it.
func (d *day) hears(p *provider, customer, n int) {
	for end := time.Now().Add(time.Minute); ; {
		r, err := p.hears(d.server.url, customer, n, text(p, customer, n))
		if err != nil {
			d.t.Error(err)
			return
		}
		answer, err := http.DefaultClient.Do(r)
		if err == nil {
			io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(end) {
			d.t.Errorf("%s was not taken: %v %v", text(p, customer, n), answer, err)
			return
		}
	}
}

// work reads what comes to the desk, and answers who has said everything.
func (d *day) work() {
	d.desk.ws.SetReadDeadline(time.Now().Add(2 * time.Minute))
	for len(d.answered) < len(d.providers)*dayCustomers {
		f, err := d.desk.read()
		if err != nil {
			d.t.Fatalf("%d of %d conversations are answered: %v\n%v", len(d.answered), len(d.providers)*dayCustomers, err, d.heard)
		}
		e := f.GetEntry()
		if e == nil {
			continue
		}
		m, ok := e.Fact.Unwrap().(*event.MessageReceived)
		if !ok {
			continue
		}
		conversation := strings.TrimPrefix(e.Stream, event.ConversationStream)
		d.hear(conversation, m)
	}
}

func (d *day) hear(conversation string, m *event.MessageReceived) {
	texts := d.heard[conversation]
	if texts == nil {
		texts = map[string]bool{}
		d.heard[conversation] = texts
	}
	if texts[m.Content.Text] {
		d.t.Errorf("%q came twice", m.Content.Text)
	}
	texts[m.Content.Text] = true
	if want := m.AccountId + " " + m.Address + " "; !strings.HasPrefix(m.Content.Text, want) {
		d.t.Errorf("%q came from %q", m.Content.Text, want)
	}
	if len(texts) < dayMessages || d.answered[conversation] {
		return
	}
	d.answered[conversation] = true
	for n := range dayAnswers {
		d.desk.write(&wire.FromClient{Is: &wire.FromClient_Reply{Reply: &wire.Reply{ConversationId: conversation, MessageId: fmt.Sprintf("a%d", n),
			Content: &event.Content{Text: fmt.Sprintf("answer %d to %s", n, m.Address)}}}})
	}
}

// given waits until the providers have every answer, and checks that each has it
// once and in order.
func (d *day) given() {
	late := time.After(time.Minute)
	for _, p := range d.providers {
		for {
			p.mu.Lock()
			n := 0
			for _, texts := range p.given {
				n += len(texts)
			}
			p.mu.Unlock()
			if n >= dayCustomers*dayAnswers {
				break
			}
			select {
			case <-p.loud:
			case <-late:
				d.t.Fatalf("%s has %v", p.kind, p.given)
			}
		}
		for c := range dayCustomers {
			var want []string
			for n := range dayAnswers {
				want = append(want, fmt.Sprintf("answer %d to %s", n, numberOf(c)))
			}
			p.mu.Lock()
			if got := p.given[numberOf(c)]; !slices.Equal(got, want) {
				d.t.Errorf("%s: customer %s got %q, want %q", p.kind, numberOf(c), got, want)
			}
			p.mu.Unlock()
		}
	}
}

// proves CV-01, G1, G2, G34, CH-15: all providers at once, each redelivering and
// reordering: nothing is lost or doubled in either direction, and nobody gets
// what is another's.
func TestCV01_ADayOfAllChannels(t *testing.T) {
	d := newDay(t)
	go d.write(uint64(time.Now().UnixNano()))
	d.work()
	d.given()
	for conversation, texts := range d.heard {
		if len(texts) != dayMessages {
			t.Errorf("conversation %s has %d messages", conversation, len(texts))
		}
	}
	if n := len(d.heard); n != len(d.providers)*dayCustomers {
		t.Errorf("there are %d conversations", n)
	}
}
