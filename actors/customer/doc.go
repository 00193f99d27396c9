/*
Package customer is one person who writes to us: the profile, the addresses in
channels, the conversation that is open now, and what becomes of all that when
two customers turn out to be one.

	address --derives--> home --AddressMoved--> the customer it was given to
	                      |
	                      +-----CustomerMerged--> the customer this one is part of

An address leads to a customer id by itself, its home, so two first messages at
the same instant reach the same actor. What arrives at a home that its address
has left, or that has become part of another customer, is not decided there:
[Elsewhere] says who does.

At most one conversation is open at a time. A message leads to it without an
event; only the first one of a conversation, and whatever it tells of the
person, is written down here. What a channel tells is a claim: it fills what
nobody has filled and changes nothing.

Merging takes two steps in two streams: the one that goes says all it had in
[event.CustomerMerged], the one that stays takes it in, [event.CustomerAbsorbed].
Nothing is lost between them, for everything that still arrives at the first is
sent on.

Merges never run in a circle, although they may be asked for all at once. Who
may still come to be part of a customer is known to it, directly or through
another that will come: it has been asked, or came sent on. A customer that
waits for somebody goes itself only to one with a smaller id, and takes what it
waits for along; one that waits for nobody knows all who are part of it, and
goes to none of them. So every circle would have a step up, and has none.
*/
package customer
