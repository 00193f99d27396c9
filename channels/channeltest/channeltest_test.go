package channeltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// A sample is an adapter for a made-up messenger, honest but for one fault.
type sample struct {
	url    string
	client *http.Client
	fault  fault
	keyed  bool // the messenger takes keys
	tries  int
}

type fault int

const (
	honest fault = iota
	namesNothing
	refusesTooSoon
	neverRefuses
	ignoresHint
	waitsForEver
	saysSentWhenLost
	saysTryAgainWhenLost
	alwaysUnsure
	ignoresContext
	readsToTheEnd
	newKeyEachTime
	keyOfMessageAlone
	cutsText
	dropsEmoji
	repeatsByItself
	tellsAddress
	unsureOfUpload
	takesRevokedForRefusal
	sendsValues
	forgetsAsk
	forgetsPlace
	forgetsFile
	leavesFileOpen
	refusesUnreadable
	sameKeyOfParts
)

// abilities are those of the made-up messenger.
var abilities = channels.Abilities{
	Text: 100, Files: 1, Buttons: 3, Place: true, Asks: []event.Ask{event.Ask_ASK_PHONE, event.Ask_ASK_LOCATION},
}

// A letter is a message on the wire of the made-up messenger.
type letter struct {
	Text    string
	Buttons []*event.Button
	Place   *event.Location
	Ask     event.Ask
	File    bool
}

func (s *sample) Idempotent() bool { return s.keyed }

func (s *sample) Deliver(ctx context.Context, m channels.Outbound) (string, error) {
	s.tries++
	text := m.Content.Text
	if s.fault == cutsText && len(text) > 90 {
		text = string([]rune(text)[:40])
	}
	l := letter{Text: text, Place: m.Content.Location, Ask: m.Content.Ask, File: len(m.Content.Attachments) > 0}
	for i, b := range m.Content.Buttons {
		value := channels.Reference(m.ID, i)
		if s.fault == sendsValues {
			value = b.Value
		}
		l.Buttons = append(l.Buttons, &event.Button{Caption: b.Caption, Value: value})
	}
	if l.File && s.fault != forgetsFile {
		if err := s.upload(ctx, m); err != nil {
			return "", err
		}
	}
	if s.fault == forgetsAsk {
		l.Ask = 0
	}
	if s.fault == forgetsPlace {
		l.Place = nil
	}
	return s.post(ctx, m, l)
}

// upload brings the file before the message.
func (s *sample) upload(ctx context.Context, m channels.Outbound) error {
	file, err := m.Open(ctx, m.Content.Attachments[0])
	if err != nil && s.fault == refusesUnreadable {
		return refusal.New(refusal.Invalid, "the file is not there")
	}
	if err != nil {
		return err
	}
	if s.fault == leavesFileOpen {
		file = io.NopCloser(file)
	}
	r, err := http.NewRequestWithContext(ctx, "POST", s.url+"/upload", file)
	if err != nil {
		return err
	}
	answer, err := s.client.Do(r)
	if err != nil && s.fault == unsureOfUpload {
		return &channels.Unsure{Err: err}
	}
	if err != nil {
		return errors.Unwrap(err)
	}
	answer.Body.Close()
	if answer.StatusCode != 200 {
		return fmt.Errorf("the upload was answered with %d", answer.StatusCode)
	}
	return nil
}

// post sends the message.
func (s *sample) post(ctx context.Context, m channels.Outbound, l letter) (string, error) {
	if s.fault == dropsEmoji {
		l.Text = strings.ReplaceAll(l.Text, "👩", "")
	}
	if s.fault == ignoresContext {
		ctx = context.WithoutCancel(ctx)
	}
	var written bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(i httptrace.WroteRequestInfo) { written = i.Err == nil },
	})
	body, _ := json.Marshal(l)
	r, err := http.NewRequestWithContext(ctx, "POST", s.url+"/send?token=hush", strings.NewReader(string(body)))
	if err != nil {
		return "", err
	}
	r.Header.Set("Key", s.key(m))
	client := *s.client
	if s.fault == waitsForEver {
		client.Timeout = 0
		client.Transport.(*http.Transport).ResponseHeaderTimeout = time.Hour
	}
	answer, err := client.Do(r)
	if err != nil && s.fault == repeatsByItself {
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		answer, err = client.Do(r)
	}
	if err != nil {
		return s.lost(err, written)
	}
	defer answer.Body.Close()
	return s.judge(answer)
}

func (s *sample) key(m channels.Outbound) string {
	switch s.fault {
	case newKeyEachTime:
		return strconv.Itoa(s.tries)
	case keyOfMessageAlone:
		return m.ID
	case sameKeyOfParts:
		return m.Conversation + "/" + m.ID
	}
	return m.Key
}

func (s *sample) lost(err error, written bool) (string, error) {
	if s.fault != tellsAddress {
		err = errors.Unwrap(err)
	}
	switch {
	case s.fault == saysSentWhenLost && written:
		return "x", nil
	case s.fault == alwaysUnsure, written && !s.keyed && s.fault != saysTryAgainWhenLost:
		return "", &channels.Unsure{Err: err}
	}
	return "", err
}

