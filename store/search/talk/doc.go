/*
Package talk finds finished conversations by what was said in them.

	journal --Follow--> what was said --> an index for each month --Among--> who asks
	                                      one document a conversation

A document has the words of a conversation twice: by their stems, for words,
and as they were written, with their places, for phrases. It has the day on
which the conversation was opened and its id, and nothing else: to whom a
conversation belongs, who may see it and when it was opened is known to whoever
asks. They bring conversations in order, the latest first, and [Among] leaves
those in which the words were said; so nobody learns of a conversation that is
not theirs, not even by a count, and who has a page full stops.

	2026-11: day 23 AND word, day 22 AND word, …    2026-10: day 31 AND word, …

Months are indexes of their own. A question about the last month never meets
the older ones, what is written is merged with a month at the most, and what
must go is gone when its month was written anew.

Words are personal, and the key of one customer can't seal what all customers'
words are in together. So no word is in the index: there are keyed digests of
words, which find what they are asked for and tell nobody else anything. When a
customer is erased, the conversations are written anew, without words, and
their months are put together until no file holds what was before, see
[Index.Forget].

The index is a reading of the journal. Its place is kept after what it tells is
on disk, so a crash costs what is written again, in place of itself. One that
can't be opened, is of another format or key, or has been at work when the
process died twice in a row begins empty. Backups go without it.
*/
package talk
