package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
	"crafttalkd/channels/telegram/telegramtest"
)

// customer is who writes to the bot in these tests.
const customer = 70555

// A world is a bot, its Telegram and its desk. It has no network.
type world struct {
	*telegramtest.Fake
	*Channel

	mu     sync.Mutex // guards what follows
	events []string
	odd    []byte // what was strange last
	fault  error  // what becomes of the next events
}

// RoundTrip answers the bot's requests.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme = "http" // there is nobody to listen in
	ours, theirs := net.Pipe()
	s := http.Server{Handler: w.Fake}
	l := one{make(chan net.Conn, 1)}
	l.c <- theirs
	go s.Serve(l)
	t := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return ours, nil }, DisableKeepAlives: true}
	return t.RoundTrip(r)
}

// one is a listener for one line.
type one struct{ c chan net.Conn }

func (l one) Accept() (net.Conn, error) {
	if c, ok := <-l.c; ok {
		close(l.c)
		return c, nil
	}
	return nil, net.ErrClosed
}
func (l one) Close() error   { return nil }
func (l one) Addr() net.Addr { return &net.UnixAddr{Name: "telegram"} }

func newWorld(t *testing.T, settings, public string) *world {
	w := &world{Fake: telegramtest.New(testToken, customer)}
	client := &http.Client{Transport: w}
	c, err := open(configured(channels.Config{
		Client: client, Patient: client, Shelf: &channeltest.Shelf{}, Token: channeltest.Token, Webhook: public,
		Sink: func(_ context.Context, m channels.Inbound, done func(channels.Kept, error)) {
			done(channels.Kept{}, w.kept(m))
		},
		Notify: func(_ context.Context, n channels.Notice, done func(error)) { done(w.kept(n)) },
		Strange: func(_ context.Context, kind string, raw []byte, _ bool) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.events, w.odd = append(w.events, "strange "+kind), raw
			return nil
		},
	}, settings))
	if err != nil {
		t.Fatal(err)
	}
	w.Channel = c
	return w
}

// kept notes an event in a few words.
func (w *world) kept(e channels.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.fault; err != nil {
		w.fault = nil
		return err
	}
	where := func(c *event.Content) string {
		if c.GetLocation() == nil {
			return ""
		}
		return fmt.Sprintf(" @%.3f", c.Location.Latitude)
	}
	switch e := e.(type) {
	case channels.Inbound:
		s := e.ID + " " + e.Content.Text + where(e.Content)
		for _, a := range e.Content.Attachments {
			s += " [" + strings.TrimPrefix(a.Source, channels.Held) + "]"
		}
		w.events = append(w.events, s)
	case channels.Notice:
		s := fmt.Sprintf("notice %d %s", e.About, e.ID)
		if e.About == channels.Edited {
			s = "edited " + e.ID + " " + e.Content.Text + where(e.Content)
		}
		w.events = append(w.events, s)
	}
	return nil
}

func (w *world) told() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.events)
}

// says lets the customer write.
func (w *world) says(id int, fields map[string]any) {
	m := map[string]any{
		"message_id": id, "date": 1767000000, "chat": map[string]any{"id": customer, "type": "private"},
		"from": map[string]any{"id": customer, "first_name": "Олег"},
	}
	for k, v := range fields {
		m[k] = v
	}
	w.Push("message", m)
}

func text(s string) map[string]any { return map[string]any{"text": s} }

func piece(file, caption string) map[string]any {
	return map[string]any{"media_group_id": "g1", "caption": caption, "photo": []any{map[string]any{"file_id": file, "width": 9, "height": 9}}}
}

func want(t *testing.T, w *world, all ...string) {
	t.Helper()
	if got := w.told(); !slices.Equal(got, all) {
		t.Errorf("the desk got %q, want %q", got, all)
	}
}

// poll polls until stop is called, which returns what Poll returned.
func (w *world) poll() (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Poll(ctx) }()
	return func() error { cancel(); return <-done }
}

