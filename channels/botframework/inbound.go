package botframework

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/hook"
	"crafttalkd/channels/loose"
)

// ServeHTTP takes one activity. Its token is checked before anything else, and
// then whether the token is for this activity.
func (c *Channel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		// Tools look whether anybody is here before they write.
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	p, err := c.check(r.Context(), r.Header.Get("Authorization"))
	if err != nil {
		deny(w, err)
		return
	}
	body, ok := hook.Body(w, r, hook.Longest)
	if !ok {
		return
	}
	v, err := loose.Parse(body)
	if err != nil {
		hook.Answer(w, c.config.Strange(r.Context(), "no JSON", body, true), nil)
		return
	}
	if !p.good(v) {
		deny(w, errToken)
		return
	}
	a := read(v)
	hook.Answer(w, c.take(r.Context(), a, body), func() { answer(w, a.kind) })
}

// deny answers who has not proven to be the service.
func deny(w http.ResponseWriter, err error) {
	if errors.Is(err, errToken) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	hook.Answer(w, err, nil)
}

// answer is empty, but for an invocation, which waits for a result.
func answer(w http.ResponseWriter, kind string) {
	if kind != "invoke" {
		w.WriteHeader(http.StatusOK)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusNotImplemented)
	io.WriteString(w, `{"status":501}`)
}

// An activity is what the service tells.
type activity struct {
	kind    string
	events  []channels.Event
	strange bool
	carries bool
	address string
	place   place
}

// A place is where a conversation is written to.
type place struct {
	ServiceURL   string `json:"service_url"`
	Conversation string `json:"conversation"`
	Bot          string `json:"bot"`
	User         string `json:"user"`
	Channel      string `json:"channel"`
}

// take hands an activity on, and lays where it came from on the shelf before:
// who has written can be answered.
func (c *Channel) take(ctx context.Context, a activity, body []byte) error {
	if a.strange {
		return c.config.Strange(ctx, a.kind, body, a.carries)
	}
	if a.address != "" && a.place.Conversation != "" {
		b, err := json.Marshal(a.place)
		if err != nil {
			return err
		}
		known, err := c.config.Shelf.Get(a.address, "place")
		if err == nil && string(known) != string(b) {
			err = c.config.Shelf.Put(a.address, "place", b)
		}
		if err != nil {
			return err
		}
	}
	return c.config.Take(ctx, a.kind, body, a.events...)
}

// Reread takes an activity once more that was kept. Where the customer is
// written to now may be known better than it was then. It implements
// [channels.Rereader].
func (c *Channel) Reread(ctx context.Context, raw []byte) error {
	v, err := loose.Parse(raw)
	if err != nil {
		return c.config.Strange(ctx, "no JSON", raw, true)
	}
	a := read(v)
	if a.address != "" {
		known, err := c.config.Shelf.Get(a.address, "place")
		if err != nil {
			return err
		}
		if known != nil {
			a.place = place{}
		}
	}
	return c.take(ctx, a, raw)
}

// read translates an activity. Only dialogues are our business.
func read(v loose.Value) (a activity) {
	a.kind = v.At("type").Text()
	conversation := v.At("conversation")
	if kind := conversation.At("conversationType").Text(); kind == "channel" || kind == "groupChat" || conversation.At("isGroup").Bool() {
		return a
	}
	a.address = v.At("from", "id").Name()
	a.place = place{v.At("serviceUrl").Text(), conversation.At("id").Name(), v.At("recipient", "id").Name(), v.At("from", "id").Name(), v.At("channelId").Text()}
	at := moment(v.At("timestamp"))
	notice := func(n channels.Notice) {
		if n.Address, n.At = a.address, at; n.Address != "" {
			a.events = []channels.Event{n}
		}
	}
	switch a.kind {
	case "message":
		a.message(v, at)
	case "messageUpdate":
		notice(channels.Notice{About: channels.Edited, ID: v.At("id").Name(), Content: content(v)})
	case "messageDelete":
		notice(channels.Notice{About: channels.Removed, ID: v.At("id").Name()})
	case "typing":
		notice(channels.Notice{About: channels.Typing})
	case "conversationUpdate":
		a.joined(v, at)
	case "installationUpdate", "contactRelationUpdate":
		about := channels.Unblocked
		if strings.HasPrefix(v.At("action").Text(), "remove") {
			about = channels.Blocked
		}
		notice(channels.Notice{About: about})
	case "event":
		if v.At("name").Text() == "application/vnd.microsoft.readReceipt" {
			notice(channels.Notice{About: channels.Seen, ID: v.At("value", "lastReadMessageId").Name()})
		}
	case "messageReaction", "endOfConversation", "trace", "handoff", "invoke":
	default:
		a.strange, a.carries = true, v.At("text").Text() != ""
	}
	return a
}

