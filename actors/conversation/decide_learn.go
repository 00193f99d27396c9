package conversation

import (
	"cmp"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// learn decides on what is said of the customer's messages, from which the bot
// learns.
func learn(s State, cmd Command, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch c := cmd.(type) {
	case Reject:
		return reject(s, c, at)
	case Label:
		return label(s, c, at)
	case Review:
		return review(s, c, at)
	}
	return nil, nil
}

// chosen is the choice of an article by the operator, with the message of ours
// that it led to.
func chosen(c *event.AnswerChosen, operator, message string, at *timestamppb.Timestamp) *event.AnswerChosen {
	e := proto.CloneOf(c)
	e.At, e.OperatorId, e.MessageId = at, operator, message
	return e
}

func reject(s State, c Reject, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch err := s.shut(); {
	case err != nil:
		return nil, err
	case !s.keptBy(c.Operator):
		return nil, errNotYours
	case c.Article == "" || c.About == "":
		return nil, refusal.Of(cmp.Or(missing("article_id", c.Article), "about"), "say which article answers which message wrongly")
	}
	return one(&event.AnswerRejected{At: at, About: c.About, Text: c.Text, ArticleId: c.Article, OperatorId: c.Operator}), nil
}

// missing returns the field if it is empty.
func missing(field, value string) string {
	if value == "" {
		return field
	}
	return ""
}

// label keeps what somebody who knows says of a message, also after the end.
func label(s State, c Label, at *timestamppb.Timestamp) ([]event.Event, error) {
	now := Labelled{Message: c.Message, Article: c.Article, Cleared: c.Cleared}
	switch {
	case s.Phase == Nothing:
		return nil, ErrUnknown
	case c.Message == "":
		return nil, refusal.Of("message_id", "say which message it is")
	case c.Cleared && c.Article != "":
		return nil, refusal.Of("article_id", "a label is taken off without an article")
	case s.Labelled == now:
		return nil, nil
	}
	return one(&event.MessageLabelled{At: at, MessageId: c.Message, Text: c.Text, ArticleId: c.Article, By: c.By, Cleared: c.Cleared}), nil
}

// review keeps that the labels of a conversation are right. Manual: «ПРОВЕРЕН»
// follows «ЗАВЕРШЕН».
func review(s State, c Review, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case s.Phase == Nothing:
		return nil, ErrUnknown
	case s.Phase != Closed:
		return nil, refusal.New(refusal.Conflict, "only a closed conversation can be reviewed")
	case s.Reviewed == !c.Undone:
		return nil, nil
	}
	return one(&event.ConversationReviewed{At: at, By: c.By, Undone: c.Undone}), nil
}
