/*
Package api is the generic channel: whoever has a place where customers write,
an app, a forum, a shop, connects it with two HTTP calls.

	third party --POST /channel/v1/ACCOUNT/messages--> Sink
	Deliver --POST, signed--> webhook_url of the account

	third party --POST /channel/v1/ACCOUNT/files?user=ID--> upload_id, for a message

A message names files by their address, or by the upload_id of one that was
brought before. It is kept at once; the file comes to the attachment later, or
the reason why there is none. An outbound message names each file with what it
is and an address that needs no key, and ends.

Both directions bear repetition. An inbound message is known by its id: given
again, it is answered with what became of it the first time, and the first body
is the one that counts. An outbound message is known by the webhook-id header,
which is the same on every try; a receiver keeps the ids that it has taken and
answers 200 to one it knows.

Outbound messages are signed as Standard Webhooks lay down (standardwebhooks.com):
the header webhook-signature holds an HMAC-SHA256 of id, timestamp and body. An
account may have two secrets, so that one can be replaced without a gap; then
there are two signatures.
*/
package api
