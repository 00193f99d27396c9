package channeltest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
)

// FuzzRead gives whatever there is to a decoder, beginning with the recorded
// calls: it never panics, and what it makes can be kept.
func FuzzRead(f *testing.F, recorded string, read func(body []byte) []channels.Event) {
	all, err := filepath.Glob(filepath.Join(recorded, "*.json"))
	if err != nil || len(all) == 0 {
		f.Fatalf("no recorded calls in %s: %v", recorded, err)
	}
	for _, name := range all {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, e := range read(body) {
			if err := keepable(e); err != nil {
				t.Errorf("%v\nof %q", err, body)
			}
		}
	})
}

// keepable checks what the intake checks.
func keepable(e channels.Event) error {
	switch e := e.(type) {
	case channels.Inbound:
		if err := named(e.Address, e.ID); err != nil {
			return err
		}
		c := e.Content
		if c.GetText() == "" && len(c.GetAttachments()) == 0 && c.GetLocation() == nil && c.GetContact() == nil && c.GetPressed() == nil {
			return fmt.Errorf("the message %s is empty", e.ID)
		}
		return sayable(c)
	case channels.Notice:
		if e.About == 0 || e.Address == "" {
			return fmt.Errorf("the notice %v is about nothing or nobody", e)
		}
		if err := named(e.Address, e.ID+"-"); err != nil {
			return err
		}
		return sayable(e.Content)
	}
	return fmt.Errorf("%T is no event", e)
}

func named(address, id string) error {
	for _, s := range []string{address, id} {
		if s == "" || len(s) > 201 || !plain(s) {
			return fmt.Errorf("%q is no name", s)
		}
	}
	return nil
}

func sayable(c *event.Content) error {
	if len(c.GetAttachments()) > 20 {
		return fmt.Errorf("%d files", len(c.Attachments))
	}
	all := []string{c.GetText(), c.GetContact().GetName(), c.GetContact().GetPhone(), c.GetPressed().GetCaption(), c.GetPressed().GetValue()}
	for _, a := range c.GetAttachments() {
		all = append(all, a.Name, a.Mime, a.Source)
	}
	for _, s := range all {
		if !plain(s) {
			return fmt.Errorf("%q can't be kept", s)
		}
	}
	return nil
}

func plain(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