// proves CH-07: where there is no public address, updates are asked for, and
// confirmed only once they are kept.
func TestCH07_Polling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ``, "")
		w.says(1, text("one"))
		w.says(2, text("two"))
		w.fault = errors.New("the disk is full")
		if err := w.Poll(context.Background()); err == nil || !strings.Contains(err.Error(), "the disk is full") {
			t.Errorf("Poll = %v", err)
		}
		want(t, w)
		if n := w.Waiting(); n != 2 {
			t.Errorf("%d updates wait, want 2: none was kept", n)
		}
		stop := w.poll()
		synctest.Wait()
		want(t, w, "1 one", "2 two")
		w.says(3, text("three"))
		w.Push("callback_query", map[string]any{"id": "q1", "from": map[string]any{"id": customer}, "data": "s1:0"})
		w.Push("poll_answer", map[string]any{})
		synctest.Wait()
		time.Sleep(time.Minute)
		want(t, w, "1 one", "2 two", "3 three", "press:q1 s1:0", "strange poll_answer")
		if w.Waiting() != 0 || w.OpenPresses() != 0 {
			t.Errorf("%d updates and %d presses wait", w.Waiting(), w.OpenPresses())
		}
		if err := stop(); err != nil {
			t.Errorf("Poll = %v after it was stopped", err)
		}
	})
}

// What ends a try to poll is told, and two that poll are not one.
func TestPollingFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ``, "")
		stop := w.poll()
		synctest.Wait()
		if err := w.Poll(context.Background()); err == nil || !strings.Contains(err.Error(), "terminated by other") {
			t.Errorf("a second Poll = %v", err)
		}
		stop()
		w.Fail("getUpdates", telegramtest.Fault{Status: 429, Body: `{"ok":false,"error_code":429,"parameters":{"retry_after":9}}`})
		if err := w.Poll(context.Background()); channels.LaterIn(err) != 9*time.Second {
			t.Errorf("Poll = %v, want it to name 9s", err)
		}
		w.Token = "1:another"
		err := w.Poll(context.Background())
		if _, ok := errors.AsType[*channels.Broken](err); !ok || strings.Contains(err.Error(), testToken) {
			t.Errorf("Poll = %v, want it to say that the account is broken", err)
		}
		if err := newWorld(t, ``, "https://desk.test/w").Poll(context.Background()); err != channels.ErrNoPolling {
			t.Errorf("Poll with a public address = %v", err)
		}
		if err := newWorld(t, `{"mode":"webhook"}`, "").Poll(context.Background()); err == nil || err == channels.ErrNoPolling {
			t.Errorf("Poll for a webhook without an address = %v", err)
		}
	})
}

// proves G3: an album is one message, though its pieces come in two batches.
func TestG3_AlbumWhilePolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ``, "")
		w.says(1, piece("a", "Смотрите"))
		stop := w.poll()
		synctest.Wait()
		w.says(2, piece("b", ""))
		w.says(3, piece("c", ""))
		time.Sleep(5 * time.Second)
		want(t, w, "1+2+3 Смотрите [a] [b] [c]")
		stop()
	})
}

// proves G5: an album that was refused is kept as its pieces, and is the same one
// message when it is read again.
func TestG5_AlbumReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ``, "")
		w.says(1, piece("a", "Смотрите"))
		w.says(2, piece("b", ""))
		w.fault = refusal.Of("text", "the text is too long")
		stop := w.poll()
		time.Sleep(5 * time.Second)
		want(t, w, "strange update")
		if err := w.Reread(t.Context(), w.odd); err != nil {
			t.Error(err)
		}
		want(t, w, "strange update", "1+2 Смотрите [a] [b]")
		stop()
	})
}

