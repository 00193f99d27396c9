/*
Package whatsapp is the channel to a business number in WhatsApp, by Meta's Cloud
API.

	Meta --POST, X-Hub-Signature-256--> ServeHTTP --> messages, statuses --> Take --> 200
	Deliver --POST /NUMBER/media, POST /NUMBER/messages--> Meta

A customer is known by the business-scoped id where there is one, else by the
number. Freely written messages go out only within 24 hours after the customer's
last one; after that an approved template is sent, which the account's settings
name, and whose one parameter is the operator's text.
*/
package whatsapp
