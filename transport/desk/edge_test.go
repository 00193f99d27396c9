package desk_test

import (
	"crafttalkd/actors/operator"
	"crafttalkd/transport/live/livetest"
)

// cut ends a socket as a broken line would.
func cut(c *livetest.Socket) { c.WS.NetConn().Close() }

func force(conv, offer string) operator.Force {
	return operator.Force{Conversation: conv, Offer: offer, By: "boss"}
}
