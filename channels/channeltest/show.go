package channeltest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
)

var abouts = map[channels.About]string{
	channels.Edited: "edited", channels.Removed: "removed", channels.Arrived: "arrived", channels.Seen: "seen",
	channels.Bounced: "bounced", channels.Started: "started", channels.Blocked: "blocked", channels.Unblocked: "unblocked",
	channels.Typing: "typing",
}

// Show is an event as text, the same for the same event: a line of what it is,
// and below it a line for each thing that it says.
func Show(e channels.Event) string {
	var b strings.Builder
	switch e := e.(type) {
	case channels.Inbound:
		fmt.Fprintf(&b, "message from %s id %s%s\n", e.Address, e.ID, clock(e.SentAt))
		line(&b, "home", e.Home)
		if e.Order != 0 {
			fmt.Fprintf(&b, "  order %d\n", e.Order)
		}
		if e.Guessed {
			b.WriteString("  the id is guessed\n")
		}
		if e.Automatic {
			b.WriteString("  automatic\n")
		}
		content(&b, e.Content)
		fields(&b, "field", e.Fields)
		fields(&b, "proven", e.Proven)
		line(&b, "verified", e.Verified)
		line(&b, "link", e.Link)
	case channels.Notice:
		fmt.Fprintf(&b, "%s %s id %s%s\n", abouts[e.About], e.Address, e.ID, clock(e.At))
		content(&b, e.Content)
		line(&b, "reason", e.Reason)
		line(&b, "link", e.Link)
		fields(&b, "field", e.Fields)
	}
	return b.String()
}

func clock(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return " at " + at.UTC().Format(time.RFC3339Nano)
}

func line(b *strings.Builder, name, value string) {
	if value != "" {
		fmt.Fprintf(b, "  %s %q\n", name, value)
	}
}

func fields(b *strings.Builder, name string, all map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(b, "  %s %s %q\n", name, key, all[key])
	}
}

func content(b *strings.Builder, c *event.Content) {
	if c == nil {
		return
	}
	line(b, "text", c.Text)
	for _, a := range c.Attachments {
		fmt.Fprintf(b, "  file %q %s %d bytes from %s\n", a.Name, a.Mime, a.Size, a.Source)
	}
	if p := c.Location; p != nil {
		fmt.Fprintf(b, "  place %v %v\n", p.Latitude, p.Longitude)
	}
	if p := c.Contact; p != nil {
		fmt.Fprintf(b, "  contact %q %s\n", p.Name, p.Phone)
	}
	if p := c.Pressed; p != nil {
		fmt.Fprintf(b, "  pressed %q = %q\n", p.Caption, p.Value)
	}
}
