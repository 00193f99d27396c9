package main

import (
	"crafttalkd/channels"
	"crafttalkd/channels/api"
	"crafttalkd/channels/botframework"
	"crafttalkd/channels/email"
	"crafttalkd/channels/facebook"
	"crafttalkd/channels/max"
	"crafttalkd/channels/phone"
	"crafttalkd/channels/telegram"
	"crafttalkd/channels/viber"
	"crafttalkd/channels/vk"
	"crafttalkd/channels/whatsapp"
)

// kinds are the channels in this build that carry messages by themselves. To
// add one, add a line. The widget is no such channel: its sockets read the
// conversation, see transport/visitor.
var kinds = channels.Registry{
	"telegram":     {Open: telegram.Open, Abilities: telegram.Abilities, Fields: telegram.Fields},
	"api":          {Open: api.Open, Abilities: api.Abilities, Fields: api.Fields, Keyed: true},
	"email":        {Open: email.Open, Abilities: email.Abilities, Fields: email.Fields},
	"facebook":     {Open: facebook.Open, Abilities: facebook.Abilities, Fields: facebook.Fields},
	"whatsapp":     {Open: whatsapp.Open, Abilities: whatsapp.Abilities, Fields: whatsapp.Fields},
	"max":          {Open: max.Open, Abilities: max.Abilities, Fields: max.Fields},
	"viber":        {Open: viber.Open, Abilities: viber.Abilities, Fields: viber.Fields},
	"vk":           {Open: vk.Open, Abilities: vk.Abilities, Fields: vk.Fields},
	"phone":        {Open: phone.Open, Abilities: phone.Abilities, Fields: phone.Fields},
	"botframework": {Open: botframework.Open, Abilities: botframework.Abilities, Fields: botframework.Fields},
}
