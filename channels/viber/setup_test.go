package viber

import (
	"encoding/json"
	"io"
	"net/http"
	"path"
	"strings"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

// A house is Viber in memory: one bot, and what it was asked.
type house struct {
	webhook string
	asked   []string
	sent    []message
	old     bool // the customer's device
}

// ServeHTTP answers a call of the API.
func (h *house) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.URL.Path)
	h.asked = append(h.asked, name)
	var err error
	switch name {
	case "set_webhook":
		var s struct{ URL string }
		err = json.NewDecoder(r.Body).Decode(&s)
		h.webhook = s.URL
	case "send_message":
		var m message
		err = json.NewDecoder(r.Body).Decode(&m)
		h.sent = append(h.sent, m)
		if h.old && m.MinAPIVersion > 1 {
			io.WriteString(w, `{"status":11,"status_message":"receiverNoSuitableDevice"}`)
			return
		}
	}
	if err != nil {
		io.WriteString(w, `{"status":3,"status_message":"badData"}`)
		return
	}
	json.NewEncoder(w).Encode(map[string]any{"status": 0, "status_message": "ok", "name": "Лавка чая", "uri": "teashop", "webhook": h.webhook, "message_token": 42})
}

func open(t *testing.T, h *house) *Channel {
	ch, err := Open(config("https://viber.test/pa", channeltest.Client(h)))
	if err != nil {
		t.Fatal(err)
	}
	return ch.(*Channel)
}

// proves CH-15: our address is set once, changed, and taken back.
func TestCH15_Register(t *testing.T) {
	h := &house{}
	c := open(t, h)
	for _, address := range []string{"https://a.test/1", "https://a.test/1", "https://b.test/2", ""} {
		if err := c.Register(t.Context(), address); err != nil || h.webhook != address {
			t.Fatalf("Register(%q) = %v, the webhook is %q", address, err, h.webhook)
		}
	}
	if n := strings.Count(strings.Join(h.asked, " "), "set_webhook"); n != 3 {
		t.Errorf("set_webhook was called %d times, want 3", n)
	}
}

// proves CH-15, CT-06: who we are, and the link that binds.
func TestCT06_Link(t *testing.T) {
	c := open(t, &house{})
	id, err := c.Probe(t.Context())
	if want := (channels.Identity{Name: "Лавка чая", Handle: "teashop", URL: "viber://pa?chatURI=teashop"}); err != nil || id != want {
		t.Errorf("Probe = %v, %v, want %v", id, err, want)
	}
	if link, err := c.Link(t.Context(), "AbCd"); err != nil || link != "viber://pa?chatURI=teashop&context=AbCd" {
		t.Errorf("Link = %q, %v", link, err)
	}
}

// proves CH-05: a device that is too old for a wish gets its words alone, once.
func TestCH05_OldDevice(t *testing.T) {
	h := &house{old: true}
	c := open(t, h)
	m := channels.Outbound{Address: "u", ID: "m1", Content: &event.Content{Text: "Ваш номер?", Ask: event.Ask_ASK_PHONE}}
	if id, err := c.Deliver(t.Context(), m); err != nil || id != "42" {
		t.Fatalf("Deliver = %q, %v", id, err)
	}
	if len(h.sent) != 2 || h.sent[0].Keyboard == nil || h.sent[1].Keyboard != nil || h.sent[1].Text != "Ваш номер?" || h.sent[1].TrackingData != "" {
		t.Errorf("sent %+v", h.sent)
	}
}

// proves CH-02: Viber knows a file by the end of its address; ours have
// parameters there.
func TestCH02_TheAddressEndsWell(t *testing.T) {
	h := &house{}
	c := open(t, h)
	a := &event.Attachment{Name: "счёт.pdf", Mime: "application/pdf", Size: 9, Source: "https://chat.test/files/v1/c/h?name=x&sign=s"}
	if _, err := c.Deliver(t.Context(), channels.Outbound{Address: "u", Content: &event.Content{Attachments: []*event.Attachment{a}}}); err != nil {
		t.Fatal(err)
	}
	if m := h.sent[0]; m.Type != "file" || !strings.HasPrefix(m.Media, a.Source) || !strings.HasSuffix(m.Media, ".pdf") || m.Size != 9 || m.FileName != "счёт.pdf" {
		t.Errorf("sent %+v", m)
	}
	a.Source = ""
	if _, err := c.Deliver(t.Context(), channels.Outbound{Address: "u", Content: &event.Content{Attachments: []*event.Attachment{a}}}); err == nil || !strings.Contains(err.Error(), "--public-url") {
		t.Errorf("without an address Deliver = %v", err)
	}
}
