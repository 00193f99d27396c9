package rest

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/feed"
)

// How the feed is given out.
const (
	longestWait = 30 * time.Second
	pulse       = 2 * time.Second  // between two looks at whether a stream's asker may go on
	heartbeat   = 15 * time.Second // the longest silence of a stream
	stuck       = 30 * time.Second // a reader that takes nothing is cut off
)

// ndjson is the media type of a stream: one JSON value a line.
const ndjson = "application/x-ndjson"

// feedRoutes are for programs that follow what happens.
func feedRoutes() []*route {
	read := may(directory.ViewClients, directory.ViewClient, directory.ViewMonitoring, directory.ViewDialogsSearch)
	return []*route{{method: "GET", path: "/api/v1/feed", act: audit.FeedRead, may: read,
		summary: "What happens, by a cursor that misses nothing; as a page, or with Accept: " + ndjson + " as a stream that goes on until the asker leaves",
		verb:    verb{out: reflect.TypeFor[FeedPage](), line: reflect.TypeFor[FeedLine](), serve: (*call).feed},
		params: []param{
			{name: "cursor", doc: "of the page before; left out for everything from the beginning, now for what happens from now on"},
			itemsOfFeed.param(),
			{name: "kinds", doc: "names of facts, with commas between; left out for all that the asker may be told of"},
			{name: "wait", doc: "seconds to wait for something to tell, at most 30; of pages"},
		}}}
}

// FeedPage is some of what happened, and where the rest begins.
type FeedPage struct {
	Items  []FeedItem `json:"items" doc:"those of one conversation, and of one customer, are in order"`
	Cursor string     `json:"cursor" doc:"to ask with for what comes after; none that was given out ever ends"`
	More   bool       `json:"more" doc:"whether there is more to read at once, for this asker or for others"`
}

// FeedLine is one line of a stream: an item, or a cursor after everything before
// it. A cursor comes every 15 seconds at the latest, as a sign of life.
type FeedLine struct {
	Item   *FeedItem `json:"item,omitempty"`
	Cursor string    `json:"cursor,omitempty"`
}

// FeedItem is one fact.
type FeedItem struct {
	ID      string    `json:"id" doc:"the same whenever the fact is told"`
	At      time.Time `json:"at"`
	Kind    string    `json:"kind"`
	Stream  string    `json:"stream" doc:"conversation/ID, customer/ID or operator/ID"`
	Version uint64    `json:"version" doc:"of the stream; its facts are numbered without gaps"`
	Fact    toldFact  `json:"fact"`
}

// A toldFact is a fact as the feed tells it: in its envelope.
type toldFact struct{ json.RawMessage }

func (toldFact) describe(s *schemas) schema {
	var kinds []schema
	fields := (&event.Fact{}).ProtoReflect().Descriptor().Fields()
	for _, name := range feed.Kinds() {
		kinds = append(kinds, schema{"type": "object", "properties": schema{name: s.field(fields.ByTextName(name))},
			"required": []string{name}, "additionalProperties": false})
	}
	return schema{"oneOf": kinds}
}

func itemOf(i feed.Item) FeedItem {
	return FeedItem{i.ID, i.At, i.Kind, i.Stream, i.Version, toldFact{i.Fact}}
}

// feed answers with a page or a stream, as the asker accepts.
func (c *call) feed() error {
	q, err := c.feedQuestion()
	if err != nil {
		return err
	}
	if c.wantsLines() {
		return c.follow(q)
	}
	page, err := c.feedPage(q)
	if err != nil {
		return err
	}
	return c.write(http.StatusOK, page)
}

// wantsLines reports whether the asker names the type of streams.
func (c *call) wantsLines() bool {
	return slices.ContainsFunc(strings.Split(c.r.Header.Get("Accept"), ","), func(one string) bool {
		media, _, err := mime.ParseMediaType(one)
		return err == nil && media == ndjson
	})
}

