/*
Package email is a mailbox: letters come by IMAP and go by SMTP.

	IDLE, something came --> fetch --> read --> Take --> place, \Seen
	                                     |
	                                     +--> answered by programs, to many, our own: counted
	                                     +--> a server's report: Arrived, Bounced

How far the mailbox was read is the UID of the last letter that is kept. It is
written down after the letter, and \Seen is set after that; so a crash repeats a
letter, whose name makes it no second one, and never loses any. What a colleague
has opened in the mailbox is read all the same. Nothing is ever deleted there:
the original of a letter is where it was.

A letter's conversation is its sender's. What it answers is found by the ids of
letters, which are sealed, so that nobody can make one up:

	Message-ID: <NONCE+SEALED(address of the customer)@our domain>

Whoever answers such a letter from another address, a colleague in copy, is
heard in the customer's conversation, named, and changes nothing about the
customer. The address of a sender is a claim, unless our own mail server has
checked it; see [Settings.AuthServ].

Sending again with the same Message-ID is how mail bears repetition: the large
providers show such a letter once.
*/
package email
