package channeltest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/hook"
	"crafttalkd/channels/loose"
)

// A caller is a webhook of a made-up messenger, honest but for one fault.
type caller struct {
	channels.Config
	fault hookFault
	calls int
}

type hookFault int

const (
	honestHook hookFault = iota
	believesAll
	believesNoSignature
	answersAtOnce
	newIDs
	stopsAtBad
	refusesUnknown
	hidesUnknown
	strictTypes
	floatIDs
	keepsNUL
	smallBodies
	readsAll
	fiveHundredForNonsense
	swallowsFaults
	losesRefused
	rereadsNothing
	rereadsCarelessly
	rereadsInSilence
)

const sampleKey = "the key of the made-up messenger"

func (c *caller) Deliver(context.Context, channels.Outbound) (string, error) { return "", nil }

func (c *caller) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	most := int64(hook.Longest)
	switch c.fault {
	case smallBodies:
		most = 1000
	case readsAll:
		most = 1 << 30
	}
	body, ok := hook.Body(w, r, most)
	if !ok {
		return
	}
	signature := r.Header.Get("X-Sig")
	if !hook.Signed(body, signature, sampleKey) && c.fault != believesAll && (c.fault != believesNoSignature || signature != "") {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if c.fault == answersAtOnce {
		go c.take(r.Context(), body)
		return
	}
	err := c.take(r.Context(), body)
	if c.fault == swallowsFaults {
		err = nil
	}
	hook.Answer(w, err, nil)
}

func (c *caller) Reread(ctx context.Context, raw []byte) error {
	switch c.fault {
	case rereadsNothing:
		return nil
	case rereadsCarelessly:
		_ = c.take(ctx, raw)
		return nil
	case rereadsInSilence:
		c.Config.Strange = func(context.Context, string, []byte, bool) error { return nil }
	}
	return c.take(ctx, raw)
}

func (c *caller) take(ctx context.Context, body []byte) error {
	c.calls++
	v, err := loose.Parse(body)
	if err != nil || !v.IsObject() {
		if c.fault == fiveHundredForNonsense {
			return err
		}
		return c.Strange(ctx, "nonsense", body, true)
	}
	if c.fault == strictTypes {
		var strict struct {
			Message struct{ Files []struct{ Name string } }
		}
		if err := json.Unmarshal(body, &strict); err != nil {
			return nil
		}
	}
	switch v.At("kind").Text() {
	case "message":
		return c.messages(ctx, body, v.At("message"))
	case "batch":
		return c.messages(ctx, body, v.At("all").List()...)
	}
	switch c.fault {
	case refusesUnknown:
		return refusal.New(refusal.Invalid, "what is this?")
	case hidesUnknown:
		return nil
	}
	return c.Strange(ctx, v.At("kind").Text(), body, true)
}

func (c *caller) messages(ctx context.Context, body []byte, all ...loose.Value) error {
	var events []channels.Event
	for _, v := range all {
		from := v.At("from", "id").Text()
		if c.fault == floatIDs {
			from = fmt.Sprintf("%.0f", v.At("from", "id").Float())
		}
		if from == "" || v.At("id").Text() == "" || v.At("text").Text() == "" {
			if c.fault == stopsAtBad {
				break
			}
			if err := c.Strange(ctx, "message", body, true); err != nil {
				return err
			}
			continue
		}
		m := channels.Inbound{Address: from, ID: v.At("id").Text(), Content: &event.Content{Text: v.At("text").Text()}}
		if c.fault == newIDs {
			m.ID = fmt.Sprint(c.calls)
		}
		if c.fault == keepsNUL {
			m.Content.Text += "\x00"
		}
		events = append(events, m)
	}
	if c.fault == losesRefused {
		c.Config.Strange = func(context.Context, string, []byte, bool) error { return nil }
	}
	return c.Take(ctx, "message", body, events...)
}