func (s *sample) judge(answer *http.Response) (string, error) {
	seconds, _ := strconv.Atoi(answer.Header.Get("Wait"))
	err := fmt.Errorf("status %d", answer.StatusCode)
	switch {
	case answer.StatusCode == 401 && s.fault != takesRevokedForRefusal:
		return "", &channels.Broken{Err: err}
	case answer.StatusCode == 403 && s.fault != neverRefuses, answer.StatusCode >= 500 && s.fault == refusesTooSoon:
		return "", refusal.New(refusal.Denied, "blocked")
	case seconds > 0 && s.fault != ignoresHint:
		return "", &channels.Later{After: time.Duration(seconds) * time.Second, Err: err}
	case answer.StatusCode != 200:
		return "", err
	}
	limit := int64(1000)
	if s.fault == readsToTheEnd {
		limit = 1 << 62
	}
	id, _ := io.ReadAll(io.LimitReader(answer.Body, limit))
	if s.fault == namesNothing {
		id = nil
	}
	return string(id), nil
}

func fixture(s sample) Fixture {
	return Fixture{
		Open: func(url string, client *http.Client) (channels.Channel, error) {
			s := s
			s.url, s.client = url, client
			return &s, nil
		},
		Read: func(c Call) (m Seen, ok bool) {
			var l letter
			if err := json.Unmarshal(c.Body, &l); err != nil {
				return m, false
			}
			return Seen{Key: c.Request.Header.Get("Key"), Text: l.Text, Buttons: l.Buttons, Place: l.Place, Ask: l.Ask}, true
		},
		File:      func(c Call) ([]byte, bool) { return c.Body, c.Request.URL.Path == "/upload" },
		Abilities: abilities,
		Revoke:    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) },
		Accept:    func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "id-5") },
		External:  "id-5",
		Throttle: func(w http.ResponseWriter, after time.Duration) {
			w.Header().Set("Wait", strconv.Itoa(int(after.Seconds())))
			w.WriteHeader(429)
		},
		Refuse:  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) },
		Secrets: []string{"hush"},
	}
}

func TestHonestAdapters(t *testing.T) {
	t.Run("with keys", func(t *testing.T) { Run(t, fixture(sample{keyed: true})) })
	t.Run("without keys", func(t *testing.T) { Run(t, fixture(sample{})) })
}

// A provider that gives no hint and knows no limit is tested too.
func TestPlainFixture(t *testing.T) {
	f := fixture(sample{})
	f.Throttle, f.Revoke, f.Abilities, f.File = nil, nil, channels.Abilities{}, nil
	Run(t, f)
}

// Every fault that an adapter may have is seen by the rule that is there for it.
func TestFaultsAreSeen(t *testing.T) {
	for _, c := range []struct {
		fault fault
		keyed bool
		rule  string
	}{
		{namesNothing, false, "an accepted message has a name"},
		{refusesTooSoon, false, "a failure of the provider is not final"},
		{neverRefuses, false, "a refusal is final"},
		{ignoresHint, false, "the provider's hint is passed on"},
		{waitsForEver, true, "a provider that hangs is given up"},
		{saysSentWhenLost, true, "a line cut after reading is unsure without a key"},
		{saysTryAgainWhenLost, false, "a line cut after reading is unsure without a key"},
		{saysTryAgainWhenLost, false, "a provider that hangs is given up"},
		{alwaysUnsure, false, "a message that did not leave is not unsure"},
		{ignoresContext, true, "a cancelled delivery ends"},
		{readsToTheEnd, false, "an answer without end is not read to it"},
		{newKeyEachTime, true, "the key is the same on every try"},
		{keyOfMessageAlone, true, "the key is the same on every try"},
		{cutsText, false, "nothing of a long text is lost silently"},
		{dropsEmoji, false, "text arrives as it was written"},
		{repeatsByItself, true, "the key is the same on every try"},
		{tellsAddress, false, "a message that did not leave is not unsure"},
		{takesRevokedForRefusal, false, "a revoked token breaks the account"},
		{sendsValues, false, "buttons carry references"},
		{forgetsAsk, false, "a customer can be asked"},
		{forgetsPlace, false, "a place arrives"},
		{forgetsFile, false, "files arrive"},
		{leavesFileOpen, false, "files arrive"},
		{leavesFileOpen, false, "a file that can't be read is worth another try"},
		{refusesUnreadable, false, "a file that can't be read is worth another try"},
		{unsureOfUpload, false, "a file that can't be read is worth another try"},
		{sameKeyOfParts, true, "nothing of a long text is lost silently"},
	} {
		t.Run(fmt.Sprint(c.rule, " ", c.fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if err := try(fixture(sample{fault: c.fault, keyed: c.keyed}), ruleOf(t, c.rule)); err == nil {
					t.Error("the fault is not seen")
				}
			})
		})
	}
}

func ruleOf(t *testing.T, name string) rule {
	for _, r := range rules {
		if r.name == name {
			return r
		}
	}
	t.Fatalf("there is no rule %q", name)
	return rule{}
}
