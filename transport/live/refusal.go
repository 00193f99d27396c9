package live

import (
	"errors"
	"log/slog"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/wire"
)

// Refusal is the answer to a frame that had no effect. A fault is logged, and
// the asker learns only that something broke.
func Refusal(id uint64, err error, log *slog.Logger) *wire.FromServer {
	a := &wire.Answer{Id: id, Kind: refusal.KindOf(err).String()}
	if r, ok := errors.AsType[*refusal.Error](err); ok {
		a.Text, a.Field = r.Text, r.Field
	} else {
		log.Error("socket", "err", err)
		a.Text = "something broke; try again"
	}
	return &wire.FromServer{Is: &wire.FromServer_Answer{Answer: a}}
}

// A Typist is a viewer that shows who is typing.
type Typist interface {
	Typing(conversation, who string)
}

// Typing tells everybody who watches a conversation, but the one who types.
// It is best effort and never kept.
func (h *Hub) Typing(from Viewer, conversation, who string) {
	h.Viewers(event.ConversationStream+conversation, func(v Viewer) {
		if t, ok := v.(Typist); ok && v != from {
			t.Typing(conversation, who)
		}
	})
}
