package bench_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
	"crafttalkd/transport/courier"
)

const (
	healthy = 8                     // accounts whose providers answer
	talks   = 20                    // conversations of each account
	spoken  = 10 * time.Millisecond // between two messages to the customers of these
	beside  = 5                     // of which each fifth is followed by one to the neighbour's
)

// BenchmarkBadNeighbour measures what an account whose provider hangs, fails,
// asks for patience or breaks its answers off costs the customers of the other
// accounts. Phases in which the neighbour's provider is well and phases in
// which it is not take turns in one run. Messages are due at planned times, and
// latency counts from there to the provider; ratio is that of the two p99.
func BenchmarkBadNeighbour(b *testing.B) {
	for _, how := range []string{"hangs", "500", "429", "half"} {
		b.Run(how, func(b *testing.B) {
			s := newStreet(b, how)
			for round := 0; b.Loop(); round++ {
				for _, bad := range []bool{round%2 == 0, round%2 != 0} {
					s.phase(b, bad)
				}
			}
			s.report(b)
		})
	}
}

// A street is accounts beside each other, and their providers.
type street struct {
	*product
	how    string
	url    string            // of the providers
	who    map[string]string // operators by their conversations' streams
	phases int
	bad    atomic.Bool  // the neighbour is unwell
	now    atomic.Int64 // the neighbour's number: of each phase it is another
	got    atomic.Int64 // by the others' customers
	tried  atomic.Int64 // at the neighbour

	mu         sync.Mutex // guards what follows
	well, sick *hdr.Histogram
}

func newStreet(b *testing.B, how string) *street {
	s := &street{product: newProduct(b, center()...), how: how, who: map[string]string{}, well: histogram(), sick: histogram()}
	for i := range desks {
		stream := fmt.Sprintf("operator/op%d", i)
		s.tell(b, stream, operator.Connect{})
		s.tell(b, stream, operator.SetPresence{Presence: event.Presence_ONLINE, Cause: event.Cause_OPERATOR_CHOICE})
	}
	providers := httptest.NewServer(s)
	b.Cleanup(func() { providers.CloseClientConnections(); providers.Close() })
	s.url = providers.URL
	c, err := courier.Start(courier.Config{System: s.sys, Journal: s.sys.Journal(), Table: s.table, Open: s.open, Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Carries: func(string) bool { return true },
		Abilities: func(string) channels.Abilities { return channels.Abilities{Pace: channels.Pace{PerSecond: 1000}} },
		Link:      func(string, channels.Outbound, *event.Attachment) error { return nil }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		gone, cancel := context.WithCancel(context.Background())
		cancel()
		c.Stop(gone)
	})
	for a := range healthy {
		s.greet(b, fmt.Sprintf("good%d", a))
	}
	return s
}

func (s *street) tell(b *testing.B, stream string, cmd any) {
	if _, err := s.sys.Ask(b.Context(), stream, cmd); err != nil {
		b.Fatal(err)
	}
}

// greet opens the conversations of an account, and waits until somebody has them.
func (s *street) greet(b *testing.B, account string) {
	for i := range talks {
		who := fmt.Sprintf("%sx%d", account, i)
		s.tell(b, event.CustomerStream+who, customer.Receive{ID: who, Home: who, Key: account + "/" + who + "/1",
			Address: &event.Address{AccountId: account, Address: who, Kind: "api"},
			Opening: &event.ConversationOpened{AccountId: account, CenterId: "shop", Routing: &event.Routing{LineId: "help"}, Policy: &event.Policy{}},
			Message: &event.MessageReceived{MessageId: "c1", AccountId: account, ExternalId: "1", Content: &event.Content{Text: "hello"}}})
	}
	for i := range talks {
		stream := talk(account, i)
		for end := time.Now().Add(20 * time.Second); s.who[stream] == ""; wait(time.Now().Add(time.Millisecond)) {
			has, err := system.Look(b.Context(), s.sys, stream, func(c conversation.State, _ uint64) string { return c.Operator })
			if err != nil || time.Now().After(end) {
				b.Fatalf("nobody has %s: %v", stream, err)
			}
			s.who[stream] = has
		}
	}
}