// proves CH-06: a position that moves is one message that changes, once a minute
// at most however often Telegram tells it; one that could not be kept is not
// taken for told, and where it stops is told always.
func TestCH06_LivePosition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := hooked(t)
		const begin = 1767000000
		moves := func(after int, live bool) {
			place := map[string]any{"latitude": 55 + float64(after)/1000, "longitude": 37.5}
			if live {
				place["live_period"] = 3600
			}
			w.Push("edited_message", map[string]any{"message_id": 1, "date": begin, "edit_date": begin + after,
				"chat": map[string]any{"id": customer, "type": "private"}, "location": place})
		}
		w.says(1, map[string]any{"location": map[string]any{"latitude": 55, "longitude": 37.5, "live_period": 3600}})
		for after := 5; after <= 300; after += 5 {
			moves(after, true)
		}
		w.Bring(w.Channel, 100)
		want(t, w, "1  @55.000", "edited 1  @55.005", "edited 1  @55.065", "edited 1  @55.125", "edited 1  @55.185", "edited 1  @55.245")
		w.fault = errors.New("the disk is full")
		moves(310, true)
		moves(312, true)
		moves(314, false)
		if got := w.Bring(w.Channel, 3); !slices.Equal(got, []int{503, 200, 200, 200}) {
			t.Errorf("the answers are %v", got)
		}
		want(t, w, "1  @55.000", "edited 1  @55.005", "edited 1  @55.065", "edited 1  @55.125", "edited 1  @55.185", "edited 1  @55.245",
			"edited 1  @55.310", "edited 1  @55.314")
	})
}

// hooked is a world with a webhook that is registered.
func hooked(t *testing.T) *world {
	const at = "https://desk.test/webhooks/telegram/shop"
	w := newWorld(t, ``, at)
	if err := w.Register(context.Background(), at); err != nil {
		t.Fatal(err)
	}
	return w
}

// proves CH-07: the webhook is told once, with its secret, and updates come by
// it until they are answered well.
func TestCH07_WebhookIsRegistered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := hooked(t)
		if err := w.Register(context.Background(), w.Webhook); err != nil {
			t.Fatal(err)
		}
		if got := w.Calls(); !slices.Equal(got, []string{"getWebhookInfo", "setWebhook", "getWebhookInfo"}) {
			t.Errorf("the calls are %q", got)
		}
		w.says(1, text("one"))
		w.fault = refusal.New(refusal.Busy, "too much")
		w.Push("callback_query", map[string]any{"id": "q1", "from": map[string]any{"id": customer}, "data": "s1:0"})
		if got := w.Bring(w.Channel, 3); !slices.Equal(got, []int{503, 200, 200}) {
			t.Errorf("the answers are %v", got)
		}
		want(t, w, "1 one", "press:q1 s1:0")
		if w.OpenPresses() != 0 {
			t.Error("the press was not answered")
		}
		w.LastFail = "Wrong response from the webhook: 403 Forbidden"
		if w.Register(context.Background(), w.Webhook); w.Calls()[len(w.Calls())-1] != "setWebhook" {
			t.Error("a secret that was refused is not told again")
		}
		if err := w.Register(context.Background(), ""); err != nil || w.Calls()[len(w.Calls())-1] != "deleteWebhook" {
			t.Errorf("Register of nothing = %v, %q", err, w.Calls())
		}
	})
}

