/*
Package telegram is the channel to Telegram: an account is a bot.

	Telegram --> webhook, or getUpdates --> read --> Take
	                                          |
	        message ----> Inbound: text, files, place, contact; an album is one
	        /start -----> Started, with the token of the invite link
	        edited -----> Edited
	        a press ----> Inbound: the reference that the button carried
	        my_chat ----> Blocked, Unblocked
	        the rest ---> Strange

	Deliver --> sendMessage, sendPhoto, sendDocument, sendLocation --> judge

Only private chats are conversations, so a chat and its customer have one number
and that is the address. Where the server has no public address, Telegram is
asked for updates; what it brought is confirmed once it is kept, and so comes
again after a crash.

Telegram takes no key for a message: one that left without an answer is unsure.
*/
package telegram
