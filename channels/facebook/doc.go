/*
Package facebook is the channel to a page's messages in Facebook Messenger.

	Meta --GET, the verify token--> ServeHTTP --> the challenge
	Meta --POST, X-Hub-Signature-256--> ServeHTTP --> events --> Take --> 200
	Deliver --POST /PAGE/messages--> Meta

One call may bring events of several people. The names of people are asked for
beside. Meta takes no idempotency key: a message without an answer is unsure.
*/
package facebook
