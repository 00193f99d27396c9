/*
Package botframework is the channel to Microsoft's Bot Framework: Teams, Direct
Line, Web Chat, and what once was Skype.

	service --POST activity, a signed token of the service--> ServeHTTP --> events --> Take --> 200
	Deliver --a token of ours, POST activity--> the conversation's own server

Both directions prove themselves by tokens. Those of the service are checked
against its published keys, which say for which channels they are good; ours is
fetched with the app's secret and kept until it is almost over.

A conversation lives on a server of its own, which is told by each activity. It
lies on the shelf under the customer's address. Nothing is sent to a server that
no genuine activity named.
*/
package botframework
