/*
Package feed hands the journal's facts to programs of others, by a cursor that
misses nothing.

	journal, 64 shards --Tail--> permitted? in scope? --> items, and the cursor after them
	                                                          |
	                     pages and streams of REST, webhooks <+

A cursor is a place in every shard, so whatever is committed before or after it
is told exactly once to who goes from cursor to cursor, however much is written
meanwhile; who goes back to an older one hears things twice. Facts of one
conversation, and of a customer and the customer's conversations, come in order;
those of different customers do not. Only what is on disk is read.

# What is told

Facts of conversations, of customers and of operators' presence, as far as the
asker's permissions say, and none of the organisation. A reader with limits is
told a conversation's fact if the conversation belonged there right before or
right after it: the fact that brings it there is told, and the one that takes it
away. What it was before is read over REST by who needs it. So what a reader is told
depends on the facts alone, and not on when it reads. A customer's facts are told
while one of the conversations that began with this customer belongs there;
operators' are by the lines that they serve when they are read.

Nobody waits for a reader: there is no queue between it and the disk.
*/
package feed
