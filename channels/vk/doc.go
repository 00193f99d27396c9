/*
Package vk is the channel to the messages of a VK community: the Callback API,
or Long Poll where the server has no public address, and messages.send.

	VK --POST, the secret in the body--> ServeHTTP --+
	VK <--groups.getLongPollServer, a_check-- Poll --+--> events --> Take
	                                                          |
	Deliver --upload, messages.send with random_id--> VK      +--> "ok"

A dialogue is known by the user's id, a message in it by its number there, the
conversation_message_id. VK takes an idempotency key, random_id, so a message
that got no answer is simply sent again.

Facts are from the community's API as of version 5.199.
*/
package vk