// proves G3: the pieces of an album that a webhook brings at once are one
// message, answered once it is kept; of one that comes piece by piece nothing
// is lost or waited for twice.
func TestG3_AlbumByWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := hooked(t)
		w.fault = errors.New("the disk is full")
		post := func(id int, file string) int {
			body := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"chat":{"id":%d,"type":"private"},"media_group_id":"g1","photo":[{"file_id":%q}]}}`, id, id, customer, file)
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
			r.Header.Set(secretHeader, w.secret)
			a := httptest.NewRecorder()
			w.ServeHTTPTo(a, r)
			return a.Code
		}
		together := func() (out []int) {
			statuses := make(chan int)
			for i, file := range []string{"a", "b", "c"} {
				go func() { statuses <- post(i+1, file) }()
			}
			for range 3 {
				out = append(out, <-statuses)
			}
			return out
		}
		if got := together(); !slices.Equal(got, []int{503, 503, 503}) {
			t.Errorf("the answers are %v, want none of them good: nothing was kept", got)
		}
		if got := together(); !slices.Equal(got, []int{200, 200, 200}) {
			t.Errorf("the answers are %v", got)
		}
		want(t, w, "1+2+3  [a] [b] [c]")
		w = hooked(t)
		begin := time.Now()
		for i, file := range []string{"a", "b", "c"} {
			post(i+1, file)
		}
		want(t, w, "1  [a]", "2  [b]", "3  [c]")
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("an album that came piece by piece took %v", took)
		}
	})
}

// ServeHTTPTo is the bot's webhook; the fake has a ServeHTTP of its own.
func (w *world) ServeHTTPTo(a http.ResponseWriter, r *http.Request) { w.Channel.ServeHTTP(a, r) }

func (w *world) give(t *testing.T, c *event.Content) error {
	t.Helper()
	for i, p := range Abilities.Fit(c) {
		_, err := w.Deliver(context.Background(), channels.Outbound{
			Address: fmt.Sprint(customer), ID: "s1", Part: i, Content: p,
			Open: func(_ context.Context, a *event.Attachment) (io.ReadCloser, error) {
				return io.NopCloser(strings.NewReader(a.Blob)), nil
			},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// proves CH-02, CH-03, CH-05, CH-06, CH-07: what Telegram takes.
func TestCH07_Messages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, `{"phone_button":"Мой номер"}`, "")
		png := "\x89PNG\r\n\x1a\n...."
		for _, c := range []*event.Content{
			{Text: strings.Repeat("😀", 3000)},
			{Text: "Смотрите", Attachments: []*event.Attachment{{Name: "фото.png", Mime: "image/png", Size: 12, Blob: png}}},
			{Attachments: []*event.Attachment{{Name: "ложь.png", Mime: "image/png", Size: 4, Blob: "text"}}},
			{Attachments: []*event.Attachment{{Name: "a.pdf", Size: 3, Blob: "pdf"}}},
			{Text: "Да?", Buttons: []*event.Button{{Caption: "Да"}, {Caption: "Нет"}}},
			{Location: &event.Location{Latitude: 55.5, Longitude: 37.5}},
			{Text: "Номер?", Ask: event.Ask_ASK_PHONE, Buttons: []*event.Button{{Caption: "Не дам"}}},
			{Text: "Он нужен курьеру"},
		} {
			if err := w.give(t, c); err != nil {
				t.Errorf("Deliver(%.60v) = %v", c, err)
			}
		}
		w.says(1, map[string]any{"contact": map[string]any{"phone_number": "79990001122", "user_id": customer}})
		stop := w.poll()
		synctest.Wait()
		stop()
		w.give(t, &event.Content{Text: "Спасибо"})
		w.give(t, &event.Content{Text: "Всё"})
		var got bytes.Buffer
		for _, m := range w.Sent() {
			fmt.Fprintf(&got, "%s %.20q %q %v %v\n", m.Method, m.Text, m.FileName, m.Place, m.Markup)
		}
		const wanted = `sendMessage "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀" "" [0 0] map[]