func (c *call) feedQuestion() (q feed.Question, err error) {
	query := c.r.URL.Query()
	q.User = c.asker.user
	if q.Limit, err = c.limit(itemsOfFeed); err != nil {
		return q, err
	}
	if kinds := query.Get("kinds"); kinds != "" {
		q.Kinds = strings.Split(kinds, ",")
	}
	switch cursor := query.Get("cursor"); cursor {
	case "":
	case "now":
		q.From = c.config.Feed.Now()
	default:
		q.From, err = c.config.Feed.Read(cursor)
	}
	return q, err
}

// feedPage reads a page, and waits for one if the asker wants to. Who loses the
// right meanwhile is told nothing.
func (c *call) feedPage(q feed.Question) (FeedPage, error) {
	wait, err := c.number("wait")
	if err != nil || wait > uint64(longestWait/time.Second) {
		return FeedPage{}, refusal.Of("wait", "at most 30 seconds are waited")
	}
	page, err := c.config.Feed.Page(c.r.Context(), q)
	if err == nil && wait > 0 && len(page.Items) == 0 {
		q.From = page.Cursor
		page, err = c.await(q, time.Duration(wait)*time.Second)
	}
	if err != nil {
		return FeedPage{}, err
	}
	out := FeedPage{Items: []FeedItem{}, Cursor: c.config.Feed.Write(page.Cursor), More: page.More}
	for _, i := range page.Items {
		out.Items = append(out.Items, itemOf(i))
	}
	return out, nil
}

// await waits for something to tell, but not for ever: then there is none. What
// was read by rights that the asker has no more is read again by those there are.
func (c *call) await(q feed.Question, most time.Duration) (feed.Page, error) {
	ctx, cancel := context.WithTimeout(c.r.Context(), most)
	defer cancel()
	page, err := c.config.Feed.Await(ctx, q)
	if errors.Is(err, context.DeadlineExceeded) && c.r.Context().Err() == nil {
		err = nil
	}
	if err != nil {
		return page, err
	}
	u, err := c.still()
	if err == nil && !proto.Equal(u, q.User) {
		page = feed.Page{Cursor: q.From, More: true}
	}
	return page, err
}

// still returns the asker as they are now, or why they may not ask any more.
func (c *call) still() (*event.User, error) {
	a, err := c.standing(c.asker.token)
	if err != nil {
		return nil, err
	}
	return a.user, c.route.may.check(a)
}

// follow writes what happens, line by line, until the asker leaves, may not ask
// any more, takes nothing, or the server goes down.
func (c *call) follow(q feed.Question) error {
	who := c.asker.name()
	if err := c.paces.enter(who); err != nil {
		return err
	}
	defer c.paces.leave(who)
	page, err := c.config.Feed.Page(c.r.Context(), q)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", ndjson)
	c.w.Header().Set("X-Accel-Buffering", "no") // a line that nginx kept back until more come would be late
	c.w.WriteHeader(http.StatusOK)
	out := &lineWriter{c: c}
	for err == nil && out.tell(page) == nil {
		if c.config.Stopping != nil && c.config.Stopping() {
			return nil
		}
		if q.User, err = c.still(); err != nil {
			return nil
		}
		q.From = page.Cursor
		page, err = c.await(q, pulse)
	}
	if err != nil && refusal.KindOf(err) == 0 && c.r.Context().Err() == nil {
		c.config.Log.Error("feed", "asker", who, "err", err)
	}
	return nil
}

// A lineWriter writes pages as lines.
type lineWriter struct {
	c    *call
	last time.Time // when something was written
}

// tell writes the items of a page and the cursor after them, or a sign of life
// if it is time for one.
func (l *lineWriter) tell(p feed.Page) error {
	now := l.c.config.System.Now()
	if len(p.Items) == 0 && now.Sub(l.last) < heartbeat {
		return nil
	}
	l.last = now
	control := http.NewResponseController(l.c.w)
	if err := control.SetWriteDeadline(time.Now().Add(stuck)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	e := json.NewEncoder(l.c.w)
	for _, i := range p.Items {
		item := itemOf(i)
		if err := e.Encode(FeedLine{Item: &item}); err != nil {
			return err
		}
	}
	if err := e.Encode(FeedLine{Cursor: l.c.config.Feed.Write(p.Cursor)}); err != nil {
		return err
	}
	return control.Flush()
}
