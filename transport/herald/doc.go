/*
Package herald tells programs of others what happens, by webhooks.

	feed --page--> hook: post, signed --> receiver
	                |  failed: a letter, tried again
	                +--> place, letters and log, in one write

Each webhook has a hook of its own, with a place in the feed: what its receiver has
not been told waits in the journal and costs nothing. A fact that the receiver
does not take becomes a letter, which is tried again after a growing random
while; meanwhile others go on, so one that is never taken holds nothing up. When
there are too many letters the hook reads no further, and once one is taken all
are tried at once. After a day a letter has failed: it is kept, and goes out
again when somebody asks for it.

Facts of one conversation are posted in order, but for those that are tried
again; each carries its stream and version. A crash repeats what was posted since
the last write, under the same webhook-id. One webhook never waits for another.

The courier is no part of this: it carries messages, each with an outcome that a
conversation records, a channel's pace and parts. What both need, signing and
posting, is package channels/webhook.
*/
package herald