sendMessage "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀" "" [0 0] map[]
sendPhoto "Смотрите" "фото.png" [0 0] map[]
sendDocument "" "ложь.png" [0 0] map[]
sendDocument "" "a.pdf" [0 0] map[]
sendMessage "Да?" "" [0 0] map[inline_keyboard:[[map[callback_data:s1:0 text:Да]] [map[callback_data:s1:1 text:Нет]]]]
sendLocation "" "" [55.5 37.5] map[]
sendMessage "Номер?" "" [0 0] map[keyboard:[[map[request_contact:true text:Мой номер]] [map[text:Не дам]]] one_time_keyboard:true resize_keyboard:true]
sendMessage "Он нужен курьеру" "" [0 0] map[]
sendMessage "Спасибо" "" [0 0] map[remove_keyboard:true]
sendMessage "Всё" "" [0 0] map[]
`
		if got.String() != wanted {
			t.Errorf("the customer sees\n%s, want\n%s", &got, wanted)
		}
		w.Block(customer, true)
		if err := w.give(t, &event.Content{Text: "x"}); refusal.KindOf(err) != refusal.Denied {
			t.Errorf("Deliver to who has blocked the bot = %v", err)
		}
		w.Block(customer, false)
		before := len(w.Sent())
		w.Fail("sendMessage", telegramtest.Fault{Lost: true})
		err := w.give(t, &event.Content{Text: "x"})
		if _, ok := errors.AsType[*channels.Unsure](err); !ok || len(w.Sent()) != before+1 {
			t.Errorf("Deliver whose answer is lost = %v after %d messages", err, len(w.Sent())-before)
		}
	})
}

// proves CH-04, CH-07, CH-15: who the bot is, its links, pictures and files.
func TestCH15_Setup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		w := newWorld(t, `{"test":true}`, "")
		if got, err := w.Link(ctx, "abc_-9"); err != nil || got != "https://t.me/teashop_bot?start=abc_-9" {
			t.Errorf("Link = %q, %v", got, err)
		}
		if _, err := w.Link(ctx, "a b"); refusal.KindOf(err) == 0 {
			t.Errorf("Link of a token with a blank = %v", err)
		}
		if got, err := w.Probe(ctx); err != nil || got != (channels.Identity{Name: "Чайная", Handle: "@teashop_bot", URL: "https://t.me/teashop_bot"}) {
			t.Errorf("Probe = %v, %v", got, err)
		}
		if got, err := w.Introduce(ctx, fmt.Sprint(customer)); err != nil || got[channels.Avatar] != channels.Held+"ava-l" {
			t.Errorf("Introduce = %v, %v", got, err)
		}
		if err := w.Typing(ctx, fmt.Sprint(customer)); err != nil {
			t.Errorf("Typing = %v", err)
		}
		w.Hold("f 1", []byte("bytes"))
		w.Hold("f2", make([]byte, 20<<20+1))
		r, err := w.Request(ctx, "f 1")
		if err != nil {
			t.Fatal(err)
		}
		a, err := w.Client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		if b, _ := io.ReadAll(a.Body); string(b) != "bytes" {
			t.Errorf("the file is %q", b)
		}
		for ref, says := range map[string]string{"f2": "20 MB", "f3": "no more"} {
			if _, err := w.Request(ctx, ref); refusal.KindOf(err) == 0 || !strings.Contains(err.Error(), says) {
				t.Errorf("Request(%q) = %v", ref, err)
			}
		}
	})
}

func TestOpen(t *testing.T) {
	for _, c := range []struct{ settings, secrets, field string }{
		{``, `{"token":"` + testToken + `"}`, ""},
		{`{"mode":"polling","base_url":"http://127.0.0.1:8081/","test":true}`, `{"token":" ` + testToken + ` "}`, ""},
		{`{"mode":"pigeon"}`, `{"token":"` + testToken + `"}`, "settings.mode"},
		{`{"base_url":"telegram"}`, `{"token":"` + testToken + `"}`, "settings.base_url"},
		{`{"colour":1}`, `{"token":"` + testToken + `"}`, "settings"},
		{``, `{}`, "secrets.token"}, {``, `{"token":"123"}`, "secrets.token"}, {``, `{"token":"1:` + strings.Repeat("a", 34) + `/"}`, "secrets.token"}, {``, `[]`, "secrets"},
	} {
		c2 := configured(channels.Config{}, c.settings)
		c2.Secrets = []byte(c.secrets)
		_, err := Open(c2)
		r, _ := errors.AsType[*refusal.Error](err)
		if c.field == "" && err != nil || c.field != "" && (r == nil || r.Field != c.field) {
			t.Errorf("Open(%s, %s) = %v, want a refusal of %q", c.settings, c.secrets, err, c.field)
		}
	}
}
