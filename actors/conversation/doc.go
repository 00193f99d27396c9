/*
Package conversation is the life of one conversation, from the customer's
first message until it is closed.

	                                 Assign
	          +--> an agent --> the queue --> an operator --+
	Receive --|       |           ^   ^           |   |     |
	          +-------|-----------+   +-----------+   |     +--> closed
	                  |           ^    lunch, transfer, ...
	                  |           |                   | silence
	                  |           +--- "silence" <----+
	                  |        Receive    |
	                  +-------------------+------------> closed

An open conversation is with exactly one keeper: an automatic agent, the queue
of a line, or an operator. Every change of keeper is one event that ends the
one keeping and begins the other, and raises the turn by one; what a session of
processing is and how long it took is read off those events. Whoever acts for a
keeper says in which turn, or by which offer, so a late act is told from a
timely one and does nothing.

A conversation does not choose its operator: a queue does, the operator
reserves a slot, and [Assign] brings both. It does not know channels either: a
[event.MessageSent] is a wish that package courier carries to the customer's
channel, and [Delivered], [Failed] and [Uncertain] tell what became of it.

# Time

Three clocks run on a conversation, and all are read off the [State], so a
restart forgets none and repeats none:

  - The hold. A message of the operator's arms a timer, and an automatic
    message goes out when it ends. A message that equals a hold pattern arms
    the operator's timer, which the customer's messages do not stop; any other
    one arms the customer's, which they do. The timer is the keeper's: it ends
    with a change of keeper.
  - The response timeout. An operator who leaves the customer's message without
    an answer loses the conversation. An agent's word is no answer in this
    sense: who was handed over by a bot waits for a person.
  - The silence. It counts from our last message, the operator's or an agent's,
    while nothing came back and the conversation is with either of them, or an
    operator has been detached from it. Messages, the reminder, the detachment
    and the closing come each once in a silence, in the order in which they
    fall due. Nobody is detached from an agent.
    What the system says by itself does not begin a silence anew. Queueing ends
    it: a customer who waits for us is not silent.

# Waiting

The waiting age counts from when the customer began to wait for an operator,
however often the conversation changes hands: it comes back from lunch, a
timeout, a lost connection or a transfer as old as it was. Only a customer who
was let go for silence and returns begins to wait anew.
*/
package conversation
