package accounts

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// proves G5: an update that is read again is understood or says why not. It is in
// when its message is kept or in the error queue, and not when nothing came of
// it, or when only something that nobody needs was understood.
func TestG5_Reread(t *testing.T) {
	came := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	full := errors.New("the disk is full")
	says := channels.Inbound{Address: "anna", ID: "1", Content: &event.Content{Text: "Hello"}}
	for _, c := range []struct {
		name   string
		reread func(c channels.Config, raw []byte) error // nil cannot
		kept   channels.Kept
		err    error // of the door
		want   channels.Reading
		fault  error
	}{
		{name: "understood", reread: takes(says)},
		{name: "understood, and its processing failed", reread: takes(says), kept: channels.Kept{Failed: true}, want: channels.Reading{Failed: true}},
		{name: "a notice alone", reread: takes(channels.Notice{Address: "anna", About: channels.Blocked})},
		{name: "as strange as before", reread: wonders("gift", true), want: channels.Reading{Odd: "nobody understands an update of the kind gift"}},
		{name: "a kind without a name", reread: wonders("", true), want: channels.Reading{Odd: "nobody understands an update of the kind unknown"}},
		{name: "half of it", reread: both(takes(says), wonders("gift", true)), want: channels.Reading{Odd: "nobody understands an update of the kind gift"}},
		{name: "with a part of no concern", reread: both(takes(says), wonders("sticker of a group", false))},
		{name: "of no concern", reread: wonders("poll", false), want: channels.Reading{Odd: "it is understood now, and holds no message: it can be discarded"}},
		{name: "nothing at all", reread: takes(), want: channels.Reading{Odd: "it is understood now, and holds no message: it can be discarded"}},
		{name: "refused at the door", reread: takes(says), err: refusal.Of("text", "the text is too long"), want: channels.Reading{Odd: "the text is too long"}},
		{name: "not now", reread: takes(says), err: full, fault: full},
		{name: "too much at once", reread: takes(says), err: refusal.New(refusal.Busy, "not now"), fault: refusal.New(refusal.Busy, "not now")},
		{name: "not to be read", reread: func(channels.Config, []byte) error { return refusal.New(refusal.Conflict, "look in the mailbox") },
			want: channels.Reading{Odd: "look in the mailbox"}},
		{name: "it breaks the adapter", reread: func(channels.Config, []byte) error { panic("index out of range") }, fault: errors.New("index out of range")},
		{name: "the kind can't", want: channels.Reading{Odd: "channels of this kind read nothing again"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStand(t, "", func(_ *stand, cc channels.Config) *bot {
				if c.reread == nil {
					return &bot{}
				}
				return &bot{reread: func(raw []byte) error { return c.reread(cc, raw) }}
			})
			s.book.edit([]*event.Account{account("a")})
			s.Sink = func(_ context.Context, m channels.Inbound, done func(channels.Kept, error)) {
				if m.Account != "a" || !m.Came.Equal(came) {
					t.Errorf("it comes through %q, at %v", m.Account, m.Came)
				}
				done(c.kept, c.err)
			}
			got, err := s.Reread(t.Context(), "a", []byte("raw"), came)
			if got != c.want || (err == nil) != (c.fault == nil) || err != nil && !strings.Contains(err.Error(), c.fault.Error()) {
				t.Errorf("Reread = %+v, %v, want %+v, %v", got, err, c.want, c.fault)
			}
			if now, err := s.Condition("a"); err != nil || len(now.Strange) > 0 || len(s.kept) > 0 || !now.LastIn.IsZero() {
				t.Errorf("what was kept is counted or kept once more: %+v, %v, %v", now, s.kept, err)
			}
		})
	}
}

func takes(all ...channels.Event) func(channels.Config, []byte) error {
	return func(c channels.Config, raw []byte) error { return c.Take(context.Background(), "update", raw, all...) }
}

func wonders(kind string, carries bool) func(channels.Config, []byte) error {
	return func(c channels.Config, raw []byte) error {
		return c.Strange(context.Background(), kind, raw, carries)
	}
}

func both(one, other func(channels.Config, []byte) error) func(channels.Config, []byte) error {
	return func(c channels.Config, raw []byte) error { return errors.Join(one(c, raw), other(c, raw)) }
}

// proves G5: an update is read with the settings of now, and that disturbs nobody
// who works with the account; one that is off, or is no more, reads nothing.
func TestG5_RereadWithMendedSettings(t *testing.T) {
	s := newStand(t, "", func(_ *stand, c channels.Config) *bot {
		return &bot{reread: func([]byte) error {
			if !strings.Contains(string(c.Settings), "mended") {
				return c.Strange(context.Background(), "gift", nil, true)
			}
			return c.Take(context.Background(), "update", nil, channels.Inbound{Address: "anna", ID: "7"})
		}}
	})
	mended, off := account("a"), account("off")
	mended.Settings, off.Disabled = `{"mended":true}`, true
	s.book.edit([]*event.Account{account("a"), off})
	live, err := s.Channel("a")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Reread(t.Context(), "a", nil, time.Now()); err != nil || got.Odd == "" {
		t.Errorf("Reread = %+v, %v", got, err)
	}
	if now, err := s.Channel("a"); err != nil || now != live {
		t.Errorf("the channel is another one after that, %v", err)
	}
	s.book.edit([]*event.Account{mended})
	if got, err := s.Reread(t.Context(), "a", nil, time.Now()); err != nil || got != (channels.Reading{}) || s.told() != "in:7" {
		t.Errorf("with mended settings Reread = %+v, %v", got, err)
	}
	for id, want := range map[string]refusal.Kind{"off": refusal.Denied, "none": refusal.NotFound} {
		if _, err := s.Reread(t.Context(), id, nil, time.Now()); refusal.KindOf(err) != want {
			t.Errorf("Reread of %s = %v, want %v", id, err, want)
		}
	}
}
