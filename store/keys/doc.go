/*
Package keys keeps the keys that hide what people wrote.

	master key --wraps--> a data key per customer --seals--> personal fields
	    |                                                     of events, snapshots,
	    |                                                     views; attachments
	    +--seals--> secrets of channels
	    +--derives--> ids of customers, by purpose

The [Master] lies beside the store or comes from outside. The [Ring] keeps one
data key per subject, wrapped, as a row of the table "key". Erasing a person
overwrites that row: what the key has sealed is noise from then on, in the
log, in snapshots and in views alike.

A new data key is written in the same append as the first thing it seals, so
there is never a sealed event without its key.
*/
package keys
