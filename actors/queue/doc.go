/*
Package queue is one support line: who waits, who fits, who gets the offer.

	       Enter            (somebody fits)           accepted         Leave
	------------> waiting ------------------> offered ---------> taken ------>
	                 ^                           |                 |
	                 +---- declined, lapsed -----+---- not left ---+

A conversation's place is the time it has waited since, less what its priority
is worth: among equal priorities the first to come is the first to be served,
and a low priority grows old enough in the end. The first in line whom somebody
free fits is offered next, and the offer goes to the best of those who fit. So
after every decision there is no conversation waiting and no slot free that fit
each other, and nothing has to be swept for.

Two things narrow who fits. While a certain operator is wished for, it is that
one and nobody else. Without a wish, or after it, an operator who has just lost
the conversation does not fit as long as another one who does is open, even if
that one is busy: the conversation waits rather than go straight back.

A queue does not count an operator's slots. It believes the latest
[event.Standing] it has seen, less the offers it has made itself, and asks:
the operator alone may say that a slot is taken. It does not know what a
conversation says either, only what it asks of whoever answers.

Every offer carries its [event.Verdict]: who was best, who was not, and by which
rule. It is read off the same state by the same code that explains, at any time,
why a conversation still waits; see [Explain] and [Why].

# How it is fast

Conversations that ask for the same form a class, operators who know the same
form a kind; which kinds a class can be served by is worked out when either
appears. An operator who became free looks at the heads of some classes, a
conversation that came at the heads of some kinds. A decision that changes
several things is drafted over the state, which is only read.
*/
package queue
