/*
Package rest is the HTTP API: sign-in, the directory, supervision, customers,
conversations, files, and what a machine asks a server about its health.

There is one table of routes, and everything is made of it. A route says who
may call it, what it takes and what it answers, in Go types; the router, the
checks of every request and the OpenAPI description are read off the same rows,
so they can't disagree. A route without a rule about who may call it is a bug,
and [New] panics on it.

	request --> who? --> may they? --> is the body as described? --> handler
	                                                                  |
	            the directory, an actor, the journal  <---------------+

The package decides nothing itself. A change is a command to an actor and is
answered once it is kept; a reading is a look at an actor or at the journal.
What the asker may not see is not there for them: a conversation out of their
routing scope is answered like one that does not exist.
*/
package rest
