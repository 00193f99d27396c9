package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/webhook"
)

// The body of an outbound message. It is the same on every try.
type (
	sent struct {
		Type      string    `json:"type"`
		Timestamp time.Time `json:"timestamp"`
		Data      sentData  `json:"data"`
	}
	sentData struct {
		ConversationID string     `json:"conversation_id"`
		MessageID      string     `json:"message_id"`
		UserID         string     `json:"user_id"`
		Text           string     `json:"text"`
		Attachments    []sentFile `json:"attachments,omitempty"`
		Buttons        []button   `json:"buttons,omitempty"`
		Location       *location  `json:"location,omitempty"`
		Contact        *contact   `json:"contact,omitempty"`
	}
	sentFile struct {
		ID     string `json:"id"`
		Name   string `json:"name"`
		Mime   string `json:"mime"`
		Size   int64  `json:"size"`
		SHA256 string `json:"sha256,omitempty"`
		URL    string `json:"url,omitempty"`
	}
	button struct {
		Caption string `json:"caption"`
		Value   string `json:"value"`
	}
	location struct {
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
	}
	contact struct {
		Name  string `json:"name"`
		Phone string `json:"phone"`
	}
)

func encode(m channels.Outbound) ([]byte, error) {
	c := m.Content
	data := sentData{ConversationID: m.Conversation, MessageID: m.ID, UserID: m.Address, Text: c.GetText()}
	for _, a := range c.GetAttachments() {
		data.Attachments = append(data.Attachments, sentFile{a.AttachmentId, a.Name, a.Mime, a.Size, a.Blob, a.Source})
	}
	for _, b := range c.GetButtons() {
		data.Buttons = append(data.Buttons, button{b.Caption, value(b)})
	}
	if l := c.GetLocation(); l != nil {
		data.Location = &location{l.Latitude, l.Longitude}
	}
	if p := c.GetContact(); p != nil {
		data.Contact = &contact{p.Name, p.Phone}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(sent{"message.sent", m.At.UTC(), data})
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// value is what pressing b sends.
func value(b *event.Button) string {
	if b.Value == "" {
		return b.Caption
	}
	return b.Value
}

// judge says what an answer means. A receiver that can't now is asked again;
// one that does not want is not.
func judge(r *http.Response, now time.Time) (id string, err error) {
	switch s := r.StatusCode; {
	case s/100 == 2:
		return name(r.Body), nil
	case s == http.StatusGone:
		return "", refusal.New(refusal.Denied, "the receiver does not want messages any more")
	case s == http.StatusMovedPermanently || s == http.StatusPermanentRedirect:
		return "", refusal.New(refusal.Denied, "the receiver has moved; enter its new address in the account's settings")
	case s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable:
		err := fmt.Errorf("the receiver answered %s", status(r))
		if after := webhook.RetryAfter(r.Header, now); after > 0 {
			return "", &channels.Later{After: after, Err: err}
		}
		return "", err
	case s == http.StatusRequestTimeout || s == http.StatusTooEarly:
		return "", fmt.Errorf("the receiver answered %s", status(r))
	case s/100 == 4:
		return "", refusal.New(refusal.Denied, "the receiver refused the message with status %s", status(r))
	}
	return "", fmt.Errorf("the receiver answered %s", status(r))
}

// status is the number and our own words for it: the receiver's words are not
// repeated to the operator.
func status(r *http.Response) string {
	return strings.TrimSpace(strconv.Itoa(r.StatusCode) + " " + http.StatusText(r.StatusCode))
}

// name reads the receiver's name for the message, if it tells one.
func name(body io.Reader) string {
	b, err := io.ReadAll(io.LimitReader(body, 16<<10))
	var answer struct {
		ID string `json:"id"`
	}
	if err != nil || json.Unmarshal(b, &answer) != nil {
		return ""
	}
	if utf8.RuneCountInString(answer.ID) > maxID || strings.ContainsRune(answer.ID, 0) {
		return ""
	}
	return answer.ID
}
