package main

import (
	"crafttalkd/channels"
	"crafttalkd/channels/api"
	"crafttalkd/channels/phone"
)

// kinds are the channels in this build that carry messages by themselves. To
// add one, add a line. The widget is no such channel: its sockets read the
// conversation, see transport/visitor.
var kinds = channels.Registry{
	"api":   {Open: api.Open, Abilities: api.Abilities, Keyed: true},
	"phone": {Open: phone.Open, Abilities: channels.Abilities{Name: "Phone"}},
}
