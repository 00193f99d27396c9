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

Four clocks run on a conversation, and all are read off the [State], so a
restart forgets none and repeats none:

  - The hold. A message of the operator's arms a timer, and an automatic
    message goes out when it ends. A message that equals a hold pattern arms
    the operator's timer, which the customer's messages do not stop; any other
    one arms the customer's, which they do. The timer is the keeper's: it ends
    with a change of keeper.
  - The response timeout. An operator who leaves the customer's message without
    an answer loses the conversation. An agent's word is no answer in this
    sense: who was handed over by a bot waits for a person.
  - The agent's patience. An agent has to act on its engagement and on what the
    customer writes, see [Owes]. One that has not acted within its time loses
    the conversation to the next of its chain, or to the queue; so no
    conversation stays with an agent that does nothing.
  - The silence. It counts from our last message, the operator's or an agent's,
    while nothing came back and the conversation is with either of them, or an
    operator has been detached from it. Messages, the reminder, the detachment
    and the closing come each once in a silence, in the order in which they
    fall due. Nobody is detached from an agent.
    What the system says by itself does not begin a silence anew. Queueing ends
    it: a customer who waits for us is not silent.

# Agents

An agent names what it acts on: its engagement, or the customer's last message.
An act in a turn that is over, or after which the customer wrote, is refused and
recorded, so an operator and the customer always beat a late agent. Agents hand
the conversation on among themselves ten times at the most before the customer
has said a word. A customer who writes one of the policy's words for a person
gets one at once.

# Surveys

An operator or an agent gives the customer an article with [Present]. One
without slots answers at once. Any other begins a survey, which the conversation
conducts by itself from the article as it was then: it asks slot after slot,
takes what the customer writes as the answer, explains what does not fit, and
ends with the answers whose conditions hold. What is known of the customer is
kept by class for as long as the conversation lasts, in whoever's hands.

A message that a survey took is followed in the same append by a SlotFilled, a
SlotMistaken or the next SlotAsked; one that it did not take, the button of
another article, is for whoever keeps the conversation. A survey of an agent's
ends with the agent's turn. One of an operator's goes on in other hands, in the
name of the operator who keeps the conversation then, and ends with it.

# Waiting

The waiting age counts from when the customer began to wait for an operator,
however often the conversation changes hands: it comes back from lunch, a
timeout, a lost connection or a transfer as old as it was. Only a customer who
was let go for silence and returns begins to wait anew.
*/
package conversation
