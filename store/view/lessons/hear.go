package lessons

import (
	"slices"
	"strings"

	"crafttalkd/actors/event"
)

// longest is how much of a message is kept: what follows says nothing more about
// which article answers.
const longest = 2000 // bytes

// A hearing goes through a reviewed conversation from its beginning, and puts
// into the row what teaches something.
type hearing struct {
	row  *row
	last string // the customer's last message
}

func (h *hearing) apply(e event.Event) {
	switch e := e.(type) {
	case *event.MessageReceived:
		h.received(e)
	case *event.MessageRemoved:
		h.drop(e.MessageId)
	case *event.SurveyBegun:
		if e.AgentId != "" {
			h.answered(e.About, e.Survey.GetArticleId())
		}
	case *event.SlotFilled:
		h.slot(e.MessageId, e.Inferred)
	case *event.SlotMistaken:
		h.drop(e.MessageId)
	case *event.MessageSent:
		if e.AgentId != "" && e.ArticleId != "" && e.SurveyId == "" {
			h.answered(h.last, e.ArticleId)
		}
	}
}

// received hears what the customer wrote. What was pressed was no question, and
// a machine of the customer's asks none.
func (h *hearing) received(e *event.MessageReceived) {
	text := strings.TrimSpace(e.Content.GetText())
	if h.last = e.MessageId; text == "" || e.Automatic || e.Content.GetPressed() != nil {
		return
	}
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "")
	}
	h.row.Heard = append(h.row.Heard, heard{Message: e.MessageId})
	h.row.word(e.MessageId, text)
}

// answered notes with what the bot answered. The first answer to a message is
// the one to it; what follows was led to by buttons.
func (h *hearing) answered(message, article string) {
	for i := range h.row.Heard {
		if x := &h.row.Heard[i]; x.Message == message && x.Article == "" {
			x.Article = article
		}
	}
}

// slot drops what answered a survey's question. What was only found in a message
// leaves the message what it was.
func (h *hearing) slot(message string, inferred bool) {
	if !inferred {
		h.drop(message)
	}
}

func (h *hearing) drop(message string) {
	h.row.Heard = slices.DeleteFunc(h.row.Heard, func(x heard) bool { return x.Message == message })
}