func sampleHook(fault hookFault) Hook {
	return Hook{
		Open: func(c channels.Config) (channels.Channel, error) { return &caller{Config: c, fault: fault}, nil },
		Sign: func(r *http.Request, body []byte) {
			mac := hmac.New(sha256.New, []byte(sampleKey))
			mac.Write(body)
			r.Header.Set("X-Sig", hex.EncodeToString(mac.Sum(nil)))
		},
		Signed: true, Recorded: "testdata/sample", Address: "555", Needed: []string{"kind", "message.id", "message.from.id"},
	}.complete()
}

func TestHonestWebhook(t *testing.T) { RunWebhook(t, sampleHook(honestHook)) }

// Every fault that a webhook may have is seen by the rule that is there for it.
func TestFaultsOfWebhooksAreSeen(t *testing.T) {
	for _, c := range []struct {
		fault hookFault
		rule  string
	}{
		{believesAll, "a call that is not genuine is refused"},
		{believesNoSignature, "a call that is not genuine is refused"},
		{answersAtOnce, "the answer waits until all is kept"},
		{newIDs, "the same call twice brings the same"},
		{stopsAtBad, "a batch with a bad element keeps the others"},
		{refusesUnknown, "an unknown kind is answered well"},
		{hidesUnknown, "an unknown kind is answered well"},
		{strictTypes, "what is missing or of another type loses no message"},
		{floatIDs, "large ids keep every digit"},
		{keepsNUL, "text is kept as far as it can be"},
		{smallBodies, "a large body is taken, and a larger one refused"},
		{readsAll, "a large body is taken, and a larger one refused"},
		{fiveHundredForNonsense, "a body that is no JSON brings nothing"},
		{swallowsFaults, "what can't be kept now is asked for again"},
		{losesRefused, "what can never be kept is strange"},
		{rereadsNothing, "what was kept is read again"},
		{rereadsCarelessly, "what was kept is read again"},
		{rereadsInSilence, "what is still strange when it is read again is told"},
	} {
		t.Run(fmt.Sprint(c.rule, " ", c.fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, r := range hookRules {
					if r.name != c.rule {
						continue
					}
					if err := r.holds(sampleHook(c.fault)); err == nil {
						t.Error("the fault is not seen")
					}
					return
				}
				t.Errorf("there is no rule %q", c.rule)
			})
		})
	}
}

// The text form of an event names everything that it says.
func TestShow(t *testing.T) {
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	got := Show(channels.Inbound{
		Address: "5", Home: "k", ID: "7", Guessed: true, SentAt: at, Order: 9, Verified: "channel", Link: "abc",
		Fields: map[string]string{"lname": "Б", "fname": "А"}, Proven: map[string]string{"phone": "+7"},
		Content: &event.Content{
			Text: "t", Attachments: []*event.Attachment{{Name: "n", Mime: "m/m", Size: 3, Source: "held:x"}},
			Location: &event.Location{Latitude: 1.5, Longitude: -2}, Contact: &event.Contact{Name: "N", Phone: "+1"},
			Pressed: channels.Pressed("m1:0", "Да"),
		},
	}) + Show(channels.Notice{Address: "5", About: channels.Blocked, ID: "8", At: at, Reason: "r", Link: "l", Content: &event.Content{Text: "t"}, Fields: map[string]string{"x": "y"}})
	const want = `message from 5 id 7 at 2030-01-02T02:04:05Z
  home "k"
  order 9
  the id is guessed
  text "t"
  file "n" m/m 3 bytes from held:x
  place 1.5 -2
  contact "N" +1
  pressed "Да" = "m1:0"
  field fname "А"
  field lname "Б"
  proven phone "+7"
  verified "channel"
  link "abc"
blocked 5 id 8 at 2030-01-02T02:04:05Z
  text "t"
  reason "r"
  link "l"
  field x "y"
`
	if got != want {
		t.Errorf("Show =\n%s, want\n%s", got, want)
	}
}
