package retention

import (
	"context"
	"errors"
	"slices"
	"strings"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/figures"
	"crafttalkd/actors/refusal"
)

// A told conversation is what its facts say of what is to go.
type told struct {
	center    string
	customers []string // that it belonged to, the first one first
	messages  int32
	files     []string // hashes, each once
	words     []*event.OperatorWords
	taught    bool // it has something that the bot learns from
	forgotten *event.ConversationForgotten
}

// tell reads a conversation.
func (k *Keeper) tell(id string) (*told, error) {
	t := &told{}
	customer, _, _ := strings.Cut(id, ".")
	t.customers = []string{customer}
	c, err := figures.Fold(func(yield func(event.Event, error) bool) {
		for e, err := range k.config.Journal.Durable(event.ConversationStream+id, 0) {
			if err == nil {
				t.apply(e.Event)
			}
			if !yield(e.Event, err) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	t.center = c.Center
	for _, w := range c.Works {
		if w.Measured > 0 {
			t.words = append(t.words, &event.OperatorWords{OperatorId: w.Operator, Messages: int32(w.Measured), Characters: int32(w.Length)})
		}
	}
	return t, nil
}

func (t *told) apply(e event.Event) {
	switch e := e.(type) {
	case *event.MessageReceived, *event.MessageSent, *event.NoteAdded:
		t.messages++
	case *event.AttachmentFetched:
		t.file(e.Attachment)
	case *event.CustomerChanged:
		t.customers = append(t.customers, e.CustomerId)
	case *event.AnswerChosen, *event.AnswerRejected, *event.MessageLabelled, *event.ConversationReviewed:
		t.taught = true
	case *event.ConversationForgotten:
		t.forgotten = e
	}
	if c, ok := e.(interface{ GetContent() *event.Content }); ok {
		for _, a := range c.GetContent().GetAttachments() {
			t.file(a)
		}
	}
}

func (t *told) file(a *event.Attachment) {
	if hash := a.GetBlob(); hash != "" && !slices.Contains(t.files, hash) {
		t.files = append(t.files, hash)
	}
}

// forget forgets one conversation. Files that lie beside it go first: once the
// words are gone, nothing names them.
func (k *Keeper) forget(ctx context.Context, id string) error {
	t, err := k.tell(id)
	if err != nil || t.forgotten != nil {
		return err
	}
	if err := k.loose(ctx, id, t); err != nil {
		return err
	}
	_, err = k.config.Ask(ctx, event.ConversationStream+id, conversation.Forget{By: By, Days: int32(k.config.Days(t.center)),
		Messages: t.messages, Files: int32(len(t.files)), Words: t.words})
	if refusal.KindOf(err) != 0 {
		k.config.Log.Warn("retention: a conversation is left as it is", "conversation", id, "err", err)
		return nil
	}
	return err
}

// loose destroys files that came before the message that names them, and lie
// beside the conversation. Where another conversation of the customer names one
// too, it stays for that.
func (k *Keeper) loose(ctx context.Context, id string, t *told) error {
	for _, hash := range t.files {
		for _, customer := range t.customers {
			with, err := k.config.Blobs.With(customer, hash)
			if err != nil {
				return err
			}
			for _, subject := range with {
				if err := k.drop(ctx, id, t, subject, hash); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (k *Keeper) drop(ctx context.Context, id string, t *told, subject, hash string) error {
	if _, part, _ := strings.Cut(subject, "."); part == "" || part[0] >= '0' && part[0] <= '9' {
		return nil // the customer's own, or a conversation's
	}
	for _, customer := range t.customers {
		if named, err := k.named(ctx, customer, id, hash); err != nil || named {
			return err
		}
	}
	return errors.Join(k.config.Keys.Erase(subject), k.config.Blobs.Remove(subject))
}

// named reports whether another conversation of a customer names a file.
func (k *Keeper) named(ctx context.Context, customer, but, hash string) (bool, error) {
	all, err := k.config.Conversations(ctx, customer)
	if err != nil {
		return false, err
	}
	for _, id := range all {
		if id == but {
			continue
		}
		other, err := k.tell(id)
		if err != nil || slices.Contains(other.files, hash) {
			return err == nil, err
		}
	}
	return false, nil
}
