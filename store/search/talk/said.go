package talk

import (
	"slices"
	"time"

	"crafttalkd/actors/event"
)

// A Line is one thing that was said in a conversation: a message, as it reads
// now, a note among operators, the customer's comment.
type Line struct {
	Message string // the id of the message or the note; empty for what has none
	Text    string
	File    bool // it is what a file of the message is called
}

// A Speech is what was said in a conversation. Whoever may open a conversation
// may read all of it, notes among operators too, so there is one of it.
type Speech struct {
	ID             string
	Opened, Closed time.Time
	Lines          []Line
}

// Apply brings the conversation's next event.
func (s *Speech) Apply(e event.Event) {
	switch e := e.(type) {
	case *event.ConversationOpened:
		s.ID, s.Opened = e.ConversationId, e.At.AsTime()
	case *event.ConversationClosed:
		s.Closed = e.At.AsTime()
	case *event.ConversationQueued:
		s.say("", e.Note)
	case *event.MessageReceived:
		s.Lines = append(s.Lines, linesOf(e.MessageId, e.Content)...)
	case *event.MessageSent:
		s.Lines = append(s.Lines, linesOf(e.MessageId, e.Content)...)
	case *event.MessageEdited:
		s.correct(e)
	case *event.AttachmentFetched:
		s.fetched(e)
	case *event.NoteAdded:
		s.say(e.NoteId, e.Text)
	case *event.RatingGiven:
		s.say("", e.Comment)
	case *event.TicketSet:
		s.say("", e.Number)
	}
}

// changes reports whether an event of a closed conversation changes what was
// said, or closes it.
func changes(e event.Event) bool {
	switch e.(type) {
	case *event.ConversationClosed, *event.MessageEdited, *event.AttachmentFetched, *event.NoteAdded, *event.RatingGiven, *event.TicketSet:
		return true
	}
	return false
}

func (s *Speech) say(message, text string) {
	if text != "" {
		s.Lines = append(s.Lines, Line{Message: message, Text: text})
	}
}

// correct puts what a message says now in the place of what it said. Its files
// stay where an edit does not tell of them.
func (s *Speech) correct(e *event.MessageEdited) {
	gone := func(l Line) bool { return l.Message == e.MessageId && (e.Files || !l.File) }
	at := slices.IndexFunc(s.Lines, func(l Line) bool { return l.Message == e.MessageId })
	if at < 0 {
		at = len(s.Lines)
	}
	s.Lines = slices.DeleteFunc(s.Lines, gone)
	s.Lines = slices.Insert(s.Lines, min(at, len(s.Lines)), linesOf(e.MessageId, e.Content)...)
}

// fetched adds the name of a file, unless the message told it.
func (s *Speech) fetched(e *event.AttachmentFetched) {
	line := Line{Message: e.MessageId, Text: e.Attachment.GetName(), File: true}
	if line.Text != "" && !slices.Contains(s.Lines, line) {
		s.Lines = append(s.Lines, line)
	}
}

// linesOf are what a message says in words: its text, the button that was
// pressed, and what its files are called.
func linesOf(message string, c *event.Content) (out []Line) {
	for _, text := range []string{c.GetText(), c.GetPressed().GetCaption()} {
		if text != "" {
			out = append(out, Line{Message: message, Text: text})
		}
	}
	for _, a := range c.GetAttachments() {
		if a.Name != "" {
			out = append(out, Line{Message: message, Text: a.Name, File: true})
		}
	}
	return out
}