// talk is the stream of a conversation of an account.
func talk(account string, i int) string {
	return fmt.Sprintf("%s%sx%d.1", event.ConversationStream, account, i)
}

func (s *street) reply(b *testing.B, stream, id, text string) error {
	_, err := s.sys.Ask(b.Context(), stream, conversation.Reply{Operator: s.who[stream], ID: id, Content: &event.Content{Text: text}})
	return err
}

// phase sends messages to everybody for a while. What is left of the neighbour's
// is refused afterwards, so that it troubles no other phase.
func (s *street) phase(b *testing.B, bad bool) {
	s.phases++
	s.bad.Store(false)
	s.now.Store(int64(s.phases))
	neighbour := fmt.Sprintf("bad%d", s.phases)
	s.greet(b, neighbour)
	s.bad.Store(bad)
	sent, start := s.got.Load(), time.Now()
	var saying sync.WaitGroup
	for i := range int(phase / spoken) {
		at := start.Add(time.Duration(i) * spoken)
		wait(at)
		id, text := fmt.Sprintf("m%d-%d", s.phases, i), strconv.FormatInt(at.UnixNano(), 10)
		saying.Go(func() {
			if s.reply(b, talk(fmt.Sprintf("good%d", i%healthy), i/healthy%talks), id, text) != nil {
				b.Error("a reply was refused")
			}
			if i%beside == 0 && s.reply(b, talk(neighbour, i/beside%talks), id, "0") != nil {
				b.Error("a reply was refused")
			}
		})
		sent++
	}
	saying.Wait()
	until(b, &s.got, sent)
	s.now.Store(0)
	s.bad.Store(false)
	wait(time.Now().Add(time.Second))
}

// open returns a channel of an account; neighbours of the past are no more.
func (s *street) open(account string) (channels.Channel, error) {
	if n, neighbour := strings.CutPrefix(account, "bad"); neighbour && n != strconv.FormatInt(s.now.Load(), 10) {
		return nil, refusal.New(refusal.NotFound, "there is no account %s", account)
	}
	return post{s.url + "/" + account}, nil
}

// ServeHTTP is the providers.
func (s *street) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if strings.HasPrefix(r.URL.Path, "/bad") {
		s.tried.Add(1)
		s.neighbour(w, r)
		return
	}
	nanos, err := strconv.ParseInt(string(body), 10, 64)
	if err != nil || nanos == 0 {
		return
	}
	h := s.well
	if s.bad.Load() {
		h = s.sick
	}
	s.mu.Lock()
	record(h, time.Since(time.Unix(0, nanos)))
	s.mu.Unlock()
	s.got.Add(1)
}

// neighbour answers as badly as it does.
func (s *street) neighbour(w http.ResponseWriter, r *http.Request) {
	switch {
	case !s.bad.Load():
	case s.how == "hangs":
		<-r.Context().Done()
	case s.how == "half":
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, `{"message_id":`)
	case s.how == "429":
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
	default:
		w.WriteHeader(http.StatusInternalServerError)
	}
}

func (s *street) report(b *testing.B) {
	s.mu.Lock()
	defer s.mu.Unlock()
	well, sick := s.well.ValueAtQuantile(99), s.sick.ValueAtQuantile(99)
	b.ReportMetric(float64(well)/1000, "well-ms-p99")
	b.ReportMetric(float64(sick)/1000, "sick-ms-p99")
	b.ReportMetric(float64(sick)/float64(well), "ratio")
	b.ReportMetric(float64(s.tried.Load()), "tried")
	b.ReportMetric(0, "ns/op")
}

// A post is a channel whose messages are requests, and that may be asked again.
type post struct{ url string }

func (post) Idempotent() bool { return true }

func (p post) Deliver(ctx context.Context, m channels.Outbound) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, strings.NewReader(m.Content.Text))
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", &channels.Unsure{Err: err}
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	switch {
	case err != nil:
		return "", &channels.Unsure{Err: err}
	case answer.StatusCode == http.StatusTooManyRequests:
		return "", &channels.Later{After: time.Second, Err: errors.New("the provider answered 429")}
	case answer.StatusCode != http.StatusOK:
		return "", fmt.Errorf("the provider answered %d", answer.StatusCode)
	}
	return m.ID, nil
}
