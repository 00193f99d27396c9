package desk_test

import (
	"flag"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

var update = flag.Bool("update", false, "write the frames that the web interface is tested with")

// framesFile is what the web interface is tested with.
const framesFile = "../../ui/src/sync/testdata/frames.json"

// The frames that the web interface is tested with are those that the server
// writes. After a change of the vocabulary they are written anew by -update.
func TestFramesOfTheWebInterface(t *testing.T) {
	livetest.Golden(t, framesFile, goldenFrames(), *update)
}

// sec is a moment of the story, in seconds after its beginning.
func sec(n int) *timestamppb.Timestamp {
	return timestamppb.New(time.Date(2026, 3, 1, 9, 0, n, 0, time.UTC))
}

func goldenFrames() (out []*wire.FromServer) {
	out = append(out,
		&wire.FromServer{Is: &wire.FromServer_Welcome{Welcome: &wire.Welcome{Now: sec(0), UserId: "oleg", Version: "1.0"}}},
		&wire.FromServer{Is: &wire.FromServer_Desk{Desk: &wire.Desk{OperatorId: "oleg", Presence: event.Presence_ONLINE, Since: sec(0),
			Capacity: 5, Version: 3}}})
	for i, e := range goldenOperator() {
		out = append(out, goldenEntry("operator/oleg", 4+i, e))
	}
	for i, e := range goldenConversation() {
		out = append(out, goldenEntry("conversation/anna.1", 1+i, e))
	}
	return append(out,
		&wire.FromServer{Is: &wire.FromServer_Typing{Typing: &wire.Typing{ConversationId: "anna.1", Who: "customer"}}},
		&wire.FromServer{Is: &wire.FromServer_Answer{Answer: &wire.Answer{Id: 7, Stream: "conversation/anna.1", Version: 8}}},
		&wire.FromServer{Is: &wire.FromServer_Answer{Answer: &wire.Answer{Id: 8, Kind: "denied", Text: "the conversation is not yours"}}},
		&wire.FromServer{Is: &wire.FromServer_Reset_{Reset_: &wire.Reset{Stream: "conversation/anna.1"}}},
		&wire.FromServer{Is: &wire.FromServer_Gone{Gone: &wire.Gone{Stream: "conversation/anna.1"}}},
		&wire.FromServer{Is: &wire.FromServer_Bye{Bye: &wire.Bye{Reason: "stopping"}}})
}

func goldenEntry(stream string, version int, e event.Event) *wire.FromServer {
	return &wire.FromServer{Is: &wire.FromServer_Entry{Entry: &wire.Entry{Stream: stream, Version: uint64(version), Fact: event.Wrap(e)}}}
}

func goldenOperator() []event.Event {
	standing := &event.Standing{Seq: 4, Open: true, Capacity: 6, Held: 1, LineIds: []string{"help"}}
	return []event.Event{
		&event.SlotReserved{At: sec(3), OfferId: "o1", ConversationId: "anna.1", LineId: "help", OperatorId: "oleg", Standing: standing},
		&event.SlotConfirmed{At: sec(3), ConversationId: "anna.1", OfferId: "o1"},
		&event.OperatorConfigured{At: sec(4), OperatorId: "oleg", Standing: standing},
		&event.PresenceChanged{At: sec(5), Presence: event.Presence_INVISIBLE, Previous: event.Presence_ONLINE, Standing: standing},
	}
}

// goldenConversation is a story in which every fact happens that is shown.
func goldenConversation() []event.Event {
	const site, visitor = "site", "v-anna"
	text := func(s string) *event.Content { return &event.Content{Text: s} }
	routing := &event.Routing{LineId: "help", Language: "ru", Skills: []string{"parcels"}, Priority: 1}
	photo := &event.Attachment{AttachmentId: "a1", Name: "фото.png", Mime: "image/png"}
	here := proto.CloneOf(photo)
	here.Size, here.Blob = 5_000_000_000, "ab12"
	story := []event.Event{
		&event.ConversationOpened{At: sec(1), ConversationId: "anna.1", CustomerId: "anna", AccountId: site, Address: visitor, CenterId: "shop",
			Routing: routing, Kind: "widget", CustomerName: "Анна", Policy: &event.Policy{ResponseTimeout: durationpb.New(90 * time.Second)}},
		&event.MessageReceived{At: sec(1), MessageId: "m1", AccountId: site, Address: visitor, Content: text("Где мой заказ?")},
		&event.AgentEngaged{At: sec(1), Turn: 1, AgentId: "bot"},
		&event.MessageSent{At: sec(1), MessageId: "b1", AgentId: "bot", AccountId: site, Address: visitor, Purpose: event.Purpose_AGENT_ANSWER, Turn: 1,
			Content: &event.Content{Text: "Выберите", Buttons: []*event.Button{{Caption: "Оператор", Value: "op"}}}},
		&event.ConversationQueued{At: sec(2), Turn: 2, Routing: routing, Since: sec(2), Cause: event.Cause_AGENT_HANDED_OVER},
		&event.ConversationAssigned{At: sec(3), Turn: 3, OperatorId: "olga", OfferId: "o0", LineId: "help", CustomerId: "anna"},
		&event.ConversationQueued{At: sec(4), Turn: 4, Routing: routing, Since: sec(2), Cause: event.Cause_TRANSFERRED, FromOperator: "olga",
			WantedOperator: "oleg", Note: "Ждёт курьера"},
		&event.ConversationAssigned{At: sec(5), Turn: 5, OperatorId: "oleg", OfferId: "o1", LineId: "help", CustomerId: "anna"},
		&event.MessageSent{At: sec(5), MessageId: "s1", AccountId: site, Address: visitor, Content: text("Олег на связи"), Purpose: event.Purpose_JOIN_NOTICE, Turn: 5},
		&event.MessageReceived{At: sec(6), MessageId: "m2", AccountId: "phone", Address: "+79990000000", Order: 7,
			Content: &event.Content{Attachments: []*event.Attachment{photo}, Contact: &event.Contact{Name: "Анна", Phone: "+79990000000"}}},
		&event.AttachmentFetched{At: sec(7), MessageId: "m2", Attachment: here},
		&event.MessageReceived{At: sec(8), MessageId: "m3", AccountId: site, Address: visitor, Order: 6, Late: true,
			Content: &event.Content{Location: &event.Location{Latitude: 55.75, Longitude: 37.62}, Pressed: &event.Button{Caption: "Оператор", Value: "op"}}},
		&event.OperatorSaw{At: sec(8), MessageId: "m3", OperatorId: "oleg"},
		&event.NoteAdded{At: sec(9), NoteId: "n1", OperatorId: "oleg", Text: "Проверить склад"},
		&event.HoldArmed{At: sec(10), Kind: event.HoldKind_HOLD_OPERATOR, Due: sec(40), Text: "Ещё минуту"},
		&event.MessageSent{At: sec(10), MessageId: "r1", OperatorId: "oleg", AccountId: site, Address: visitor, Content: text("Минуту"), Purpose: event.Purpose_HOLD_REPLY, Turn: 5},
		&event.HoldCancelled{At: sec(11), OperatorId: "oleg"},
		&event.MessageSent{At: sec(12), MessageId: "r2", OperatorId: "oleg", AccountId: site, Address: visitor, Content: text("Заказ в пути"), Turn: 5},
		&event.MessageDelivered{At: sec(12), MessageId: "r1", ExternalId: "x1"},
		&event.CustomerSaw{At: sec(13), MessageId: "r1"},
		&event.MessageDelivered{At: sec(13), MessageId: "r1", ExternalId: "x1", Arrived: true},
		&event.MessageUncertain{At: sec(14), MessageId: "r2", Reason: "no answer"},
		&event.MessageFailed{At: sec(15), MessageId: "r2", Reason: "blocked"},
		&event.MessageRetried{At: sec(16), MessageId: "r2", OperatorId: "oleg", AccountId: site, Address: visitor, Content: text("Заказ в пути")},
		&event.MessageDelivered{At: sec(17), MessageId: "r2", Arrived: true},
		&event.TopicSet{At: sec(18), TopicId: "parcel", By: "oleg"},
		&event.CustomerDetached{At: sec(19), OperatorId: "oleg", OfferId: "o1"},
		&event.AgentEngaged{At: sec(19), Turn: 6, AgentId: "silence"},
		&event.ConversationQueued{At: sec(20), Turn: 7, Routing: routing, Since: sec(20), Cause: event.Cause_CUSTOMER_RETURNED},
		&event.ConversationAssigned{At: sec(21), Turn: 8, OperatorId: "oleg", OfferId: "o2", LineId: "help", CustomerId: "anna", Forced: true},
		&event.RoutingSet{At: sec(22), Routing: &event.Routing{LineId: "vip"}, By: "boss"},
		&event.TicketSet{At: sec(23), Number: "HD-17", By: "oleg"},
		&event.CustomerChanged{At: sec(24), CustomerId: "anna-2"},
		&event.ConversationJoined{At: sec(24), ConversationId: "anna.0"},
		&event.ConversationClosed{At: sec(25), Turn: 9, Cause: event.Cause_OPERATOR_CHOICE, OperatorId: "oleg", TopicId: "refund",
			Dissatisfied: proto.Bool(false), CustomerId: "anna-2", KeptBy: "oleg", LineId: "help", KeptOffer: "o2"},
		&event.RatingGiven{At: sec(26), Rating: 5, Comment: "Спасибо"},
		&event.MessageLabelled{At: sec(27), MessageId: "m1", Text: "Где мой заказ?", ArticleId: "delivery", By: "boss"},
		&event.ConversationReviewed{At: sec(28), By: "boss"},
	}
	end := slices.IndexFunc(story, func(e event.Event) bool { _, ok := e.(*event.CustomerDetached); return ok })
	return slices.Insert(story, end, goldenSurvey(site, visitor)...)
}

// goldenSurvey is a survey of one question, which is answered at the second try.
func goldenSurvey(site, visitor string) []event.Event {
	speed := &event.Slot{SlotId: "speed", Identifier: "speed", Name: "Скорость", Type: event.SlotType_DICTIONARY, Question: &event.Prompt{Text: "Быстро ли мы ответили?"},
		Entries: []*event.DictionaryEntry{{Id: "good", Caption: "Да"}, {Id: "bad", Caption: "Нет"}}}
	buttons := []*event.Button{{Caption: "Да", Value: "slot:speed:good"}, {Caption: "Нет", Value: "slot:speed:bad"}}
	asked := func(id, text string) []event.Event {
		return []event.Event{
			&event.SlotAsked{At: sec(18), SurveyId: "v1", SlotId: "speed", MessageId: id},
			&event.MessageSent{At: sec(18), MessageId: id, OperatorId: "oleg", AccountId: site, Address: visitor, Purpose: event.Purpose_SLOT_QUESTION, Turn: 5,
				ArticleId: "quality", SurveyId: "v1", Content: &event.Content{Text: text, Buttons: buttons}},
		}
	}
	return slices.Concat([]event.Event{
		&event.SurveyBegun{At: sec(18), Survey: &event.Survey{SurveyId: "v1", ArticleId: "quality", Title: "Качество", Slots: []*event.Slot{speed}, Draw: 7,
			Answers: []*event.Answer{{AnswerId: "a1", Text: "Рады, что Вам все понравилась!"}}}, OperatorId: "oleg", About: "m3"},
	}, asked("s2", "Быстро ли мы ответили?"), []event.Event{
		&event.AnswerChosen{At: sec(18), About: "m3", Text: "Оператор", ArticleId: "quality", OperatorId: "oleg", MessageId: "s2", Rank: 1, Probability: 0.75, Shown: []string{"quality", "delivery"}},
		&event.AnswerRejected{At: sec(18), About: "m3", Text: "Оператор", ArticleId: "delivery", OperatorId: "oleg"},
		&event.MessageReceived{At: sec(18), MessageId: "m4", AccountId: site, Address: visitor, Order: 8, Content: &event.Content{Text: "Не знаю"}},
		&event.SlotMistaken{At: sec(18), SurveyId: "v1", SlotId: "speed", MessageId: "m4", Attempt: 1},
	}, asked("s3", "Пожалуйста, выберите один из вариантов.\nБыстро ли мы ответили?"), []event.Event{
		&event.MessageReceived{At: sec(18), MessageId: "m5", AccountId: site, Address: visitor, Order: 9, Content: &event.Content{Text: "Да", Pressed: buttons[0]}},
		&event.SlotFilled{At: sec(18), SurveyId: "v1", SlotId: "speed", Identifier: "speed", Class: "speed", Value: "good", Caption: "Да", MessageId: "m5"},
		&event.MessageSent{At: sec(18), MessageId: "s4", OperatorId: "oleg", AccountId: site, Address: visitor, Turn: 5, ArticleId: "quality", AnswerId: "a1", SurveyId: "v1",
			Content: &event.Content{Text: "Рады, что Вам все понравилась!"}},
		&event.SurveyEnded{At: sec(18), SurveyId: "v1"},
	})
}
