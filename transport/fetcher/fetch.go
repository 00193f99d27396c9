package fetcher

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gabriel-vasile/mimetype"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/channels"
	"crafttalkd/store/blob"
	"crafttalkd/transport/files"
)

// knocks is how long a conversation is left alone that had no room for an
// outcome.
const knocks = 200 * time.Millisecond

// errErased ends a task: the customer whose file it would be is erased.
var errErased = refusal.New(refusal.NotFound, "the customer has been erased")

// An own fault is ours and not the server's: it uses up nobody's patience.
type own struct{ error }

func (o own) Unwrap() error { return o.error }

// try fetches the file of a task once, and has the outcome recorded.
func (f *Fetcher) try(ctx context.Context, t task) fate {
	m, a, err := f.read(t)
	if err != nil {
		return f.trouble(t, err)
	}
	if a == nil {
		return f.trouble(t, f.list.drop(t, false)) // erased since
	}
	got, err := f.fetch(ctx, t, m, a)
	switch _, ours := errors.AsType[own](err); {
	case ctx.Err() != nil:
		return again
	case errors.Is(err, errErased):
		return f.trouble(t, f.list.drop(t, false))
	case ours:
		return f.trouble(t, err)
	case err != nil && !f.final(t, err):
		f.Log.Debug("fetcher: a file did not come", "task", t.String(), "why", words(err))
		return again
	case err != nil:
		got = &event.Attachment{AttachmentId: a.AttachmentId, Name: a.Name, Mime: a.Mime, Size: a.Size, Failure: words(err)}
	}
	if f.fault == slips {
		f.list.drop(t, true)
	}
	if !f.tell(ctx, t, got) {
		return again
	}
	return f.trouble(t, f.list.drop(t, false))
}

// trouble notes a fault of ours. Without one the task is settled.
func (f *Fetcher) trouble(t task, err error) fate {
	if err == nil {
		return settled
	}
	f.Log.Error("fetcher", "task", t.String(), "err", err)
	return hindered
}

// final tells whether the failure is the outcome: another try would end the
// same way, or there was time enough.
func (f *Fetcher) final(t task, err error) bool {
	if refusal.KindOf(err) != 0 || f.fault == hastily {
		return true
	}
	return f.Now().Sub(t.At) > patience && f.fault != endlessly
}

// read returns the message and the attachment that a task is about; nil if
// they were erased.
func (f *Fetcher) read(t task) (promise, *event.Attachment, error) {
	for e, err := range f.Journal.Events(t.Stream, t.Version-1) {
		if err != nil {
			return promise{}, nil, fmt.Errorf("read %s: %w", t, err)
		}
		m, ok := promised(e.Event)
		if !ok {
			break
		}
		for _, a := range m.files {
			if a.AttachmentId == t.Attachment {
				return m, a, nil
			}
		}
		return m, nil, nil
	}
	return promise{}, nil, fmt.Errorf("read %s: there is no such event", t)
}

// fetch brings the file of an attachment to its conversation's own.
func (f *Fetcher) fetch(ctx context.Context, t task, m promise, a *event.Attachment) (got *event.Attachment, err error) {
	defer func() {
		if p := recover(); p != nil {
			f.Log.Error("fetcher: panic", "task", t.String(), "panic", p, "stack", string(debug.Stack()))
			err = refusal.New(refusal.Invalid, "the file could not be read")
		}
	}()
	got = &event.Attachment{AttachmentId: a.AttachmentId, Name: a.Name}
	var b blob.Blob
	if id, ok := strings.CutPrefix(a.Source, channels.Upload); ok {
		b, err = f.uploaded(ctx, t, m, id)
	} else {
		var named string
		b, named, err = f.download(ctx, f.want(t), m.account, a.Source)
		if got.Name == "" {
			got.Name = named
		}
	}
	got.Blob, got.Mime, got.Size = b.Hash, b.MIME, b.Size
	return got, err
}

// uploaded takes what a third party has brought beforehand. It lies with the
// customer that the address led to by itself, who may be part of another since.
func (f *Fetcher) uploaded(ctx context.Context, t task, m promise, id string) (blob.Blob, error) {
	r, err := f.Uploaded(m.account, m.address, id)
	if err != nil && refusal.KindOf(err) == 0 {
		return blob.Blob{}, own{err}
	}
	if err != nil {
		return blob.Blob{}, err
	}
	defer r.Close()
	return f.keep(ctx, f.want(t), r)
}

// want is what is taken of a message's file.
func (f *Fetcher) want(t task) want { return want{subject(t.Stream), f.Largest, files.Allowed} }

// keep keeps a file with the other words of its conversation.
func (f *Fetcher) keep(ctx context.Context, w want, r io.Reader) (blob.Blob, error) {
	body := &theirs{r: r}
	head := bufio.NewReaderSize(body, files.Sniffed)
	start, err := head.Peek(files.Sniffed)
	switch {
	case err != nil && err != io.EOF:
		return blob.Blob{}, err
	case len(start) == 0:
		return blob.Blob{}, refusal.New(refusal.Invalid, "the file is empty")
	}
	if err := w.allowed(mimetype.Detect(start)); err != nil {
		return blob.Blob{}, err
	}
	limit := w.largest
	if f.fault == greedily {
		limit *= 2
	}
	b, err := f.Blobs.Put(ctx, w.subject, head, limit)
	switch kind := refusal.KindOf(err); {
	case body.err != nil:
		return b, body.err
	case kind == refusal.NotFound:
		return b, errErased
	case err != nil && kind == 0 && ctx.Err() == nil:
		return b, own{err}
	}
	return b, err
}

// subject is whose files those of a conversation are: its own.
func subject(stream string) string { return strings.TrimPrefix(stream, event.ConversationStream) }

// theirs remembers whether it was the reading that went wrong.
type theirs struct {
	r   io.Reader
	err error
}

func (t *theirs) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if err != nil && err != io.EOF {
		t.err = err
	}
	return n, err
}

// tell has the conversation record an outcome. It returns false if the fetcher
// stopped before that.
func (f *Fetcher) tell(ctx context.Context, t task, a *event.Attachment) bool {
	for {
		answered := make(chan error, 1)
		f.System.Tell(t.Stream, conversation.Fetched{Message: t.Message, Attachment: a}, func(a shell.Answer) { answered <- a.Err })
		select {
		case err := <-answered:
			switch kind := refusal.KindOf(err); {
			case err == nil:
				return true
			case kind != 0 && kind != refusal.Busy:
				f.Log.Warn("fetcher: an outcome was refused", "task", t.String(), "err", err)
				return true
			}
		case <-ctx.Done():
			return false
		}
		select {
		case <-time.After(knocks):
		case <-ctx.Done():
			return false
		}
	}
}
