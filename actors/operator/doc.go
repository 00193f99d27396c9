/*
Package operator is one operator as the router sees them: whether they may be
given conversations, how many they hold, and when they were let go.

	               Reserve, Force           Confirm
	(a free slot) ---------------> reserved --------> confirmed
	      ^                            |                  |
	      +-------- Release, or a presence that ends work +

The conversation says who keeps it; an operator only counts. Whatever a
conversation says of a slot is believed, and a reservation that hears nothing
is asked about again until it does: a slot can neither leak nor be counted
twice. Every command bears repetition.

Every event that changes how many conversations the operator may be given
carries the whole [event.Standing], under a number that rises by one. The
queues of the operator's lines see it and never count for themselves.

A presence that ends work (offline, lunch, training) gives every conversation
back at once. An invisible operator finishes what is held. An operator whose
last connection closed is given nothing, and is offline once the grace time has
passed.

An operator never holds more than the capacity, unless a supervisor forces it,
and then the slot says so.
*/
package operator
