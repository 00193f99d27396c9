package channeltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing/iotest"
	"testing/synctest"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
)

// A drawer holds the files of messages.
type drawer struct {
	fault  error // opening fails so
	broken error // reading fails so in the middle
	opened int
	closed int
}

// contents is what the file of a name holds.
func contents(name string) []byte { return bytes.Repeat([]byte(name+"\x00\r\n--"), 5000) }

// open reads the file of an attachment. It is the Open of every message.
func (x *trial) open(_ context.Context, a *event.Attachment) (io.ReadCloser, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.files.fault != nil {
		return nil, x.files.fault
	}
	x.files.opened++
	b := contents(a.Name)
	var r io.Reader = bytes.NewReader(b)
	if x.files.broken != nil {
		r = io.MultiReader(bytes.NewReader(b[:len(b)/2]), iotest.ErrReader(x.files.broken))
	}
	return &handle{r, x}, nil
}

// A handle is a file that was opened.
type handle struct {
	io.Reader
	x *trial
}

// Close is safe to be called again.
func (h *handle) Close() error {
	h.x.mu.Lock()
	defer h.x.mu.Unlock()
	if h.Reader != nil {
		h.x.files.closed++
	}
	h.Reader = nil
	return nil
}

func (h *handle) Read(b []byte) (int, error) {
	h.x.mu.Lock()
	r := h.Reader
	h.x.mu.Unlock()
	if r == nil {
		return 0, errors.New("read after close")
	}
	return r.Read(b)
}

func attachment(name, mime string) *event.Attachment {
	return &event.Attachment{AttachmentId: name, Name: name, Mime: mime, Size: int64(len(contents(name))), Source: "https://desk.test/files/" + name}
}

func unprepared(x *trial) error {
	x.mu.Lock()
	x.strict = true
	x.mu.Unlock()
	for _, fault := range []behaviour{x.reset, x.hang, answer(500)} {
		x.play(fault)
		_, err := x.deliver(1, "hello")
		if len(x.messages()) > 0 {
			return nil // there is no preparation
		}
		if err := mayTryAgain(err); err != nil {
			return err
		}
	}
	return nil
}

func revoked(x *trial) error {
	if x.Revoke == nil {
		return nil
	}
	x.play(behaviour(x.Revoke))
	_, err := x.deliver(1, "hello")
	if _, ok := errors.AsType[*channels.Broken](err); !ok {
		return fmt.Errorf("Deliver = %v, want it to say that the account is broken", err)
	}
	return nil
}

func buttons(x *trial) error {
	if x.Abilities.Buttons < 2 {
		return nil
	}
	offered := []*event.Button{{Caption: "Да", Value: "value of yes"}, {Caption: "Нет"}}
	if _, err := x.send(7, &event.Content{Text: "Вам удобно?", Buttons: offered}); err != nil {
		return err
	}
	all := x.messages()
	if len(all) != 1 || len(all[0].Buttons) != 2 {
		return fmt.Errorf("the provider saw %v, want one message with two buttons", all)
	}
	for i, b := range all[0].Buttons {
		want := channels.Reference("m7", i)
		switch {
		case x.Valued:
			want = []string{"value of yes", "Нет"}[i]
		case x.Spoken:
			want = offered[i].Caption
		}
		if b.Caption != offered[i].Caption || b.Value != want {
			return fmt.Errorf("button %d is %q = %q, want %q = %q", i, b.Caption, b.Value, offered[i].Caption, want)
		}
	}
	return nil
}

func asks(x *trial) error {
	for n, ask := range x.Abilities.Asks {
		if _, err := x.send(n, &event.Content{Text: "please", Ask: ask}); err != nil {
			return err
		}
		all := x.messages()
		if got := all[len(all)-1]; got.Ask != ask || got.Text != "please" {
			return fmt.Errorf("the provider saw %v, want a wish for %v", got, ask)
		}
	}
	return nil
}

func places(x *trial) error {
	if _, err := x.send(1, &event.Content{Location: &event.Location{Latitude: -55.75, Longitude: 37.625}}); err != nil {
		return err
	}
	all := x.messages()
	if !x.Abilities.Place {
		if len(all) != 1 || !strings.Contains(all[0].Text, "-55.75") || !strings.Contains(all[0].Text, "37.625") {
			return fmt.Errorf("the provider saw %v, want an address on a map", all)
		}
		return nil
	}
	if len(all) != 1 || all[0].Place == nil || all[0].Place.Latitude != -55.75 || all[0].Place.Longitude != 37.625 {
		return fmt.Errorf("the provider saw %v, want the place -55.75 37.625", all)
	}
	return nil
}

func files(x *trial) error {
	c := &event.Content{Text: "Вот счёт", Attachments: []*event.Attachment{
		attachment(`счёт "№ 1".pdf`, "application/pdf"), attachment("фото.png", "image/png"), attachment("noname", ""),
	}}
	if _, err := x.send(1, c); err != nil {
		return err
	}
	var got [][]byte
	var text strings.Builder
	var links []string
	for _, call := range x.seen() {
		if m, ok := x.Read(call); ok {
			text.WriteString(m.Text)
			links = append(links, m.Links...)
		}
		if x.File == nil {
			continue
		}
		if b, ok := x.File(call); ok {
			got = append(got, b)
		}
	}
	if !strings.Contains(text.String(), c.Text) {
		return fmt.Errorf("of the text %q arrived", text.String())
	}
	for _, a := range c.Attachments {
		linked := slices.Contains(links, a.Source) || strings.Contains(text.String(), a.Source)
		uploaded := slices.ContainsFunc(got, func(b []byte) bool { return bytes.Equal(b, contents(a.Name)) })
		if !linked && !uploaded {
			return fmt.Errorf("the file %q did not arrive", a.Name)
		}
		if x.File != nil && !uploaded {
			return fmt.Errorf("the bytes of the file %q did not arrive", a.Name)
		}
	}
	return x.tidy()
}

// tidy checks that what was opened was closed.
func (x *trial) tidy() error {
	synctest.Wait()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.files.opened != x.files.closed {
		return fmt.Errorf("%d files were opened and %d closed", x.files.opened, x.files.closed)
	}
	return nil
}

func unreadable(x *trial) error {
	if x.File == nil {
		return nil
	}
	c := &event.Content{Attachments: []*event.Attachment{attachment("a.pdf", "application/pdf")}}
	x.files.fault = errors.New("the disk is slow today")
	_, err := x.send(1, c)
	if err := mayTryAgain(err); err != nil {
		return fmt.Errorf("a file that can't be opened: %w", err)
	}
	x.files.fault, x.files.broken = nil, errors.New("the disk is slow today")
	_, err = x.send(1, c)
	if err := mayTryAgain(err); err != nil {
		return fmt.Errorf("a file that breaks off: %w", err)
	}
	if n := len(x.messages()); n > 0 {
		return fmt.Errorf("the provider saw %d messages without their file", n)
	}
	x.files.broken = nil
	for _, fault := range []behaviour{x.reset, answer(500), behaviour(x.Refuse)} {
		x.play(fault)
		if _, err := x.send(1, c); err == nil {
			return errors.New("Deliver = nil, want an error")
		}
	}
	return x.tidy()
}
