/*
Package agent acts for the automatic agents: whoever keeps a conversation before
a person does.

	journal --follow--> what an agent owes --row--> lane of the agent
	                                                   |
	       conversation <-- its turn, its word -- read, decide, act

An agent owes something when it has been engaged, or when the customer has
written. The runner reads the conversation's stream, decides, and sends commands
that name the turn and what they answer: if somebody was faster, the act is
refused, and the newer one is acted on. What an act is called follows from the
conversation, the turn and the message, so that doing it again is harmless, and
a crash between two of them loses neither.

A greeting, one of hours and the bot decide here, by pure functions of what was
said. An external agent is somebody else's program, asked over HTTP; a model is
an endpoint that is given articles and must cite them. Whatever those answer,
late, twice, or not at all, costs their turn and never the conversation: it goes
on to the next agent, or to a person.

Each agent has a lane of its own, with a few conversations under way, so that a
slow one delays no other.
*/
package agent
