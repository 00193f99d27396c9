/*
Package viber is the channel to a Viber bot.

	Viber --POST, X-Viber-Content-Signature--> ServeHTTP --> events --> Take --> 200
	Deliver --POST send_message--> Viber, which fetches files from our links

Viber answers 200 even when it refuses: the status is in the body. It takes no
files, only addresses of files; so files need a server with a public address. It
takes no idempotency key: a message without an answer is unsure.
*/
package viber
