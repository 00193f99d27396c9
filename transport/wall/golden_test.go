package wall_test

import (
	"flag"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

var update = flag.Bool("update", false, "write the frames that the web interface is tested with")

// framesFile is what the web interface is tested with.
const framesFile = "../../ui/src/sync/testdata/wall.json"

// The frames that the page of the monitoring is tested with are those that the
// server writes. After a change of the vocabulary they are written anew by -update.
func TestFramesOfTheMonitoring(t *testing.T) {
	livetest.Golden(t, framesFile, goldenFrames(), *update)
}

// sec is a moment of the story, in seconds after its beginning.
func sec(n int) *timestamppb.Timestamp {
	return timestamppb.New(time.Date(2026, 3, 1, 9, 0, n, 0, time.UTC))
}

// goldenFrames are everything in two parts, and then all that can change.
func goldenFrames() (out []*wire.FromServer) {
	oleg := &wire.WallOperator{OperatorId: "oleg", FirstName: "Oleg", LastName: "Petrov", Presence: event.Presence_ONLINE, Since: sec(-600),
		Connected: true, Capacity: 3, Held: 1, LineIds: []string{"help"}, Languages: []string{"ru"}, Skills: []string{"refund"}}
	away := &wire.WallOperator{OperatorId: "olga", FirstName: "Olga", Presence: event.Presence_OFFLINE, Connected: true, Capacity: 3, LineIds: []string{"help"}}
	help := &event.Routing{LineId: "help", Language: "ru", Priority: 1}
	conv := func(id, phase, keeper string, since int) *wire.WallConversation {
		return &wire.WallConversation{ConversationId: id + ".1", CustomerName: id, CustomerId: id, AccountId: "site", Kind: "widget", CenterId: "shop",
			Routing: help, Phase: phase, KeeperId: keeper, Since: sec(since)}
	}
	waits := conv("anna", "waiting", "help", -120)
	waits.Cause = event.Cause_NEW_CONVERSATION
	served, late := conv("boris", "served", "oleg", -300), conv("boris", "served", "oleg", -300)
	late.Unanswered = sec(1)
	taken := conv("anna", "served", "oleg", 2)
	taken.Forced = true
	for _, m := range []*wire.Wall{
		{Full: true, More: true, At: sec(0), Operators: []*wire.WallOperator{oleg, away}},
		{At: sec(0), Counters: &wire.WallCounters{Waiting: 1, OperatorsOnline: 1, Automatic: 1, Failures: 1, Served: 1},
			Conversations: []*wire.WallConversation{waits, served, conv("clara", "automatic", "bot", -30)},
			Channels:      []*wire.WallChannel{{AccountId: "site", State: "working"}, {AccountId: "tg", State: "broken", Error: "401", ErrorAt: sec(-60), Waiting: 2}},
			Failures:      []*wire.WallFailure{{ErrorId: "e1", At: sec(-10), AccountId: "tg", Reason: "no JSON", Size: 12}},
			Alerts:        []*wire.WallAlert{{AlertId: "channel/shop/tg", Kind: "channel", CenterId: "shop", SubjectId: "tg", Since: sec(-30), Value: 31, Bound: 30}}},
		{At: sec(1), Counters: &wire.WallCounters{Waiting: 1, OperatorsOnline: 1, Automatic: 1, Failures: 1, Served: 1},
			Conversations: []*wire.WallConversation{late}},
		{At: sec(2), Counters: &wire.WallCounters{OperatorsOnline: 1, Served: 2}, Conversations: []*wire.WallConversation{taken},
			Gone: &wire.WallGone{Conversations: []string{"clara.1"}, Failures: []string{"e1"}, Alerts: []string{"channel/shop/tg"}, Operators: []string{"olga"}, Channels: []string{"tg"}}},
	} {
		out = append(out, &wire.FromServer{Is: &wire.FromServer_Wall{Wall: m}})
	}
	return out
}
