package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// What a message may measure, in characters.
const (
	maxBody  = 1 << 20 // bytes
	maxID    = 200
	maxText  = 32_000
	maxName  = 255
	maxURL   = 2000
	maxFiles = 20
)

// ErrUnreadable is the answer to a body that is not one JSON object in UTF-8.
var ErrUnreadable = refusal.New(refusal.Invalid, "the body is not a JSON object in UTF-8")

// The body of an inbound message.
type (
	received struct {
		ID          string    `json:"id"`
		User        user      `json:"user"`
		Text        string    `json:"text"`
		Attachments files     `json:"attachments"`
		Button      *button   `json:"button"`
		Location    *location `json:"location"`
		Order       int64     `json:"order"`
		SentAt      string    `json:"sent_at"`
		Link        string    `json:"link"`
	}
	user struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Phone string `json:"phone"`
		Email string `json:"email"`
	}
	file struct {
		URL      string `json:"url"`
		UploadID string `json:"upload_id"`
		Name     string `json:"name"`
		Mime     string `json:"mime"`
		Size     int64  `json:"size"`
	}
	files []file
)

// UnmarshalJSON reads no more files than are allowed, so that a long list of
// nothing takes no memory.
func (f *files) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return refusal.Of("attachments", "attachments must be a list")
	}
	for d.More() {
		if len(*f) == maxFiles {
			return refusal.Of("attachments", "a message has at most %d attachments", maxFiles)
		}
		var one file
		if err := d.Decode(&one); err != nil {
			return inField("attachments."+strconv.Itoa(len(*f)), err)
		}
		*f = append(*f, one)
	}
	return nil
}

// Inbound reads the body of an inbound message. Nothing is guessed and nothing
// ignored: a field that is unknown, of another type or too long is refused.
func Inbound(body []byte) (channels.Inbound, error) {
	if len(body) > maxBody {
		return channels.Inbound{}, refusal.New(refusal.Invalid, "the body is too large")
	}
	var m received
	if err := read(body, &m); err != nil {
		return channels.Inbound{}, err
	}
	if err := m.check(); err != nil {
		return channels.Inbound{}, err
	}
	in := channels.Inbound{
		Address: m.User.ID, ID: m.ID, Content: m.content(), Order: m.Order, Fields: m.User.fields(), Link: m.Link,
		Verified: "channel", // the third party vouches for it with the account's key
	}
	if m.SentAt != "" {
		at, err := time.Parse(time.RFC3339, m.SentAt)
		if err != nil {
			return channels.Inbound{}, refusal.Of("sent_at", "sent_at must be a time like 2006-01-02T15:04:05Z")
		}
		in.SentAt = at
	}
	return in, nil
}

func read(body []byte, m *received) error {
	if first := bytes.TrimLeft(body, " \t\r\n"); !utf8.Valid(body) || len(first) == 0 || first[0] != '{' {
		return ErrUnreadable
	}
	if !json.Valid(body) {
		return ErrUnreadable
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return inField("", err)
	}
	return nil
}

// inField says which field of a valid JSON value the decoder did not like.
func inField(within string, err error) error {
	if refusal.KindOf(err) != 0 {
		return err
	}
	at := func(field string) string { return strings.Trim(within+"."+field, ".") }
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return refusal.Of(at(wrong.Field), "%s can't be a JSON %s", at(wrong.Field), wrong.Value)
	}
	if quoted, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		if name, err := strconv.Unquote(quoted); err == nil {
			name = at(clip(name))
			return refusal.Of(name, "there is no field %s", name)
		}
	}
	return ErrUnreadable
}

func clip(s string) string {
	if len(s) <= maxID {
		return s
	}
	return strings.ToValidUTF8(s[:maxID], "")
}

func (m *received) check() error {
	for _, f := range []struct {
		name, value string
		most        int
	}{
		{"id", m.ID, maxID},
		{"user.id", m.User.ID, maxID},
		{"user.name", m.User.Name, maxName},
		{"user.phone", m.User.Phone, 50},
		{"user.email", m.User.Email, 254},
		{"text", m.Text, maxText},
		{"sent_at", m.SentAt, 50},
		{"link", m.Link, maxID},
	} {
		if err := checkText(f.name, f.value, f.most); err != nil {
			return err
		}
	}
	switch {
	case m.ID == "":
		return refusal.Of("id", "the id is missing")
	case m.User.ID == "":
		return refusal.Of("user.id", "the id of the user is missing")
	case m.Order < 0:
		return refusal.Of("order", "order can't be negative")
	case m.Text == "" && len(m.Attachments) == 0 && m.Button == nil && m.Location == nil:
		return refusal.Of("text", "the message is empty")
	}
	for i, f := range m.Attachments {
		if err := f.check("attachments." + strconv.Itoa(i)); err != nil {
			return err
		}
	}
	if err := m.Button.check(); err != nil {
		return err
	}
	return m.Location.check()
}

func checkText(field, s string, most int) error {
	switch {
	case strings.ContainsRune(s, 0):
		return refusal.Of(field, "%s holds a NUL", field)
	case utf8.RuneCountInString(s) > most:
		return refusal.Of(field, "%s is longer than %d characters", field, most)
	}
	return nil
}

func (f file) check(at string) error {
	for _, err := range []error{
		checkText(at+".url", f.URL, maxURL), checkText(at+".upload_id", f.UploadID, maxID),
		checkText(at+".name", f.Name, maxName), checkText(at+".mime", f.Mime, maxName),
	} {
		if err != nil {
			return err
		}
	}
	switch u, err := url.Parse(f.URL); {
	case (f.URL == "") == (f.UploadID == ""):
		return refusal.Of(at, "an attachment has either a url or an upload_id")
	case f.Size < 0:
		return refusal.Of(at+".size", "the size can't be negative")
	case f.URL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http"):
		return refusal.Of(at+".url", "the url must begin with https:// or http://")
	}
	return nil
}

func (b *button) check() error {
	if b == nil {
		return nil
	}
	if b.Caption == "" {
		return refusal.Of("button.caption", "the caption of the button is missing")
	}
	if err := checkText("button.caption", b.Caption, maxName); err != nil {
		return err
	}
	return checkText("button.value", b.Value, maxURL)
}

func (l *location) check() error {
	if l != nil && (l.Latitude < -90 || l.Latitude > 90 || l.Longitude < -180 || l.Longitude > 180) {
		return refusal.Of("location", "there is no such place on Earth")
	}
	return nil
}

func (m *received) content() *event.Content {
	c := &event.Content{Text: m.Text}
	for i, f := range m.Attachments {
		source := f.URL
		if f.UploadID != "" {
			source = channels.Upload + f.UploadID
		}
		c.Attachments = append(c.Attachments, &event.Attachment{
			AttachmentId: strconv.Itoa(i + 1), Name: f.Name, Mime: f.Mime, Size: f.Size, Source: source,
		})
	}
	if b := m.Button; b != nil {
		c.Pressed = &event.Button{Caption: b.Caption, Value: b.Value}
	}
	if l := m.Location; l != nil {
		c.Location = &event.Location{Latitude: l.Latitude, Longitude: l.Longitude}
	}
	return c
}

// fields is what is told of the person. A name in one piece is parted at the
// first blank.
func (u user) fields() map[string]string {
	first, last, _ := strings.Cut(strings.TrimSpace(u.Name), " ")
	fields := map[string]string{"fname": first, "lname": strings.TrimSpace(last), "phone": u.Phone, "email": u.Email}
	for k, v := range fields {
		if v == "" {
			delete(fields, k)
		}
	}
	return fields
}