// joined is a conversation that somebody other than the bot has begun.
func (a *activity) joined(v loose.Value, at time.Time) {
	bot := v.At("recipient", "id").Name()
	for _, m := range v.At("membersAdded").List() {
		if id := m.At("id").Name(); id != "" && id != bot {
			a.address, a.place.User = id, m.At("id").Name()
			a.events = []channels.Event{channels.Notice{Address: id, About: channels.Started, At: at, Fields: person(m, v.At("locale"))}}
			return
		}
	}
	a.address = "" // the bot itself came
}

func (a *activity) message(v loose.Value, at time.Time) {
	if a.address == "" {
		a.strange, a.carries = true, true
		return
	}
	in := channels.Inbound{Address: a.address, ID: v.At("id").Name(), SentAt: at, Verified: "channel",
		Content: content(v), Fields: person(v.At("from"), v.At("locale"))}
	in.Link = channels.Code(in.Content.Text)
	if in.ID == "" {
		in.ID, in.Guessed = v.Fingerprint(), true
	}
	if ref := pressed(v.At("value")); ref != "" {
		in.Content.Pressed = channels.Pressed(ref, in.Content.Text)
	}
	c := in.Content
	if c.Text == "" && len(c.Attachments) == 0 && c.Location == nil && c.Pressed == nil {
		c.Text = "[пустое сообщение]"
	}
	a.events = []channels.Event{in}
}

// pressed is the reference in the value of a press of a button of ours.
func pressed(value loose.Value) string {
	return loose.Clip(cmp.Or(value.At("button").Text(), value.Text()), 200)
}

func moment(v loose.Value) time.Time {
	t, err := time.Parse(time.RFC3339, v.Text())
	if err != nil {
		return time.Time{}
	}
	return t
}

// person is what the service tells of somebody: the name in one piece.
func person(v, locale loose.Value) map[string]string {
	first, last, _ := strings.Cut(strings.TrimSpace(v.At("name").Text()), " ")
	fields := map[string]string{channels.FirstName: cmp.Or(v.At("givenName").Text(), first), channels.LastName: cmp.Or(v.At("surname").Text(), strings.TrimSpace(last)),
		channels.Email: v.At("email").Text(), channels.Language: locale.Text()}
	for name, value := range fields {
		if value == "" {
			delete(fields, name)
		}
	}
	return fields
}

// mention is how the bot is addressed in a text of Teams.
var mention = regexp.MustCompile(`(?s)<at[^>]*>.*?</at>\s*`)

// most is how many files of one message are taken.
const most = 20

// content is what an activity says.
func content(v loose.Value) *event.Content {
	c := &event.Content{Text: strings.TrimSpace(mention.ReplaceAllString(v.At("text").Text(), ""))}
	if v.At("textFormat").Text() == "xml" {
		c.Text = v.At("text").Text()
	}
	for _, a := range v.At("attachments").List() {
		attach(c, a)
	}
	for _, e := range v.At("entities").List() {
		geo := e
		if e.At("geo").IsObject() {
			geo = e.At("geo")
		}
		if geo.At("latitude").Given() && geo.At("longitude").Given() {
			c.Location = &event.Location{Latitude: geo.At("latitude").Float(), Longitude: geo.At("longitude").Float()}
		}
	}
	c.Attachments = c.Attachments[:min(len(c.Attachments), most)]
	for i, a := range c.Attachments {
		a.AttachmentId = strconv.Itoa(i + 1)
	}
	return c
}

// teamsFile is a file in Teams, which anybody with its address may fetch for
// some minutes.
const teamsFile = "application/vnd.microsoft.teams.file.download.info"

// attach adds a file. The text in HTML repeats what is said already.
func attach(c *event.Content, a loose.Value) {
	kind, source := a.At("contentType").Text(), a.At("contentUrl").Text()
	name := loose.Clip(cmp.Or(a.At("name").Text(), "file"), 250)
	switch {
	case kind == "", kind == "text/html":
	case kind == teamsFile:
		c.Attachments = append(c.Attachments, &event.Attachment{Name: name, Source: loose.Clip(a.At("content", "downloadUrl").Text(), 4000)})
	case strings.HasPrefix(kind, "application/vnd.microsoft.card."):
		c.Text = strings.TrimSpace(c.Text + "\n[" + strings.TrimPrefix(kind, "application/vnd.microsoft.card.") + "] " + a.At("content", "text").Text())
	case source != "" && !strings.HasPrefix(source, "data:"):
		mime, _, _ := strings.Cut(kind, ";")
		if strings.HasSuffix(mime, "/*") {
			mime = ""
		}
		c.Attachments = append(c.Attachments, &event.Attachment{Name: name, Mime: mime, Source: loose.Clip(channels.Held+source, 4000)})
	default:
		c.Text = strings.TrimSpace(c.Text + "\n[" + loose.Clip(kind, 100) + "]")
	}
}
